import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// Runs a client's transfers, with libcurl.
///
/// One thread at a time drives it, which the client's `DriverSeat` decides; any thread may wake that thread. The
/// client owns its engine, and the engine has no reference to its client: the thread that drives passes it.
final class Engine {
  /// The most transfers at a time; other operations wait in the client's queue.
  ///
  /// The time that libcurl needs grows with the square of the number of transfers.
  private static var transferLimit: Int { 64 }

  private let multi: UnsafeMutableRawPointer

  // Accessed by the thread that drives.
  private var running: [Transfer] = []
  private var idle: [Transfer] = []
  private var backingOff = Schedule<Operation>()
  private var budget = RetryBudget()
  private var random = RandomBits(seed: cplatform_random().first)
  /// Freed after the connections, which `multi` closes.
  private let sockets: Sockets

  private init(_ multi: UnsafeMutableRawPointer, isBoundToMachine: Bool) {
    self.multi = multi
    sockets = Sockets(isBoundToMachine: isBoundToMachine)
  }

  static func make(isBoundToMachine: Bool) throws(Refusal) -> Engine {
    guard let multi = makeMulti() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    // By default libcurl keeps four connections for each transfer that runs at the moment, and closes the others as
    // soon as few run.
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, transferLimit)
    return Engine(multi, isBoundToMachine: isBoundToMachine)
  }

  /// Wakes the driver; any thread may call it.
  func wake() { curl_multi_wakeup(multi) }

  /// Closes the connections; no thread may drive any more.
  func end() {
    idle.removeAll()
    curl_multi_cleanup(multi)
  }
}

// MARK: The thread that drives

extension Engine {
  /// Drives on the worker's thread, until there is nothing to do; returns whether the client is closed, and all
  /// operations have ended.
  func driveWithWorker(_ client: Client) -> Bool {
    client.workerArrived() && drive(client, until: nil, deadline: .max)
  }

  /// Drives on a caller's thread, until its operation has ended or the deadline has passed.
  func drive(_ client: Client, until operation: Operation, orUntil deadline: UInt64) {
    var loan = cplatform_loan()
    cplatform_loan_begin(&loan)
    _ = drive(client, until: operation, deadline: deadline)
    cplatform_loan_end(&loan)
  }

  /// Drives.
  ///
  /// - Parameters:
  ///   - client: The client that owns this engine.
  ///   - operation: What the caller waits for; nil on the worker's thread.
  ///   - deadline: When the caller stops waiting.
  /// - Returns: Whether the client is closed, and all operations have ended.
  private func drive(_ client: Client, until operation: Operation?, deadline: UInt64) -> Bool {
    // Each perform asks the system about every transfer, so that a needless one is expensive.
    var mustPerform = !running.isEmpty
    while true {
      let now = cplatform_now_ns()
      let news = client.news(at: now)
      if news.mustInterrupt { endCancelled(for: client) }
      // A closed client ends all of them at once, instead of queueing them.
      while let operation = backingOff.popDue(at: news.isClosed ? .max : now) {
        client.requeue(operation)
      }
      let before = running.count
      let nextSupply = startWaiting(for: client, at: now)
      if mustPerform || running.count > before {
        var count: Int32 = 0
        curl_multi_perform(multi, &count)
        mustPerform = false
        // There may be room for more.
        if endFinished(for: client) { continue }
      }
      switch client.pauseDriver(
        waitingFor: operation, until: deadline, hasRoom: running.count < Self.transferLimit,
        isIdle: running.isEmpty && backingOff.nextTime == .max)
      {
      case .checkAgain: continue
      case .leave(let isOver): return isOver
      case .sleep(let nextGivenUp):
        let timeout = milliseconds(
          until: min(deadline, nextGivenUp, nextSupply, backingOff.nextTime))
        curl_multi_poll(multi, nil, 0, timeout, nil)
        mustPerform = true
      }
    }
  }

  /// Returns the milliseconds until a time, rounded up, so that it has passed then.
  private func milliseconds(until time: UInt64) -> Int32 {
    let longest: UInt64 = 3_600_000
    let now = cplatform_now_ns()
    guard time > now else { return 0 }
    return Int32(min((time - now) / 1_000_000 + 1, longest))
  }

  /// Starts what may be sent now; returns when to check again.
  private func startWaiting(for client: Client, at now: UInt64) -> UInt64 {
    while running.count < Self.transferLimit {
      let operation: Operation
      switch client.nextOperation(at: now) {
      case .none(let time): return time
      case .operation(let next): operation = next
      }
      let refusal = client.admit(operation, at: now)
      guard refusal == DEEPIDV_OK else {
        let result = operation.latestResult(orUnsent: refusal)
        client.end([Client.Ended(operation: operation, result: result)])
        continue
      }
      guard let transfer = idle.popLast() ?? makeTransfer(for: client),
        transfer.begin(
          operation, client.endpoint, reusesConnections: client.settings.reusesConnections,
          on: multi)
      else {
        client.giveUp(operation, cause: DEEPIDV_E_SYSTEM)
        continue
      }
      running.append(transfer)
    }
    return .max
  }

  /// Not inlined, because it copies the settings.
  @inline(never)
  private func makeTransfer(for client: Client) -> Transfer? {
    Transfer.make(client.endpoint, client.settings, sockets)
  }

  /// Ends the transfers that libcurl has finished; returns whether there were any.
  private func endFinished(for client: Client) -> Bool {
    var any = false
    var ended: [Client.Ended] = []
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE else { continue }
      let code = message.pointee.data.result
      let easy = message.pointee.easy_handle
      guard let index = running.firstIndex(where: { $0.easy == easy }) else { continue }
      endTransfer(at: index, result: code, for: client, into: &ended)
      any = true
    }
    client.end(ended)
    return any
  }

  private func endCancelled(for client: Client) {
    var ended: [Client.Ended] = []
    var index = 0
    while index < running.count {
      if let operation = running[index].operation, client.isCancelled(operation) {
        endTransfer(at: index, result: nil, for: client, into: &ended)
      } else {
        index += 1
      }
    }
    client.end(ended)
  }

  /// Ends a transfer, and lets its operation wait for the next step, or adds it to those that have ended.
  ///
  /// - Parameter code: libcurl's result, or nil if the transfer was cancelled.
  private func endTransfer(
    at index: Int, result code: CURLcode?, for client: Client, into ended: inout [Client.Ended]
  ) {
    let transfer = running[index]
    running[index] = running[running.count - 1]
    running.removeLast()
    guard
      let (operation, report, result) = transfer.end(
        result: code, plainHosts: client.settings.allowedHosts, on: multi)
    else {
      return
    }
    operation.driven.latestResult = result
    idle.append(transfer)
    let next = nextStep(
      of: operation, after: report, at: cplatform_now_ns(), limiter: client.limiter)
    switch code == nil ? .end : next {
    case .end: ended.append(Client.Ended(operation: operation, result: result))
    case .requeue: client.requeue(operation)
    case .send(let time):
      operation.sendRequest()
      if client.backOff(operation) { backingOff.insert(operation, dueAt: time) }
    case .search(let time):
      operation.driven.exchange = operation.kind.row.retry.inquiry
      if client.backOff(operation) { backingOff.insert(operation, dueAt: time) }
    }
  }

  /// Reports an exchange to the limiter and to the operation's policy, and returns what the policy decides.
  private func nextStep(
    of operation: Operation, after report: ExchangeReport, at now: UInt64, limiter: SharedLimiter
  ) -> OperationPolicy.Next {
    if report.isThrottled {
      limiter.throttled(at: now, retryAfter: report.retryAfter, random: random.next())
    } else if report.wasAnswered {
      limiter.answered(at: now)
    }
    // Not a failure of the network: the operation begins again at once, on a new connection.
    operation.driven.needsFreshConnection = report.isStale
    if report.isStale { return now < operation.deadline ? .requeue : .end }
    let random = random.next()
    if let found = report.found {
      return operation.driven.policy.searched(
        found, isRefused: report.isRefused, at: now, random: random)
    }
    return operation.driven.policy.attempted(
      report.outcome, isThrottled: report.isThrottled, isTimeout: report.isTimeout,
      budget: &budget, at: now, random: random)
  }
}
