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

  private static let longestID = String(repeating: "a", count: 1024)

  @Test(arguments: [
    (#"{"id":"a"}"#, "a"), (#"{"idv_id":"b"}"#, "b"), (#"{"session_id":"c"}"#, "c"),
    (#"{"session_id":"c","id":"a"}"#, "a"), (#"{"id":5,"session_id":"c"}"#, "c"),
    (#"{"id":"a\u0000","idv_id":"a\nb","session_id":"c"}"#, "c"),
    (#"{"id":"\#(Self.longestID)","idv_id":"b"}"#, Self.longestID),
    (#"{"id":"\#(Self.longestID)x","idv_id":"b"}"#, "b"),
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
    (String(repeating: "x", count: 1024), String(repeating: "x", count: 1024)),
    (String(repeating: "x", count: 1025), "HTTP 418"),
    (
      #"{"message":"\#(String(repeating: "é", count: 5000))"}"#, String(repeating: "é", count: 2047)
    ),
    (
      #"{"message":"a\n\#(String(repeating: "b", count: 5000))"}"#,
      "a " + String(repeating: "b", count: 4091)
    ),
  ])
  func message(_ body: String, _ message: String) throws {
    let failure = try FailureAnswer(Array(body.utf8).span, httpStatus: 418)
    #expect(text(failure.message, of: failure.texts) == message)
  }

  @Test func repeatedMembersOfAFailure() throws {
    let failure = try FailureAnswer(
      Array(
        #"{"message":"a","code":1,"message":"b","message":"","message":7,"code":"C","code":2}"#.utf8
      ).span, httpStatus: 400)
    // The last text of some length.
    #expect(text(failure.message, of: failure.texts) == "b")
    #expect(text(failure.code, of: failure.texts) == "C")
  }

  @Test func everyMemberOfASession() throws {
    let body = Array(
      #"""
      {"id":"1","session_url":"https://a/2","external_id":"3","links":[{"rel":"r","type":"t","href":"https://h",
      "url":"https://u"}],"expires_at":"5","status":"6","session_progress":"7","created_at":"8","updated_at":"9",
      "idv_id":"x","session_id":"y","tags":["z"]}
      """#.utf8)
    let answer = try SessionAnswer(body.span, as: .created)
    let first = answer.sessions.at(0)
    let session = try #require(first)
    #expect(text(session.id, of: answer.texts) == "1")
    #expect(text(session.url, of: answer.texts) == "https://a/2")
    #expect(text(session.externalID, of: answer.texts) == "3")
    #expect(text(session.expiresAt, of: answer.texts) == "5")
    #expect(text(session.status, of: answer.texts) == "6")
    #expect(text(session.progress, of: answer.texts) == "7")
    #expect(text(session.createdAt, of: answer.texts) == "8")
    #expect(text(session.updatedAt, of: answer.texts) == "9")
    #expect(session.eventType == nil)
    #expect(session.record == ByteRange(0, body.count))
    #expect(text(answer.links.at(0)?.url, of: answer.texts) == "https://h")
    #expect(text(answer.links.at(0)?.rel, of: answer.texts) == "r")
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

  @Test(arguments: [
    (100, Int32(0)), (101, DEEPIDV_RESULT_FACT_MORE_HINTS),
    (100_000, DEEPIDV_RESULT_FACT_MORE_HINTS),
  ])
  func hints(_ count: Int, _ facts: Int32) throws {
    let hints = Array(repeating: #""h""#, count: count).joined(separator: ",")
    let failure = try FailureAnswer(Array(#"{"hints":[7,\#(hints)]}"#.utf8).span, httpStatus: 400)
    #expect(failure.hints.count == 100)
    #expect(failure.facts == facts)
  }

  @Test(arguments: [(100, Int32(0)), (101, DEEPIDV_RESULT_FACT_MORE_LINKS)])
  func links(_ count: Int, _ facts: Int32) throws {
    let links = Array(repeating: #"{"href":"https://a/"}"#, count: count).joined(separator: ",")
    let answer = try SessionAnswer(
      Array(#"{"id":"s","links":[7,{},\#(links)]}"#.utf8).span, as: .created)
    #expect(answer.links.count == 100)
    #expect(answer.facts == facts)
  }

  @Test(arguments: [
    (2, Int32(0)), (3, 0), (4, DEEPIDV_RESULT_FACT_MORE_SESSIONS),
    (100_000, DEEPIDV_RESULT_FACT_MORE_SESSIONS),
  ])
  func sessions(_ count: Int, _ facts: Int32) throws {
    let sessions = Array(repeating: #"{"id":"s","status":"VERIFIED"}"#, count: count)
    let answer = try SessionAnswer(
      Array(#"{"sessions":[\#(sessions.joined(separator: ","))]}"#.utf8).span, as: .page(limit: 3))
    #expect(answer.sessions.count == min(count, 3))
    #expect(answer.facts == facts)
    #expect(answer.texts.count <= 3 * 11)
  }

  @Test(arguments: [
    (#""id":"s""#, true), (#""idv_id":"s""#, true), (#""session_id":"s""#, true),
    (#""id":"other","session_id":"s""#, true), (#""id":7,"idv_id":"s""#, true),
    (#""id":"\u0073""#, true),
    (#""id":"other""#, false), (#""id":"S""#, false), (#""id":"ss""#, false),
    (#""id":"other","idv_id":"another""#, false), (#""user_id":"s","id":"other""#, false),
    (#""id":"s\u0000","session_id":"other""#, false),
  ])
  func recordOfWhom(_ members: String, _ isIt: Bool) throws {
    let body = Array(#"{"session_record":{\#(members),"status":"VERIFIED"}}"#.utf8)
    #expect(fault(body, .record, about: "s") == (isIt ? nil : DEEPIDV_E_ANSWER_FOREIGN))
    guard isIt else { return }
    let answer = try SessionAnswer(body.span, as: .record, about: Array("s".utf8).span)
    #expect(text(answer.sessions.at(0)?.id, of: answer.texts) == "s")
  }

  @Test(arguments: [
    (#""externalId":"x""#, true, true), (#""external_id":"x""#, true, true),
    (#""externalId":"y","external_id":"x""#, true, true), ("", true, false),
    (#""externalId":null"#, true, false), (#""externalId":7"#, true, false),
    (#""externalId":"""#, false, false), (#""externalId":"y""#, false, false),
    (#""external_id":"xx""#, false, false), (#""externalId":"x\u0000""#, false, false),
  ])
  func externalID(_ members: String, _ isOfCreate: Bool, _ isOfPage: Bool) throws {
    let session = #"{"id":"s"\#(members.isEmpty ? "" : ",")\#(members)}"#
    let foreign = DEEPIDV_E_ANSWER_FOREIGN
    #expect(fault(Array(session.utf8), .created, about: "x") == (isOfCreate ? nil : foreign))
    // Without a subject nothing is compared.
    #expect(fault(Array(session.utf8), .created) == nil)
    let page = Array(#"{"sessions":[{"id":"a","externalId":"x"},7,\#(session)]}"#.utf8)
    #expect(fault(page, .page(limit: 50), about: "x") == (isOfPage ? nil : foreign))
    // Sessions beyond the limit are checked too.
    #expect(fault(page, .page(limit: 1), about: "x") == (isOfPage ? nil : foreign))
    #expect(fault(page, .page(limit: 50)) == nil)
  }

  @Test(arguments: [
    (#""t2""#, deepidv_status?.none), ("null", nil), (#""""#, nil),
    (#""t\u0031""#, DEEPIDV_E_ANSWER_LOOP),
    (#""t1""#, DEEPIDV_E_ANSWER_LOOP), (#""t1\u0000""#, DEEPIDV_E_ANSWER_JSON),
    (#""\n""#, DEEPIDV_E_ANSWER_JSON), ("7", DEEPIDV_E_ANSWER_JSON), ("{}", DEEPIDV_E_ANSWER_JSON),
    ("[\"t2\"]", DEEPIDV_E_ANSWER_JSON), ("false", DEEPIDV_E_ANSWER_JSON),
    (#""t2","next_token":"t3""#, DEEPIDV_E_JSON_DUPLICATE),
    (#""\#(String(repeating: "t", count: 65_536))""#, nil),
    (#""\#(String(repeating: "t", count: 65_537))""#, DEEPIDV_E_ANSWER_JSON),
  ])
  func nextToken(_ token: String, _ cause: deepidv_status?) {
    let page = Array(#"{"next_token":\#(token),"sessions":[]}"#.utf8)
    #expect(fault(page, .page(limit: 50), after: "t1") == cause)
  }

  @Test(arguments: [
    "https://verify.deepidv.com/session/s?oid=o&redirect_url=https%3A%2F%2Fa.b%2F",
    "HTTPS://V.EXAMPLE", "https://v.example:8443#x", "https://v.example?x=\"'<>@",
    "https://verify.example/ü", "https://xn--vrify-bsa.example/", "https://[2001:db8::1]:443/",
    "https://192.0.2.1/a:b@c",
    "https://a_b/",
    "http://127.0.0.1:4000/session/s", "http://localhost/", "http://LocalHost:1",
    "http://[::1]:80/",
    "http://127.255.0.9",
  ])
  func browserURL(_ url: String) {
    #expect(isFit(Array(url.utf8)))
    for place in 0...url.utf8.count {
      for byte: UInt8 in [0, 9, 10, 13, 0x1F, 0x20, 0x5C, 0x7F] {
        var bytes = Array(url.utf8)
        bytes.insert(byte, at: place)
        #expect(!isFit(bytes))
      }
    }
  }

  @Test(arguments: [
    "", "https:", "https://", "https:/v.example", "https:///v.example", "//v.example", "v.example",
    "/s",
    "javascript:alert(1)", "JavaScript://v.example/%0aalert(1)", "data:text/html,x",
    "ftp://v.example",
    "https://u@v.example", "https://u:p@v.example/", "https://v.example:x/",
    "https://v.example:65536",
    "https://v.example:443@w.example", "https://v%2Eexample/", "https://v.example%00",
    "https://:443/",
    "https://.../", "https://-", "https://[v.example]/", "https://[::1", "https://[]",
    "https://[::1]x",
    // An internationalized name must be in its ASCII form.
    "https://vérify.example/",
    "https://a]b", "https://<v>", "https://v,example", "https://v.example\u{85}/",
    "https://v.example/\u{9F}",
    "http://v.example", "http://localhost.", "http://localhost.v.example",
    "http://127.0.0.1.v.example",
    "http://127.0.0.256", "http://127.999.1.1", "http://127.0.0.08", "http://127...",
    "http://127.1",
    "http://127.0.0.1.", "http://0x7f.0.0.1", "http://128.0.0.1", "http://[::2]",
    "http://localhost:99999",
    "http://127.0.0.", "http://127.0.0.1@v.example", "http://2130706433",
  ])
  func noBrowserURL(_ url: String) {
    #expect(!isFit(Array(url.utf8)))
  }

  @Test(arguments: ["", "s", "sess_abcdefgh", "\u{A0}ü€😀", "a b\\\"~", "Ââ", "\u{2028}"])
  func textOfService(_ text: String) throws {
    for place in 0...text.unicodeScalars.count {
      for scalar in [nil, 0, 1, 0x1F, 0x7F, 0x80, 0x85, 0x9F].map({
        $0.flatMap(Unicode.Scalar.init)
      }) {
        var scalars = Array(text.unicodeScalars)
        if let scalar { scalars.insert(scalar, at: place) }
        var escaped = ""
        for scalar in scalars {
          let isRaw = scalar.value >= 0x20 && scalar != "\\" && scalar != "\""
          let digits = String(scalar.value, radix: 16)
          escaped +=
            isRaw
            ? String(scalar) : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        let answer = try SessionAnswer(
          Array(#"{"id":"s","status":"\#(escaped)"}"#.utf8).span, as: .created)
        let status = self.text(answer.sessions.at(0)?.status, of: answer.texts)
        #expect(status == (scalar == nil ? text : nil))
      }
    }
  }

  private func isFit(_ url: [UInt8]) -> Bool { isBrowserURL(url.span) }

  @Test func plainHostThatIsAllowed() {
    let url = Array("http://emulator:8080/s".utf8)
    #expect(!isFit(url))
    let isAllowed = isBrowserURL(url.span, plainHosts: Array("a.example, Emulator".utf8).span)
    #expect(isAllowed)
  }

  @Test func urlsThatAreRefused() throws {
    let answer = try SessionAnswer(
      Array(
        #"""
        {"id":"s","session_url":"javascript:alert(1)","status":"VERIFIED\u0000","externalId":"a\u0001",
         "links":[{"href":"data:,x"},{"url":"https://a","rel":"x\n"},{"href":"/relative"}]}
        """#.utf8
      ).span, as: .created)
    #expect(answer.sessions.at(0)?.url == nil)
    #expect(answer.sessions.at(0)?.status == nil)
    #expect(text(answer.sessions.at(0)?.externalID, of: answer.texts) == "a\u{1}")
    #expect(answer.links.count == 1)
    #expect(text(answer.links.at(0)?.url, of: answer.texts) == "https://a")
    #expect(answer.links.at(0)?.rel == nil)
    #expect(
      answer.facts == DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED | DEEPIDV_RESULT_FACT_MORE_LINKS)
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

  /// Where the records are in the body, for programs that read more of them.
  @Test(arguments: [
    (
      AnswerForm.created, "\u{FEFF}" + #" {"id":"a","x":{"id":"b"}} "#,
      [#"{"id":"a","x":{"id":"b"}}"#]
    ),
    (.record, #"{"user":{"id":"u"},"session_record": {"id":"a"}}"#, [#"{"id":"a"}"#]),
    (
      .page(limit: 2),
      #"{"next_token":"{","sessions":[ 7 ,{"x":"]}"},{"id":"a","y":[{}] } ,{"idv_id":"b"},{"id":"c"}]}"#,
      [#"{"id":"a","y":[{}] }"#, #"{"idv_id":"b"}"#]
    ),
  ])
  func records(_ form: AnswerForm, _ body: String, _ records: [String]) throws {
    let bytes = Array(body.utf8)
    let answer = try SessionAnswer(bytes.span, as: form)
    var found: [String] = []
    for index in 0..<answer.sessions.count {
      let session = answer.sessions.at(index)
      let record = try #require(session).record
      found.append(String(decoding: bytes[record.start..<record.end], as: UTF8.self))
    }
    #expect(found == records)
  }

  @Test func page() throws {
    let answer = try SessionAnswer(
      Array(
        #"{"next_token":"t","sessions":[{"id":"a","external_id":"x"},{"status":"?"},7,{"id":"b"}]}"#
          .utf8
      )
      .span, as: .page(limit: 50))
    #expect(answer.sessions.count == 2)
    #expect(text(answer.sessions.at(0)?.externalID, of: answer.texts) == "x")
    #expect(text(answer.sessions.at(1)?.id, of: answer.texts) == "b")
    #expect(text(answer.nextToken, of: answer.texts) == "t")
    let last = try SessionAnswer(
      Array(#"{"sessions":[],"next_token":null}"#.utf8).span, as: .page(limit: 50))
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
    (#"{"id":"a"}"#, .page(limit: 50), DEEPIDV_E_ANSWER_JSON),
    (#"{"sessions":{}}"#, .page(limit: 50), DEEPIDV_E_ANSWER_JSON),
    (#"{"sessions":[{"id":"a","id":"b"}]}"#, .page(limit: 50), DEEPIDV_E_JSON_DUPLICATE),
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
    "2026-11-22T21:00:00+25:00", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z", "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z",
  ])
  func noTimestamp(_ text: String) {
    #expect(secondsSince1970(Array(text.utf8).span) == nil)
  }

  private func fault(
    _ body: [UInt8], _ form: AnswerForm = .created, about subject: String = "",
    after token: String = ""
  ) -> deepidv_status? {
    do throws(AnswerFault) {
      _ = try SessionAnswer(
        body.span, as: form, about: Array(subject.utf8).span, after: Array(token.utf8).span)
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
