import CDeepIDV
import CPlatform
import DeepIDVCore

/// What a client's lock guards: its operations, and which thread drives.
///
/// Every accepted operation ends in `finish(_:with:)`, once.
struct ClientState: ~Copyable {
  /// The operations that were accepted and not taken.
  private(set) var operations = OperationTable<Operation>()
  /// The operations to run; those that have ended here are skipped.
  private(set) var waiting = Fifo<Operation>()
  /// No operation in `waiting` reaches its deadline before this time.
  private var nextOverdue: UInt64 = .max
  /// When a driver that sleeps wakes by itself; 0 while none sleeps.
  private var driverWakes: UInt64 = 0
  /// The operations that can be taken.
  private(set) var ended = Fifo<Operation>()

  /// Whether no more operations are accepted.
  var isClosed = false
  /// Whether an operation that runs was cancelled since the driver checked last.
  var hasCancelledRunning = false
  /// Whether `waiting` has operations that were cancelled.
  private var hasCancelledWaiting = false
  /// The number of 429s when `waiting` was last searched for what can no longer be sent in time.
  private var throttlesSeen: UInt64 = 0

  /// The records that nobody has taken, up to the level that the client was created with.
  var logs = LogRing(limit: Self.logLimit)
  let logLevel: Int32
  let statistics: Statistics

  var seat = DriverSeat()
  /// What the program that paces this client has given it.
  var permits = Permits()
  var transport = Transport.none

  private let limiter: SharedLimiter
  private let repeats: Repeats?
  private let descriptor: Int32
  private let waiters: Waiters

  /// What sends and receives.
  enum Transport {
    /// Before the first operation, and after the end.
    case none
    case running(Engine, Worker)
    /// A thread waits for the worker to end.
    case ending(Engine, Worker)
  }

  init(
    _ limiter: SharedLimiter, _ repeats: Repeats?, _ statistics: Statistics, logLevel: UInt32,
    descriptor: Int32, _ waiters: Waiters
  ) {
    self.statistics = statistics
    self.logLevel = Int32(clamping: logLevel)
    self.limiter = limiter
    self.repeats = repeats
    self.descriptor = descriptor
    self.waiters = waiters
  }

  /// Whether the client is closed and has nothing left to take.
  var isFinished: Bool { isClosed && operations.count == 0 }

  /// The engine; nil before the first operation.
  var engine: Engine? {
    switch transport {
    case .none: nil
    case .running(let engine, _), .ending(let engine, _): engine
    }
  }

  private var worker: Worker? {
    switch transport {
    case .none: nil
    case .running(_, let worker), .ending(_, let worker): worker
    }
  }

  /// Does what the seat decided, except that `.drive` is up to the caller.
  func act(on step: DriverSeat.Action) {
    switch step {
    case .nothing, .drive: return
    case .wake: engine?.wake()
    case .letWorkerDrive: worker?.letDrive()
    }
  }

  /// Makes the driver check for a cancellation or the close.
  mutating func notifyDriver() { act(on: seat.newsArrived()) }
}

// MARK: Accepting and ending

extension ClientState {
  /// Accepts an operation, and gives it its number.
  mutating func register(_ operation: Operation) throws(Refusal) {
    guard let number = operations.insert(operation) else { throw Refusal(DEEPIDV_E_BUSY) }
    operation.guarded.number = number
    statistics.submitted()
    logSubmitted(operation)
  }

  /// Cancels an operation; the driver ends one that runs.
  mutating func cancel(_ operation: Operation) throws(Refusal) {
    switch operation.guarded.phase.cancel() {
    case .tooLate: throw Refusal(DEEPIDV_E_NO_OPERATION)
    case .end(let wasWaiting):
      if wasWaiting { hasCancelledWaiting = true }
      giveUp(operation, cause: DEEPIDV_E_CANCELLED)
    case .interrupt:
      hasCancelledRunning = true
      notifyDriver()
    }
  }

  /// Ends an operation with its latest result, or with the cause if nothing was sent.
  @inline(never)
  mutating func giveUp(_ operation: Operation, cause: deepidv_status) {
    end(operation, with: operation.latestResult(orUnsent: cause))
  }

  /// Ends an operation, and wakes the threads that wait for one to take.
  mutating func end(_ operation: Operation, with result: OperationResult) {
    finish(operation, with: result)
    waiters.wakeAll()
  }

  /// Ends an operation that has not ended yet; the caller has to wake the threads that wait for one to take.
  ///
  /// Not inlined, to keep the library small.
  @inline(never)
  mutating func finish(_ operation: Operation, with result: OperationResult) {
    guard operation.guarded.phase.end(with: result) else { return }
    let now = cplatform_now_ns()
    repeats?.ended(operation, with: result, at: now)
    result.complete(operation, at: now)
    statistics.ended(result)
    logEnded(operation, with: result)
    operation.driven.requestBody = ByteBuffer(byteLimit: 0)
    switch operation.guarded.delivery {
    case .queue:
      if ended.isEmpty { cplatform_signal_raise(descriptor) }
      ended.append(operation)
    case .call(let gate):
      operations.remove(operation.guarded.number)
      deliver(result, to: gate)
    // The threads that wait to take it still need its number.
    case .takers(let gate, _): deliver(result, to: gate)
    }
  }

  private func deliver(_ result: OperationResult, to gate: Operation.Gate) {
    gate.withLock { $0 = result }
    gate.broadcast()
  }

  /// Removes and returns the operation that ended first.
  mutating func takeFirstEnded() -> Operation? {
    guard let operation = ended.popFirst() else { return nil }
    forget(operation)
    return operation
  }

  /// Removes an operation that has ended; false if another thread was faster.
  mutating func takeEnded(_ operation: Operation) -> Bool {
    guard operations.find(operation.guarded.number) === operation else { return false }
    ended.remove(operation)
    forget(operation)
    return true
  }

  private mutating func forget(_ operation: Operation) {
    operations.remove(operation.guarded.number)
    if ended.isEmpty { cplatform_signal_lower(descriptor) }
    if isFinished { waiters.wakeAll() }
  }
}

// MARK: Ending operations that wait

extension ClientState {
  /// Ends all operations that wait; the client is closed.
  mutating func endWaiting() {
    endWaiting { $0.latestResult(orUnsent: DEEPIDV_E_CANCELLED) }
  }

  /// Ends the operations that wait and have reached their deadline, and removes those that have ended.
  ///
  /// Operations have timeouts of their own, so that any of them may be the next.
  mutating func endOverdue(at now: UInt64) {
    driverWakes = 0
    guard nextOverdue <= now else { return }
    var next = UInt64.max
    endWaiting { operation in
      let deadline = operation.sendDeadline
      if deadline <= now { return operation.latestResult(orUnsent: DEEPIDV_E_TIMEOUT) }
      next = min(next, deadline)
      return nil
    }
    nextOverdue = next
  }

  /// Adds an operation to the queue: at its tail, or for another attempt at its head.
  mutating func enqueue(_ operation: Operation, atHead: Bool = false) {
    nextOverdue = min(nextOverdue, operation.sendDeadline)
    if atHead { waiting.prepend(operation) } else { waiting.append(operation) }
  }

  /// Removes and returns the first operation of the queue.
  mutating func dequeue() -> Operation? { waiting.popFirst() }

  /// Wakes a driver that would sleep past the deadline of an operation.
  ///
  /// One that has no room for more operations is not woken for what is queued.
  mutating func ensureDriverWakes(by deadline: UInt64) {
    guard deadline < driverWakes else { return }
    driverWakes = 0
    notifyDriver()
  }

  /// Lets the driver look again what it can send: it sleeps until a lease ends, or without permits.
  mutating func permitsChanged() {
    if !waiting.isEmpty { notifyDriver() }
  }

  /// How many more permits the operations that wait need.
  var missingPermits: UInt64 { permits.missing(for: waiting.count) }

  /// When the first operation of the queue can be sent without a permit; nil if it can be sent now.
  ///
  /// Wakes a thread that waits to give permits.
  mutating func timeWithoutPermit(at now: UInt64) -> UInt64? {
    let time = permits.timeWithoutOne(at: now)
    if time != nil { waiters.wakeAll() }
    return time
  }

  /// Reports that the driver falls asleep; returns when it has to wake for what waits.
  mutating func driverSleeps() -> UInt64 {
    driverWakes = waiting.isEmpty ? .max : nextOverdue
    return driverWakes
  }

  /// Appends an operation to the queue, or ends it if it cannot be sent in time.
  mutating func append(_ operation: Operation, at now: UInt64) {
    if let result = refusal(of: operation, at: now) { return end(operation, with: result) }
    enqueue(operation)
  }

  /// Returns the result of a new operation that cannot be sent in time, or nil if it can.
  mutating func refusal(of operation: Operation, at now: UInt64) -> OperationResult? {
    func wait() -> UInt64? {
      limiter.refusal(before: operation.sendDeadline, queued: waiting.count, at: now)
    }
    guard wait() != nil else { return nil }
    // There may be time once those have left the queue that cannot be sent.
    endLate(at: now)
    return wait().map { operation.tooLateResult(wait: $0) }
  }

  /// Ends the operations that wait and can no longer be sent in time, and removes those that have ended.
  ///
  /// From the oldest on: each that ends makes room for those behind it.
  mutating func endLate(at now: UInt64) {
    let throttles = limiter.throttles
    guard throttles != throttlesSeen || hasCancelledWaiting else { return }
    throttlesSeen = throttles
    hasCancelledWaiting = false
    let limiter = limiter
    var before = 0
    endWaiting { operation in
      if let wait = limiter.refusal(before: operation.sendDeadline, queued: before, at: now) {
        return operation.tooLateResult(wait: wait)
      }
      before &+= 1
      return nil
    }
  }

  /// Ends the operations that wait and have a result, from the oldest on, and removes those that have ended.
  @inline(never)
  private mutating func endWaiting(with result: (Operation) -> OperationResult?) {
    var any = false
    // Moved out, because the closure changes other parts of the state.
    var queue = Fifo<Operation>()
    swap(&queue, &waiting)
    queue.removeAll { operation in
      guard operation.guarded.phase.isWaiting else { return true }
      guard let result = result(operation) else { return false }
      finish(operation, with: result)
      any = true
      return true
    }
    swap(&queue, &waiting)
    if any { waiters.wakeAll() }
  }
}
