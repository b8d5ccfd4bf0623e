import CDeepIDV
import CPlatform
import DeepIDVCore

// For callers, on their own threads.

extension Client {
  /// Accepts an operation, and returns its number.
  ///
  /// An operation that cannot be sent in time ends at once, while the caller can still do something else. If this
  /// throws, the operation was not accepted.
  func submit(_ operation: Operation) throws(Refusal) -> UInt64 {
    try state.withLock { state throws(Refusal) in
      _ = try accept(operation, callerWaits: false, &state)
      return operation.guarded.number
    }
  }

  /// Runs an operation and returns its result; meanwhile this thread drives, if no other thread does.
  func run(_ operation: Operation, waitingAt gate: Operation.Gate) throws(Refusal)
    -> OperationResult
  {
    let engine = try state.withLock { state throws(Refusal) in
      try accept(operation, callerWaits: true, &state)
    }
    engine?.drive(self, until: operation, orUntil: .max)
    while true {
      if let result = gate.result(before: .max) { return result }
    }
  }

  /// Accepts an operation.
  ///
  /// - Returns: The engine, if this thread has to drive it.
  private func accept(
    _ operation: Operation, callerWaits: Bool, _ state: inout ClientState
  ) throws(Refusal) -> Engine? {
    if state.isClosed { throw Refusal(DEEPIDV_E_CLOSED) }
    if state.operations.count >= Int(settings.values.maxInFlight) { throw Refusal(DEEPIDV_E_BUSY) }
    if let result = operation.query.presetResult
      ?? state.refusal(of: operation, at: operation.submitted)
    {
      try state.register(operation)
      state.end(operation, with: result)
      return nil
    }
    let engine = try startTransport(&state)
    try state.register(operation)
    state.enqueue(operation)
    let step = state.seat.queued(callerWaits: callerWaits, thread: cplatform_thread_id())
    if step == .drive { return engine }
    state.act(on: step)
    state.ensureDriverWakes(by: operation.sendDeadline)
    return nil
  }

  /// Takes an operation that was submitted, and waits for its end; meanwhile this thread drives, if no other does.
  ///
  /// - Returns: nil if it has not ended before the deadline.
  func take(_ number: UInt64, before deadline: UInt64) throws(Refusal) -> Operation? {
    let (operation, gate, engine) = try state.withLock {
      state throws(Refusal) -> (Operation, Operation.Gate?, Engine?) in
      guard let operation = state.operations.find(number),
        !operation.guarded.delivery.isBlockingCall
      else { throw Refusal(DEEPIDV_E_NO_OPERATION) }
      if operation.guarded.phase.isDone || deadline <= cplatform_now_ns() {
        return (operation, nil, nil)
      }
      let gate = try operation.guarded.delivery.addTaker()
      guard let engine = state.engine,
        state.seat.callerArrived(thread: cplatform_thread_id()) == .drive
      else { return (operation, gate, nil) }
      return (operation, gate, engine)
    }
    engine?.drive(self, until: operation, orUntil: deadline)
    _ = gate?.result(before: deadline)
    return try state.withLock { state throws(Refusal) in
      if gate != nil { operation.guarded.delivery.removeTaker() }
      guard operation.guarded.phase.isDone else { return nil }
      guard state.takeEnded(operation) else { throw Refusal(DEEPIDV_E_NO_OPERATION) }
      return operation
    }
  }

  /// Takes the operation that ended first.
  func takeEnded() throws(Refusal) -> Operation {
    try state.withLock { state throws(Refusal) in
      if let operation = state.takeFirstEnded() { return operation }
      throw Refusal(state.isFinished ? DEEPIDV_E_CLOSED : DEEPIDV_E_EMPTY)
    }
  }

  /// Waits until there is an operation to take.
  func waitForEnded(timeoutMS: Int32) throws(Refusal) {
    let deadline = Self.deadline(afterMS: timeoutMS)
    let status = state.wait(until: deadline) { state -> deepidv_status? in
      if !state.ended.isEmpty { return DEEPIDV_OK }
      if state.isFinished { return DEEPIDV_E_CLOSED }
      return deadline <= cplatform_now_ns() ? DEEPIDV_E_TIMEOUT : nil
    }
    if let status, status != DEEPIDV_OK { throw Refusal(status) }
  }

  /// Gives the client permits to send, and waits until requests need more; returns how many.
  func grant(_ permits: UInt32, leaseMS: UInt32, timeoutMS: Int32) throws(Refusal) -> UInt64 {
    if leaseMS == 0 {
      try stopGrants()
      return 0
    }
    let deadline = Self.deadline(afterMS: timeoutMS)
    let lease = UInt64(leaseMS) &* 1_000_000
    var call: Permits.Call?
    var isClosed = false
    let missing = state.wait(until: deadline) { state -> UInt64? in
      isClosed = state.isClosed
      if isClosed { return 0 }
      let now = cplatform_now_ns()
      let current: Permits.Call
      if let begun = call {
        current = begun
      } else {
        current = state.permits.begin(adding: permits, at: now)
        call = current
        state.permitsChanged()
      }
      guard state.permits.isCurrent(current) else { return 0 }
      state.endLate(at: now)
      let missing = state.missingPermits
      guard missing > 0 || deadline <= now else { return nil }
      state.permits.end(current, lease: lease, at: now)
      state.permitsChanged()
      return missing
    }
    if isClosed { throw Refusal(DEEPIDV_E_CLOSED) }
    return missing ?? 0
  }

  /// Ends pacing from outside, and the calls that wait to give permits.
  private func stopGrants() throws(Refusal) {
    let isClosed = state.withLock { state in
      state.permits.stop()
      state.permitsChanged()
      return state.isClosed
    }
    state.broadcast()
    if isClosed { throw Refusal(DEEPIDV_E_CLOSED) }
  }

  /// Cancels an operation.
  func cancel(_ number: UInt64) throws(Refusal) {
    try state.withLock { state throws(Refusal) in
      guard let operation = state.operations.find(number) else {
        throw Refusal(DEEPIDV_E_NO_OPERATION)
      }
      try state.cancel(operation)
    }
  }

  /// Returns the monotonic time when a timeout expires; a negative timeout never does.
  static func deadline(afterMS milliseconds: Int32) -> UInt64 {
    milliseconds < 0 ? .max : cplatform_now_ns() &+ UInt64(milliseconds) &* 1_000_000
  }
}

extension Operation.Delivery {
  /// Whether a blocking call waits for the operation, so that no other call can take it.
  fileprivate var isBlockingCall: Bool { if case .call = self { true } else { false } }

  /// Adds a thread that waits to take the operation, and returns where it waits.
  fileprivate mutating func addTaker() throws(Refusal) -> Operation.Gate {
    switch self {
    case .call(let gate): return gate
    case .queue:
      let gate = try Operation.Gate.make { _ in nil }
      self = .takers(gate, count: 1)
      return gate
    case .takers(let gate, let count):
      self = .takers(gate, count: count &+ 1)
      return gate
    }
  }

  /// Removes a thread that waits to take the operation.
  fileprivate mutating func removeTaker() {
    guard case .takers(let gate, let count) = self else { return }
    self = count > 1 ? .takers(gate, count: count - 1) : .queue
  }
}
