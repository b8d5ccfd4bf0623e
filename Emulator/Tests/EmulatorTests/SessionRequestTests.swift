import Foundation
import Testing

@testable import Emulator

@Suite struct SessionRequestTests {
  /// A body with the required fields and `changes`; a nil value removes a field.
  private func request(_ changes: [String: Any?] = [:]) throws -> SessionRequest {
    var members: [String: Any] = [
      "first_name": "John", "last_name": "Doe", "email": "john.doe@example.com",
      "phone": "+15192223333",
    ]
    for (name, value) in changes { members[name] = value }
    return try SessionRequest(body: JSONSerialization.data(withJSONObject: members))
  }

  private func hints(_ changes: [String: Any?]) throws -> [String] {
    let error = #expect(throws: InvalidBody.self) { try request(changes) }
    return try #require(error).hints
  }

  private func hints(body: String) throws -> [String] {
    let error = #expect(throws: InvalidBody.self) { try SessionRequest(body: Data(body.utf8)) }
    return try #require(error).hints
  }

  @Test func requiredFieldsAlone() throws {
    let request = try request()
    #expect(request.firstName == "John")
    #expect(request.phone == "+15192223333")
    #expect(request.sendEmailInvite && request.sendPhoneInvite)
    #expect(request.externalID == nil && request.redirectURL == nil)
  }

  @Test func everyField() throws {
    let request = try request([
      "external_id": "user-1", "send_email_invite": false, "send_phone_invite": false,
      "workflow_id": "wf_1", "redirect_url": "https://yourapp.com/", "expires_in_hours": 8760,
    ])
    #expect(request.externalID == "user-1")
    #expect(!request.sendEmailInvite && !request.sendPhoneInvite)
    #expect(request.workflowID == "wf_1")
    #expect(request.redirectURL?.text == "https://yourapp.com/")
    #expect(request.expiresInHours == 8760)
  }

  @Test(arguments: Field.all.map(\.name))
  func nullIsAbsent(field: String) throws {
    if ["first_name", "last_name", "email", "phone"].contains(field) {
      #expect(try hints([field: NSNull()]) == ["\(field): is required"])
    } else {
      #expect(try request([field: NSNull()]) == request())
    }
  }

  @Test func camelCaseWins() throws {
    #expect(try request(["firstName": "Jane"]).firstName == "Jane")
    #expect(try request(["external_id": "snake", "externalId": "camel"]).externalID == "camel")
    #expect(
      try request(["send_email_invite": true, "sendEmailInvite": false]).sendEmailInvite == false)
    #expect(
      try request(["expires_in_hours": 1, "expiresInHours": 2]).expiresInHours == 2)
  }

  @Test func camelCaseWinsEvenIfInvalid() throws {
    #expect(try hints(["firstName": 7]) == ["firstName: must be a string"])
  }

  @Test func camelCaseNullIsIgnored() throws {
    #expect(try request(["firstName": NSNull()]).firstName == "John")
  }

  @Test(
    arguments: [
      ("phone", "15192223333"), ("phone", "+05192223333"), ("phone", "+123456789"),
      ("phone", "+1234567890123456"), ("phone", "+1519222333a"), ("phone", "+1 519 222 3333"),
      ("phone", "+1519222333\u{0663}"), ("phone", ""),
      ("email", ""), ("email", "john"), ("email", "@example.com"), ("email", "john@"),
      ("email", "john@example"), ("email", "john@@example.com"), ("email", "john@example..com"),
      ("email", "jo hn@example.com"), ("email", "john@example.com\r\n"),
      ("first_name", ""), ("first_name", "  "), ("last_name", ""),
      ("redirect_url", "http://yourapp.com"), ("redirectUrl", ""),
    ])
  func refusedText(field: String, value: String) throws {
    let hints = try hints([field: value])
    #expect(hints.count == 1)
    #expect(hints.first?.hasPrefix("\(field): must ") == true)
  }

  @Test(arguments: ["+1519222333", "+1234567890", "+123456789012345"])
  func acceptedPhone(phone: String) throws {
    #expect(try request(["phone": phone]).phone == phone)
  }

  @Test(arguments: ["j@example.com", "j.d+tag@sub.example.co", "jürgen@bücher.example"])
  func acceptedEmail(email: String) throws {
    #expect(try request(["email": email]).email == email)
  }

  @Test(
    arguments: [
      #""first_name": 1"#, #""send_email_invite": 1"#, #""send_email_invite": "true""#,
      #""external_id": true"#, #""external_id": ["a"]"#, #""workflow_id": {}"#,
      #""expires_in_hours": "24""#, #""expires_in_hours": true"#, #""expires_in_hours": 0"#,
      #""expires_in_hours": 8761"#, #""expires_in_hours": 1.5"#, #""expires_in_hours": -1"#,
      #""expires_in_hours": 1e400"#, #""expires_in_hours": 99999999999999999999"#,
      #""external_id": "\ud800""#,
    ])
  func refusedType(member: String) throws {
    let rest = #""last_name": "D", "email": "j@example.com", "phone": "+15192223333""#
    let first = member.contains("first_name") ? "" : #""first_name": "J", "#
    let hints = try hints(body: "{\(first)\(rest), \(member)}")
    #expect(hints.count == 1)
    #expect(hints.first?.contains(": must be") == true)
  }

  @Test func oneHintForEachProblem() throws {
    let hints = try hints([
      "first_name": Optional<Any>.none, "phone": "1", "expires_in_hours": 0,
    ])
    #expect(
      hints == [
        "first_name: is required",
        "phone: must be E.164: a + and 10 to 15 digits, such as +15192223333",
        "expires_in_hours: must be an integer from 1 to 8760",
      ])
  }

  @Test(
    arguments: [
      "", "null", "1", "[]", #""text""#, "{", "{]", "{} {}", #"{"first_name": }"#, "{'a': 1}",
      String(repeating: "[", count: 10_000),
      String(repeating: #"{"a":"#, count: 10_000) + "1" + String(repeating: "}", count: 10_000),
    ])
  func notAnObject(body: String) throws {
    #expect(try hints(body: body) == ["body: must be a JSON object"])
  }

  @Test func notUTF8() throws {
    let error = #expect(throws: InvalidBody.self) {
      try SessionRequest(body: Data([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))
    }
    #expect(error?.hints == ["body: must be UTF-8"])
  }

  @Test func unknownMembersAreIgnored() throws {
    #expect(try request(["nickname": ["deep": [1, 2.5, NSNull()]]]) == request())
  }
}
