import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// Moves a client's bytes.
///
/// Everything of libcurl's that belongs to a client is here. One thread at a time drives it, as the client's
/// `DriverSeat` has it; any thread may wake that one. The client owns its engine, so that the engine does not
/// keep its client: whoever drives passes the client that it drives for.
final class Engine {
  /// As many transfers as run at once.
  ///
  /// Handing libcurl more than it can run costs time that grows with the square of their number; the
  /// others wait in the client's own queue.
  private static var transferLimit: Int { 64 }

  private let multi: UnsafeMutableRawPointer

  // Of the thread that drives.
  private var running: [Transfer] = []
  private var idle: [Transfer] = []
  private var backingOff = Schedule<Operation>()
  private var budget = RetryBudget()
  private var random = RandomBits(seed: cplatform_random().first)
  /// Outlives the connections, which end with `multi`.
  private let sockets: Sockets

  private init(_ multi: UnsafeMutableRawPointer, isBoundToMachine: Bool) {
    self.multi = multi
    sockets = Sockets(isBoundToMachine: isBoundToMachine)
  }

  static func make(isBoundToMachine: Bool) throws(Refusal) -> Engine {
    guard let multi = makeMulti() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    // Else libcurl keeps four for each transfer that runs at the moment, and throws connections away whenever
    // few do.
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, transferLimit)
    return Engine(multi, isBoundToMachine: isBoundToMachine)
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
  func driveWithWorker(_ client: Client) -> Bool {
    client.workerComes() && drive(client, until: nil, deadline: .max)
  }

  /// Drives with the thread of a caller, until the operation that it waits for has ended, or until the deadline.
  func drive(_ client: Client, until operation: Operation, orUntil deadline: UInt64) {
    var loan = cplatform_loan()
    cplatform_loan_begin(&loan)
    _ = drive(client, until: operation, deadline: deadline)
    cplatform_loan_end(&loan)
  }

  /// - Parameters:
  ///   - client: Whose engine this is.
  ///   - operation: What the thread of a caller waits for; nil for the worker.
  ///   - deadline: Until when it waits at most.
  private func drive(_ client: Client, until operation: Operation?, deadline: UInt64) -> Bool {
    // Each perform asks the system about every transfer, so that one for nothing is dear.
    var mustPerform = !running.isEmpty
    while true {
      let now = cplatform_now_ns()
      let news = client.news(at: now)
      if news.mustInterrupt { endCancelled(for: client) }
      if news.isClosed { endBackingOff(for: client) }
      while let operation = backingOff.takeDue(at: now) { client.requeue(operation) }
      let before = running.count
      let nextSupply = startWaiting(for: client, at: now)
      if mustPerform || running.count > before {
        var count: Int32 = 0
        curl_multi_perform(multi, &count)
        mustPerform = false
        // There may be room for others now.
        if endFinished(for: client) { continue }
      }
      switch client.pauseDriver(
        waitingFor: operation, until: deadline, hasRoom: running.count < Self.transferLimit,
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
  private func startWaiting(for client: Client, at now: UInt64) -> UInt64 {
    while running.count < Self.transferLimit {
      let operation: Operation
      switch client.takeWaiting(at: now) {
      case .none(let time): return time
      case .operation(let taken): operation = taken
      }
      let refusal = client.admit(operation, at: now)
      guard refusal == DEEPIDV_OK else {
        let result = operation.latestResult(orUnsent: refusal)
        client.end([Client.Ended(operation: operation, result: result)])
        continue
      }
      guard
        let transfer = idle.popLast() ?? Transfer.make(client.endpoint, client.settings, sockets),
        transfer.begin(operation, client.endpoint, client.settings, on: multi)
      else {
        let result = operation.latestResult(orUnsent: DEEPIDV_E_SYSTEM)
        client.end([Client.Ended(operation: operation, result: result)])
        continue
      }
      running.append(transfer)
    }
    return .max
  }

  private func endBackingOff(for client: Client) {
    var ended: [Client.Ended] = []
    while let operation = backingOff.takeDue(at: .max) {
      let result = operation.latestResult(orUnsent: DEEPIDV_E_CANCELLED)
      ended.append(Client.Ended(operation: operation, result: result))
    }
    client.end(ended)
  }

  /// Ends the transfers that libcurl is done with; answers whether there were any.
  private func endFinished(for client: Client) -> Bool {
    var any = false
    var ended: [Client.Ended] = []
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE else { continue }
      let code = message.pointee.data.result
      let easy = message.pointee.easy_handle
      guard let index = running.firstIndex(where: { $0.easy == easy }) else { continue }
      endTransfer(at: index, code, for: client, &ended)
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
        endTransfer(at: index, nil, for: client, &ended)
      } else {
        index += 1
      }
    }
    client.end(ended)
  }

  /// Ends a transfer, and adds its operation to those that have ended, unless there is more to be done for it.
  ///
  /// - Parameter code: What libcurl ended with, or nil if it was interrupted.
  private func endTransfer(
    at index: Int, _ code: CURLcode?, for client: Client, _ ended: inout [Client.Ended]
  ) {
    let transfer = running[index]
    running[index] = running[running.count - 1]
    running.removeLast()
    guard let (operation, report, result) = transfer.end(code, client.settings, on: multi) else {
      return
    }
    operation.driven.latestResult = result
    idle.append(transfer)
    let next = nextStep(of: operation, after: report, at: cplatform_now_ns(), client.limiter)
    switch code == nil ? .end : next {
    case .end: ended.append(Client.Ended(operation: operation, result: result))
    case .requeue: client.requeue(operation)
    case .send(let time):
      operation.sendRequest()
      if client.backOff(operation) { backingOff.insert(operation, until: time) }
    case .search(let time):
      operation.driven.exchange = .search
      if client.backOff(operation) { backingOff.insert(operation, until: time) }
    }
  }

  /// Reports to the limiter and to the operation's policy what happened, and returns what the policy wants.
  private func nextStep(
    of operation: Operation, after report: ExchangeReport, at now: UInt64, _ limiter: SharedLimiter
  ) -> OperationPolicy.Next {
    if report.isThrottled {
      limiter.throttled(at: now, retryAfter: report.retryAfter, random: random.next())
    } else if report.wasAnswered {
      limiter.answered(at: now)
    }
    // Not a failure of the network's: it is begun anew at once, on a connection of its own.
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
