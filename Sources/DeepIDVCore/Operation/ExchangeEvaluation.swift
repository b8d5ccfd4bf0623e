import CDeepIDV

/// What one exchange with the service means; nothing else decides it.
///
/// It depends on values only, not on a handle or a clock, so that tests can check it against the contract line by line.
@frozen
public struct ExchangeEvaluation: ~Copyable {
  /// What decides the operation's next step.
  public var report: ExchangeReport
  /// Whether this is the operation's latest result; an inquiry that found nothing leaves the earlier one.
  public var hasResult = true
  /// The operation's status, if it ends now.
  public var status: deepidv_status
  /// The reason for that status.
  public var cause: deepidv_status
  /// The answer's HTTP status, or 0 without an answer.
  public var httpStatus: Int32
  /// The sessions in the answer, if any.
  public var answer: SessionAnswer
  /// The failure in the answer, if any.
  public var failure: FailureAnswer
  /// Whether a search has found the session before this operation sent anything.
  public var isFound = false
  /// `DEEPIDV_VERDICT_…`; unknown unless the kind of operation gives one.
  public var verdict = DEEPIDV_VERDICT_UNKNOWN
  /// Whether an inquiry has shown what happened to the request.
  public var isReconciled = false

  /// Evaluates an exchange of an operation.
  ///
  /// - Parameters:
  ///   - exchange: What was requested.
  ///   - kind: For which operation.
  ///   - unsent: The status if a search finds nothing before the request is sent; nil once it was sent.
  ///   - evidence: What was observed.
  ///   - body: The answer's body, as far as it was read.
  ///   - subject: What the answer must be about: the session's id or the external id; empty for none.
  ///   - token: The token of the requested page; empty for the first.
  ///   - plainHosts: A list of hosts that a browser may open without TLS, besides this machine.
  ///   - isEncoded: Whether the body has a content coding, although none was requested; evaluated for bad answers only.
  @_optimize(speed)
  public init(
    of exchange: Exchange, for kind: OperationKind, unsent: UnsentStatus? = nil,
    _ evidence: ExchangeEvidence,
    body: Span<UInt8>, about subject: Span<UInt8>, after token: Span<UInt8>,
    plainHosts: Span<UInt8>, isEncoded: @autoclosure () -> Bool
  ) {
    let row = kind.row
    var delivery = evidence.delivery
    // A 1xx is not an answer: the one that it announced never came.
    if delivery.httpStatus < 200 { delivery.httpStatus = 0 }
    let httpStatus = delivery.httpStatus
    var cause = evidence.transportCause
    // The answer is complete, but has no valid status.
    if cause == DEEPIDV_OK { cause = DEEPIDV_E_ANSWER_HTTP }
    answer = SessionAnswer()
    // A change is never reported as undone; a question can be asked again.
    if 200...299 ~= httpStatus, !evidence.isCutOff || exchange.row.method != .get {
      do throws(AnswerFault) {
        try answer.read(
          body, as: exchange.row.answer.form(evidence), about: subject, after: token,
          plainHosts: plainHosts)
      } catch {
        // The reason why the answer was cut off explains it better than what is left of it.
        if evidence.transportCause == DEEPIDV_OK {
          cause = isEncoded() ? DEEPIDV_E_ANSWER_ENCODING : error.cause
        }
      }
    }
    let isUnderstood = answer.isComplete
    // A record that does not show the decision does not confirm it.
    // Not with `||`: its right side would capture `self` before it is complete, which Swift 6.3 compiles to a crash.
    var isAsAsked = isUnderstood
    if evidence.decision != 0, evidence.decision != answer.verdict { isAsAsked = false }
    if isUnderstood, !isAsAsked { cause = DEEPIDV_E_TIMEOUT }
    delivery.hasSessionID = isAsAsked
    let outcome = delivery.outcome
    report = ExchangeReport(outcome, httpStatus: httpStatus, evidence)
    cause = reason(for: outcome, httpStatus: httpStatus, transport: cause)
    self.cause = cause
    self.httpStatus = Int32(truncatingIfNeeded: httpStatus)
    failure =
      httpStatus >= 300
      ? (try? FailureAnswer(body, httpStatus: httpStatus)) ?? FailureAnswer() : FailureAnswer()
    status = row.status == .outcome ? Self.status(of: outcome, httpStatus: httpStatus) : cause
    switch exchange.row.answer {
    case .created, .record, .page:
      if row.givesVerdict { verdict = answer.verdict }
      if row.retry == .poll, report.isThrottled {
        // The record that was seen before is still the answer.
        hasResult = !evidence.hasRecord
      } else if row.retry == .poll, outcome != .rejected {
        evaluateWait(hasEnded: isFinal(verdict: answer.verdict), hadRecord: evidence.hasRecord)
      } else if exchange != row.exchange {
        // The answer to the decision was lost; the record shows whether it was made.
        report.found = isAsAsked ? .one : OperationPolicy.Found.none
        hasResult = isUnderstood
        isReconciled = isAsAsked
      }
    case .search:
      let unsent = unsent ?? (row.status == .search ? row.unsent : nil)
      let found = isUnderstood ? answer.found : .none
      report.found = found
      isReconciled = found == .one || found == .several
      switch found {
      case .one:
        status = DEEPIDV_OK
        self.cause = DEEPIDV_OK
        isFound = unsent != nil
      case .several:
        status = DEEPIDV_E_DUPLICATE
        self.cause = DEEPIDV_E_DUPLICATE
      case .none, .absent:
        // That there is no session yet is not a failure: the timeout ends the search.
        if isUnderstood { self.cause = DEEPIDV_E_TIMEOUT }
        hasResult = unsent != nil
        status = (unsent ?? .outcomeUnknown).status(cause: self.cause)
        answer = SessionAnswer()
      }
    }
  }

  /// Milliseconds to wait, from `Retry-After`; 0 without one.
  public var retryAfterMS: UInt64 { (report.retryAfter ?? 0) &* 1000 }
}

extension ExchangeEvaluation {
  /// Evaluates a record, or a failure, for a wait.
  ///
  /// That the session has not ended is not a failure: the timeout ends the wait. A failure does not end it either.
  private mutating func evaluateWait(hasEnded: Bool, hadRecord: Bool) {
    report.found = hasEnded ? .one : OperationPolicy.Found.none
    if hasEnded { return }
    if status == DEEPIDV_OK {
      status = DEEPIDV_E_TIMEOUT
      cause = DEEPIDV_E_TIMEOUT
    } else {
      // The earlier record is more useful than the reason why it could not be retrieved again.
      hasResult = !hadRecord || cause == DEEPIDV_E_CANCELLED
    }
  }
}

/// What an exchange means for the operation's next step.
public struct ExchangeReport: Sendable {
  /// What happened to the request; for a question, `.created` means that it was answered.
  public var outcome: Outcome
  /// What an inquiry has found: the session, or a record that shows the decision or the end; nil if it was none.
  public var found: OperationPolicy.Found?
  /// Whether there was an answer.
  public var wasAnswered: Bool
  /// Whether the answer was a 429.
  public var isThrottled: Bool
  /// Whether it was refused for another reason.
  public var isRefused: Bool { outcome == .rejected && !isThrottled }
  /// Whether it timed out.
  public var isTimeout: Bool
  /// Whether nothing was sent because the kept connection was no longer usable.
  public var isStale: Bool
  /// Seconds to wait, from the `Retry-After` of a failure; at most a year.
  public var retryAfter: UInt64?

  /// Nobody waits for longer, and in other languages a larger number of milliseconds may not be a duration.
  private static var longestWait: UInt64 { 31_536_000 }

  init(_ outcome: Outcome, httpStatus: Int, _ evidence: ExchangeEvidence) {
    self.outcome = outcome
    wasAnswered = httpStatus != 0
    isThrottled = httpStatus == 429
    isTimeout = evidence.isTimeout
    isStale = evidence.isStale && evidence.delivery.attempts == 0
    if httpStatus >= 300 { retryAfter = evidence.retryAfter.map { min($0, Self.longestWait) } }
  }
}

extension ExchangeEvaluation {
  /// Returns the status for what happened to a request.
  static func status(of outcome: Outcome, httpStatus: Int) -> deepidv_status {
    switch outcome {
    case .created: DEEPIDV_OK
    case .notSent: DEEPIDV_E_NOT_SENT
    case .notProcessed: DEEPIDV_E_NOT_PROCESSED
    case .unknown: DEEPIDV_E_OUTCOME_UNKNOWN
    case .rejected:
      switch httpStatus {
      case 300...399: DEEPIDV_E_REDIRECTED
      case 400: DEEPIDV_E_BAD_REQUEST
      case 401: DEEPIDV_E_UNAUTHORIZED
      case 402: DEEPIDV_E_BALANCE
      case 403: DEEPIDV_E_FORBIDDEN
      case 404: DEEPIDV_E_NOT_FOUND
      case 429: DEEPIDV_E_RATE_LIMITED
      default: DEEPIDV_E_REFUSED
      }
    }
  }
}

/// Returns the reason for an outcome, from the transport's and the service's.
private func reason(
  for outcome: Outcome, httpStatus: Int, transport cause: deepidv_status
) -> deepidv_status {
  switch outcome {
  case .created, .rejected: ExchangeEvaluation.status(of: outcome, httpStatus: httpStatus)
  case .unknown: httpStatus >= 300 ? DEEPIDV_E_SERVER : cause
  case .notSent, .notProcessed: cause
  }
}

extension Exchange.Answer {
  /// Adds what the answer's reader has to know.
  fileprivate func form(_ evidence: ExchangeEvidence) -> AnswerForm {
    switch self {
    case .created: .created
    case .record: .record
    case .page: .page(limit: evidence.sessionLimit)
    case .search: .search(evidence.search)
    }
  }
}

extension SessionAnswer {
  /// What a search has found on its page.
  ///
  /// A single session is the one only if there can be no other: not if there is a next page, nor if another
  /// session matches whose id is invalid.
  var found: OperationPolicy.Found {
    switch sessions.count {
    case 0: isConclusive && !isInDoubt ? .absent : .none
    case 1: isConclusive ? .one : .none
    default: .several
    }
  }
}
