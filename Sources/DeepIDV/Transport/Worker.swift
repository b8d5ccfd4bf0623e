import CDeepIDV
import CPlatform

/// The thread that drives a client's engine whenever nobody else does who could.
final class Worker {
  private let gate: Monitor<Bool>
  private let thread: OpaquePointer

  private init(_ gate: Monitor<Bool>, _ thread: OpaquePointer) {
    self.gate = gate
    self.thread = thread
  }

  /// What the thread has while it runs: the client is not freed before it ends.
  private final class Duty {
    let client: Client
    let engine: Engine
    /// Whether the thread may drive.
    let gate: Monitor<Bool>

    init(_ client: Client, _ engine: Engine, _ gate: Monitor<Bool>) {
      self.client = client
      self.engine = engine
      self.gate = gate
    }

    func run() {
      var isOver = false
      while !isOver {
        _ = gate.wait(until: .max) { mayDrive -> Bool? in
          defer { mayDrive = false }
          return mayDrive ? true : nil
        }
        isOver = engine.driveWithWorker(client)
      }
    }
  }

  /// Starts a thread for a client; it sleeps until it is let drive.
  static func start(_ engine: Engine, for client: Client) throws(Refusal) -> Worker {
    let gate = try Monitor.make { _ in false }
    guard WorkerRegistry.add(client) else { throw Refusal(DEEPIDV_E_CLOSED) }
    let duty = Unmanaged.passRetained(Duty(client, engine, gate))
    let thread = cplatform_thread_start(
      "deepidv",
      { duty in
        guard let duty else { return }
        Unmanaged<Duty>.fromOpaque(duty).takeRetainedValue().run()
      }, duty.toOpaque())
    guard let thread else {
      duty.release()
      WorkerRegistry.remove(client)
      throw Refusal(DEEPIDV_E_SYSTEM)
    }
    return Worker(gate, thread)
  }

  /// Gives it the seat, which nobody has.
  func letDrive() {
    gate.withLock { $0 = true }
    gate.broadcast()
  }

  /// Waits for the thread's end; once.
  func join() { cplatform_thread_join(thread) }

  /// Waits for the thread's end, but not for ever: the end may depend on the thread that waits.
  func joinForExit() { _ = cplatform_thread_join_within(thread, Self.exitWait) }

  /// Nanoseconds for which an exit waits for a thread at most.
  ///
  /// A worker needs some milliseconds.
  static var exitWait: UInt64 { 2_000_000_000 }
}
