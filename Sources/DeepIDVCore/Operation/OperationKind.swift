import CDeepIDV

/// What an operation is, as one table: a new call of the service is one row more.
public enum OperationKind: CaseIterable, Sendable {
  case create, retrieve, list, reconcile, confirm, findOrCreate

  /// What the rest of the library has to know of a kind.
  public struct Row: Sendable {
    /// `DEEPIDV_EVENT_…`, by which a completion names its kind.
    public var event: Int32
    /// What is asked of the service first; only a create may have to search after it.
    public var exchange: Exchange
    /// Whether a request may be sent again that may have been executed.
    public var retry: RetryPolicy
    /// The status of an operation that ended before anything was sent.
    public var unsent: UnsentStatus
    /// Which status the result has.
    public var status: ResultStatus
    /// Whether the result says what the session's record means for whoever waits for it.
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
        status: .cause)
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
    }
  }
}

/// What is done about a request that may have been executed, when nobody can say whether it was.
public enum RetryPolicy: Sendable {
  /// Never sent again: executed twice, it would do harm. What it made is searched for.
  case search
  /// Sent again: executing it twice does no harm.
  case resend
  /// There is nothing to send: it only searches for what an earlier create made.
  case searchOnly
}

/// How an operation ends of which nothing was sent.
public enum UnsentStatus: Sendable {
  /// `DEEPIDV_E_NOT_SENT`, so that whoever repeats it knows that nothing has happened.
  case notSent
  /// `DEEPIDV_E_OUTCOME_UNKNOWN`: what became of the earlier create is as unknown as before.
  case outcomeUnknown
  /// The cause itself.
  case cause

  /// The status for a cause.
  public func status(cause: deepidv_status) -> deepidv_status {
    switch self {
    // It has a status of its own, which says as much.
    case .notSent: cause == DEEPIDV_E_RATE_LIMITED ? cause : DEEPIDV_E_NOT_SENT
    case .outcomeUnknown: DEEPIDV_E_OUTCOME_UNKNOWN
    case .cause: cause
    }
  }
}

/// Which status a result has.
public enum ResultStatus: Sendable {
  /// What became of the request: it may have changed something.
  case outcome
  /// Why there is no answer: a question can be asked again whatever became of it.
  case cause
  /// What the search has found.
  case search
}
