import CDeepIDV
import CPlatform
import DeepIDVCore

/// What a client's lock guards: its operations, and who drives.
///
/// Every accepted operation ends in exactly one call of `finish(_:with:)`.
struct ClientState: ~Copyable {
  /// All that were accepted and that somebody may still ask for.
  private(set) var operations = OperationTable<Operation>()
  /// Those to be run, and those that have ended here and are to be skipped.
  var waiting = Fifo<Operation>()
  /// Those that can be taken.
  private(set) var ended = Fifo<Operation>()

  /// Whether no more operations are accepted.
  var isClosed = false
  /// Whether an operation that runs was cancelled since the driver has checked.
  var hasCancelledRunning = false
  /// Whether an operation that waits was cancelled, and so is in the queue for nothing.
  private var hasCancelledWaiting = false
  /// How many 429s the queue has been searched after for what cannot be sent in time any more.
  private var throttlesSeen: UInt64 = 0

  var seat = DriverSeat()
  var machinery = Machinery.none

  private let limiter: SharedLimiter
  private let repeats: Repeats?
  private let descriptor: Int32
  private let waiters: Waiters

  /// What moves the bytes.
  enum Machinery {
    /// Nothing before the first operation, nor after the end.
    case none
    case running(Engine, Worker)
    /// A thread waits for the worker's end.
    case ending(Engine, Worker)
  }

  init(_ limiter: SharedLimiter, _ repeats: Repeats?, descriptor: Int32, _ waiters: Waiters) {
    self.limiter = limiter
    self.repeats = repeats
    self.descriptor = descriptor
    self.waiters = waiters
  }

  /// Closed, and nothing left to take.
  var isFinished: Bool { isClosed && operations.count == 0 }

  /// The engine, if there is one.
  var engine: Engine? {
    switch machinery {
    case .none: nil
    case .running(let engine, _), .ending(let engine, _): engine
    }
  }

  private var worker: Worker? {
    switch machinery {
    case .none: nil
    case .running(_, let worker), .ending(_, let worker): worker
    }
  }

  /// Does what the seat asks for; to drive is left to the caller.
  func act(on step: DriverSeat.Step) {
    switch step {
    case .nothing, .drive: return
    case .wake: engine?.wake()
    case .letWorkerDrive: worker?.letDrive()
    }
  }

  /// Lets the driver know that there is something new besides the queue.
  mutating func tellDriver() { act(on: seat.newsArrived()) }
}

// MARK: The way of an operation

extension ClientState {
  /// Gives an operation its number.
  mutating func register(_ operation: Operation) throws(Refusal) {
    guard let number = operations.insert(operation) else { throw Refusal(DEEPIDV_E_BUSY) }
    operation.guarded.number = number
  }

  /// Cancels an operation; one that runs is left to the driver.
  mutating func cancel(_ operation: Operation) throws(Refusal) {
    switch operation.guarded.phase.cancel() {
    case .tooLate: throw Refusal(DEEPIDV_E_NO_OPERATION)
    case .end(let wasWaiting):
      if wasWaiting { hasCancelledWaiting = true }
      giveUp(operation, cause: DEEPIDV_E_CANCELLED)
    case .interrupt:
      hasCancelledRunning = true
      tellDriver()
    }
  }

  /// Ends an operation as it is after its last attempt, or for the cause if none was made.
  mutating func giveUp(_ operation: Operation, cause: deepidv_status) {
    end(operation, with: operation.latestResult(orUnsent: cause))
  }

  /// Ends an operation, and wakes the threads that wait for an end.
  mutating func end(_ operation: Operation, with result: OperationResult) {
    finish(operation, with: result)
    waiters.wakeAll()
  }

  /// The one end of every operation, unless it has ended already; the threads that wait are still to be woken.
  mutating func finish(_ operation: Operation, with result: OperationResult) {
    guard operation.guarded.phase.end(with: result) else { return }
    let now = cplatform_now_ns()
    repeats?.ended(operation, with: result, at: now)
    result.complete(operation, at: now)
    operation.driven.requestBody = ByteBuffer(byteLimit: 0)
    switch operation.guarded.delivery {
    case .queue:
      if ended.isEmpty { cplatform_signal_raise(descriptor) }
      ended.append(operation)
    case .call(let gate):
      operations.remove(operation.guarded.number)
      deliver(result, to: gate)
    // A thread that waits to take it still looks it up by its number.
    case .takers(let gate, _): deliver(result, to: gate)
    }
  }

  private func deliver(_ result: OperationResult, to gate: Operation.Gate) {
    gate.withLock { $0 = result }
    gate.broadcast()
  }

  /// Removes the operation that ended first.
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

// MARK: What waits in vain

extension ClientState {
  /// Ends what waits in the queue of a closed client.
  mutating func endWaiting() {
    while let operation = waiting.popFirst() {
      if operation.guarded.phase.isWaiting { giveUp(operation, cause: DEEPIDV_E_CANCELLED) }
    }
  }

  /// Ends what waits and has reached its deadline.
  ///
  /// One timeout for all: who waits longest has the earliest deadline.
  mutating func endOverdue(at now: UInt64) {
    while let operation = waiting.first {
      let isWaiting = operation.guarded.phase.isWaiting
      if isWaiting, operation.deadline > now { return }
      _ = waiting.popFirst()
      if isWaiting { giveUp(operation, cause: DEEPIDV_E_TIMEOUT) }
    }
  }

  /// How an operation ends that cannot be sent in time behind those that wait; nil if it can.
  mutating func refusal(of operation: Operation, at now: UInt64) -> OperationResult? {
    func wait() -> UInt64? {
      limiter.refusal(before: operation.deadline, queued: waiting.count, at: now)
    }
    guard wait() != nil else { return nil }
    // Without those that are in the queue for nothing there may be time.
    endLate(at: now)
    return wait().map { operation.tooLateResult(wait: $0) }
  }

  /// Ends what waits and cannot be sent in time any more, and takes what has ended from the queue.
  ///
  /// As the queue goes: what ends makes room for what comes after it.
  mutating func endLate(at now: UInt64) {
    let throttles = limiter.throttles
    guard throttles != throttlesSeen || hasCancelledWaiting else { return }
    throttlesSeen = throttles
    hasCancelledWaiting = false
    var before = 0
    var any = false
    // Elsewhere meanwhile, so that the closure has all of the state.
    var queue = Fifo<Operation>()
    swap(&queue, &waiting)
    queue.removeAll { operation in
      guard operation.guarded.phase.isWaiting else { return true }
      guard let wait = limiter.refusal(before: operation.deadline, queued: before, at: now) else {
        before += 1
        return false
      }
      finish(operation, with: operation.tooLateResult(wait: wait))
      any = true
      return true
    }
    swap(&queue, &waiting)
    if any { waiters.wakeAll() }
  }
}
