import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct OperationKindTests {
  @Test func eachHasAnEventOfItsOwn() {
    #expect(
      OperationKind.allCases.map(\.row.event) == [
        DEEPIDV_EVENT_SESSION_CREATE, DEEPIDV_EVENT_SESSION_RETRIEVE, DEEPIDV_EVENT_SESSION_LIST,
        DEEPIDV_EVENT_SESSION_RECONCILE, DEEPIDV_EVENT_REDIRECT_CONFIRM,
        DEEPIDV_EVENT_SESSION_FIND_OR_CREATE, DEEPIDV_EVENT_SESSION_UPDATE_STATUS,
        DEEPIDV_EVENT_SESSION_WAIT,
      ])
  }

  /// A create that is executed twice creates two sessions and sends two e-mails; a decision sends two e-mails.
  @Test func whatChangesSomethingIsNeverSentAgainBlindly() {
    for kind in OperationKind.allCases where kind.row.exchange.row.method != .get {
      #expect(kind.row.retry == (kind == .updateStatus ? .settle : .search))
      #expect(kind.row.status == .outcome)
      #expect(kind.row.unsent == .notSent)
    }
    for kind in OperationKind.allCases where [.resend, .poll].contains(kind.row.retry) {
      #expect(kind.row.exchange.row.method == .get)
    }
  }

  /// To find out what became of a request changes nothing.
  @Test func inquiriesAreQuestions() {
    for kind in OperationKind.allCases {
      let inquiry = kind.row.retry.inquiry
      #expect(inquiry.row.method == .get)
      #expect(inquiry.row.subject == kind.row.exchange.row.subject || kind == .list)
    }
    #expect(OperationKind.create.row.retry.inquiry == .search)
    #expect(OperationKind.updateStatus.row.retry.inquiry == .retrieve)
    #expect(OperationKind.wait.row.retry.inquiry == .retrieve)
  }

  /// A decision has the number of the verdict that the session has after it.
  @Test func decisions() {
    #expect(DEEPIDV_DECISION_VERIFIED == DEEPIDV_VERDICT_VERIFIED)
    #expect(DEEPIDV_DECISION_REJECTED == DEEPIDV_VERDICT_REJECTED)
    let bodies = (Int32(-1)...7).map { decisionBody($0).map { "\($0)" } }
    #expect(
      bodies == [nil, nil, #"{"new_status":"VERIFIED"}"#, #"{"new_status":"REJECTED"}"#]
        + [String?](repeating: nil, count: 5))
  }

  @Test(arguments: [
    (OperationKind.create, DEEPIDV_E_TIMEOUT, DEEPIDV_E_NOT_SENT),
    (.create, DEEPIDV_E_CANCELLED, DEEPIDV_E_NOT_SENT),
    (.create, DEEPIDV_E_SYSTEM, DEEPIDV_E_NOT_SENT),
    (.create, DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED),
    (.findOrCreate, DEEPIDV_E_TIMEOUT, DEEPIDV_E_NOT_SENT),
    (.findOrCreate, DEEPIDV_E_UNAUTHORIZED, DEEPIDV_E_UNAUTHORIZED),
    (.findOrCreate, DEEPIDV_E_SERVER, DEEPIDV_E_NOT_SENT),
    (.findOrCreate, DEEPIDV_E_REDIRECTED, DEEPIDV_E_REDIRECTED),
    (.reconcile, DEEPIDV_E_CANCELLED, DEEPIDV_E_OUTCOME_UNKNOWN),
    (.reconcile, DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_OUTCOME_UNKNOWN),
    (.retrieve, DEEPIDV_E_TIMEOUT, DEEPIDV_E_TIMEOUT),
    (.list, DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED),
    (.confirm, DEEPIDV_E_CANCELLED, DEEPIDV_E_CANCELLED),
    (.updateStatus, DEEPIDV_E_TIMEOUT, DEEPIDV_E_NOT_SENT),
    (.updateStatus, DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED),
    (.wait, DEEPIDV_E_TIMEOUT, DEEPIDV_E_TIMEOUT),
    (.wait, DEEPIDV_E_CANCELLED, DEEPIDV_E_CANCELLED),
  ])
  func neverSent(_ kind: OperationKind, _ cause: deepidv_status, _ status: deepidv_status) {
    #expect(kind.row.unsent.status(cause: cause) == status)
  }

  @Test(arguments: [
    (Exchange.create, "a", 7, "t", ""),
    (.retrieve, "a", 7, "t", "/a"),
    (.updateStatus, "a", 7, "t", "/a/update-status"),
    (.updateStatus, "a/b", 0, "", "/a%2Fb/update-status"),
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
