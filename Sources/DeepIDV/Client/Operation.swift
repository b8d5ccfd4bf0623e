import CDeepIDV
import CPlatform
import DeepIDVCore

/// One operation from its submission to its end.
///
/// What changes after its submission is in two structs, by the thread that may access it: `guarded` and `driven`.
final class Operation {
  let tag: UInt64
  let kind: OperationKind
  /// Monotonic nanoseconds.
  let submitted: UInt64
  let deadline: UInt64

  /// Constant from the submission on.
  var query = Query()
  /// What the client's lock guards.
  var guarded: Guarded
  /// What belongs to the thread that drives while the operation runs; at other times, the client's lock guards it.
  var driven: Driven

  /// - Parameter canSearch: Whether there is an external id to search for.
  init(_ kind: OperationKind, canSearch: Bool = true, _ context: OperationContext) {
    let row = kind.row
    self.kind = kind
    tag = context.tag
    submitted = context.submitted
    deadline = context.deadline
    guarded = Guarded(delivery: context.delivery)
    driven = Driven(
      policy: OperationPolicy(row.retry, canSearch: canSearch, deadline: context.deadline),
      exchange: row.exchange)
  }
}

// MARK: Its parts

extension Operation {
  /// What the caller asked for, except the body of a request.
  struct Query: ~Copyable {
    /// What the answer must be about: the session's id, or the external id by which a list is filtered.
    var subject = ByteBuffer(byteLimit: longestText)
    /// The token of the page; empty for the first.
    var pageToken = ByteBuffer(byteLimit: longestPageToken)
    /// The most sessions on a page; 0 leaves it to the service.
    var askedLimit = 0
    /// The decision that is sent, `DEEPIDV_DECISION_…`; 0 for none.
    var decision: Int32 = 0
    /// Whether the library made a create's external id.
    var makesExternalID = false
    /// The caller's trace, of which the requests are a part.
    var trace: TraceParent?
    /// The result, if it is known without asking the service.
    var presetResult: OperationResult?
  }

  /// What any thread may access under the client's lock.
  struct Guarded {
    /// The number by which callers refer to it; 0 before it is accepted.
    var number: UInt64 = 0
    var phase = OperationPhase<OperationResult>.waiting
    var delivery: Delivery

    init(delivery: Delivery) { self.delivery = delivery }
  }

  /// What one thread at a time may access.
  struct Driven: ~Copyable {
    var policy: OperationPolicy
    /// The next request to the service.
    var exchange: Exchange
    /// The body of a create or a decision; empty once the operation has ended.
    var requestBody = ByteBuffer(byteLimit: 0)
    /// Moves into the result when the operation ends.
    var externalID = ByteBuffer(byteLimit: 0)
    /// When the first attempt began, if it has.
    var sent: SendTime?
    /// When the latest attempt at a create began, in monotonic nanoseconds; 0 before the first.
    var lastSentAt: UInt64 = 0
    /// The status if a search finds nothing before the request is sent; nil if it does not search first.
    var unsent: UnsentStatus?
    /// The equal create with an unknown outcome that it repeats.
    var repeated: RepeatGuard.Entry?
    var attempts: UInt32 = 0
    /// Whether a kept connection was no longer usable.
    var needsFreshConnection = false
    /// The result if the operation ends now; nil before the first attempt has ended.
    var latestResult: OperationResult?

    init(policy: OperationPolicy, exchange: Exchange) {
      self.policy = policy
      self.exchange = exchange
    }
  }

  /// When a request was sent.
  struct SendTime {
    /// Monotonic nanoseconds.
    let monotonic: UInt64
    /// Seconds since 1970.
    let wall: Int64
  }

  /// Where threads wait for the result of this operation.
  ///
  /// It has a lock of its own, so that one operation's end does not wake the threads that wait for others.
  typealias Gate = Monitor<OperationResult?>

  /// Who gets the result.
  enum Delivery {
    /// A call that takes it from the client.
    case queue
    /// The blocking call; no other call knows the operation's number.
    case call(Gate)
    /// One of the threads that wait to take it; when none is left, `.queue`.
    case takers(Gate, count: Int)
  }
}

extension Operation.Gate {
  /// Waits for the result; nil after the deadline.
  func result(before deadline: UInt64) -> OperationResult? { wait(until: deadline) { $0 } }
}

// MARK: Requests and results

extension Operation {
  /// Makes it search for sessions of any age before it sends anything.
  func searchFirst() {
    driven.policy.searchFirst(until: 0, at: submitted)
    driven.exchange = .search
    driven.unsent = .notSent
  }

  /// Continues with the request itself, after a search that found nothing.
  func sendRequest() {
    guard driven.unsent != nil else { return }
    driven.latestResult = nil
    driven.exchange = kind.row.exchange
  }

  /// Records the time of an attempt at the request itself.
  func noteSent(at now: UInt64) {
    driven.unsent = nil
    driven.lastSentAt = now
    if driven.sent == nil { driven.sent = SendTime(monotonic: now, wall: cplatform_wall_seconds()) }
  }

  /// Until when its next request may wait for its turn.
  ///
  /// What changes something is not sent with less than a fifth of the time left. While more is asked for than the
  /// rate allows, each operation is sent when its time is nearly over: none would be answered in time, and the
  /// outcome of all of them would be unknown.
  var sendDeadline: UInt64 {
    driven.exchange.row.method == .get ? deadline : deadline &- (deadline &- submitted) / 5
  }

  /// The most sessions of a page that are kept.
  var sessionLimit: Int { query.askedLimit > 0 ? query.askedLimit : pageLimit }

  /// Calls `body` with what an exchange asks for, and what its answer must be about.
  func withSubject<Result: ~Copyable, Failure>(
    of exchange: Exchange, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch exchange.row.subject {
    case .externalID: try driven.externalID.withSpan(body)
    case .asked: try query.subject.withSpan(body)
    }
  }

  /// Returns the result after the latest attempt, or one with the cause if there was no attempt.
  func latestResult(orUnsent cause: deepidv_status) -> OperationResult {
    // The latest result of a wait says that it timed out.
    let isCancelledWait = cause == DEEPIDV_E_CANCELLED && kind.row.retry == .poll
    if !isCancelledWait, let result = driven.latestResult { return result }
    let unsent = driven.unsent ?? kind.row.unsent
    return OperationResult(unsent.status(cause: cause), cause: cause)
  }

  /// Returns the result if the limiter does not allow to send it in time; `wait` is in milliseconds.
  func tooLateResult(wait: UInt64) -> OperationResult {
    let result = latestResult(orUnsent: DEEPIDV_E_RATE_LIMITED)
    result.retryAfterMS = max(result.retryAfterMS, wait)
    return result
  }
}

/// What every operation has, whatever its kind.
struct OperationContext {
  let tag: UInt64
  let delivery: Operation.Delivery
  let submitted: UInt64
  private(set) var deadline: UInt64

  init(tag: UInt64 = 0, delivery: Operation.Delivery, timeoutMS: UInt32) {
    self.tag = tag
    self.delivery = delivery
    submitted = cplatform_now_ns()
    deadline = submitted &+ UInt64(timeoutMS) &* 1_000_000
  }

  /// The same with a timeout of its own.
  func lasting(_ milliseconds: UInt32) -> OperationContext {
    var context = self
    context.deadline = submitted &+ UInt64(milliseconds) &* 1_000_000
    return context
  }
}
