import CPost
import Dispatch
import Foundation
import Synchronization

/// Sends due webhooks.
///
/// One thread waits for due deliveries. Each is sent on its own thread, because a POST can take ten
/// seconds.
final class Courier: Sendable {
  private let emulation: Emulation
  private let work = DispatchSemaphore(value: 0)
  private let inFlight = Mutex(0)
  private let isStopped = Mutex(false)

  /// The timeout of a POST in milliseconds, by the system's clock.
  static let timeout = 10_000
  /// The maximum number of concurrent POSTs.
  static let maxConcurrent = 16

  init(_ emulation: Emulation) { self.emulation = emulation }

  func start() {
    post_prepare()
    emulation.onWork { [work] in work.signal() }
    Thread.detachNewThread { self.run() }
  }

  func stop() {
    isStopped.withLock { $0 = true }
    work.signal()
  }

  private func run() {
    while !isStopped.withLock({ $0 }) {
      let free = Courier.maxConcurrent - inFlight.withLock { $0 }
      for sending in emulation.takeDue(limit: free) {
        inFlight.withLock { $0 += 1 }
        Thread.detachNewThread {
          self.send(sending)
          self.inFlight.withLock { $0 -= 1 }
          self.work.signal()
        }
      }
      // New work signals the semaphore; the timeout is for retries that become due.
      _ = work.wait(timeout: .now() + .milliseconds(250))
    }
  }

  private func send(_ sending: Emulation.Sending) {
    let start = ContinuousClock.now
    var result = post_result()
    sending.body.withUnsafeBytes { body in
      post_json(
        sending.url, sending.secret, body.baseAddress, body.count, Courier.timeout,
        emulation.settings.checksCertificates ? 1 : 0, &result)
    }
    let took = start.duration(to: .now)
    let problem = withUnsafeBytes(of: result.problem) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    emulation.recordAttempt(
      sending.id, status: result.status > 0 ? result.status : nil,
      problem: problem.isEmpty ? nil : problem, milliseconds: Int(took / .milliseconds(1)))
  }
}
