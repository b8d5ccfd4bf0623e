import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct LookupTests {
  @Test(arguments: [
    ("order-1", 1_795_381_200, OperationPolicy.Found.one, ["new"]),
    ("order-1", 1_795_381_201, .absent, []),
    ("order-1", 0, .several, ["old", "new"]),
    ("order", 0, .absent, []),
    ("Order-1", 0, .absent, []),
    ("undated", 0, .none, []),
    ("undated", .min, .one, ["undated"]),
  ])
  func matches(
    _ externalID: String, _ notBefore: Int64, _ expected: OperationPolicy.Found, _ ids: [String]
  ) throws {
    let page = #"""
      {"sessions":[
        {"id":"old","external_id":"order-1","created_at":"2020-01-01T00:00:00Z"},
        {"id":"new","external_id":"order-1","created_at":"2026-11-22T21:00:00Z"},
        {"id":"other","external_id":"order-12","created_at":"2026-11-22T21:00:00Z"},
        {"id":"undated","external_id":"undated","created_at":"yesterday"}]}
      """#
    let answer = try SessionAnswer(
      Array(page.utf8).span, as: .search(SessionSearch(createdNotBefore: notBefore)),
      about: Array(externalID.utf8).span)
    let found = answer.found
    #expect(found == expected)
    var kept: [String] = []
    for index in 0..<answer.sessions.count {
      let session = answer.sessions.at(index)
      let id = try #require(session).id
      kept.append(
        answer.texts.withSpan { texts in
          String(decoding: (id.start..<id.end).map { texts[$0] }, as: UTF8.self)
        })
    }
    #expect(kept == ids)
  }

  /// Whether the only match is the session depends on whether later pages may have more.
  @Test(arguments: [
    ("", OperationPolicy.Found.one), (#", "next_token": null"#, .one),
    (#", "next_token": """#, .one),
    (#", "next_token": "more""#, .none), (#", "next_token": 7"#, .none),
  ])
  func oneOnPage(_ rest: String, _ found: OperationPolicy.Found) throws {
    let session = #"{"id":"a","external_id":"x","created_at":"2026-11-22T21:00:00Z"}"#
    #expect(try search(#"{"sessions":[\#(session)]\#(rest)}"#) == found)
  }

  @Test(arguments: [
    (#"{"id":"b\u0000""#, OperationPolicy.Found.none), (#"{"id":"""#, .one), (#"{"id":7"#, .one),
    (#"{"id":"b""#, .several), (#"{"id":"","session_id":"b""#, .several),
  ])
  func another(_ beginning: String, _ found: OperationPolicy.Found) throws {
    let rest = #","external_id":"x","created_at":"2026-11-22T21:00:00Z"}"#
    #expect(try search(#"{"sessions":[{"id":"a"\#(rest),\#(beginning)\#(rest)]}"#) == found)
  }

  /// A duplicate is found at any position.
  @Test(arguments: [(1000, 0, OperationPolicy.Found.one), (1000, 1, .several), (0, 600, .several)])
  func long(_ others: Int, _ duplicates: Int, _ found: OperationPolicy.Found) throws {
    let rest = #""created_at":"2026-11-22T21:00:00Z","links":[{"href":"https://a/"}]}"#
    let one = [#"{"id":"a","external_id":"x",\#(rest)"#]
    let all =
      one + Array(repeating: #"{"id":"b","external_id":"y",\#(rest)"#, count: others)
      + Array(repeating: #"{"id":"c","external_id":"x",\#(rest)"#, count: duplicates)
    let page = #"{"sessions":[\#(all.joined(separator: ","))]}"#
    let answer = try SessionAnswer(
      Array(page.utf8).span, as: .search(SessionSearch(createdNotBefore: 0)),
      about: Array("x".utf8).span)
    #expect(answer.found == found)
    #expect(answer.sessions.count == min(1 + duplicates, 500))
    #expect(answer.texts.count < 60_000)
    if found == .one { #expect(answer.links.count == 1) }
  }

  private func search(_ page: String) throws -> OperationPolicy.Found {
    try SessionAnswer(
      Array(page.utf8).span, as: .search(SessionSearch(createdNotBefore: 0)),
      about: Array("x".utf8).span
    ).found
  }

  @Test func tokenRoundTrip() throws {
    var token = ByteBuffer(byteLimit: 100)
    try ReconcileToken.write(
      sentAt: 1_795_381_200, externalID: Array("a.b c".utf8).span, to: &token)
    #expect(text(token) == "1.1795381200.a.b c")
    let read = token.withSpan { ReconcileToken.read($0) }
    let parts = try #require(read)
    #expect(parts.sentAt == 1_795_381_200)
    #expect(parts.externalID == ByteRange(13, 18))
  }

  @Test(arguments: [
    ("x", UInt64(0), DEEPIDV_OK), ("x", UInt64(999_999_999_999), DEEPIDV_OK),
    ("x", UInt64(1_000_000_000_000), DEEPIDV_E_RANGE), ("x", UInt64.max, DEEPIDV_E_RANGE),
    ("", UInt64(0), DEEPIDV_E_REQUIRED), ("a\0", UInt64(0), DEEPIDV_E_NUL),
    (String(repeating: "x", count: 1024), UInt64(0), DEEPIDV_OK),
    (String(repeating: "x", count: 1025), UInt64(0), DEEPIDV_E_TOO_LONG),
  ])
  func partsOfToken(_ externalID: String, _ sentAt: UInt64, _ status: deepidv_status) throws {
    let id = Array(externalID.utf8)
    #expect(ReconcileToken.check(sentAt: sentAt, externalID: id.span) == status)
    guard status == DEEPIDV_OK else { return }
    var token = ByteBuffer(byteLimit: ReconcileToken.longest)
    try ReconcileToken.write(sentAt: Int64(sentAt), externalID: id.span, to: &token)
    let read = token.withSpan { ReconcileToken.read($0) }
    #expect(read?.sentAt == Int64(sentAt))
    #expect(read?.externalID.count == id.count)
  }

  @Test(arguments: [
    "", "1", "1.", "1.5", "1.5.", "2.5.x", "1.-5.x", "1.x.y", "1.12345678901234567890.x",
    "1.0000000000007.x",
  ])
  func noToken(_ text: String) {
    #expect(ReconcileToken.read(Array(text.utf8).span) == nil)
  }

  @Test(arguments: [(0, false), (1, true), (1024, true), (1025, false)])
  func searchableID(_ count: Int, _ isSearchable: Bool) throws {
    var id = ByteBuffer(byteLimit: 2000)
    for _ in 0..<count { try id.append(UInt8(ascii: "x")) }
    #expect(ReconcileToken.canName(id) == isSearchable)
    let token = Array("1.5.".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: count)
    #expect((ReconcileToken.read(token.span) != nil) == isSearchable)
  }

  @Test(arguments: [
    ("1.0.x", 0 as Int64), ("1.000000000007.x", 7), ("1.999999999999.x", 999_999_999_999),
  ])
  func timeOfToken(_ text: String, _ sentAt: Int64) {
    #expect(ReconcileToken.read(Array(text.utf8).span)?.sentAt == sentAt)
  }

  @Test func percentEncoding() throws {
    var buffer = ByteBuffer(byteLimit: 100)
    try buffer.append(percentEncoded: Array("a-Z_0.~ /?#&=%é".utf8).span)
    #expect(text(buffer) == "a-Z_0.~%20%2F%3F%23%26%3D%25%C3%A9")
  }

  @Test func ownExternalID() throws {
    var buffer = ByteBuffer(byteLimit: 100)
    try buffer.appendExternalID(0x0123_4567_89AB_CDEF, 1)
    #expect(text(buffer) == "didv_0123456789abcdef0000000000000001")
  }

  private func text(_ buffer: borrowing ByteBuffer) -> String {
    buffer.withSpan { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
  }
}
