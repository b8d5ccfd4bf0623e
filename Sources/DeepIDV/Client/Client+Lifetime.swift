import CDeepIDV
import CPlatform
import DeepIDVCore

// The start of a client's worker, and the end of both.

extension Client {
  /// The engine, created for the first operation, together with the worker that drives it when nobody else does.
  func startMachinery(_ state: inout ClientState) throws(Refusal) -> Engine {
    if let engine = state.engine { return engine }
    let engine = try Engine.make(isBoundToMachine: endpoint.isBoundToMachine)
    do throws(Refusal) {
      state.machinery = .running(engine, try Worker.start(engine, for: self))
    } catch {
      engine.end()
      throw error
    }
    return engine
  }

  /// Accepts no more operations and ends all that have not.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.endWaiting()
      state.tellDriver()
    }
    state.broadcast()
  }

  /// Closes and waits for the worker, which does not wait for the network.
  func shutDown() {
    close()
    guard let (engine, worker) = state.withLock({ $0.beginEnd() }) else { return }
    // A caller who drives has to find it, and gives it the seat.
    worker.join()
    engine.end()
    WorkerRegistry.remove(self)
    state.withLock { $0.machinery = .none }
  }

  /// Closes it at the end of the process, if that can be done from this thread.
  ///
  /// A handler that exits may have interrupted this very thread while it drove or held the lock. To wait for it
  /// would be to wait for itself. What the worker has used is left to the end of the process.
  func shutDownForExit() {
    let machinery = state.withLock(within: Worker.exitWait) { state -> (Engine, Worker)? in
      if state.seat.isDriven(by: cplatform_thread_id()) { return nil }
      // The worker ends what waits: here it might take the very gate at which this thread was interrupted.
      state.isClosed = true
      state.tellDriver()
      return state.beginEnd()
    }
    if let (_, worker) = machinery ?? nil { worker.joinForExit() }
  }
}

extension ClientState {
  /// What the first caller has to end; nil if there is nothing, or another thread does so.
  fileprivate mutating func beginEnd() -> (Engine, Worker)? {
    guard case .running(let engine, let worker) = machinery else { return nil }
    machinery = .ending(engine, worker)
    return (engine, worker)
  }
}
