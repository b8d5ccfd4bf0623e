import Foundation

/// When it is time for the process to end.
///
/// Each thing that can say so is waited for on a thread of its own: the waiting blocks, and the
/// threads of the task pool may all be busy.
enum StopSignal {
  /// Yields on SIGTERM, on SIGINT, and at the end of standard input if asked.
  ///
  /// To be called before any other thread exists. The signals are blocked, so that they come to
  /// the one thread that waits for them, and threads inherit that from the thread that starts them.
  static func stream(withStandardInput: Bool) -> AsyncStream<Void> {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_BLOCK, &signals, nil)

    return AsyncStream { [signals] continuation in
      Thread.detachNewThread {
        var signals = signals
        var number: Int32 = 0
        sigwait(&signals, &number)
        stop(continuation)
      }
      if withStandardInput {
        Thread.detachNewThread {
          while let data = try? FileHandle.standardInput.read(upToCount: 4096), !data.isEmpty {}
          stop(continuation)
        }
      }
    }
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
