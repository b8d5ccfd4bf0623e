import Foundation

/// When it is time for the process to end.
enum StopSignal {
  /// Yields on SIGTERM, on SIGINT, and at the end of standard input if asked.
  static func stream(withStandardInput: Bool) -> AsyncStream<Void> {
    AsyncStream { continuation in
      for number in [SIGTERM, SIGINT] { yield(to: continuation, on: number) }
      if withStandardInput {
        // A thread, because reading a pipe blocks, and the pool of tasks has no thread to spare.
        Thread.detachNewThread {
          while let data = try? FileHandle.standardInput.read(upToCount: 4096), !data.isEmpty {}
          continuation.yield()
        }
      }
    }
  }

  private static func yield(to stream: AsyncStream<Void>.Continuation, on number: Int32) {
    // A dispatch source sees a signal only if the default action does not end the process first.
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number)
    source.setEventHandler {
      // The handler holds its own source, which nothing else does for the life of the process.
      withExtendedLifetime(source) { _ = stream.yield() }
    }
    source.activate()
  }
}
