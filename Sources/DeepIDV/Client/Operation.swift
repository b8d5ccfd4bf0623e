import CDeepIDV
import CPlatform
import DeepIDVCore

/// One operation from its submission to its end.
///
/// What changes after its submission is in two parts, by who may touch it: `guarded` and `driven`.
final class Operation {
  let tag: UInt64
  let kind: OperationKind
  /// Monotonic nanoseconds.
  let submitted: UInt64
  let deadline: UInt64

  /// Constant from the submission on.
  var query = Query()
  /// Guarded by the client's lock.
  var guarded: Guarded
  /// Of the queue while the operation waits there, then of whoever drives, until the operation ends.
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
  /// What the caller asked for, besides a create's body.
  struct Query: ~Copyable {
    /// What the answer has to be about: the session's id, or the external id that a list is of.
    var subject = ByteBuffer(byteLimit: longestText)
    /// Where the page before the one that is asked for ended.
    var pageToken = ByteBuffer(byteLimit: longestPageToken)
    /// How many sessions a page may have; 0 leaves it to the service.
    var askedLimit = 0
    /// Whether the library has made a create's external id itself.
    var makesExternalID = false
    /// How the operation ends without anything being sent; nil if the service is to be asked.
    var presetResult: OperationResult?
  }

  /// What any thread may look up or change, under the client's lock.
  struct Guarded {
    /// By which callers name it; 0 before it is accepted.
    var number: UInt64 = 0
    var phase = OperationPhase<OperationResult>.waiting
    var delivery: Delivery

    init(delivery: Delivery) { self.delivery = delivery }
  }

  /// What one thread at a time has.
  struct Driven: ~Copyable {
    var policy: OperationPolicy
    /// What is asked of the service next.
    var exchange: Exchange
    /// The body of a create; empty once the operation has ended.
    var requestBody = ByteBuffer(byteLimit: 0)
    /// The result has it once the operation has ended.
    var externalID = ByteBuffer(byteLimit: 0)
    /// When the first attempt began; nil before it.
    var sent: SendTime?
    /// When the latest attempt at a create began: monotonic nanoseconds; 0 before it.
    var lastSentAt: UInt64 = 0
    /// How it ends if a search finds nothing before its request is sent; nil if it does not search first.
    var unsent: UnsentStatus?
    /// The equal create of which nobody knows whether it was executed.
    var repeated: RepeatGuard.Entry?
    var attempts: UInt32 = 0
    /// Whether a connection that was used before has turned out to be stale.
    var needsFreshConnection = false
    /// How it would end if it ended now; nil before the first attempt.
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

  /// Where a result is handed over to a thread that waits for this very operation.
  ///
  /// A lock of its own, so that one end does not wake every thread that waits for another.
  typealias Gate = Monitor<OperationResult?>

  /// Who gets the result.
  enum Delivery {
    /// Whoever takes it from the client's queue.
    case queue
    /// The blocking call; nobody else knows the operation's number.
    case call(Gate)
    /// One of so many threads that wait to take it; once none waits, the queue.
    case takers(Gate, count: Int)
  }
}

extension Operation.Gate {
  /// Waits for the result; nil after the deadline.
  func result(before deadline: UInt64) -> OperationResult? { wait(until: deadline) { $0 } }
}

// MARK: What it asks and how it ends

extension Operation {
  /// Makes it search for a session of any age before it sends anything.
  func searchFirst() {
    driven.policy.searchFirst(until: 0, at: submitted)
    driven.exchange = .search
    driven.unsent = .notSent
  }

  /// Ends the search, which has found nothing: the request itself is sent.
  func sendRequest() {
    guard driven.unsent != nil else { return }
    driven.latestResult = nil
    driven.exchange = kind.row.exchange
  }

  /// Takes note that the request itself is being sent.
  func noteSent(at now: UInt64) {
    driven.unsent = nil
    driven.lastSentAt = now
    if driven.sent == nil { driven.sent = SendTime(monotonic: now, wall: cplatform_wall_seconds()) }
  }

  /// How many sessions of a page are kept.
  var sessionLimit: Int { query.askedLimit > 0 ? query.askedLimit : pageLimit }

  /// Lends what an exchange asks for, and what its answer has to be about.
  func withSubject<Result: ~Copyable, Failure>(
    of exchange: Exchange, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch exchange.row.subject {
    case .externalID: try driven.externalID.withSpan(body)
    case .asked: try query.subject.withSpan(body)
    }
  }

  /// How it ends if nothing more can be done for it: as after its last attempt, or for the cause if none was made.
  func latestResult(orUnsent cause: deepidv_status) -> OperationResult {
    if let result = driven.latestResult { return result }
    let unsent = driven.unsent ?? kind.row.unsent
    return OperationResult(unsent.status(cause: cause), cause: cause)
  }

  /// How it ends if the limiter does not let it be sent in time; `wait` in milliseconds.
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
  let deadline: UInt64

  init(tag: UInt64 = 0, delivery: Operation.Delivery, timeoutMS: UInt32) {
    self.tag = tag
    self.delivery = delivery
    submitted = cplatform_now_ns()
    deadline = submitted &+ UInt64(timeoutMS) &* 1_000_000
  }
}
