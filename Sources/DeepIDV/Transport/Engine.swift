import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// Moves a client's bytes.
///
/// Everything of libcurl's that belongs to a client is here. One thread at a time drives it, as the client's
/// `DriverSeat` has it; any thread may wake that one.
final class Engine {
  /// As many transfers as run at once.
  ///
  /// Handing libcurl more than it can run costs time that grows with the square of their number; the
  /// others wait in the client's own queue.
  private static var transferLimit: Int { 64 }

  private let client: Client
  private let multi: UnsafeMutableRawPointer

  // Of the thread that drives.
  private var running: [Transfer] = []
  private var idle: [Transfer] = []
  /// What has ended and has not been handed over.
  private var ended: [Operation] = []
  private var backingOff = Schedule<Operation>()
  private var budget = RetryBudget()
  private var random = RandomBits(seed: cplatform_random().first)
  /// Outlives the connections, which end with `multi`.
  private let sockets: Sockets

  private init(_ client: Client, _ multi: UnsafeMutableRawPointer) {
    self.client = client
    self.multi = multi
    sockets = Sockets(isBoundToMachine: client.endpoint.isBoundToMachine)
  }

  static func make(for client: Client) throws(Refusal) -> Engine {
    guard let multi = makeMulti() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    // Else libcurl keeps four for each transfer that runs at the moment, and throws connections away whenever
    // few do.
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, transferLimit)
    return Engine(client, multi)
  }

  /// Makes the driver look at its client.
  ///
  /// Any thread may call it.
  func wake() { curl_multi_wakeup(multi) }

  /// Ends what it used, once nobody drives it any more.
  func end() {
    idle.removeAll()
    curl_multi_cleanup(multi)
  }
}

// MARK: The thread that drives

extension Engine {
  /// Drives with the worker's thread, until there is something better to do; answers whether the client is
  /// closed, and all has ended.
  func driveWithWorker() -> Bool {
    // A caller who waits may have been faster.
    client.workerComes() && drive(nil, deadline: .max)
  }

  /// Drives with the thread of a caller, until the operation that it waits for has ended, or until the deadline.
  func drive(until operation: Operation, orUntil deadline: UInt64) {
    var loan = cplatform_loan()
    cplatform_loan_begin(&loan)
    _ = drive(operation, deadline: deadline)
    cplatform_loan_end(&loan)
  }

  /// - Parameters:
  ///   - operation: What the thread of a caller waits for; nil for the worker.
  ///   - deadline: Until when it waits at most.
  private func drive(_ operation: Operation?, deadline: UInt64) -> Bool {
    // Each perform asks the system about every transfer, so that one for nothing is dear.
    var mustPerform = !running.isEmpty
    while true {
      let now = cplatform_now_ns()
      let news = client.news(at: now)
      if news.mustInterrupt { takeCancelled() }
      if news.isClosed { endBackingOff() }
      while let operation = backingOff.takeDue(at: now) { client.requeue(operation) }
      let before = running.count
      let nextSupply = startWaiting(now)
      if mustPerform || running.count > before {
        var count: Int32 = 0
        curl_multi_perform(multi, &count)
        mustPerform = false
        // There may be room for others now.
        if endFinished() { continue }
      }
      switch client.pauseDriver(
        waitsFor: operation, orUntil: deadline, hasRoom: running.count < Self.transferLimit,
        isIdle: running.isEmpty && backingOff.nextTime == .max)
      {
      case .checkAgain: continue
      case .leave(let isOver): return isOver
      case .sleep(let nextGivenUp):
        let timeout = sleep(until: min(deadline, nextGivenUp, nextSupply, backingOff.nextTime))
        curl_multi_poll(multi, nil, 0, timeout, nil)
        mustPerform = true
      }
    }
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
      let refusal = client.admit(operation, at: now)
      guard refusal == DEEPIDV_OK else {
        client.endTaken([operation], refusal)
        continue
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

  private func endBackingOff() {
    var left: [Operation] = []
    while let operation = backingOff.takeDue(at: .max) { left.append(operation) }
    client.endTaken(left, DEEPIDV_E_CANCELLED)
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
    guard let (operation, report, result) = transfer.end(code, client.settings, on: multi) else {
      return
    }
    if let result { operation.latestResult = result }
    idle.append(transfer)
    let next = policy(operation, report, at: cplatform_now_ns())
    switch code == nil ? .end : next {
    case .end: ended.append(operation)
    case .requeue: client.requeue(operation)
    case .send(let time):
      operation.sendRequest()
      if client.backOff(operation) { backingOff.insert(operation, until: time) }
    case .search(let time):
      operation.exchange = .search
      if client.backOff(operation) { backingOff.insert(operation, until: time) }
    }
  }

  /// Tells the limiter and the operation's policy what happened.
  private func policy(_ operation: Operation, _ report: ExchangeReport, at now: UInt64)
    -> OperationPolicy.Next
  {
    if report.isThrottled {
      client.limiter.throttled(at: now, retryAfter: report.retryAfter, random: random.next())
    } else if report.wasAnswered {
      client.limiter.answered(at: now)
    }
    // Not a failure of the network's: it is begun anew at once, on a connection of its own.
    operation.needsFreshConnection = report.isStale
    if report.isStale { return now < operation.deadline ? .requeue : .end }
    let random = random.next()
    if let found = report.found {
      return operation.policy.searched(
        found, isRefused: report.isRefused, at: now, random: random)
    }
    return operation.policy.attempted(
      report.outcome, isThrottled: report.isThrottled, isTimeout: report.isTimeout,
      budget: &budget, at: now, random: random)
  }
}
