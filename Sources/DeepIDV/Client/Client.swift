import CDeepIDV
import CPlatform
import DeepIDVCore

/// Takes operations, sees to it that somebody drives, and keeps what has ended until it is taken.
///
/// Every accepted operation ends in exactly one call of `finish(_:_:)`.
final class Client: HandleObject {
  static var magic: UInt64 { 0x6465_6570_636c_6e74 }

  let settings: Settings
  let endpoint: Endpoint
  let limiter: SharedLimiter
  /// Readable exactly while `ended` is not empty: raised and lowered under the lock.
  let descriptor: Int32
  private let process: Int32
  private let lock: Monitor

  // Under the lock.
  private var operations = OperationTable<Operation>()
  private var waiting = Fifo<Operation>()
  private var ended = Fifo<Operation>()
  private var isClosed = false
  private var isShutDown = false
  /// Whether an operation that runs was cancelled since the driver has looked.
  private var hasCancelled = false
  /// Whether an operation that waits was cancelled, and so is in the queue for nothing.
  private var hasCancelledWaiting = false
  /// How many 429s the queue has been looked through after.
  private var throttlesSeen: UInt64 = 0
  private var worker: Worker?
  private var seat = DriverSeat()
  /// The caller's thread that drives, if one does.
  private var drivingThread: UInt = 0

  private init(
    _ settings: consuming Settings, _ endpoint: Endpoint, _ limiter: SharedLimiter, _ lock: Monitor,
    _ descriptor: Int32
  ) {
    self.settings = settings
    self.endpoint = endpoint
    self.limiter = limiter
    self.lock = lock
    self.descriptor = descriptor
    process = cplatform_process_id()
  }

  deinit {
    cplatform_close(descriptor)
    if isOfThisProcess { limiter.release() }
  }

  static func make(_ config: Config) throws(Refusal) -> Client {
    if config.settings.apiKey.isEmpty { throw Refusal(DEEPIDV_E_REQUIRED) }
    guard WorkerRegistry.prepare() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    var settings = try Settings(copying: config.settings)
    let endpoint = try Endpoint.make(settings)
    try endpoint.finish(&settings)
    let lock = try Monitor.make()
    let limiter = try SharedLimiter.acquire(for: settings)
    let descriptor = cplatform_signal_new()
    if descriptor < 0 {
      limiter.release()
      throw Refusal(DEEPIDV_E_SYSTEM)
    }
    return Client(settings, endpoint, limiter, lock, descriptor)
  }

  /// Whether this is the process that made the client.
  ///
  /// In a forked child the worker is gone, the lock may be held for ever, and the connections are the
  /// parent's.
  var isOfThisProcess: Bool { cplatform_process_id() == process }

  /// The client behind a handle, if it may be used here.
  static func usable(_ handle: OpaquePointer?) throws(Refusal) -> Client {
    let client = try object(handle, Client.self)
    guard client.isOfThisProcess else { throw Refusal(DEEPIDV_E_FORKED) }
    return client
  }
}

// MARK: For callers

extension Client {
  /// Accepts an operation.
  ///
  /// When it returns, the operation will end, or has: what could not be sent in time ends at once, when the
  /// caller can still do something else. When it throws, it never began.
  ///
  /// - Returns: What a caller who waits for the operation has to drive, if it has to.
  @discardableResult
  func submit(_ operation: Operation) throws(Refusal) -> Engine? {
    try lock.withLock { () throws(Refusal) in
      if isClosed { throw Refusal(DEEPIDV_E_CLOSED) }
      if operations.count >= Int(settings.maxInFlight) { throw Refusal(DEEPIDV_E_BUSY) }
      if let presetResult = operation.presetResult ?? refusal(operation, at: operation.submitted) {
        guard let number = operations.insert(operation) else { throw Refusal(DEEPIDV_E_BUSY) }
        operation.number = number
        end(operation, presetResult)
        return nil
      }
      let worker = try theWorker()
      guard let number = operations.insert(operation) else { throw Refusal(DEEPIDV_E_BUSY) }
      operation.number = number
      waiting.append(operation)
      let step = seat.queued(callerWaits: operation.gate != nil)
      guard step == .drive else {
        take(step)
        return nil
      }
      drivingThread = cplatform_thread_id()
      return worker.engine
    }
  }

  /// Runs an operation that has a gate, and waits there for its end; until then it drives, if nobody does.
  func run(_ operation: Operation, _ gate: Monitor) throws(Refusal) -> OperationResult {
    if let engine = try submit(operation) { engine.drive(until: operation, orUntil: .max) }
    return gate.withLock {
      while true {
        if let result = operation.result { return result }
        _ = gate.wait(until: .max)
      }
    }
  }

  /// Takes an operation that was submitted, whenever it ends, and waits for its end until the deadline at most;
  /// meanwhile it drives, if nobody does.
  ///
  /// - Returns: nil if it has not ended by then.
  func take(_ number: UInt64, before deadline: UInt64) throws(Refusal) -> Operation? {
    let (operation, gate, engine) = try lock.withLock {
      () throws(Refusal) -> (Operation, Monitor?, Engine?) in
      guard let operation = operations.find(number), !operation.isOfBlockingCall else {
        throw Refusal(DEEPIDV_E_NO_OPERATION)
      }
      if operation.phase == .done || deadline <= cplatform_now_ns() { return (operation, nil, nil) }
      let gate: Monitor
      if let existing = operation.gate { gate = existing } else { gate = try Monitor.make() }
      operation.gate = gate
      operation.takers += 1
      guard let engine = worker?.engine, seat.callerComes() == .drive else {
        return (operation, gate, nil)
      }
      drivingThread = cplatform_thread_id()
      return (operation, gate, engine)
    }
    if let engine { engine.drive(until: operation, orUntil: deadline) }
    gate?.withLock {
      while operation.result == nil, gate?.wait(until: deadline) == true { continue }
    }
    return try lock.withLock { () throws(Refusal) in
      if gate != nil {
        operation.takers -= 1
        if operation.takers == 0 { operation.gate = nil }
      }
      guard operation.phase == .done else { return nil }
      // Another thread may have been faster.
      guard operations.find(number) === operation else { throw Refusal(DEEPIDV_E_NO_OPERATION) }
      ended.remove(operation)
      forget(operation)
      return operation
    }
  }

  /// Takes the operation that ended first.
  func takeEnded() throws(Refusal) -> Operation {
    try lock.withLock { () throws(Refusal) in
      guard let operation = ended.popFirst() else {
        throw Refusal(isFinished ? DEEPIDV_E_CLOSED : DEEPIDV_E_EMPTY)
      }
      forget(operation)
      return operation
    }
  }

  /// Forgets an operation that was taken.
  ///
  /// Under the lock.
  private func forget(_ operation: Operation) {
    operations.remove(operation.number)
    if ended.isEmpty { cplatform_signal_lower(descriptor) }
    if isFinished { lock.broadcast() }
  }

  /// The monotonic time when a timeout in milliseconds expires; a negative timeout never does.
  static func deadline(afterMS milliseconds: Int32) -> UInt64 {
    milliseconds < 0 ? .max : cplatform_now_ns() &+ UInt64(milliseconds) &* 1_000_000
  }

  /// Waits until an operation has ended and can be taken.
  func waitForEnded(timeoutMS: Int32) throws(Refusal) {
    let deadline = Self.deadline(afterMS: timeoutMS)
    try lock.withLock { () throws(Refusal) in
      while ended.isEmpty {
        if isFinished { throw Refusal(DEEPIDV_E_CLOSED) }
        if deadline <= cplatform_now_ns() { throw Refusal(DEEPIDV_E_TIMEOUT) }
        _ = lock.wait(until: deadline)
      }
    }
  }

  /// Ends an operation early.
  ///
  /// One that runs is taken from the transport by the driver.
  func cancel(_ number: UInt64) throws(Refusal) {
    try lock.withLock { () throws(Refusal) in
      guard let operation = operations.find(number) else { throw Refusal(DEEPIDV_E_NO_OPERATION) }
      switch operation.phase {
      case .done: throw Refusal(DEEPIDV_E_NO_OPERATION)
      case .waiting:
        hasCancelledWaiting = true
        fallthrough
      case .backingOff: end(operation, operation.resultSoFar(DEEPIDV_E_CANCELLED))
      case .running:
        operation.isCancelled = true
        hasCancelled = true
        take(seat.newsArrived())
      }
    }
  }

  /// Takes no more operations and ends all that have not.
  func close() {
    lock.withLock {
      isClosed = true
      endWaiting()
      take(seat.newsArrived())
      lock.broadcast()
    }
  }

  /// Ends what waits in the queue of a closed client.
  ///
  /// Under the lock.
  private func endWaiting() {
    while let operation = waiting.popFirst() {
      if operation.phase == .waiting {
        end(operation, operation.resultSoFar(DEEPIDV_E_CANCELLED))
      }
    }
  }

  /// Closes and waits for the worker, which does not wait for the network.
  func shutDown() {
    close()
    let worker = lock.withLock { () -> Worker? in
      defer { isShutDown = true }
      return isShutDown ? nil : self.worker
    }
    guard let worker else { return }
    // A caller who drives has to find it, and gives it the drive.
    worker.join()
    lock.withLock { self.worker = nil }
  }

  /// How an operation ends that cannot be sent in time behind those that wait; nil if it can.
  ///
  /// Under the lock.
  private func refusal(_ operation: Operation, at now: UInt64) -> OperationResult? {
    func wait() -> UInt64? {
      limiter.refusal(before: operation.deadline, queued: waiting.count, at: now)
    }
    guard wait() != nil else { return nil }
    // Without those that are in the queue for nothing there may be time.
    endLate(at: now)
    return wait().map { operation.resultTooLate($0) }
  }

  /// Ends what waits and cannot be sent in time any more, and takes what has ended from the queue.
  ///
  /// As the queue goes: what ends makes room for what comes after it.
  ///
  /// Under the lock.
  private func endLate(at now: UInt64) {
    let throttles = limiter.throttles
    guard throttles != throttlesSeen || hasCancelledWaiting else { return }
    throttlesSeen = throttles
    hasCancelledWaiting = false
    var before = 0
    var any = false
    waiting.removeAll { operation in
      guard operation.phase == .waiting else { return true }
      guard let wait = limiter.refusal(before: operation.deadline, queued: before, at: now) else {
        before += 1
        return false
      }
      finish(operation, operation.resultTooLate(wait))
      any = true
      return true
    }
    if any { lock.broadcast() }
  }

  /// Closed, and nothing left to take.
  private var isFinished: Bool { isClosed && operations.count == 0 }

  /// The worker, started for the first operation.
  ///
  /// Under the lock.
  private func theWorker() throws(Refusal) -> Worker {
    if let worker { return worker }
    let started = try Worker.start(for: self)
    worker = started
    return started
  }

  /// Closes it at the end of the process, if that can be done from this thread.
  ///
  /// A handler that exits may have interrupted this very thread while it drove or held the lock. To wait for it
  /// would be to wait for itself.
  func shutDownForExit() {
    let worker = lock.withLock(within: Worker.exitWait) { () -> Worker? in
      if seat.driver == .caller, drivingThread == cplatform_thread_id() { return nil }
      // The worker ends what waits: here it might take the very gate at which this thread was interrupted.
      isClosed = true
      take(seat.newsArrived())
      return self.worker
    }
    worker??.joinForExit()
  }

  /// Under the lock.
  private func take(_ step: DriverSeat.Step) {
    switch step {
    case .nothing, .drive: return
    case .wake: worker?.engine.wake()
    case .letWorkerDrive: worker?.letDrive()
    }
  }
}

// MARK: For the driver

extension Client {
  /// What the driver has to know before it looks at the transfers.
  struct News {
    var isClosed: Bool
    /// Whether an operation must be taken from the transport.
    var mustInterrupt: Bool
  }

  /// What the queue has for a driver with room for one more.
  enum Supply {
    /// An operation to run, which is the driver's from now on.
    case operation(Operation)
    /// None before this time.
    case none(until: UInt64)
  }

  /// Whether the worker, which was let drive, is to drive indeed.
  func workerComes() -> Bool { lock.withLock { seat.workerComes() } }

  /// Ends what has waited too long, and answers what else is new.
  func news(at now: UInt64) -> News {
    lock.withLock {
      seat.checkedNews()
      if isClosed { endWaiting() }
      // One timeout for all: who waits longest has the earliest deadline.
      while let operation = waiting.first, operation.phase != .waiting || operation.deadline <= now
      {
        _ = waiting.popFirst()
        if operation.phase == .waiting {
          end(operation, operation.resultSoFar(DEEPIDV_E_TIMEOUT))
        }
      }
      defer { hasCancelled = false }
      return News(isClosed: isClosed, mustInterrupt: isClosed || hasCancelled)
    }
  }

  /// The next operation that the pace allows to run.
  func takeWaiting(at now: UInt64) -> Supply {
    lock.withLock {
      while let operation = waiting.first {
        guard operation.phase == .waiting else {
          _ = waiting.popFirst()
          continue
        }
        if case .wait(let time) = limiter.take(at: now) {
          endLate(at: now)
          guard waiting.first === operation else { continue }
          if let wait = limiter.refusal(before: operation.deadline, queued: 0, at: now) {
            end(operation, operation.resultTooLate(wait))
            continue
          }
          seat.emptiedQueue()
          return .none(until: time)
        }
        _ = waiting.popFirst()
        operation.phase = .running
        return .operation(operation)
      }
      seat.emptiedQueue()
      return .none(until: .max)
    }
  }

  /// Has a create search first if it may have been executed already.
  ///
  /// - Returns: `DEEPIDV_OK`, or why it has to end instead.
  func admit(_ operation: Operation, at now: UInt64) -> deepidv_status {
    guard operation.exchange == .create, settings.guardsRepeats else { return DEEPIDV_OK }
    return limiter.repeats.admit(operation, settle: settle, at: now)
  }

  /// Puts an operation back to the head of the queue, unless it has ended meanwhile.
  func requeue(_ operation: Operation) {
    lock.withLock {
      guard operation.phase != .done else { return }
      guard !isClosed, !operation.isCancelled else {
        return end(operation, operation.resultSoFar(DEEPIDV_E_CANCELLED))
      }
      operation.phase = .waiting
      waiting.prepend(operation)
    }
  }

  /// Marks an operation as resting; false if it has to end instead, and did.
  func backOff(_ operation: Operation) -> Bool {
    lock.withLock {
      guard !isClosed, !operation.isCancelled else {
        end(operation, operation.resultSoFar(DEEPIDV_E_CANCELLED))
        return false
      }
      operation.phase = .backingOff
      return true
    }
  }

  /// Whether the driver must take this one from the transport.
  func isCancelled(_ operation: Operation) -> Bool {
    lock.withLock { operation.isCancelled || isClosed }
  }

  /// What a driver does who has nothing to do at the moment.
  enum Pause {
    /// Look again: there is something new.
    case checkAgain
    /// Sleep until woken, or until what waits longest has to be given up.
    case sleep(until: UInt64)
    /// Leave the drive; `isOver` if the client is closed, and all has ended.
    case leave(isOver: Bool)
  }

  /// - Parameters:
  ///   - waitsFor: What the driver waits for; nil if it is the worker.
  ///   - deadline: Until when it waits at most.
  ///   - isIdle: Whether nothing is under way.
  func pauseDriver(
    waitsFor operation: Operation?, orUntil deadline: UInt64, hasRoom: Bool, isIdle: Bool
  ) -> Pause {
    lock.withLock {
      let isIdle = isIdle && waiting.first == nil
      if let operation {
        if operation.phase == .done || deadline <= cplatform_now_ns() {
          // The worker has to see the close: its thread ends with it.
          take(seat.callerLeaves(hasWork: !isIdle || isClosed))
          return .leave(isOver: false)
        }
      } else if isClosed, isIdle {
        return .leave(isOver: true)
      }
      switch seat.pause(hasRoom: hasRoom, isIdle: isIdle) {
      case .checkAgain: return .checkAgain
      case .sleep: return .sleep(until: waiting.first?.deadline ?? .max)
      case .leave: return .leave(isOver: false)
      }
    }
  }

  /// Ends operations that the driver has, but for those that have ended meanwhile.
  ///
  /// All at once, so that a thread that waits for them is woken once; and outside, so that it need not wait
  /// for the lock then.
  func endTaken(_ operations: [Operation], _ cause: deepidv_status) {
    lock.withLock {
      for operation in operations where operation.phase != .done {
        finish(operation, operation.resultSoFar(cause))
      }
    }
    lock.broadcast()
  }

  /// Ends an operation, and wakes who waits for it.
  ///
  /// Under the lock.
  private func end(_ operation: Operation, _ result: OperationResult) {
    finish(operation, result)
    lock.broadcast()
  }

  /// Remembers a create that must not be repeated blindly.
  private func guardRepeats(of operation: Operation, _ result: OperationResult) {
    guard settings.guardsRepeats, operation.lastSentAt != 0 || operation.repeated != nil else {
      return
    }
    limiter.repeats.ended(operation, result, settle: settle, at: cplatform_now_ns())
  }

  private var settle: UInt64 { UInt64(settings.settleMS) &* 1_000_000 }

  /// The one end of every operation; who waits is still to be woken.
  ///
  /// Under the lock.
  private func finish(_ operation: Operation, _ result: OperationResult) {
    operation.phase = .done
    guardRepeats(of: operation, result)
    result.complete(operation, at: cplatform_now_ns())
    operation.requestBody = ByteBuffer(byteLimit: 0)
    if let gate = operation.gate {
      // A thread that waits in `take` still looks it up by its number.
      if operation.isOfBlockingCall { operations.remove(operation.number) }
      // A gate of its own, so that one end does not wake every thread that waits for another.
      gate.withLock { operation.result = result }
      gate.broadcast()
      return
    }
    operation.result = result
    if ended.isEmpty { cplatform_signal_raise(descriptor) }
    ended.append(operation)
  }
}
