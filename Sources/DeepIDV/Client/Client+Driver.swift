import CDeepIDV
import CPlatform
import DeepIDVCore

// What the engine asks of its client and reports to it, on the thread that drives.

extension Client {
  /// What the driver has to know before it checks the transfers.
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

  /// Whether the worker, which was let drive, is to drive indeed: a caller may have come before it.
  func workerComes() -> Bool { state.withLock { $0.seat.workerComes() } }

  /// Ends what has waited too long, and returns what else is new.
  func news(at now: UInt64) -> News {
    state.withLock { state in
      state.seat.checkedNews()
      if state.isClosed { state.endWaiting() }
      state.endOverdue(at: now)
      defer { state.hasCancelledRunning = false }
      return News(
        isClosed: state.isClosed, mustInterrupt: state.isClosed || state.hasCancelledRunning)
    }
  }

  /// The next operation that the limiter allows to run.
  func takeWaiting(at now: UInt64) -> Supply {
    state.withLock { state in
      while let operation = state.waiting.first {
        guard operation.guarded.phase.isWaiting else {
          _ = state.waiting.popFirst()
          continue
        }
        if case .wait(let time) = limiter.take(at: now) {
          state.endLate(at: now)
          guard state.waiting.first === operation else { continue }
          if let wait = limiter.refusal(before: operation.deadline, queued: 0, at: now) {
            state.end(operation, with: operation.tooLateResult(wait: wait))
            continue
          }
          state.seat.emptiedQueue()
          return .none(until: time)
        }
        _ = state.waiting.popFirst()
        if operation.guarded.phase.start() { return .operation(operation) }
      }
      state.seat.emptiedQueue()
      return .none(until: .max)
    }
  }

  /// Has a create search first if it may have been executed already.
  ///
  /// - Returns: `DEEPIDV_OK`, or why it has to end instead.
  func admit(_ operation: Operation, at now: UInt64) -> deepidv_status {
    guard operation.driven.exchange == .create, let repeats else { return DEEPIDV_OK }
    return repeats.admit(operation, at: now)
  }

  /// Puts an operation back to the head of the queue, unless it has to end or has ended meanwhile.
  func requeue(_ operation: Operation) {
    state.withLock { state in
      switch operation.guarded.phase.requeue(isClosed: state.isClosed) {
      case .accepted: state.waiting.prepend(operation)
      case .end: state.giveUp(operation, cause: DEEPIDV_E_CANCELLED)
      case .alreadyDone: return
      }
    }
  }

  /// Marks an operation as waiting for its next attempt; false if it has to end instead, and did.
  func backOff(_ operation: Operation) -> Bool {
    state.withLock { state in
      switch operation.guarded.phase.backOff(isClosed: state.isClosed) {
      case .accepted: return true
      case .end: state.giveUp(operation, cause: DEEPIDV_E_CANCELLED)
      case .alreadyDone: break
      }
      return false
    }
  }

  /// Whether the driver must take this one from the transport.
  func isCancelled(_ operation: Operation) -> Bool {
    state.withLock { $0.isClosed || operation.guarded.phase.isCancelled }
  }

  /// What a driver does who has nothing to do at the moment.
  enum Pause {
    /// Check again: there is something new.
    case checkAgain
    /// Sleep until woken, or until what waits longest has to be given up.
    case sleep(until: UInt64)
    /// Leave the seat; `isOver` if the client is closed, and all has ended.
    case leave(isOver: Bool)
  }

  /// - Parameters:
  ///   - operation: What the driver waits for; nil if it is the worker.
  ///   - deadline: Until when it waits at most.
  ///   - hasRoom: Whether it could take an operation from the queue.
  ///   - isIdle: Whether nothing is under way.
  func pauseDriver(
    waitingFor operation: Operation?, until deadline: UInt64, hasRoom: Bool, isIdle: Bool
  ) -> Pause {
    state.withLock { state in
      let isIdle = isIdle && state.waiting.isEmpty
      if let operation {
        if operation.guarded.phase.isDone || deadline <= cplatform_now_ns() {
          // The worker has to see the close: its thread ends with it.
          state.act(on: state.seat.callerLeaves(hasWork: !isIdle || state.isClosed))
          return .leave(isOver: false)
        }
      } else if state.isClosed, isIdle {
        return .leave(isOver: true)
      }
      switch state.seat.pause(hasRoom: hasRoom, isIdle: isIdle) {
      case .checkAgain: return .checkAgain
      case .sleep: return .sleep(until: state.waiting.first?.deadline ?? .max)
      case .leave: return .leave(isOver: false)
      }
    }
  }

  /// An operation of the driver's that has ended, and how.
  struct Ended {
    let operation: Operation
    let result: OperationResult
  }

  /// Ends operations of the driver's, but for those that have ended meanwhile.
  ///
  /// All at once, so that a thread that waits for them is woken once; and outside, so that it need not wait
  /// for the lock then.
  func end(_ all: [Ended]) {
    if all.isEmpty { return }
    state.withLock { state in
      for ended in all { state.finish(ended.operation, with: ended.result) }
    }
    state.broadcast()
  }
}
