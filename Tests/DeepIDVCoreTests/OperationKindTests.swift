import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct OperationKindTests {
  @Test func eachHasAnEventOfItsOwn() {
    #expect(
      OperationKind.allCases.map(\.row.event) == [
        DEEPIDV_EVENT_SESSION_CREATE, DEEPIDV_EVENT_SESSION_RETRIEVE, DEEPIDV_EVENT_SESSION_LIST,
        DEEPIDV_EVENT_SESSION_RECONCILE, DEEPIDV_EVENT_REDIRECT_CONFIRM,
        DEEPIDV_EVENT_SESSION_FIND_OR_CREATE,
      ])
  }

  /// A create that is executed twice creates two sessions and sends two e-mails.
  @Test func whatChangesSomethingIsNeverSentAgainBlindly() {
    for kind in OperationKind.allCases where kind.row.exchange.row.method != .get {
      #expect(kind.row.retry == .search)
      #expect(kind.row.status == .outcome)
    }
    for kind in OperationKind.allCases where kind.row.retry == .resend {
      #expect(kind.row.exchange.row.method == .get)
    }
  }

  @Test(arguments: [
    (OperationKind.create, DEEPIDV_E_TIMEOUT, DEEPIDV_E_NOT_SENT),
    (.create, DEEPIDV_E_CANCELLED, DEEPIDV_E_NOT_SENT),
    (.create, DEEPIDV_E_SYSTEM, DEEPIDV_E_NOT_SENT),
    (.create, DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED),
    (.findOrCreate, DEEPIDV_E_TIMEOUT, DEEPIDV_E_NOT_SENT),
    (.findOrCreate, DEEPIDV_E_UNAUTHORIZED, DEEPIDV_E_NOT_SENT),
    (.reconcile, DEEPIDV_E_CANCELLED, DEEPIDV_E_OUTCOME_UNKNOWN),
    (.reconcile, DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_OUTCOME_UNKNOWN),
    (.retrieve, DEEPIDV_E_TIMEOUT, DEEPIDV_E_TIMEOUT),
    (.list, DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED),
    (.confirm, DEEPIDV_E_CANCELLED, DEEPIDV_E_CANCELLED),
  ])
  func neverSent(_ kind: OperationKind, _ cause: deepidv_status, _ status: deepidv_status) {
    #expect(kind.row.unsent.status(cause: cause) == status)
  }

  @Test(arguments: [
    (Exchange.create, "a", 7, "t", ""),
    (.retrieve, "a", 7, "t", "/a"),
    (.retrieve, "../a b?c=d#é", 0, "", "/..%2Fa%20b%3Fc%3Dd%23%C3%A9"),
    (.list, "", 0, "", ""),
    (.list, "x&y", 0, "", "?external_id=x%26y"),
    (.list, "", 1, "", "?limit=1"),
    (.list, "", 0, "a=b&c", "?next_token=a%3Db%26c"),
    (.list, "x", 500, "n", "?external_id=x&limit=500&next_token=n"),
    (.search, "order 1", 7, "t", "?external_id=order%201&limit=500"),
  ])
  func path(
    _ exchange: Exchange, _ subject: String, _ limit: Int, _ token: String, _ expected: String
  ) throws {
    var url = ByteBuffer(byteLimit: 1000)
    let (subject, token) = (Array(subject.utf8), Array(token.utf8))
    try exchange.row.path.append(to: &url, subject: subject.span, limit: limit, token: token.span)
    #expect(
      url.withSpan { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        == expected)
  }

  /// The URL of the longest valid texts fits.
  @Test func longestPath() throws {
    var url = ByteBuffer(byteLimit: 1 << 20)
    let text = Array(repeating: UInt8(ascii: "%"), count: longestPageToken)
    try Exchange.Path.page.append(to: &url, subject: text.span, limit: 500, token: text.span)
    #expect(url.count == 2 * 3 * longestPageToken + 35)
  }
}
