import CPost
import Dispatch
import Foundation
import Synchronization

/// Sends the webhooks that are due.
///
/// A thread of its own looks for them, and each is sent on another: a POST waits up to ten seconds.
final class Courier: Sendable {
  private let emulation: Emulation
  private let work = DispatchSemaphore(value: 0)
  private let underWay = Mutex(0)
  private let isStopped = Mutex(false)

  /// How long an endpoint has to answer, by this computer's time.
  static let patience = 10_000
  /// The most that are sent at once.
  static let most = 16

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
      let free = Courier.most - underWay.withLock { $0 }
      for sending in emulation.takeDue(most: free) {
        underWay.withLock { $0 += 1 }
        Thread.detachNewThread {
          self.send(sending)
          self.underWay.withLock { $0 -= 1 }
          self.work.signal()
        }
      }
      // New work is announced; this is for what comes due by itself.
      _ = work.wait(timeout: .now() + .milliseconds(250))
    }
  }

  private func send(_ sending: Emulation.Sending) {
    let start = ContinuousClock.now
    var result = post_result()
    sending.body.withUnsafeBytes { body in
      post_json(
        sending.url, sending.secret, body.baseAddress, body.count, Courier.patience,
        emulation.settings.checksCertificates ? 1 : 0, &result)
    }
    let took = start.duration(to: .now)
    let problem = withUnsafeBytes(of: result.problem) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    emulation.note(
      sending.id, status: result.status > 0 ? result.status : nil,
      problem: problem.isEmpty ? nil : problem, milliseconds: Int(took / .milliseconds(1)))
  }
}
