import Foundation

/// Waits for the signals that stop the process.
struct StopSignal: Sendable {
  private let arrived = DispatchSemaphore(value: 0)

  /// Watches SIGTERM and SIGINT, and optionally the end of standard input.
  init(withStandardInput: Bool) {
    for number in [SIGTERM, SIGINT] { watch(number) }
    guard withStandardInput else { return }
    Thread.detachNewThread { [arrived] in
      while let data = try? FileHandle.standardInput.read(upToCount: 4096), !data.isEmpty {}
      arrived.signal()
    }
  }

  /// Returns once one has arrived.
  func wait() { arrived.wait() }

  private func watch(_ number: Int32) {
    // Disable the default action, which would end the process before the source sees the signal.
    signal(number, SIG_IGN)
    let queue = DispatchQueue(label: "signal \(number)")
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler { [arrived] in
      // The handler keeps its own source alive.
      withExtendedLifetime(source) { _ = arrived.signal() }
    }
    source.activate()
  }
}
