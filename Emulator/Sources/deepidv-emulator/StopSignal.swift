import Foundation

/// Waits for the signals that stop the process.
///
/// Each source has its own queue or thread, because the threads of the task
/// pool may all be busy.
enum StopSignal {
  /// Yields on SIGTERM, on SIGINT, and optionally at the end of standard input.
  static func stream(withStandardInput: Bool) -> AsyncStream<Void> {
    AsyncStream { continuation in
      for number in [SIGTERM, SIGINT] { stop(continuation, on: number) }
      if withStandardInput {
        Thread.detachNewThread {
          while let data = try? FileHandle.standardInput.read(upToCount: 4096), !data.isEmpty {}
          stop(continuation)
        }
      }
    }
  }

  private static func stop(_ stream: AsyncStream<Void>.Continuation, on number: Int32) {
    // Disable the default action, which would end the process before the source sees the signal.
    signal(number, SIG_IGN)
    let queue = DispatchQueue(label: "signal \(number)")
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler {
      // The handler keeps its own source alive.
      withExtendedLifetime(source) { stop(stream) }
    }
    source.activate()
  }

  /// Requests a stop, and exits if the process is still running after two seconds.
  ///
  /// The server rescans a header line for each of its bytes. A few very long lines can keep every
  /// thread of the pool busy, so nothing would handle the request.
  private static func stop(_ stream: AsyncStream<Void>.Continuation) {
    stream.yield()
    Thread.sleep(forTimeInterval: 2)
    exit(0)
  }
}
