import CDeepIDV
import CPlatform
import DeepIDVCore

// For the engine, on the thread that drives.

extension Client {
  /// What has changed since the driver checked last.
  struct News {
    var isClosed: Bool
    /// Whether the driver has to stop an exchange.
    var mustInterrupt: Bool
  }

  /// What the driver can run next.
  enum Supply {
    /// This operation, which belongs to the driver from now on.
    case operation(Operation)
    /// Nothing before this time.
    case none(until: UInt64)
  }

  /// Reports that the worker has arrived; returns whether it drives, because a caller may have been faster.
  func workerArrived() -> Bool { state.withLock { $0.seat.workerArrived() } }

  /// Ends the operations that have waited too long, and returns what else has changed.
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

  /// Returns the next operation that the limiter allows to run.
  func nextOperation(at now: UInt64) -> Supply {
    state.withLock { state in
      while let operation = state.waiting.first {
        guard operation.guarded.phase.isWaiting else {
          _ = state.dequeue()
          continue
        }
        if let time = state.timeWithoutPermit(at: now) {
          state.seat.emptiedQueue()
          return .none(until: time)
        }
        if case .wait(let time) = limiter.take(at: now) {
          state.endLate(at: now)
          guard state.waiting.first === operation else { continue }
          if let wait = limiter.refusal(before: operation.sendDeadline, queued: 0, at: now) {
            state.end(operation, with: operation.tooLateResult(wait: wait))
            continue
          }
          state.seat.emptiedQueue()
          return .none(until: time)
        }
        _ = state.dequeue()
        state.permits.take()
        if operation.guarded.phase.start() { return .operation(operation) }
      }
      state.seat.emptiedQueue()
      return .none(until: .max)
    }
  }

  /// Makes a create search first if an equal one may have been executed.
  ///
  /// - Returns: `DEEPIDV_OK`, or the cause for which it must end.
  func admit(_ operation: Operation, at now: UInt64) -> deepidv_status {
    guard operation.driven.exchange == .create, let repeats,
      // A create that was searched for may be forgotten by now, because another operation sent it.
      cplatform_remembered() != 0 || operation.driven.repeated != nil
    else { return DEEPIDV_OK }
    return repeats.admit(operation, at: now)
  }

  /// Returns an operation to the head of the queue, or ends it if it was cancelled.
  ///
  /// The next request of a wait goes to the tail, like that of a new operation.
  func requeue(_ operation: Operation) {
    state.withLock { state in
      switch operation.guarded.phase.requeue(isClosed: state.isClosed) {
      case .accepted where operation.kind.row.retry == .poll:
        state.append(operation, at: cplatform_now_ns())
      case .accepted: state.enqueue(operation, atHead: true)
      case .end: state.giveUp(operation, cause: DEEPIDV_E_CANCELLED)
      case .alreadyDone: return
      }
    }
  }

  /// Lets an operation wait for its next attempt; false if it was cancelled, and has ended.
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

  /// Whether the driver has to stop the operation's exchange.
  func isCancelled(_ operation: Operation) -> Bool {
    state.withLock { $0.isClosed || operation.guarded.phase.isCancelled }
  }

  /// What a driver does that has nothing to do at the moment.
  enum Pause {
    /// Check again: something has changed.
    case checkAgain
    /// Sleep until woken, or until an operation that waits reaches its deadline.
    case sleep(until: UInt64)
    /// Stop driving; `isOver` if the client is closed, and all operations have ended.
    case leave(isOver: Bool)
  }

  /// Lets the driver sleep or stop, unless there is something to do.
  ///
  /// - Parameters:
  ///   - operation: What the driver waits for; nil if it is the worker.
  ///   - deadline: When it stops waiting.
  ///   - hasRoom: Whether it could run another operation.
  ///   - isIdle: Whether nothing is in flight.
  func pauseDriver(
    waitingFor operation: Operation?, until deadline: UInt64, hasRoom: Bool, isIdle: Bool
  ) -> Pause {
    state.withLock { state in
      let isIdle = isIdle && state.waiting.isEmpty
      if let operation {
        if operation.guarded.phase.isDone || deadline <= cplatform_now_ns() {
          // If the client is closed, the worker has to notice that and end its thread.
          state.act(on: state.seat.callerLeft(hasWork: !isIdle || state.isClosed))
          return .leave(isOver: false)
        }
      } else if state.isClosed, isIdle {
        return .leave(isOver: true)
      }
      switch state.seat.pause(hasRoom: hasRoom, isIdle: isIdle) {
      case .checkAgain: return .checkAgain
      case .sleep: return .sleep(until: state.driverSleeps())
      case .leave: return .leave(isOver: false)
      }
    }
  }

  /// Ends an operation that the engine could not begin.
  func giveUp(_ operation: Operation, cause: deepidv_status) {
    state.withLock { $0.giveUp(operation, cause: cause) }
  }

  /// An operation that has ended, and its result.
  struct Ended {
    let operation: Operation
    let result: OperationResult
  }

  /// Ends operations, except those that have ended meanwhile.
  ///
  /// All at once, so that a thread that waits for them is woken once; and after the lock is free, so that it does not
  /// have to wait for it.
  func end(_ all: [Ended]) {
    if all.isEmpty { return }
    state.withLock { state in
      for ended in all { state.finish(ended.operation, with: ended.result) }
    }
    state.broadcast()
  }
}
