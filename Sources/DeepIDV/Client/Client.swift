import CDeepIDV
import CPlatform
import DeepIDVCore

/// Takes operations, hands them to its worker, and keeps what has ended until it is taken.
///
/// Every accepted operation ends in exactly one call of `finish(_:_:)`.
final class Client: HandleObject {
  static var magic: UInt64 { 0x6465_6570_636c_6e74 }

  let settings: Settings
  let endpoint: Endpoint
  let pacer: Pacer
  /// Readable exactly while `ended` is not empty: raised and lowered under the lock.
  let descriptor: Int32
  private let process: Int32
  private let lock: Lock

  // Under the lock.
  private var operations = OperationTable<Operation>()
  private var waiting = Fifo<Operation>()
  private var ended = Fifo<Operation>()
  private var isClosed = false
  /// Whether an operation that runs was cancelled since the worker has looked.
  private var hasCancelled = false
  private var worker: Worker?
  /// Whether there is something that the worker has not looked at: a cancellation, or the close.
  private var workerHasNews = false
  /// Whether operations have been submitted since the worker has emptied the queue or waits for the pace.
  private var queueHasNews = false
  /// Whether the worker has to be woken to look; saves a system call each time that it has not.
  private var workerSleeps = false
  /// Whether it would look at the queue: without room it does so by itself as soon as it has.
  private var workerHasRoom = false

  private init(
    _ settings: consuming Settings, _ endpoint: Endpoint, _ pacer: Pacer, _ lock: Lock,
    _ descriptor: Int32
  ) {
    self.settings = settings
    self.endpoint = endpoint
    self.pacer = pacer
    self.lock = lock
    self.descriptor = descriptor
    process = cplatform_process_id()
  }

  deinit {
    cplatform_close(descriptor)
    if isOfThisProcess { pacer.release() }
  }

  static func make(_ config: Config) throws(Refusal) -> Client {
    if config.settings.apiKey.isEmpty { throw Refusal(DEEPIDV_E_REQUIRED) }
    guard LiveWorkers.prepare() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    let settings = try Settings(copying: config.settings)
    let endpoint = try Endpoint.make(settings)
    let lock = try Lock.make()
    let pacer = try Pacer.acquire(for: settings)
    let descriptor = cplatform_signal_new()
    if descriptor < 0 {
      pacer.release()
      throw Refusal(DEEPIDV_E_SYSTEM)
    }
    return Client(settings, endpoint, pacer, lock, descriptor)
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
  /// When it returns, the operation will end; when it throws, it never began.
  func submit(_ operation: Operation) throws(Refusal) {
    try lock.withLock { () throws(Refusal) in
      if isClosed { throw Refusal(DEEPIDV_E_CLOSED) }
      if operations.count >= Int(settings.maxInFlight) { throw Refusal(DEEPIDV_E_BUSY) }
      if let foregone = operation.foregone {
        guard let number = operations.insert(operation) else { throw Refusal(DEEPIDV_E_BUSY) }
        operation.number = number
        return end(operation, foregone)
      }
      // What could not be sent in time is refused now, when the caller can still do something else.
      guard
        pacer.canSend(
          before: operation.deadline, queued: waiting.count, at: operation.submitted)
      else { throw Refusal(DEEPIDV_E_RATE_LIMITED) }
      if worker == nil { worker = try Worker.start(for: self) }
      guard let number = operations.insert(operation) else { throw Refusal(DEEPIDV_E_BUSY) }
      operation.number = number
      waiting.append(operation)
      queueHasNews = true
      if workerHasRoom { wakeWorker() }
    }
  }

  /// Runs an operation that has a gate, and waits there for its end.
  func run(_ operation: Operation, _ gate: Lock) throws(Refusal) -> OperationResult {
    try submit(operation)
    return gate.withLock {
      while true {
        if let result = operation.result { return result }
        _ = gate.wait(until: .max)
      }
    }
  }

  /// Takes the operation that ended first.
  func takeEnded() throws(Refusal) -> Operation {
    try lock.withLock { () throws(Refusal) in
      guard let operation = ended.popFirst() else {
        throw Refusal(isFinished ? DEEPIDV_E_CLOSED : DEEPIDV_E_EMPTY)
      }
      operations.remove(operation.number)
      if ended.isEmpty { cplatform_signal_lower(descriptor) }
      if isFinished { lock.broadcast() }
      return operation
    }
  }

  /// Waits until an operation has ended and can be taken.
  func waitForEnded(timeoutMS: Int32) throws(Refusal) {
    let deadline =
      timeoutMS < 0 ? UInt64.max : cplatform_now_ns() &+ UInt64(timeoutMS) &* 1_000_000
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
  /// One that runs is taken from the transport by the worker.
  func cancel(_ number: UInt64) throws(Refusal) {
    try lock.withLock { () throws(Refusal) in
      guard let operation = operations.find(number) else { throw Refusal(DEEPIDV_E_NO_OPERATION) }
      switch operation.phase {
      case .done: throw Refusal(DEEPIDV_E_NO_OPERATION)
      case .waiting, .resting: end(operation, operation.resultSoFar(DEEPIDV_E_CANCELLED))
      case .running:
        operation.isCancelled = true
        hasCancelled = true
        tellWorker()
      }
    }
  }

  /// Takes no more operations and ends all that have not.
  func close() {
    lock.withLock {
      isClosed = true
      while let operation = waiting.popFirst() {
        if operation.phase == .waiting {
          end(operation, operation.resultSoFar(DEEPIDV_E_CANCELLED))
        }
      }
      tellWorker()
      lock.broadcast()
    }
  }

  /// Closes and waits for the worker, which does not wait for the network.
  func shutDown() {
    close()
    let worker = lock.withLock {
      let worker = self.worker
      self.worker = nil
      return worker
    }
    worker?.join()
  }

  /// Closed, and nothing left to take.
  private var isFinished: Bool { isClosed && operations.count == 0 }

  private func tellWorker() {
    workerHasNews = true
    wakeWorker()
  }

  private func wakeWorker() {
    guard workerSleeps, let worker else { return }
    workerSleeps = false
    worker.wake()
  }
}

// MARK: For the worker

extension Client {
  /// What the worker has to know before it looks at its transfers.
  struct News {
    var isClosed: Bool
    /// Whether an operation must be taken from the transport.
    var mustInterrupt: Bool
  }

  /// What the queue has for a worker with room for one more.
  enum Supply {
    /// An operation to run, which is the worker's from now on.
    case operation(Operation)
    /// None before this time.
    case none(until: UInt64)
  }

  /// Ends what has waited too long, and answers what else is new.
  func news(at now: UInt64) -> News {
    lock.withLock {
      workerHasNews = false
      workerSleeps = false
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
        if case .wait(let time) = pacer.take(at: now) {
          queueHasNews = false
          return .none(until: time)
        }
        _ = waiting.popFirst()
        operation.phase = .running
        return .operation(operation)
      }
      queueHasNews = false
      return .none(until: .max)
    }
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
  func rest(_ operation: Operation) -> Bool {
    lock.withLock {
      guard !isClosed, !operation.isCancelled else {
        end(operation, operation.resultSoFar(DEEPIDV_E_CANCELLED))
        return false
      }
      operation.phase = .resting
      return true
    }
  }

  /// Whether the worker must take this one from the transport.
  func isCancelled(_ operation: Operation) -> Bool {
    lock.withLock { operation.isCancelled || isClosed }
  }

  /// Lets the worker sleep until it is woken, at most until what waits longest has to be given up; nil if
  /// there is something to look at.
  func letWorkerSleep(hasRoom: Bool) -> UInt64? {
    lock.withLock {
      workerHasRoom = hasRoom
      workerSleeps = !workerHasNews && !(hasRoom && queueHasNews)
      return workerSleeps ? waiting.first?.deadline ?? .max : nil
    }
  }

  /// Ends operations that the worker has, but for those that have ended meanwhile.
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

  /// The one end of every operation; who waits is still to be woken.
  ///
  /// Under the lock.
  private func finish(_ operation: Operation, _ result: OperationResult) {
    operation.phase = .done
    result.complete(operation, at: cplatform_now_ns())
    operation.body = ByteBuffer(byteLimit: 0)
    if let gate = operation.gate {
      operations.remove(operation.number)
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
