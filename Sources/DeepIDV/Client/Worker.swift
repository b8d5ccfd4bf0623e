import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// The thread that moves a client's bytes.
///
/// Everything of libcurl's that belongs to a client is made, used and ended on this thread, but for the
/// call that wakes it.
final class Worker {
  /// As many transfers as run at once.
  ///
  /// Handing libcurl more than it can run costs time that grows with
  /// the square of their number; the others wait in the client's own queue.
  private static var transferLimit: Int { 64 }

  private let client: Client
  private let multi: UnsafeMutableRawPointer
  private let endpoint: Endpoint
  private var thread: OpaquePointer?

  // Of the thread alone.
  private var running: [Transfer] = []
  private var idle: [Transfer] = []

  private init(_ client: Client, _ endpoint: Endpoint, _ multi: UnsafeMutableRawPointer) {
    self.client = client
    self.endpoint = endpoint
    self.multi = multi
  }

  /// Starts a thread for a client.
  static func start(for client: Client) throws(Refusal) -> Worker {
    let endpoint = try Endpoint.make(client.settings)
    guard curlIsReady, let multi = curl_multi_init() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    let worker = Worker(client, endpoint, multi)
    let context = Unmanaged.passRetained(worker)
    worker.thread = cplatform_thread_start(
      "deepidv",
      { context in
        guard let context else { return }
        let worker = Unmanaged<Worker>.fromOpaque(context).takeRetainedValue()
        worker.run()
      }, context.toOpaque())
    guard worker.thread != nil else {
      context.release()
      curl_multi_cleanup(multi)
      throw Refusal(DEEPIDV_E_SYSTEM)
    }
    return worker
  }

  /// Makes the thread look at its client.
  ///
  /// Any thread may call it.
  func wake() { curl_multi_wakeup(multi) }

  /// Waits for the thread's end, and ends what it used.
  func join() {
    guard let thread else { return }
    self.thread = nil
    cplatform_thread_join(thread)
    curl_multi_cleanup(multi)
  }
}

// MARK: The thread

extension Worker {
  private func run() {
    while true {
      let now = cplatform_now_ns()
      let news = client.news(at: now)
      takeCancelled()
      if news.isClosed, running.isEmpty { break }
      startWaiting()
      var count: Int32 = 0
      curl_multi_perform(multi, &count)
      if endFinished() { continue }
      curl_multi_poll(multi, nil, 0, sleep(until: news.nextDeadline, from: now), nil)
    }
    idle.removeAll()
  }

  /// Milliseconds until the deadline, rounded up so that it has passed then.
  private func sleep(until deadline: UInt64, from now: UInt64) -> Int32 {
    let longest: UInt64 = 3_600_000
    guard deadline > now else { return 0 }
    return Int32(min((deadline - now) / 1_000_000 + 1, longest))
  }

  private func startWaiting() {
    while running.count < Self.transferLimit, let operation = client.takeWaiting() {
      guard let transfer = idle.popLast() ?? Transfer.make(endpoint, client.settings) else {
        client.endRunning(operation, operation.notSent(DEEPIDV_E_SYSTEM, at: cplatform_now_ns()))
        continue
      }
      guard transfer.begin(operation, on: multi) else {
        client.endRunning(operation, operation.notSent(DEEPIDV_E_SYSTEM, at: cplatform_now_ns()))
        continue
      }
      running.append(transfer)
    }
  }

  /// Ends the transfers that libcurl is done with; answers whether there were any.
  private func endFinished() -> Bool {
    var any = false
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE else { continue }
      let code = message.pointee.data.result
      guard let index = running.firstIndex(where: { $0.easy == message.pointee.easy_handle }) else {
        continue
      }
      end(index, code)
      any = true
    }
    return any
  }

  private func takeCancelled() {
    var index = 0
    while index < running.count {
      if let operation = running[index].operation, client.isCancelled(operation) {
        end(index, nil)
      } else {
        index += 1
      }
    }
  }

  /// - Parameter code: What libcurl ended with, or nil if it was interrupted.
  private func end(_ index: Int, _ code: CURLcode?) {
    let transfer = running[index]
    running[index] = running[running.count - 1]
    running.removeLast()
    guard let (operation, result) = transfer.end(code, on: multi) else { return }
    idle.append(transfer)
    client.endRunning(operation, result)
  }
}

/// Done once for the process, and never undone: the host may use libcurl too.
private let curlIsReady = ccurl_global_init() == CURLE_OK
