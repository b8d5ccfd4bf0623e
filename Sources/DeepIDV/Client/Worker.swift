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
  /// Handing libcurl more than it can run costs time that grows with the square of their number; the
  /// others wait in the client's own queue.
  private static var transferLimit: Int { 64 }

  private let client: Client
  private let multi: UnsafeMutableRawPointer
  private var thread: OpaquePointer?

  // Of the thread alone.
  private var running: [Transfer] = []
  private var idle: [Transfer] = []
  /// What has ended and has not been handed over.
  private var ended: [Operation] = []
  private var resting = Schedule<Operation>()
  private var budget = RetryBudget()
  private var random = RandomBits(seed: cplatform_random().first)
  /// Outlives the connections, which end with `multi`.
  private let sockets = Sockets()

  private init(_ client: Client, _ multi: UnsafeMutableRawPointer) {
    self.client = client
    self.multi = multi
  }

  /// Starts a thread for a client.
  static func start(for client: Client) throws(Refusal) -> Worker {
    guard let multi = curl_multi_init() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    // Without a descriptor to be woken by, libcurl 7.88 makes the handle all the same, and its thread would
    // sleep through everything.
    guard curl_multi_wakeup(multi) == CURLM_OK else {
      curl_multi_cleanup(multi)
      throw Refusal(DEEPIDV_E_SYSTEM)
    }
    // Else libcurl keeps four for each transfer that runs at the moment, and throws connections away whenever
    // few do.
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, transferLimit)
    let worker = Worker(client, multi)
    guard LiveWorkers.add(worker) else {
      curl_multi_cleanup(multi)
      throw Refusal(DEEPIDV_E_CLOSED)
    }
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
      LiveWorkers.remove(worker)
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
    LiveWorkers.remove(self)
  }

  /// Ends it as its client's end would, if it is of this process.
  func endForExit() {
    if client.isOfThisProcess { client.shutDown() }
  }
}

// MARK: The thread

extension Worker {
  private func run() {
    // Each perform asks the system about every transfer, so that one for nothing is dear.
    var mustPerform = true
    while true {
      let now = cplatform_now_ns()
      let news = client.news(at: now)
      if news.mustInterrupt { takeCancelled() }
      if news.isClosed {
        var left: [Operation] = []
        while let operation = resting.takeDue(at: .max) { left.append(operation) }
        client.endTaken(left, DEEPIDV_E_CANCELLED)
        if running.isEmpty { break }
      }
      while let operation = resting.takeDue(at: now) { client.requeue(operation) }
      let before = running.count
      let nextSupply = startWaiting(now)
      if mustPerform || running.count > before {
        var count: Int32 = 0
        curl_multi_perform(multi, &count)
        mustPerform = false
        // There may be room for others now.
        if endFinished() { continue }
      }
      let hasRoom = running.count < Self.transferLimit
      guard let deadline = client.letWorkerSleep(hasRoom: hasRoom) else { continue }
      let next = min(deadline, nextSupply, resting.nextTime)
      curl_multi_poll(multi, nil, 0, sleep(until: next), nil)
      mustPerform = true
    }
    idle.removeAll()
  }

  /// Milliseconds until a time, rounded up so that it has passed then.
  private func sleep(until time: UInt64) -> Int32 {
    let longest: UInt64 = 3_600_000
    let now = cplatform_now_ns()
    guard time > now else { return 0 }
    return Int32(min((time - now) / 1_000_000 + 1, longest))
  }

  /// Starts what may be sent now; answers when to look again.
  private func startWaiting(_ now: UInt64) -> UInt64 {
    while running.count < Self.transferLimit {
      let operation: Operation
      switch client.takeWaiting(at: now) {
      case .none(let time): return time
      case .operation(let taken): operation = taken
      }
      guard
        let transfer = idle.popLast() ?? Transfer.make(client.endpoint, client.settings, sockets),
        transfer.begin(operation, client.endpoint, client.settings, on: multi)
      else {
        client.endTaken([operation], DEEPIDV_E_SYSTEM)
        continue
      }
      running.append(transfer)
    }
    return .max
  }

  /// Ends the transfers that libcurl is done with; answers whether there were any.
  private func endFinished() -> Bool {
    var any = false
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE else { continue }
      let code = message.pointee.data.result
      let easy = message.pointee.easy_handle
      guard let index = running.firstIndex(where: { $0.easy == easy }) else { continue }
      end(index, code)
      any = true
    }
    tellEnded()
    return any
  }

  /// Hands over what has ended, all at once.
  private func tellEnded() {
    if ended.isEmpty { return }
    client.endTaken(ended, DEEPIDV_E_NETWORK)
    ended.removeAll(keepingCapacity: true)
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
    tellEnded()
  }

  /// - Parameter code: What libcurl ended with, or nil if it was interrupted.
  private func end(_ index: Int, _ code: CURLcode?) {
    let transfer = running[index]
    running[index] = running[running.count - 1]
    running.removeLast()
    guard let (operation, report) = transfer.end(code, on: multi) else { return }
    idle.append(transfer)
    let next = course(operation, report, at: cplatform_now_ns())
    switch code == nil ? .end : next {
    case .end: ended.append(operation)
    case .requeue: client.requeue(operation)
    case .send(let time): if client.rest(operation) { resting.insert(operation, until: time) }
    case .look(let time):
      operation.exchange = .look
      if client.rest(operation) { resting.insert(operation, until: time) }
    }
  }

  /// Tells the limiter and the operation's course what happened.
  private func course(_ operation: Operation, _ report: Report, at now: UInt64) -> Course.Next {
    if report.isThrottled {
      client.pacer.throttled(at: now, retryAfter: report.retryAfter, random: random.next())
    } else if report.wasAnswered {
      client.pacer.answered(at: now)
    }
    if let result = report.result { operation.standing = result }
    // Not a failure of the network's: it is begun anew at once, on a connection of its own.
    operation.needsFreshConnection = report.isStale
    if report.isStale { return now < operation.deadline ? .requeue : .end }
    let random = random.next()
    if let found = report.found {
      return operation.course.looked(found, at: now, random: random)
    }
    return operation.course.attempted(
      report.outcome, isThrottled: report.isThrottled, isTimeout: report.isTimeout,
      budget: &budget, at: now, random: random)
  }
}
