import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct AnswerTests {
  @Test func wholeSession() throws {
    let answer = try SessionAnswer(
      Array(
        #"""
        {"id": "s\u00e9ss", "session_url": "https:\/\/v.example/s?oid=o", "externalId": "", "extra": {"id": 1},
         "links": [{"rel": "self", "href": "https://a"}, {"url": "https://b", "type": "page"}, {"rel": "x"}, 7],
         "expires_at": "2026-01-01T00:00:00Z"}
        """#.utf8
      ).span, as: .created)
    #expect(text(answer.sessions.at(0)?.id, of: answer.texts) == "séss")
    #expect(text(answer.sessions.at(0)?.url, of: answer.texts) == "https://v.example/s?oid=o")
    #expect(text(answer.sessions.at(0)?.externalID, of: answer.texts) == "")
    #expect(text(answer.sessions.at(0)?.expiresAt, of: answer.texts) == "2026-01-01T00:00:00Z")
    #expect(answer.links.count == 2)
    #expect(text(answer.links.at(0)?.url, of: answer.texts) == "https://a")
    #expect(text(answer.links.at(0)?.rel, of: answer.texts) == "self")
    #expect(text(answer.links.at(1)?.url, of: answer.texts) == "https://b")
    #expect(text(answer.links.at(1)?.rel, of: answer.texts) == "page")
  }

  @Test(arguments: [
    (#"{"id":"a"}"#, "a"), (#"{"idv_id":"b"}"#, "b"), (#"{"session_id":"c"}"#, "c"),
    (#"{"session_id":"c","id":"a"}"#, "a"), (#"{"id":5,"session_id":"c"}"#, "c"),
  ])
  func id(_ body: String, _ id: String) throws {
    let answer = try SessionAnswer(Array(body.utf8).span, as: .created)
    #expect(text(answer.sessions.at(0)?.id, of: answer.texts) == id)
  }

  @Test(arguments: [
    ("", DEEPIDV_E_ANSWER_EMPTY), ("<html>", DEEPIDV_E_ANSWER_JSON), ("[]", DEEPIDV_E_ANSWER_JSON),
    ("{}", DEEPIDV_E_ANSWER_NO_ID), (#"{"id":""}"#, DEEPIDV_E_ANSWER_NO_ID),
    (#"{"id":7}"#, DEEPIDV_E_ANSWER_NO_ID), (#"{"id":"a""#, DEEPIDV_E_ANSWER_JSON),
    (#"{"id":"a"} x"#, DEEPIDV_E_ANSWER_JSON), (#"{"id":"a","id":"b"}"#, DEEPIDV_E_JSON_DUPLICATE),
  ])
  func fault(_ body: String, _ cause: deepidv_status) {
    #expect(fault(Array(body.utf8)) == cause)
  }

  @Test func faultOfBytes() {
    #expect(fault([0x7B, 0xFF, 0x7D]) == DEEPIDV_E_ANSWER_UTF8)
  }

  @Test(arguments: [
    (#"{"message":"m","error":"e","detail":"d"}"#, "m"),
    (#"{"detail":"d","error":"e"}"#, "e"), (#"{"detail":"d"}"#, "d"),
    (#"{"message":"","error":"e"}"#, "e"), (#"{"message":7,"detail":"d"}"#, "d"),
    ("{}", "HTTP 418"), ("", "HTTP 418"), ("<html>no</html>", "HTTP 418"),
    ("  Insufficient funds or subscription.\n", "Insufficient funds or subscription."),
    (#"{"message":"a\nb\u001b[31m\u202ec\u0085d"}"#, "a b [31m?c d"),
    ("{\"message\":\"cut", "{\"message\":\"cut"),
  ])
  func message(_ body: String, _ message: String) throws {
    let failure = try FailureAnswer(Array(body.utf8).span, httpStatus: 418)
    #expect(text(failure.message, of: failure.texts) == message)
  }

  @Test func codeAndHints() throws {
    let failure = try FailureAnswer(
      Array(#"{"message":"m","code":"E1","hints":["a",3,"b\tc"]}"#.utf8).span, httpStatus: 400)
    #expect(text(failure.code, of: failure.texts) == "E1")
    #expect(failure.hints.count == 2)
    #expect(text(failure.hints.at(1), of: failure.texts) == "b c")
    let number = try FailureAnswer(Array(#"{"code":-12}"#.utf8).span, httpStatus: 400)
    #expect(text(number.code, of: number.texts) == "-12")
  }

  @Test func record() throws {
    let answer = try SessionAnswer(
      Array(
        #"{"user":{"id":"u"},"session_record":{"id":"s","status":"VERIFIED","session_progress":"COMPLETED","created_at":"c"}}"#
          .utf8
      ).span, as: .record)
    let first = answer.sessions.at(0)
    let session = try #require(first)
    #expect(text(session.id, of: answer.texts) == "s")
    #expect(text(session.status, of: answer.texts) == "VERIFIED")
    #expect(text(session.progress, of: answer.texts) == "COMPLETED")
    #expect(text(session.createdAt, of: answer.texts) == "c")
  }

  @Test func page() throws {
    let answer = try SessionAnswer(
      Array(
        #"{"next_token":"t","sessions":[{"id":"a","external_id":"x"},{"status":"?"},7,{"id":"b"}]}"#
          .utf8
      )
      .span, as: .page)
    #expect(answer.sessions.count == 2)
    #expect(text(answer.sessions.at(0)?.externalID, of: answer.texts) == "x")
    #expect(text(answer.sessions.at(1)?.id, of: answer.texts) == "b")
    #expect(text(answer.nextToken, of: answer.texts) == "t")
    let last = try SessionAnswer(Array(#"{"sessions":[],"next_token":null}"#.utf8).span, as: .page)
    #expect(last.sessions.count == 0)
    #expect(last.nextToken == nil)
  }

  @Test(arguments: [
    (#"{"id":"a"}"#, AnswerForm.record, DEEPIDV_E_ANSWER_NO_ID),
    (#"{"session_record":7}"#, .record, DEEPIDV_E_ANSWER_NO_ID),
    (
      #"{"session_record":{"id":"a"},"session_record":{"id":"b"}}"#, .record,
      DEEPIDV_E_JSON_DUPLICATE
    ),
    (#"{"id":"a"}"#, .page, DEEPIDV_E_ANSWER_JSON),
    (#"{"sessions":{}}"#, .page, DEEPIDV_E_ANSWER_JSON),
    (#"{"sessions":[{"id":"a","id":"b"}]}"#, .page, DEEPIDV_E_JSON_DUPLICATE),
  ])
  func faultOfForm(_ body: String, _ form: AnswerForm, _ cause: deepidv_status) {
    #expect(fault(Array(body.utf8), form) == cause)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-11-22T21:00:00Z", 1_795_381_200),
    ("2026-11-22T21:00:00.999Z", 1_795_381_200), ("2026-11-22 23:00:00+02:00", 1_795_381_200),
    ("2026-11-22T16:30:00-0430", 1_795_381_200), ("2026-11-22T21:00:00", 1_795_381_200),
    ("2000-02-29T12:00:00Z", 951_825_600), ("1969-12-31T23:59:59Z", -1),
  ])
  func timestamp(_ text: String, _ seconds: Int64) {
    #expect(secondsSince1970(Array(text.utf8).span) == seconds)
  }

  @Test(arguments: [
    "", "2026", "2026-11-22", "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z",
    "2026-11-22T21:00:00X",
    "2026-11-22T21:00:00+2", "2026-11-22T21:00:00Zx", "x026-11-22T21:00:00Z",
    "2026-11-22T21:00:00+25:00",
  ])
  func noTimestamp(_ text: String) {
    #expect(secondsSince1970(Array(text.utf8).span) == nil)
  }

  private func fault(_ body: [UInt8], _ form: AnswerForm = .created) -> deepidv_status? {
    do throws(AnswerFault) {
      _ = try SessionAnswer(body.span, as: form)
      return nil
    } catch {
      return error.cause
    }
  }

  private func text(_ range: ByteRange?, of texts: borrowing AnswerTexts) -> String? {
    guard let range else { return nil }
    return texts.withSpan { bytes in
      #expect(bytes[range.end] == 0)
      return String(decoding: (range.start..<range.end).map { bytes[$0] }, as: UTF8.self)
    }
  }
}
