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

  let tag: UInt64
  let kind: OperationKind
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
  /// What is asked of the service next.
  var exchange: Exchange
  /// The body of a create, until it has been answered.
  var requestBody = ByteBuffer(byteLimit: 0)
  var externalID = ByteBuffer(byteLimit: 0)
  /// What the answer to a question has to be about: the session's id, or the external id that a list is of.
  var subject = ByteBuffer(byteLimit: longestText)
  /// Where the page before the one that is asked for ended.
  var pageToken = ByteBuffer(byteLimit: longestPageToken)
  /// How many sessions a page may have; 0 leaves it to the service.
  var askedLimit = 0
  /// When the first attempt began: monotonic nanoseconds, and seconds since 1970; 0 before it.
  var sentAt: UInt64 = 0
  var sentAtSeconds: Int64 = 0
  /// When the latest attempt at a create began: monotonic nanoseconds; 0 before it.
  var lastSentAt: UInt64 = 0
  /// How it ends if a search finds nothing before its request is sent; nil if it does not search first.
  var unsent: UnsentStatus?
  /// Whether the library has made its external id itself.
  var makesExternalID = false
  /// The equal create of which nobody knows whether it was executed.
  var repeated: RepeatGuard.Entry?
  var attempts: UInt32 = 0
  /// Whether a connection that was used before has turned out to be stale.
  var needsFreshConnection = false
  /// How it would end if it ended now; nil before the first attempt.
  var latestResult: OperationResult?

  /// - Parameter canSearch: Whether there is an external id to search for.
  init(_ kind: OperationKind, canSearch: Bool = true, _ context: OperationContext) {
    let row = kind.row
    self.kind = kind
    exchange = row.exchange
    policy = OperationPolicy(row.retry, canSearch: canSearch, deadline: context.deadline)
    tag = context.tag
    gate = context.gate
    isOfBlockingCall = context.gate != nil
    submitted = context.submitted
    deadline = context.deadline
  }

  /// Makes it search for a session of any age before it sends anything.
  func searchFirst() {
    policy.searchFirst(until: 0, at: submitted)
    exchange = .search
    unsent = .notSent
  }

  /// Ends the search, which has found nothing: the request itself is sent.
  func sendRequest() {
    guard unsent != nil else { return }
    latestResult = nil
    exchange = kind.row.exchange
  }

  /// Takes note that the request itself is being sent.
  func noteSent(at now: UInt64) {
    unsent = nil
    lastSentAt = now
    if sentAt != 0 { return }
    sentAt = now
    sentAtSeconds = cplatform_wall_seconds()
  }

  /// How many sessions of a page are kept.
  var sessionLimit: Int { askedLimit > 0 ? askedLimit : pageLimit }

  /// Lends what an exchange asks for, and what its answer has to be about.
  func withSubject<Result: ~Copyable, Failure>(
    of exchange: Exchange, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch exchange.row.subject {
    case .externalID: try externalID.withSpan(body)
    case .asked: try subject.withSpan(body)
    }
  }

  /// How it ends if nothing more can be done for it.
  func resultSoFar(_ cause: deepidv_status) -> OperationResult {
    latestResult ?? OperationResult((unsent ?? kind.row.unsent).status(cause: cause), cause: cause)
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
