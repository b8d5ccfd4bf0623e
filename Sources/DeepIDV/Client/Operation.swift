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
    case resting
    case done
  }

  /// What is asked of the service next.
  enum Exchange {
    /// The create itself.
    case create
    /// A page of sessions among which that of a lost create may be.
    case look
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
  var gate: Lock?
  /// How many threads wait there to take it.
  var takers = 0
  var number: UInt64 = 0
  var phase = Phase.waiting
  var isCancelled = false
  var result: OperationResult?

  /// How it ends without anything being sent; nil if the service is to be asked.
  var foregone: OperationResult?

  // The driver's.
  var course: Course
  var exchange: Exchange
  /// The body of a create, until it has been answered.
  var body = ByteBuffer(byteLimit: 4 << 20)
  /// What follows the sessions' URL in a question.
  var query = ByteBuffer(byteLimit: 1 << 20)
  var externalID = ByteBuffer(byteLimit: 0)
  /// The only session that a confirmation may be answered with.
  var expectedID = ByteBuffer(byteLimit: 1024)
  /// When the first attempt began: monotonic nanoseconds, and seconds since 1970; 0 before it.
  var sentAt: UInt64 = 0
  var sentAtSeconds: Int64 = 0
  var attempts: UInt32 = 0
  /// Whether a connection that was used before has turned out to be stale.
  var needsFreshConnection = false
  /// How it would end if it ended now; nil before the first attempt.
  var standing: OperationResult?

  init(_ kind: Int32, _ exchange: Exchange, _ course: Course, _ ticket: Ticket) {
    self.kind = kind
    self.exchange = exchange
    self.course = course
    tag = ticket.tag
    gate = ticket.gate
    isOfBlockingCall = ticket.gate != nil
    submitted = ticket.submitted
    deadline = ticket.deadline
  }

  /// How it ends if nothing more can be done for it.
  func resultSoFar(_ cause: deepidv_status) -> OperationResult {
    if let standing { return standing }
    if kind == DEEPIDV_EVENT_SESSION_CREATE {
      return OperationResult(DEEPIDV_E_NOT_SENT, cause: cause)
    }
    if kind == DEEPIDV_EVENT_SESSION_RECONCILE {
      return OperationResult(DEEPIDV_E_OUTCOME_UNKNOWN, cause: cause)
    }
    return OperationResult(cause, cause: cause)
  }
}

/// What a caller says of an operation whatever its kind.
struct Ticket {
  let tag: UInt64
  let gate: Lock?
  let submitted: UInt64
  let deadline: UInt64

  init(tag: UInt64, gate: Lock?, timeoutMS: UInt32) {
    self.tag = tag
    self.gate = gate
    submitted = cplatform_now_ns()
    deadline = submitted &+ UInt64(timeoutMS) &* 1_000_000
  }
}
