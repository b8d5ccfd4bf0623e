import CDeepIDV
import CPlatform

/// The thread that drives a client's engine when no caller does.
final class Worker {
  private let gate: Monitor<Bool>
  private let thread: OpaquePointer

  private init(_ gate: Monitor<Bool>, _ thread: OpaquePointer) {
    self.gate = gate
    self.thread = thread
  }

  /// What the thread uses, which keeps the client alive until the thread ends.
  private final class Duty {
    let client: Client
    let engine: Engine
    /// Whether the thread may drive.
    let gate: Monitor<Bool>

    init(_ client: Client, engine: Engine, gate: Monitor<Bool>) {
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

  /// Starts a thread for a client; it sleeps until `letDrive()`.
  static func start(_ engine: Engine, for client: Client) throws(Refusal) -> Worker {
    let gate = try Monitor.make { _ in false }
    guard WorkerRegistry.add(client) else { throw Refusal(DEEPIDV_E_CLOSED) }
    let duty = Unmanaged.passRetained(Duty(client, engine: engine, gate: gate))
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

  /// Lets the thread drive; no other thread may drive then.
  func letDrive() {
    gate.withLock { $0 = true }
    gate.broadcast()
  }

  /// Waits for the thread to end; called once.
  func join() { cplatform_thread_join(thread) }

  /// Waits for the thread to end, with a time limit, because that may depend on the thread that waits.
  func joinForExit() { _ = cplatform_thread_join_within(thread, Self.exitWait) }

  /// The longest time in nanoseconds that an exit waits for a thread, which needs a few milliseconds.
  static var exitWait: UInt64 { 2_000_000_000 }
}
