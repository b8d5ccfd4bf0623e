import CDeepIDV

/// The kinds of operations, as one table: a new call of the API is one more row.
public enum OperationKind: CaseIterable, Sendable {
  case create, retrieve, list, reconcile, confirm, findOrCreate, updateStatus, wait

  /// What the rest of the library has to know about a kind.
  public struct Row: Sendable {
    /// `DEEPIDV_EVENT_…`, the kind of its completion.
    public var event: Int32
    /// The first request to the service; `retry` says what may follow it.
    public var exchange: Exchange
    /// What to do about a request that may have been executed.
    public var retry: RetryPolicy
    /// The status if nothing was sent.
    public var unsent: UnsentStatus
    /// Where the result's status comes from.
    public var status: ResultStatus
    /// Whether the result has a verdict on the session.
    public var givesVerdict = false
  }

  /// The table.
  public var row: Row {
    switch self {
    case .create:
      Row(
        event: DEEPIDV_EVENT_SESSION_CREATE, exchange: .create, retry: .search, unsent: .notSent,
        status: .outcome)
    case .findOrCreate:
      Row(
        event: DEEPIDV_EVENT_SESSION_FIND_OR_CREATE, exchange: .create, retry: .search,
        unsent: .notSent, status: .outcome)
    case .retrieve:
      Row(
        event: DEEPIDV_EVENT_SESSION_RETRIEVE, exchange: .retrieve, retry: .resend, unsent: .cause,
        status: .cause, givesVerdict: true)
    case .list:
      Row(
        event: DEEPIDV_EVENT_SESSION_LIST, exchange: .list, retry: .resend, unsent: .cause,
        status: .cause)
    case .reconcile:
      Row(
        event: DEEPIDV_EVENT_SESSION_RECONCILE, exchange: .search, retry: .searchOnly,
        unsent: .outcomeUnknown, status: .search)
    case .confirm:
      Row(
        event: DEEPIDV_EVENT_REDIRECT_CONFIRM, exchange: .retrieve, retry: .resend, unsent: .cause,
        status: .cause, givesVerdict: true)
    case .updateStatus:
      Row(
        event: DEEPIDV_EVENT_SESSION_UPDATE_STATUS, exchange: .updateStatus, retry: .settle,
        unsent: .notSent, status: .outcome, givesVerdict: true)
    case .wait:
      Row(
        event: DEEPIDV_EVENT_SESSION_WAIT, exchange: .retrieve, retry: .poll, unsent: .cause,
        status: .cause, givesVerdict: true)
    }
  }
}

/// What to do about a request that may have been executed.
public enum RetryPolicy: Sendable {
  /// Never send it again: executed twice, it would do harm. Search for what it has created.
  case search
  /// Send it again: executing it twice does no harm.
  case resend
  /// Only search, for what an earlier create has created.
  case searchOnly
  /// Never send it again: retrieve the record, which shows whether it was executed.
  ///
  /// Executing a decision twice does not change the record, but the service may send the applicant's e-mail and the
  /// webhooks twice. Also, a delayed second copy could be executed after a later decision, and undo it.
  case settle
  /// Ask again, also after failures, until the record shows what the operation waits for.
  case poll

  /// The request that shows what happened to an earlier one, or whether there is something new.
  public var inquiry: Exchange {
    switch self {
    case .search, .searchOnly: .search
    case .resend, .settle, .poll: .retrieve
    }
  }
}

/// The status of an operation of which nothing was sent.
public enum UnsentStatus: Sendable {
  /// `DEEPIDV_E_NOT_SENT`, so that the caller knows that it is safe to repeat.
  case notSent
  /// `DEEPIDV_E_OUTCOME_UNKNOWN`: what happened to the earlier create is as unknown as before.
  case outcomeUnknown
  /// The cause itself.
  case cause

  /// Returns the status for a cause.
  public func status(cause: deepidv_status) -> deepidv_status {
    switch self {
    // A refusal, of the search before it, means that nothing was sent, too, and that repeating it may not help.
    case .notSent:
      DEEPIDV_E_BAD_REQUEST...DEEPIDV_E_REDIRECTED ~= cause ? cause : DEEPIDV_E_NOT_SENT
    case .outcomeUnknown: DEEPIDV_E_OUTCOME_UNKNOWN
    case .cause: cause
    }
  }
}

/// Where a result's status comes from.
public enum ResultStatus: Sendable {
  /// From what happened to the request, which may have changed something.
  case outcome
  /// From the reason why there is no answer: a question can be asked again in any case.
  case cause
  /// From what the search has found.
  case search
}
