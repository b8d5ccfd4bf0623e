import Foundation

/// When it is time for the process to end.
///
/// Each thing that can say so has a queue or thread of its own, because the threads of the task
/// pool may all be busy.
enum StopSignal {
  /// Yields on SIGTERM, on SIGINT, and at the end of standard input if asked.
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
    // A dispatch source sees a signal only if the default action does not end the process first.
    signal(number, SIG_IGN)
    let queue = DispatchQueue(label: "signal \(number)")
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler {
      // The handler holds its own source, which nothing else does for the life of the process.
      withExtendedLifetime(source) { stop(stream) }
    }
    source.activate()
  }

  /// Says that it is time, and ends the process if it has not ended by itself in two seconds.
  ///
  /// The server looks at a header line once more for each of its bytes. A few very long ones keep
  /// every thread of the pool busy, and then nobody is left to hear that it is time to stop.
  private static func stop(_ stream: AsyncStream<Void>.Continuation) {
    stream.yield()
    Thread.sleep(forTimeInterval: 2)
    exit(0)
  }
}
