import CDeepIDV
import CPlatform

/// The thread that drives a client's engine whenever nobody else does who could.
final class Worker {
  let engine: Engine
  private let client: Client
  private let gate: Monitor
  private var thread: OpaquePointer?

  // Under the gate.
  private var mayDrive = false

  private init(_ client: Client, _ engine: Engine, _ gate: Monitor) {
    self.client = client
    self.engine = engine
    self.gate = gate
  }

  /// Starts a thread for a client; it sleeps until it is let drive.
  static func start(for client: Client) throws(Refusal) -> Worker {
    let gate = try Monitor.make()
    let engine = try Engine.make(for: client)
    let worker = Worker(client, engine, gate)
    guard WorkerRegistry.add(worker) else {
      engine.end()
      throw Refusal(DEEPIDV_E_CLOSED)
    }
    let context = Unmanaged.passRetained(worker)
    worker.thread = cplatform_thread_start(
      "deepidv",
      { context in
        guard let context else { return }
        Unmanaged<Worker>.fromOpaque(context).takeRetainedValue().run()
      }, context.toOpaque())
    guard worker.thread != nil else {
      context.release()
      WorkerRegistry.remove(worker)
      engine.end()
      throw Refusal(DEEPIDV_E_SYSTEM)
    }
    return worker
  }

  /// Gives it the drive, which is nobody's.
  func letDrive() {
    gate.withLock { mayDrive = true }
    gate.broadcast()
  }

  private func run() {
    var isOver = false
    while !isOver {
      gate.withLock {
        while !mayDrive { _ = gate.wait(until: .max) }
        mayDrive = false
      }
      isOver = engine.driveWithWorker()
    }
  }

  /// Waits for the thread's end, and ends what it used.
  func join() {
    guard let thread else { return }
    self.thread = nil
    cplatform_thread_join(thread)
    engine.end()
    WorkerRegistry.remove(self)
  }

  /// Waits for its end, but not for ever: the end may depend on the thread that waits.
  ///
  /// What it used is left to the end of the process.
  func joinForExit() {
    guard let thread else { return }
    self.thread = nil
    _ = cplatform_thread_join_within(thread, Self.exitWait)
  }

  /// Ends its client at the end of the process, if it is of this one.
  func endForExit() {
    if client.isOfThisProcess { client.shutDownForExit() }
  }

  /// Nanoseconds for which an exit waits for a thread at most.
  ///
  /// A worker needs some milliseconds.
  static var exitWait: UInt64 { 2_000_000_000 }
}
