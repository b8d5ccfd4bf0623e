import CDeepIDV
import Testing

@testable import DeepIDVCore

/// What each response means, in tables to compare with the service's documentation.
@Suite struct ExchangeEvaluationTests {
  // MARK: Refusals

  /// A status that is not 2xx, what became of the request, the status of a create, and that of a question.
  private static let statuses: [(Int, Outcome, deepidv_status, deepidv_status)] = [
    (300, .rejected, DEEPIDV_E_REDIRECTED, DEEPIDV_E_REDIRECTED),
    (301, .rejected, DEEPIDV_E_REDIRECTED, DEEPIDV_E_REDIRECTED),
    (302, .rejected, DEEPIDV_E_REDIRECTED, DEEPIDV_E_REDIRECTED),
    (307, .rejected, DEEPIDV_E_REDIRECTED, DEEPIDV_E_REDIRECTED),
    (399, .rejected, DEEPIDV_E_REDIRECTED, DEEPIDV_E_REDIRECTED),
    (400, .rejected, DEEPIDV_E_BAD_REQUEST, DEEPIDV_E_BAD_REQUEST),
    (401, .rejected, DEEPIDV_E_UNAUTHORIZED, DEEPIDV_E_UNAUTHORIZED),
    (402, .rejected, DEEPIDV_E_BALANCE, DEEPIDV_E_BALANCE),
    (403, .rejected, DEEPIDV_E_FORBIDDEN, DEEPIDV_E_FORBIDDEN),
    (404, .rejected, DEEPIDV_E_NOT_FOUND, DEEPIDV_E_NOT_FOUND),
    (405, .rejected, DEEPIDV_E_REFUSED, DEEPIDV_E_REFUSED),
    // A proxy has given up; the service behind it may have executed the request.
    (408, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER),
    (409, .rejected, DEEPIDV_E_REFUSED, DEEPIDV_E_REFUSED),
    (413, .rejected, DEEPIDV_E_REFUSED, DEEPIDV_E_REFUSED),
    (418, .rejected, DEEPIDV_E_REFUSED, DEEPIDV_E_REFUSED),
    (422, .rejected, DEEPIDV_E_REFUSED, DEEPIDV_E_REFUSED),
    (429, .rejected, DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED),
    (499, .rejected, DEEPIDV_E_REFUSED, DEEPIDV_E_REFUSED),
    (500, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER),
    (502, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER),
    (503, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER),
    (504, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER),
    (599, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER),
    (600, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER),
    (999, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_SERVER),
  ]

  /// The body does not matter; a session in it is ignored.
  @Test(arguments: [OperationKind.create, .retrieve, .list, .confirm, .updateStatus], statuses)
  func refusal(
    _ kind: OperationKind, _ row: (Int, Outcome, deepidv_status, deepidv_status)
  ) {
    let (httpStatus, outcome, ofCreate, ofQuestion) = row
    for body in [Self.good(kind), #"{"message":"no"}"#, "<html>", ""] {
      let seen = evaluate(kind, httpStatus, body, retryAfter: 7)
      #expect(seen.outcome == outcome)
      #expect(seen.status == (changes(kind) ? ofCreate : ofQuestion))
      #expect(seen.cause == ofQuestion)
      #expect(seen.httpStatus == Int32(httpStatus))
      #expect(seen.sessions == 0)
      #expect(seen.verdict == DEEPIDV_VERDICT_UNKNOWN)
      #expect(seen.message == (body == #"{"message":"no"}"# ? "no" : "HTTP \(httpStatus)"))
      #expect(seen.retryAfterMS == 7000)
      #expect(seen.retryAfter == 7)
      #expect((seen.wasAnswered, seen.isThrottled) == (true, httpStatus == 429))
      #expect((seen.found, seen.hasResult, seen.isReconciled) == (nil, true, false))
    }
  }

  /// A status that arrived decides, however the connection broke.
  @Test(arguments: statuses)
  func refusalThatBrokeOff(_ row: (Int, Outcome, deepidv_status, deepidv_status)) {
    for transport in [DEEPIDV_E_ANSWER_CUT, DEEPIDV_E_TIMEOUT, DEEPIDV_E_CANCELLED] {
      for kind in [OperationKind.create, .updateStatus] {
        let seen = evaluate(kind, row.0, "", transport: transport)
        #expect((seen.outcome, seen.status, seen.cause) == (row.1, row.2, row.3))
      }
    }
  }

  // MARK: 2xx

  @Test(arguments: [200, 201, 202, 204, 299])
  func understood(_ httpStatus: Int) {
    for kind in [OperationKind.create, .retrieve, .list, .confirm, .updateStatus] {
      let seen = evaluate(kind, httpStatus, Self.good(kind), retryAfter: 7)
      #expect((seen.outcome, seen.status, seen.cause) == (.created, DEEPIDV_OK, DEEPIDV_OK))
      #expect((seen.sessions, seen.httpStatus) == (1, Int32(httpStatus)))
      #expect((seen.message, seen.retryAfterMS, seen.retryAfter) == (nil, 0, nil))
      #expect((seen.wasAnswered, seen.isThrottled, seen.hasResult) == (true, false, true))
      #expect((seen.found, seen.isReconciled) == (nil, false))
      let hasVerdict = kind != .create && kind != .list
      #expect(
        seen.verdict == (hasVerdict ? DEEPIDV_VERDICT_VERIFIED : DEEPIDV_VERDICT_UNKNOWN))
    }
  }

  private static let badAnswers: [(String, deepidv_status)] = [
    ("", DEEPIDV_E_ANSWER_EMPTY), ("<html></html>", DEEPIDV_E_ANSWER_JSON),
    (#"[{"id":"sess_abc"}]"#, DEEPIDV_E_ANSWER_JSON), (#"{"id":"sess_abc""#, DEEPIDV_E_ANSWER_JSON),
    (#"{"session_record":{"id":"sess_abc"}} {}"#, DEEPIDV_E_ANSWER_JSON),
    (#"{"id":"\ud800"}"#, DEEPIDV_E_ANSWER_JSON),
  ]

  /// After a 2xx with an unusable body, the outcome of a create is unknown, and a question has no answer.
  @Test(arguments: [OperationKind.create, .retrieve, .list, .confirm, .updateStatus], badAnswers)
  func bad(_ kind: OperationKind, _ row: (String, deepidv_status)) {
    let seen = evaluate(kind, 200, row.0)
    #expect(seen.outcome == .unknown)
    #expect(seen.status == (changes(kind) ? DEEPIDV_E_OUTCOME_UNKNOWN : row.1))
    #expect((seen.cause, seen.httpStatus, seen.sessions) == (row.1, 200, 0))
    // A content coding is the better explanation.
    #expect(evaluate(kind, 200, row.0, isEncoded: true).cause == DEEPIDV_E_ANSWER_ENCODING)
    #expect(evaluate(kind, 200, Self.good(kind), isEncoded: true).cause == DEEPIDV_OK)
  }

  @Test(arguments: [
    // Create: an id under any of three names, and not another external id.
    (OperationKind.create, #"{"id":"a"}"#, DEEPIDV_OK), (.create, #"{"idv_id":"a"}"#, DEEPIDV_OK),
    (.create, #"{"session_id":"a"}"#, DEEPIDV_OK),
    (.create, #"{"id":"a","externalId":"order-1"}"#, DEEPIDV_OK),
    (.create, #"{"id":"a","externalId":"order-2"}"#, DEEPIDV_E_ANSWER_FOREIGN),
    (.create, #"{"session_url":"https://a/"}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.create, #"{"id":null}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.create, #"{"id":"a\u0000"}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.create, #"{"id":"a\r\nX: y"}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.create, #"{"id":"a\u009b2J"}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.create, #"{"id":""}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.create, #"{"id":5}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.create, #"{"data":{"id":"a"}}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.create, #"{"id":"a","id":"b"}"#, DEEPIDV_E_JSON_DUPLICATE),
    (.create, #"{"session_record":{"id":"a"}}"#, DEEPIDV_E_ANSWER_NO_ID),
    // Retrieve: the record of the requested session.
    (.retrieve, #"{"session_record":{"id":"sess_abc"}}"#, DEEPIDV_OK),
    (.retrieve, #"{"session_record":{"id":"sess_abd"}}"#, DEEPIDV_E_ANSWER_FOREIGN),
    (.retrieve, #"{"session_record":{"status":"VERIFIED"}}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.retrieve, #"{"session_record":null}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.retrieve, #"{"id":"sess_abc"}"#, DEEPIDV_E_ANSWER_NO_ID),
    (.retrieve, "{}", DEEPIDV_E_ANSWER_NO_ID),
    (
      .retrieve, #"{"session_record":{"id":"sess_abc"},"session_record":{"id":"b"}}"#,
      DEEPIDV_E_JSON_DUPLICATE
    ),
    (.confirm, #"{"session_record":{"id":"sess_abd"}}"#, DEEPIDV_E_ANSWER_FOREIGN),
    // Of a decision: the record of the session, as it was decided.
    (
      .updateStatus, #"{"session_record":{"id":"sess_abd","status":"VERIFIED"}}"#,
      DEEPIDV_E_ANSWER_FOREIGN
    ),
    (.updateStatus, #"{"session_record":{"status":"VERIFIED"}}"#, DEEPIDV_E_ANSWER_NO_ID),
    (
      .updateStatus,
      #"{"session_record":{"id":"sess_abc","status":"VERIFIED","status":"PENDING"}}"#,
      DEEPIDV_E_JSON_DUPLICATE
    ),
    (.updateStatus, #"{"session_record":{"id":"sess_abc"}}"#, DEEPIDV_E_TIMEOUT),
    (
      .updateStatus, #"{"session_record":{"id":"sess_abc","status":"REJECTED"}}"#, DEEPIDV_E_TIMEOUT
    ),
    (
      .updateStatus, #"{"session_record":{"id":"sess_abc","status":"verified"}}"#, DEEPIDV_E_TIMEOUT
    ),
    (
      .confirm, #"{"session_record":{"id":"sess_abc","status":"VERIFIED","status":"FAILED"}}"#,
      DEEPIDV_E_JSON_DUPLICATE
    ),
    // List: only sessions with the requested external id, or none.
    (.list, #"{"sessions":[]}"#, DEEPIDV_OK),
    (.list, #"{"sessions":[{"id":"a","external_id":"order-2"}]}"#, DEEPIDV_E_ANSWER_FOREIGN),
    (.list, #"{"sessions":[{"id":"a"}]}"#, DEEPIDV_E_ANSWER_FOREIGN),
    (.list, #"{"sessions":null}"#, DEEPIDV_E_ANSWER_JSON), (.list, "{}", DEEPIDV_E_ANSWER_JSON),
    (.list, #"{"sessions":[],"next_token":"n"}"#, DEEPIDV_OK),
    (.list, #"{"sessions":[],"next_token":"t"}"#, DEEPIDV_E_ANSWER_LOOP),
    (.list, #"{"sessions":[],"next_token":7}"#, DEEPIDV_E_ANSWER_JSON),
  ])
  func subject(_ kind: OperationKind, _ body: String, _ cause: deepidv_status) {
    let seen = evaluate(kind, 200, body, token: kind == .list ? "t" : "")
    #expect(seen.cause == cause)
    #expect(seen.outcome == (cause == DEEPIDV_OK ? .created : .unknown))
    let isUnknown = changes(kind) && cause != DEEPIDV_OK
    #expect(seen.status == (isUnknown ? DEEPIDV_E_OUTCOME_UNKNOWN : cause))
  }

  /// Without an external id there is nothing to compare.
  @Test func nothingToCompare() {
    #expect(
      evaluate(.create, 200, #"{"id":"a","externalId":"x"}"#, subject: "").status == DEEPIDV_OK)
    #expect(evaluate(.list, 200, #"{"sessions":[{"id":"a"}]}"#, subject: "").sessions == 1)
  }

  @Test func notUTF8() {
    let seen = evaluate(.create, 200, bytes: [0x7B, 0xFF, 0x7D])
    #expect((seen.status, seen.cause) == (DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_ANSWER_UTF8))
  }

  @Test func pagesAreAsLongAsAskedFor() {
    let session = #"{"id":"a","external_id":"order-1"}"#
    let body = #"{"sessions":[\#(session),\#(session),\#(session)]}"#
    #expect(evaluate(.list, 200, body, limit: 2).sessions == 2)
    #expect(evaluate(.list, 200, body).sessions == 3)
  }

  // MARK: Interrupted responses

  private static let breaks: [deepidv_status] = [
    DEEPIDV_E_ANSWER_CUT, DEEPIDV_E_ANSWER_TOO_LARGE, DEEPIDV_E_ANSWER_ENCODING, DEEPIDV_E_TIMEOUT,
    DEEPIDV_E_CONNECTION_LOST, DEEPIDV_E_CANCELLED, DEEPIDV_E_NOMEM,
  ]

  /// A session whose id arrived is kept, however the response ended.
  @Test(arguments: breaks)
  func wholeBodyOfABrokenAnswer(_ transport: deepidv_status) {
    for isCutOff in [false, true] {
      for kind in [OperationKind.create, .updateStatus] {
        let seen = evaluate(kind, 200, Self.good(kind), transport: transport, isCutOff: isCutOff)
        #expect((seen.outcome, seen.status, seen.cause) == (.created, DEEPIDV_OK, DEEPIDV_OK))
        #expect(seen.sessions == 1)
      }
    }
    // A question is asked again, unless the response was complete nevertheless.
    let question = evaluate(
      .retrieve, 200, Self.good(.retrieve), transport: transport, isCutOff: true)
    #expect((question.outcome, question.status, question.cause) == (.unknown, transport, transport))
    #expect(
      evaluate(.retrieve, 200, Self.good(.retrieve), transport: transport).status == DEEPIDV_OK)
  }

  /// The transport's cause is a better explanation than an incomplete body or a coding.
  @Test(arguments: breaks)
  func partOfABody(_ transport: deepidv_status) {
    for body in ["", #"{"id": "sess_"#, "<html>", "{}"] {
      for kind in [OperationKind.create, .retrieve, .list, .confirm, .updateStatus] {
        let seen = evaluate(kind, 200, body, transport: transport, isEncoded: true)
        #expect((seen.outcome, seen.cause, seen.sessions) == (.unknown, transport, 0))
        #expect(seen.status == (changes(kind) ? DEEPIDV_E_OUTCOME_UNKNOWN : transport))
      }
    }
  }

  // MARK: No response

  /// Attempts, and how many of 100 bytes of the body were sent.
  @Test(arguments: [
    (UInt32(0), 0, Outcome.notSent, DEEPIDV_E_NOT_SENT),
    (1, 0, .notProcessed, DEEPIDV_E_NOT_PROCESSED), (1, 99, .notProcessed, DEEPIDV_E_NOT_PROCESSED),
    (1, 100, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN), (2, 100, .unknown, DEEPIDV_E_OUTCOME_UNKNOWN),
  ])
  func unanswered(_ attempts: UInt32, _ sent: Int, _ outcome: Outcome, _ status: deepidv_status) {
    for cause in [
      DEEPIDV_E_CONNECT, DEEPIDV_E_TIMEOUT, DEEPIDV_E_CONNECTION_LOST, DEEPIDV_E_TLS,
      DEEPIDV_E_PROXY,
      DEEPIDV_E_CANCELLED, DEEPIDV_E_NETWORK,
    ] {
      for httpStatus in [0, 100, 103, 199] {
        for kind in [OperationKind.create, .updateStatus] {
          let seen = evaluate(
            kind, httpStatus, "", transport: cause, attempts: attempts, sent: sent)
          #expect((seen.outcome, seen.status, seen.cause) == (outcome, status, cause))
          #expect((seen.httpStatus, seen.wasAnswered, seen.isThrottled) == (0, false, false))
          #expect((seen.message, seen.retryAfterMS) == (nil, 0))
        }
      }
    }
    // A complete response without a valid status.
    let whole = evaluate(.create, 0, "", attempts: attempts, sent: sent)
    #expect((whole.status, whole.cause) == (status, DEEPIDV_E_ANSWER_HTTP))
  }

  @Test(arguments: [OperationKind.retrieve, .list, .confirm])
  func unansweredQuestion(_ kind: OperationKind) {
    for attempts: UInt32 in [0, 1, 2] {
      let seen = evaluate(kind, 0, "", transport: DEEPIDV_E_CONNECT, attempts: attempts)
      #expect((seen.status, seen.cause) == (DEEPIDV_E_CONNECT, DEEPIDV_E_CONNECT))
      #expect(seen.outcome == (attempts == 0 ? .notSent : .unknown))
    }
  }

  @Test func timeoutsAndStaleConnections() {
    #expect(evaluate(.create, 0, "", transport: DEEPIDV_E_TIMEOUT, isTimeout: true).isTimeout)
    #expect(!evaluate(.create, 0, "", transport: DEEPIDV_E_TIMEOUT).isTimeout)
    #expect(
      evaluate(.create, 0, "", transport: DEEPIDV_E_NETWORK, attempts: 0, isStale: true).isStale)
    // After a request was sent, the connection counts as lost.
    #expect(!evaluate(.create, 0, "", transport: DEEPIDV_E_NETWORK, isStale: true).isStale)
  }

  @Test func retryAfterThatIsEndless() {
    // At most a year.
    for seconds in [31_536_000, 31_536_001, .max] as [UInt64] {
      let evaluation = evaluate(.create, 429, "", retryAfter: seconds)
      #expect(evaluation.retryAfterMS == 31_536_000_000)
    }
    #expect(evaluate(.create, 429, "").retryAfterMS == 0)
  }

  // MARK: Verdicts

  @Test(arguments: [
    ("VERIFIED", DEEPIDV_VERDICT_VERIFIED), ("REJECTED", DEEPIDV_VERDICT_REJECTED),
    ("SUBMITTED", DEEPIDV_VERDICT_SUBMITTED), ("PENDING", DEEPIDV_VERDICT_PENDING),
    ("EXPIRED", DEEPIDV_VERDICT_EXPIRED), ("VOIDED", DEEPIDV_VERDICT_EXPIRED),
    ("FAILED", DEEPIDV_VERDICT_EXPIRED), ("IN_REVIEW", DEEPIDV_VERDICT_UNKNOWN),
    ("Verified", DEEPIDV_VERDICT_UNKNOWN), ("", DEEPIDV_VERDICT_UNKNOWN),
  ])
  func verdict(_ word: String, _ verdict: Int32) {
    let body = #"{"session_record":{"id":"sess_abc","status":"\#(word)"}}"#
    #expect(evaluate(.confirm, 200, body).verdict == verdict)
    #expect(evaluate(.retrieve, 200, body).verdict == verdict)
  }

  @Test(arguments: ["null", "true", #"["VERIFIED"]"#, #""VERIFIED\u0000""#])
  func noVerdict(_ word: String) {
    let seen = evaluate(.confirm, 200, #"{"session_record":{"id":"sess_abc","status":\#(word)}}"#)
    #expect((seen.status, seen.verdict) == (DEEPIDV_OK, DEEPIDV_VERDICT_UNKNOWN))
  }

  // MARK: Decisions

  /// Looking for a decision whose answer was lost: it is made, or the record says how it was when last seen.
  @Test(arguments: [
    ("VERIFIED", true), ("REJECTED", false), ("SUBMITTED", false), ("PENDING", false),
    ("IN_REVIEW", false), ("Verified", false), ("", false),
  ])
  func decisionIsLookedFor(_ word: String, _ isMade: Bool) {
    let body = #"{"session_record":{"id":"sess_abc","status":"\#(word)"}}"#
    let seen = evaluate(.updateStatus, 200, body, as: .retrieve)
    #expect(seen.found == (isMade ? .one : OperationPolicy.Found.none))
    #expect((seen.isReconciled, seen.hasResult, seen.sessions) == (isMade, true, 1))
    #expect(seen.status == (isMade ? DEEPIDV_OK : DEEPIDV_E_OUTCOME_UNKNOWN))
    #expect(seen.cause == (isMade ? DEEPIDV_OK : DEEPIDV_E_TIMEOUT))
    let other = evaluate(
      .updateStatus, 200, body, as: .retrieve, decision: DEEPIDV_DECISION_REJECTED)
    #expect(other.isReconciled == (word == "REJECTED"))
  }

  /// A look without an answer leaves the decision as unknown as it was, and why it is unknown.
  @Test(arguments: [
    (0, "", DEEPIDV_E_CONNECT), (0, "", DEEPIDV_E_CANCELLED), (200, "<html>", DEEPIDV_OK),
    (200, #"{"session_record":{"id":"sess_abd","status":"VERIFIED"}}"#, DEEPIDV_OK),
    (404, "", DEEPIDV_OK), (401, "", DEEPIDV_OK), (429, "", DEEPIDV_OK), (503, "", DEEPIDV_OK),
  ])
  func decisionCannotBeSeen(_ httpStatus: Int, _ body: String, _ transport: deepidv_status) {
    let seen = evaluate(.updateStatus, httpStatus, body, as: .retrieve, transport: transport)
    #expect((seen.found, seen.hasResult) == (OperationPolicy.Found.none, false))
    #expect(!seen.isReconciled)
    #expect(seen.isThrottled == (httpStatus == 429))
  }

  // MARK: Waits

  @Test(arguments: [
    ("VERIFIED", DEEPIDV_VERDICT_VERIFIED, true), ("REJECTED", DEEPIDV_VERDICT_REJECTED, true),
    ("EXPIRED", DEEPIDV_VERDICT_EXPIRED, true), ("VOIDED", DEEPIDV_VERDICT_EXPIRED, true),
    ("FAILED", DEEPIDV_VERDICT_EXPIRED, true), ("SUBMITTED", DEEPIDV_VERDICT_SUBMITTED, false),
    ("PENDING", DEEPIDV_VERDICT_PENDING, false), ("IN_REVIEW", DEEPIDV_VERDICT_UNKNOWN, false),
    ("verified", DEEPIDV_VERDICT_UNKNOWN, false), ("", DEEPIDV_VERDICT_UNKNOWN, false),
  ])
  func wait(_ word: String, _ verdict: Int32, _ isOver: Bool) {
    for hasRecord in [false, true] {
      let seen = evaluate(
        .wait, 200, #"{"session_record":{"id":"sess_abc","status":"\#(word)"}}"#,
        hasRecord: hasRecord)
      #expect(seen.found == (isOver ? .one : OperationPolicy.Found.none))
      #expect(seen.status == (isOver ? DEEPIDV_OK : DEEPIDV_E_TIMEOUT))
      #expect((seen.cause, seen.verdict) == (seen.status, verdict))
      #expect((seen.hasResult, seen.isReconciled, seen.sessions) == (true, false, 1))
    }
  }

  /// What fails without saying anything of the session does not end a wait, nor what was seen before.
  @Test(arguments: [
    (0, "", DEEPIDV_E_CONNECT, DEEPIDV_E_CONNECT), (0, "", DEEPIDV_E_TIMEOUT, DEEPIDV_E_TIMEOUT),
    (200, "<html>", DEEPIDV_OK, DEEPIDV_E_ANSWER_JSON), (408, "", DEEPIDV_OK, DEEPIDV_E_SERVER),
    (502, "", DEEPIDV_OK, DEEPIDV_E_SERVER),
    (200, #"{"session_record":{"id":"b"}}"#, DEEPIDV_OK, DEEPIDV_E_ANSWER_FOREIGN),
  ])
  func waitThatCannotSee(
    _ httpStatus: Int, _ body: String, _ transport: deepidv_status, _ cause: deepidv_status
  ) {
    for (attempts, hasRecord) in [(UInt32(0), false), (1, false), (0, true), (1, true)] {
      let seen = evaluate(
        .wait, httpStatus, body, transport: transport, attempts: attempts, hasRecord: hasRecord)
      #expect((seen.found, seen.hasResult) == (OperationPolicy.Found.none, !hasRecord))
      #expect((seen.status, seen.cause) == (cause, cause))
    }
  }

  /// Who cancels a wait gets no status that says otherwise.
  @Test func waitThatIsCancelled() {
    let seen = evaluate(.wait, 0, "", transport: DEEPIDV_E_CANCELLED, hasRecord: true)
    #expect((seen.status, seen.hasResult) == (DEEPIDV_E_CANCELLED, true))
  }

  @Test(arguments: statuses.filter { $0.1 == .rejected })
  func waitThatIsRefused(_ row: (Int, Outcome, deepidv_status, deepidv_status)) {
    for hasRecord in [false, true] {
      let seen = evaluate(.wait, row.0, "", hasRecord: hasRecord)
      // A 429 does not replace the record that was seen before.
      let hasResult = row.0 != 429 || !hasRecord
      #expect((seen.found, seen.hasResult, seen.status) == (nil, hasResult, row.3))
    }
  }

  // MARK: Searches

  private static let one =
    #"{"id":"a","external_id":"order-1","created_at":"2026-11-22T21:00:00Z"}"#
  private static let old =
    #"{"id":"o","external_id":"order-1","created_at":"2026-11-22T20:00:00Z"}"#
  private static let other =
    #"{"id":"b","external_id":"order-2","created_at":"2026-11-22T21:00:00Z"}"#

  /// A create and a reconcile report what was found in the same way.
  @Test(arguments: [OperationKind.create, .reconcile])
  func found(_ kind: OperationKind) {
    let one = search(kind, "\(Self.old),\(Self.one),\(Self.other)")
    #expect((one.found, one.status, one.cause) == (.one, DEEPIDV_OK, DEEPIDV_OK))
    #expect((one.sessions, one.isReconciled, one.hasResult) == (1, true, true))
    let several = search(kind, "\(Self.one),\(Self.one)")
    #expect(
      (several.found, several.status, several.cause)
        == (.several, DEEPIDV_E_DUPLICATE, DEEPIDV_E_DUPLICATE))
    #expect((several.sessions, several.isReconciled, several.hasResult) == (2, true, true))
  }

  private static func page(_ members: String) -> String { #"{"sessions":[{\#(members)}]}"# }

  /// Pages on which it is not: nothing but older ones, and others, however alike.
  private static let absent: [(Int, String, deepidv_status, deepidv_status)] =
    [
      "", "\(old),\(other)", #"{"id":"a","external_id":"order-1x"}"#,
      #"{"id":"a","external_id":"order-","created_at":"2026-11-22T21:00:00Z"}"#,
      #"{"id":"a","external_id":"ORDER-1","created_at":"2026-11-22T21:00:00Z"}"#,
      #"{"id":"a","external_id":"order%2D1","created_at":"2026-11-22T21:00:00Z"}"#,
      #"{"external_id":"order-2"}"#,
    ].map { (200, #"{"sessions":[\#($0)]}"#, DEEPIDV_OK, DEEPIDV_E_TIMEOUT) }

  /// Pages that do not say whether it is there, and answers that say nothing.
  private static let unclear: [(Int, String, deepidv_status, deepidv_status)] = [
    (200, #"{"sessions":[],"next_token":"more"}"#, DEEPIDV_OK, DEEPIDV_E_TIMEOUT),
    (200, #"{"sessions":[\#(one)],"next_token":"more"}"#, DEEPIDV_OK, DEEPIDV_E_TIMEOUT),
    // No external id; no time, and times that are none.
    (200, page(#""id":"a","created_at":"2026-11-22T21:00:00Z""#), DEEPIDV_OK, DEEPIDV_E_TIMEOUT),
    (200, page(#""id":"a","external_id":"order-1""#), DEEPIDV_OK, DEEPIDV_E_TIMEOUT),
    (
      200, page(#""id":"a","external_id":"order-1","created_at":"""#), DEEPIDV_OK, DEEPIDV_E_TIMEOUT
    ),
    (
      200, page(#""id":"a","external_id":"order-1","created_at":1795381200"#), DEEPIDV_OK,
      DEEPIDV_E_TIMEOUT
    ),
    (
      200, page(#""id":"a","external_id":"order-1","created_at":"2099-13-45T99:99:99Z""#),
      DEEPIDV_OK, DEEPIDV_E_TIMEOUT
    ),
    (
      200, page(#""external_id":"order-1","created_at":"2026-11-22T21:00:00Z""#), DEEPIDV_OK,
      DEEPIDV_E_TIMEOUT
    ),
    (
      200, page(#""id":"","external_id":"order-1","created_at":"2026-11-22T21:00:00Z""#),
      DEEPIDV_OK, DEEPIDV_E_TIMEOUT
    ),
    (
      200, page(#""id":"a\u0000","external_id":"order-1","created_at":"2026-11-22T21:00:00Z""#),
      DEEPIDV_OK, DEEPIDV_E_TIMEOUT
    ),
    (
      200, page(#""id":"a","id":"a","external_id":"order-1""#), DEEPIDV_OK, DEEPIDV_E_JSON_DUPLICATE
    ),
    (200, #"{"sessions":[\#(one)],"sessions":[]}"#, DEEPIDV_OK, DEEPIDV_E_JSON_DUPLICATE),
    (200, #"{"sessions":\#(one)}"#, DEEPIDV_OK, DEEPIDV_E_ANSWER_JSON),
    (200, one, DEEPIDV_OK, DEEPIDV_E_ANSWER_JSON),
    (200, "<html>", DEEPIDV_OK, DEEPIDV_E_ANSWER_JSON),
    (200, "", DEEPIDV_OK, DEEPIDV_E_ANSWER_EMPTY),
    (200, #"{"sessions":null}"#, DEEPIDV_OK, DEEPIDV_E_ANSWER_JSON),
    (200, #"{"sessions":[\#(one)"#, DEEPIDV_E_ANSWER_CUT, DEEPIDV_E_ANSWER_CUT),
    (400, #"{"sessions":[\#(one)]}"#, DEEPIDV_OK, DEEPIDV_E_BAD_REQUEST),
    (401, "", DEEPIDV_OK, DEEPIDV_E_UNAUTHORIZED), (403, "", DEEPIDV_OK, DEEPIDV_E_FORBIDDEN),
    (404, "", DEEPIDV_OK, DEEPIDV_E_NOT_FOUND), (302, "", DEEPIDV_OK, DEEPIDV_E_REDIRECTED),
    (408, "", DEEPIDV_OK, DEEPIDV_E_SERVER), (429, "", DEEPIDV_OK, DEEPIDV_E_RATE_LIMITED),
    (500, "", DEEPIDV_OK, DEEPIDV_E_SERVER),
    (0, "", DEEPIDV_E_CONNECTION_LOST, DEEPIDV_E_CONNECTION_LOST),
    (0, "", DEEPIDV_E_TIMEOUT, DEEPIDV_E_TIMEOUT),
  ]

  /// A search that finds nothing does not change the outcome and the cause of a create.
  @Test(arguments: absent.map { ($0, OperationPolicy.Found.absent) } + unclear.map { ($0, .none) })
  func searchInVain(
    _ row: (Int, String, deepidv_status, deepidv_status), _ found: OperationPolicy.Found
  ) {
    let create = evaluate(.create, row.0, row.1, as: .search, transport: row.2)
    #expect((create.found, create.hasResult, create.isReconciled) == (found, false, false))
    let reconcile = evaluate(.reconcile, row.0, row.1, as: .search, transport: row.2)
    #expect((reconcile.found, reconcile.hasResult) == (found, true))
    #expect((reconcile.status, reconcile.cause) == (DEEPIDV_E_OUTCOME_UNKNOWN, row.3))
    #expect((reconcile.sessions, reconcile.isReconciled) == (0, false))
    #expect(reconcile.isThrottled == (row.0 == 429))
    #expect(reconcile.isRefused == (300...499 ~= row.0 && row.0 != 408 && row.0 != 429))
  }

  /// Before anything was sent, a search that finds nothing is how the operation would end.
  @Test(arguments: absent + unclear)
  func searchInVainBeforeSending(_ row: (Int, String, deepidv_status, deepidv_status)) {
    for kind in [OperationKind.create, .findOrCreate] {
      let first = evaluate(
        kind, row.0, row.1, as: .search, unsent: .notSent, transport: row.2)
      let isRefused = 300...499 ~= row.0 && row.0 != 408
      #expect(first.hasResult && !first.isFound)
      #expect(first.status == (isRefused ? row.3 : DEEPIDV_E_NOT_SENT))
      #expect(first.cause == row.3)
      let repeated = evaluate(
        kind, row.0, row.1, as: .search, unsent: .outcomeUnknown, transport: row.2)
      #expect((repeated.status, repeated.cause) == (DEEPIDV_E_OUTCOME_UNKNOWN, row.3))
      #expect(repeated.hasResult && !repeated.isFound)
    }
  }

  /// A session was found by the operation that did not create it.
  @Test func foundBeforeSending() {
    let page = #"{"sessions":[\#(Self.one)]}"#
    let first = evaluate(.findOrCreate, 200, page, as: .search, unsent: .notSent)
    #expect((first.status, first.isFound, first.isReconciled) == (DEEPIDV_OK, true, true))
    let sent = evaluate(.findOrCreate, 200, page, as: .search)
    #expect((sent.status, sent.isFound, sent.isReconciled) == (DEEPIDV_OK, false, true))
    #expect(evaluate(.reconcile, 200, page, as: .search).isFound)
    #expect(!evaluate(.create, 200, Self.good(.create)).isFound)
    let several = #"{"sessions":[\#(Self.one),\#(Self.one)]}"#
    #expect(!evaluate(.create, 200, several, as: .search, unsent: .notSent).isFound)
  }

  /// Of any age, and also those whose age cannot be read.
  @Test(arguments: [
    ([old], OperationPolicy.Found.one), ([old, one], .several), ([other], .absent),
    ([#"{"id":"a","external_id":"order-1"}"#], .one),
    ([#"{"id":"a","external_id":"order-1","created_at":"soon"}"#], .one),
    ([#"{"id":"a"}"#], .none), ([old, #"{"id":"b\u0000","external_id":"order-1"}"#], .none),
  ])
  func foundOfAnyAge(_ sessions: [String], _ found: OperationPolicy.Found) {
    let page = #"{"sessions":[\#(sessions.joined(separator: ","))]}"#
    let seen = evaluate(
      .findOrCreate, 200, page, as: .search, unsent: .notSent, search: .ofAnyAge)
    #expect(seen.found == found)
  }

  @Test func earliestCreation() {
    // In the process of the create: by the service's clock, even if it is wrong.
    let own = SessionSearch(ofCreateSentAt: 1_000_000, secondsAgo: 10, serviceNow: 5_000_000)
    #expect(own.createdNotBefore == 4_999_987)
    // Without a Date header, or in another process: by the sender's clock, minus two minutes.
    for (ago, now) in [(UInt64(10), Int64?.none), (nil, 5_000_000), (nil, nil)]
      as [(UInt64?, Int64?)]
    {
      let search = SessionSearch(ofCreateSentAt: 1_000_000, secondsAgo: ago, serviceNow: now)
      #expect(search.createdNotBefore == 999_880)
    }
  }

  // MARK: Support

  private func changes(_ kind: OperationKind) -> Bool { kind == .create || kind == .updateStatus }

  /// A copyable copy of an evaluation.
  private struct Seen {
    var outcome: Outcome
    var found: OperationPolicy.Found?
    var wasAnswered, isThrottled, isRefused, isTimeout, isStale: Bool
    var hasResult, isReconciled, isFound: Bool
    var retryAfter: UInt64?
    var status, cause: deepidv_status
    var httpStatus: Int32
    var sessions: Int
    var message: String?
    var retryAfterMS: UInt64
    var verdict: Int32
  }

  private static func good(_ kind: OperationKind) -> String {
    switch kind {
    case .create, .findOrCreate:
      #"{"id":"a","session_url":"https://v.example/a","externalId":"order-1","links":[]}"#
    case .retrieve, .confirm, .updateStatus, .wait:
      #"{"session_record":{"id":"sess_abc","status":"VERIFIED"}}"#
    case .list, .reconcile: #"{"sessions":[\#(one)]}"#
    }
  }

  private func search(_ kind: OperationKind, _ sessions: String) -> Seen {
    evaluate(kind, 200, #"{"sessions":[\#(sessions)]}"#, as: .search)
  }

  private func evaluate(
    _ kind: OperationKind, _ httpStatus: Int, _ body: String = "", bytes: [UInt8]? = nil,
    as exchange: Exchange? = nil, unsent: UnsentStatus? = nil,
    transport: deepidv_status = DEEPIDV_OK, attempts: UInt32 = 1,
    sent: Int? = nil, isTimeout: Bool = false, isCutOff: Bool = false, isStale: Bool = false,
    isEncoded: Bool = false, retryAfter: UInt64? = nil, subject: String? = nil, token: String = "",
    limit: Int = 500, search: SessionSearch? = nil, decision: Int32? = nil, hasRecord: Bool = false
  ) -> Seen {
    let exchange = exchange ?? kind.row.exchange
    let bodyBytes = exchange.row.method == .get ? 0 : 100
    var evidence = ExchangeEvidence(
      DeliveryEvidence(
        httpStatus: httpStatus, attempts: attempts, bodyBytesSent: sent ?? bodyBytes,
        bodyBytes: bodyBytes, hasSessionID: false),
      transportCause: transport)
    evidence.isTimeout = isTimeout
    evidence.isCutOff = isCutOff
    evidence.isStale = isStale
    evidence.retryAfter = retryAfter
    // 2026-11-22T20:30:00Z.
    evidence.search = search ?? SessionSearch(createdNotBefore: 1_795_379_400)
    evidence.sessionLimit = limit
    evidence.decision = decision ?? (kind == .updateStatus ? DEEPIDV_DECISION_VERIFIED : 0)
    evidence.hasRecord = hasRecord
    let isOfOne = exchange.row.answer == .record
    let subject = Array((subject ?? (isOfOne ? "sess_abc" : "order-1")).utf8)
    let token = Array(token.utf8)
    let bytes = bytes ?? Array(body.utf8)
    let seen = ExchangeEvaluation(
      of: exchange, for: kind, unsent: unsent, evidence, body: bytes.span, about: subject.span,
      after: token.span,
      plainHosts: Span(), isEncoded: isEncoded)
    let message = seen.failure.message.map { range in
      seen.failure.texts.withSpan { bytes in
        String(decoding: (range.start..<range.end).map { bytes[$0] }, as: UTF8.self)
      }
    }
    return Seen(
      outcome: seen.report.outcome, found: seen.report.found, wasAnswered: seen.report.wasAnswered,
      isThrottled: seen.report.isThrottled, isRefused: seen.report.isRefused,
      isTimeout: seen.report.isTimeout, isStale: seen.report.isStale, hasResult: seen.hasResult,
      isReconciled: seen.isReconciled, isFound: seen.isFound,
      retryAfter: seen.report.retryAfter, status: seen.status, cause: seen.cause,
      httpStatus: seen.httpStatus, sessions: seen.answer.sessions.count, message: message,
      retryAfterMS: seen.retryAfterMS, verdict: seen.verdict)
  }
}
