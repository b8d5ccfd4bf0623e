import CDeepIDV
import CPlatform
import DeepIDVCore

/// One operation from its submission to its end.
///
/// Its phase, cancellation and result are changed under its client's lock; the rest belongs to whoever drives
/// and has taken the operation from the queue.
final class Operation {
  enum Phase {
    case waiting
    case running
    /// Between two attempts.
    case backingOff
    case done
  }

  /// What is asked of the service next.
  enum Exchange {
    /// The create itself.
    case create
    /// A page of sessions among which that of a lost create may be.
    case search
    /// One session.
    case retrieve
    /// A page of sessions.
    case list
  }

  let tag: UInt64
  /// `DEEPIDV_EVENT_…`.
  let kind: Int32
  /// Monotonic nanoseconds.
  let submitted: UInt64
  let deadline: UInt64
  /// Whether a blocking call waits for it, so that nobody else knows its number.
  let isOfBlockingCall: Bool

  // Under the lock.
  /// Where threads wait for this very operation, instead of for the queue; nil while none does.
  var gate: Monitor?
  /// How many threads wait there to take it.
  var takers = 0
  var number: UInt64 = 0
  var phase = Phase.waiting
  var isCancelled = false
  var result: OperationResult?

  /// How it ends without anything being sent; nil if the service is to be asked.
  var presetResult: OperationResult?

  // The driver's.
  var policy: OperationPolicy
  var exchange: Exchange
  /// The body of a create, until it has been answered.
  var requestBody = ByteBuffer(byteLimit: 4 << 20)
  /// What follows the sessions' URL in a question.
  var query = ByteBuffer(byteLimit: 1 << 20)
  var externalID = ByteBuffer(byteLimit: 0)
  /// What the answer to a question has to be about: the session's id, or the external id that a list is of.
  var subject = ByteBuffer(byteLimit: 65_536)
  /// Where the page before the one that is asked for ended.
  var pageToken = ByteBuffer(byteLimit: longestPageToken)
  /// How many sessions a page may have.
  var sessionLimit = pageLimit
  /// When the first attempt began: monotonic nanoseconds, and seconds since 1970; 0 before it.
  var sentAt: UInt64 = 0
  var sentAtSeconds: Int64 = 0
  var attempts: UInt32 = 0
  /// Whether a connection that was used before has turned out to be stale.
  var needsFreshConnection = false
  /// How it would end if it ended now; nil before the first attempt.
  var latestResult: OperationResult?

  init(_ kind: Int32, _ exchange: Exchange, _ policy: OperationPolicy, _ context: OperationContext)
  {
    self.kind = kind
    self.exchange = exchange
    self.policy = policy
    tag = context.tag
    gate = context.gate
    isOfBlockingCall = context.gate != nil
    submitted = context.submitted
    deadline = context.deadline
  }

  /// How it ends if nothing more can be done for it.
  func resultSoFar(_ cause: deepidv_status) -> OperationResult {
    if let latestResult { return latestResult }
    if kind == DEEPIDV_EVENT_SESSION_CREATE, cause != DEEPIDV_E_RATE_LIMITED {
      return OperationResult(DEEPIDV_E_NOT_SENT, cause: cause)
    }
    if kind == DEEPIDV_EVENT_SESSION_RECONCILE {
      return OperationResult(DEEPIDV_E_OUTCOME_UNKNOWN, cause: cause)
    }
    return OperationResult(cause, cause: cause)
  }

  /// How it ends if the pace does not let it be sent in time; `wait` in milliseconds.
  func resultTooLate(_ wait: UInt64) -> OperationResult {
    let result = resultSoFar(DEEPIDV_E_RATE_LIMITED)
    result.retryAfterMS = max(result.retryAfterMS, wait)
    return result
  }
}

/// What a caller says of an operation whatever its kind.
struct OperationContext {
  let tag: UInt64
  let gate: Monitor?
  let submitted: UInt64
  let deadline: UInt64

  init(tag: UInt64, gate: Monitor?, timeoutMS: UInt32) {
    self.tag = tag
    self.gate = gate
    submitted = cplatform_now_ns()
    deadline = submitted &+ UInt64(timeoutMS) &* 1_000_000
  }
}
