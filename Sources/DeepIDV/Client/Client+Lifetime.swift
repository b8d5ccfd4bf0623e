import CDeepIDV
import CPlatform
import DeepIDVCore

// The start and the end of a client's engine and worker.

extension Client {
  /// Returns the engine; for the first operation, creates it and starts the worker.
  func startTransport(_ state: inout ClientState) throws(Refusal) -> Engine {
    if let engine = state.engine { return engine }
    let engine = try Engine.make(isBoundToMachine: endpoint.isBoundToMachine)
    do throws(Refusal) {
      state.transport = .running(engine, try Worker.start(engine, for: self))
    } catch {
      engine.end()
      throw error
    }
    return engine
  }

  /// Closes the client: it accepts no more operations, and the driver cancels those that run.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.endWaiting()
      state.notifyDriver()
    }
    state.broadcast()
  }

  /// Closes the client and waits for the worker, which does not wait for the network.
  func shutDown() {
    close()
    guard let (engine, worker) = state.withLock({ $0.beginShutDown() }) else { return }
    // A caller that drives lets the worker drive instead, which then ends.
    worker.join()
    engine.end()
    WorkerRegistry.remove(self)
    state.withLock { $0.transport = .none }
  }

  /// Closes the client when the process exits, if that is possible on this thread.
  ///
  /// A signal handler that exits may have interrupted this very thread while it drove or held the lock, so that it
  /// would wait for itself. The worker's memory is not freed: the process ends.
  func shutDownForExit() {
    let transport = state.withLock(within: Worker.exitWait) { state -> (Engine, Worker)? in
      if state.seat.isDriven(by: cplatform_thread_id()) { return nil }
      // The worker ends what waits: this thread may have been interrupted while it held an operation's gate.
      state.isClosed = true
      state.notifyDriver()
      return state.beginShutDown()
    }
    if let (_, worker) = transport ?? nil { worker.joinForExit() }
  }
}

extension ClientState {
  /// Returns what to end, to one thread only; nil to all others, or if there is nothing.
  fileprivate mutating func beginShutDown() -> (Engine, Worker)? {
    guard case .running(let engine, let worker) = transport else { return nil }
    transport = .ending(engine, worker)
    return (engine, worker)
  }
}
