import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct SessionRequestTests {
  @Test func bodyHoldsWhatWasSetAndNothingElse() throws {
    var request = SessionRequest()
    expect(set(&request, .firstName, "Ada \"A\""), DEEPIDV_OK)
    expect(set(&request, .lastName, "Lovelace"), DEEPIDV_OK)
    expect(set(&request, .email, "ada@example.com"), DEEPIDV_OK)
    expect(set(&request, .phone, "+15192223333"), DEEPIDV_OK)
    #expect(request.firstMissing() == nil)
    expect(request.set(.sendEmailInvite, false), DEEPIDV_OK)
    expect(request.set(.expiresInHours, 24), DEEPIDV_OK)
    #expect(
      try text(request)
        == #"{"first_name":"Ada \"A\"","last_name":"Lovelace","email":"ada@example.com","#
        + #""phone":"+15192223333","send_email_invite":false,"expires_in_hours":24}"#)
  }

  @Test func replacedValue() throws {
    var request = SessionRequest()
    for name in ["A", "Bartholomew", "C"] { expect(set(&request, .lastName, name), DEEPIDV_OK) }
    expect(set(&request, .firstName, "F"), DEEPIDV_OK)
    #expect(try text(request) == #"{"first_name":"F","last_name":"C"}"#)
    expect(set(&request, .lastName, ""), DEEPIDV_E_REQUIRED)
    #expect(try text(request) == #"{"first_name":"F","last_name":"C"}"#)
  }

  /// All texts share one limit, which old values would reach.
  @Test func replacedValueIsNotKept() {
    var request = SessionRequest()
    let longest = String(repeating: "x", count: 65_536)
    for _ in 0..<20 { expect(set(&request, .lastName, longest), DEEPIDV_OK) }
  }

  @Test func missingFieldsInOrder() {
    var request = SessionRequest()
    for (field, value) in [
      (Field.firstName, "A"), (.lastName, "B"), (.email, "a@b"), (.phone, "+1"),
    ] {
      #expect(request.firstMissing() == field)
      expect(set(&request, field, value), DEEPIDV_OK)
    }
    #expect(request.firstMissing() == nil)
  }

  @Test(arguments: [
    (#"{"first_name":"a","firstName":"b"}"#, #"{"first_name":"b"}"#),
    (#"{"firstName":"b","first_name":"a"}"#, #"{"first_name":"b"}"#),
    (#"{"firstName":null,"first_name":"a"}"#, #"{"first_name":"a"}"#),
    (#"{"firstName":"b","first_name":17}"#, #"{"first_name":"b"}"#),
    (#"{"f\u0069rstName":"b"}"#, #"{"first_name":"b"}"#),
    (#"{"sendPhoneInvite":false,"send_phone_invite":true}"#, #"{"send_phone_invite":false}"#),
    (
      #"{"expiresInHours":8760,"workflowId":"wf"}"#,
      #"{"workflow_id":"wf","expires_in_hours":8760}"#
    ),
    ("{}", "{}"),
    (" {\"email\" : null} ", "{}"),
  ])
  func json(_ json: String, _ body: String) throws {
    let request = try SessionRequest(json: Array(json.utf8).span)
    #expect(try text(request) == body)
  }

  @Test(arguments: [
    ("", DEEPIDV_E_JSON, nil, 0),
    ("{", DEEPIDV_E_JSON, nil, 1),
    ("[]", DEEPIDV_E_JSON_OBJECT, nil, 0),
    ("\"x\"", DEEPIDV_E_JSON_OBJECT, nil, 0),
    ("null", DEEPIDV_E_JSON_OBJECT, nil, 0),
    (#"{"frist_name":"a"}"#, DEEPIDV_E_FIELD, nil, 2),
    (#"{"frist_name":"a""#, DEEPIDV_E_JSON, nil, 17),
    (#"{"phone":"+1","phone":"+2"}"#, DEEPIDV_E_JSON_DUPLICATE, Field.phone, 15),
    (
      #"{"first_name":null,"first\u005fname":"J"}"#, DEEPIDV_E_JSON_DUPLICATE, .firstName, 20
    ),
    (#"{"firstName":"J","firstName":null}"#, DEEPIDV_E_JSON_DUPLICATE, .firstName, 18),
    (#"{"firstname":"a"}"#, DEEPIDV_E_FIELD, nil, 2), (#"{"":null}"#, DEEPIDV_E_FIELD, nil, 2),
    (#"{"phone\u0000":"+12"}"#, DEEPIDV_E_FIELD, nil, 2),
    (#"{"phone":15192223333}"#, DEEPIDV_E_TYPE, .phone, 2),
    (#"{"sendPhoneInvite":1}"#, DEEPIDV_E_TYPE, .sendPhoneInvite, 2),
    (#"{"expires_in_hours":"24"}"#, DEEPIDV_E_TYPE, .expiresInHours, 2),
    (#"{"expires_in_hours":4294967297}"#, DEEPIDV_E_RANGE, .expiresInHours, 2),
    (#"{"first_name":1}"#, DEEPIDV_E_TYPE, .firstName, 2),
    (#"{"firstName":["a"]}"#, DEEPIDV_E_TYPE, .firstName, 2),
    (#"{"sendEmailInvite":"true"}"#, DEEPIDV_E_TYPE, .sendEmailInvite, 2),
    (#"{"expiresInHours":1.0}"#, DEEPIDV_E_TYPE, .expiresInHours, 2),
    (#"{"expiresInHours":0}"#, DEEPIDV_E_RANGE, .expiresInHours, 2),
    (#"{"expires_in_hours":8761}"#, DEEPIDV_E_RANGE, .expiresInHours, 2),
    (#"{"expires_in_hours":99999999999999999999}"#, DEEPIDV_E_RANGE, .expiresInHours, 2),
    (#"{"first_name":"a\u0000b"}"#, DEEPIDV_E_NUL, .firstName, 2),
    (#"{"first_name":""}"#, DEEPIDV_E_REQUIRED, .firstName, 2),
    (#"{"phone":"5192223333"}"#, DEEPIDV_E_PHONE, .phone, 2),
    (#"{"redirect_url":"http://a"}"#, DEEPIDV_E_SCHEME, .redirectURL, 2),
    (#"{"redirectUrl":"https://a.b/?status"}"#, DEEPIDV_E_REPEATED, .redirectURL, 2),
    (String(repeating: "[", count: 10_000), DEEPIDV_E_JSON_DEPTH, nil, 64),
  ])
  func refusedJSON(_ json: String, _ status: deepidv_status, _ field: Field?, _ offset: Int) {
    do throws(JSONRefusal) {
      _ = try SessionRequest(json: Array(json.utf8).span)
      Issue.record("accepted")
    } catch {
      #expect(error.status == status)
      #expect(error.field == field)
      #expect(error.offset == offset)
    }
  }

  @Test func jsonThatIsNotUTF8() {
    let json = Array(#"{"first_name":"a"#.utf8) + [0xFF] + Array(#""}"#.utf8)
    do throws(JSONRefusal) {
      _ = try SessionRequest(json: json.span)
      Issue.record("accepted")
    } catch {
      #expect(error.status == DEEPIDV_E_UTF8)
    }
  }

  /// #expect cannot hold a call that changes its receiver.
  private func expect(
    _ status: deepidv_status, _ expected: deepidv_status,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(status == expected, sourceLocation: location)
  }

  private func set(_ request: inout SessionRequest, _ field: Field, _ value: String)
    -> deepidv_status
  {
    request.set(field, Array(value.utf8).span)
  }

  private func text(_ request: borrowing SessionRequest) throws -> String {
    var externalID = ByteBuffer(byteLimit: 100)
    try request.copy(.externalID, to: &externalID)
    let body = try request.body(externalID: externalID)
    return body.withSpan { body in
      String(decoding: body.indices.map { body[$0] }, as: UTF8.self)
    }
  }
}
