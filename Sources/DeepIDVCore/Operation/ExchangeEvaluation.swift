import CDeepIDV

/// What one exchange with the service means: the one place that decides it.
///
/// From values alone, without a handle or a clock, so that it can be tested against the contract line by line.
@frozen
public struct ExchangeEvaluation: ~Copyable {
  /// What the engine and the operation's policy go on with.
  public var report: ExchangeReport
  /// Whether the operation would end with this now; a create's search that found nothing leaves what was known.
  public var hasResult = true
  /// How the operation would end.
  public var status: deepidv_status
  /// Why it would end so.
  public var cause: deepidv_status
  /// The answer's status, or 0 if none came.
  public var httpStatus: Int32
  /// What the service said of sessions, or nothing.
  public var answer: SessionAnswer
  /// What the service said of a failure, or nothing.
  public var failure: FailureAnswer
  /// Whether a search has found the session before this operation sent anything.
  public var isFound = false
  /// `DEEPIDV_VERDICT_…`; unknown unless the kind of operation gives one.
  public var verdict = DEEPIDV_VERDICT_UNKNOWN

  /// Evaluates an exchange of an operation.
  ///
  /// - Parameters:
  ///   - exchange: What was asked.
  ///   - kind: For which operation it was asked.
  ///   - unsent: How the operation ends if a search finds nothing before its request is sent; nil once it was.
  ///   - evidence: What was observed.
  ///   - body: The answer's body, as far as it was taken.
  ///   - subject: What the answer has to be about: the session's id or the external id; empty for none.
  ///   - token: The token that a page was asked with; empty for the first.
  ///   - plainHosts: A list of hosts, beside this machine, that a browser may be sent to without TLS.
  ///   - isEncoded: Whether the body has a coding, all of which are unasked; only a bad answer needs to be asked it.
  public init(
    of exchange: Exchange, for kind: OperationKind, unsent: UnsentStatus? = nil,
    _ evidence: ExchangeEvidence,
    body: Span<UInt8>, about subject: Span<UInt8>, after token: Span<UInt8>,
    plainHosts: Span<UInt8>, isEncoded: @autoclosure () -> Bool
  ) {
    var delivery = evidence.delivery
    // A 1xx is no answer: what it announced never came.
    if delivery.httpStatus < 200 { delivery.httpStatus = 0 }
    let httpStatus = delivery.httpStatus
    var cause = evidence.transportCause
    // All of an answer came, but none with a status that can be one.
    if cause == DEEPIDV_OK { cause = DEEPIDV_E_ANSWER_HTTP }
    answer = SessionAnswer()
    // What was changed is never unsaid; a question can be asked again.
    if 200...299 ~= httpStatus, !evidence.isCutOff || exchange.row.method != .get {
      do throws(AnswerFault) {
        answer = try SessionAnswer(
          body, as: exchange.row.answer.form(evidence), about: subject, after: token,
          plainHosts: plainHosts)
      } catch {
        // What broke the answer off explains a bad answer better than what is left of it.
        if evidence.transportCause == DEEPIDV_OK {
          cause = isEncoded() ? DEEPIDV_E_ANSWER_ENCODING : error.cause
        }
      }
    }
    let isUnderstood = answer.isComplete
    delivery.hasSessionID = isUnderstood
    let outcome = delivery.outcome
    report = ExchangeReport(outcome, httpStatus: httpStatus, evidence)
    cause = reason(for: outcome, httpStatus: httpStatus, transport: cause)
    switch exchange.row.answer {
    case .created, .record, .page:
      status =
        kind.row.status == .outcome ? Self.status(of: outcome, httpStatus: httpStatus) : cause
      if isUnderstood, kind.row.givesVerdict { verdict = answer.verdict }
    case .search:
      let unsent = unsent ?? (kind.row.status == .search ? kind.row.unsent : nil)
      let found = isUnderstood ? answer.found : .none
      report.found = found
      switch found {
      case .one:
        status = DEEPIDV_OK
        cause = DEEPIDV_OK
        isFound = unsent != nil
      case .several:
        status = DEEPIDV_E_DUPLICATE
        cause = DEEPIDV_E_DUPLICATE
      case .none, .absent:
        // That it is not there yet is no failure: it is the time that ends the search.
        if isUnderstood { cause = DEEPIDV_E_TIMEOUT }
        hasResult = unsent != nil
        status = (unsent ?? .outcomeUnknown).status(cause: cause)
        answer = SessionAnswer()
      }
    }
    self.cause = cause
    self.httpStatus = Int32(truncatingIfNeeded: httpStatus)
    failure =
      httpStatus >= 300
      ? (try? FailureAnswer(body, httpStatus: httpStatus)) ?? FailureAnswer() : FailureAnswer()
  }

  /// Milliseconds to wait, as the service said; 0 if it did not.
  public var retryAfterMS: UInt64 { min(report.retryAfter ?? 0, .max / 1000) * 1000 }

  /// Whether a session was found by searching for it.
  public var isReconciled: Bool { report.found == .one || report.found == .several }
}

/// What an exchange means for what is done next.
public struct ExchangeReport: Sendable {
  /// What became of the request; of a question, `.created` says that it was answered.
  public var outcome: Outcome
  /// What a search has found; nil if it was none.
  public var found: OperationPolicy.Found?
  /// Whether an answer came, whatever it says.
  public var wasAnswered: Bool
  /// Whether it was refused with 429.
  public var isThrottled: Bool
  /// Whether it was refused for another reason.
  public var isRefused: Bool { outcome == .rejected && !isThrottled }
  /// Whether time ran out.
  public var isTimeout: Bool
  /// Whether nothing was sent because the connection was not fit to be used again.
  public var isStale: Bool
  /// Seconds to wait, if the service said so with a refusal.
  public var retryAfter: UInt64?

  init(_ outcome: Outcome, httpStatus: Int, _ evidence: ExchangeEvidence) {
    self.outcome = outcome
    wasAnswered = httpStatus != 0
    isThrottled = httpStatus == 429
    isTimeout = evidence.isTimeout
    isStale = evidence.isStale && evidence.delivery.attempts == 0
    if httpStatus >= 300 { retryAfter = evidence.retryAfter }
  }
}

extension ExchangeEvaluation {
  /// The status that a caller gets for what became of a request.
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

/// Why it ended so, from what the transport and the service say.
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
  /// What the answer's reader has to know.
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
  /// One session is the one only if there can be no other: not when the page has a next one, nor when another
  /// that matches has an id that cannot be one.
  var found: OperationPolicy.Found {
    switch sessions.count {
    case 0: isConclusive && !isInDoubt ? .absent : .none
    case 1: isConclusive ? .one : .none
    default: .several
    }
  }
}
