import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// Runs a client's exchanges, on connections that libcurl makes.
///
/// One thread at a time drives it, which the client's `DriverSeat` decides; any thread may wake that thread. The
/// client owns its engine, and the engine has no reference to its client: the thread that drives passes it.
final class Engine {
  /// The most connections; other operations wait in the client's queue.
  private static var connectionLimit: Int { 64 }

  private let multi: UnsafeMutableRawPointer
  private let lookups: Lookups
  private let sockets: Sockets
  private let tlsBreaksPipes = ccurl_tls_breaks_pipes()

  // Accessed by the thread that drives.
  /// All connections, by their numbers.
  private var connections: [Connection] = []
  /// Those with an exchange.
  private var running: [Connection] = []
  /// Those that are open without an exchange, the last used one last.
  private var idle: [Connection] = []
  private var closed: [Connection] = []
  /// For what arrives; empty between.
  private var piece = ByteBuffer(byteLimit: Transfer.pieceSize)
  private var backingOff = Schedule<Operation>()
  private var budget = RetryBudget()
  private var random = RandomBits(seed: cplatform_random().first)

  private init(_ multi: UnsafeMutableRawPointer, _ sockets: Sockets) {
    self.multi = multi
    lookups = Lookups(on: multi)
    self.sockets = sockets
  }

  static func make(isBoundToMachine: Bool) throws(Refusal) -> Engine {
    let sockets = try Sockets.make(isBoundToMachine: isBoundToMachine)
    guard let multi = makeMulti() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    // libcurl closes the oldest connections above this number, ours among them.
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connectionLimit * 4)
    ccurl_multi_leave_lookups(multi, connectionLimit)
    return Engine(multi, sockets)
  }

  /// Wakes the driver; any thread may call it.
  func wake() { sockets.wake() }

  /// Closes the connections, on a thread of the host; no thread may drive any more.
  func end() {
    // TLS says good-bye, perhaps to a peer that is gone.
    var loan = cplatform_loan()
    cplatform_loan_begin(&loan, tlsBreaksPipes)
    running.removeAll()
    idle.removeAll()
    closed.removeAll()
    connections.removeAll()
    lookups.end()
    cplatform_loan_end(&loan)
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
    // Without TLS, libcurl sends so that no signal is raised.
    cplatform_loan_begin(&loan, client.endpoint.isPlain ? 0 : tlsBreaksPipes)
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
    while true {
      let now = cplatform_now_ns()
      let news = client.news(at: now)
      if news.mustInterrupt { endCancelled(for: client) }
      // A closed client ends all of them at once, instead of queueing them.
      while let operation = backingOff.popDue(at: news.isClosed ? .max : now) {
        client.requeue(operation)
      }
      let nextSupply = startWaiting(for: client, at: now)
      let isConnecting = running.contains { $0.phase == .connecting }
      if isConnecting, leaveLookups(for: client, at: now) { continue }
      if isConnecting || lookups.count > 0 { connect(for: client) }
      for connection in running where connection.deadline <= now { connection.expire() }
      // There may be room for more.
      if endFinished(for: client) { continue }
      switch client.pauseDriver(
        waitingFor: operation, until: deadline, hasRoom: hasRoom,
        isIdle: running.isEmpty && backingOff.nextTime == .max)
      {
      case .checkAgain: continue
      case .leave(let isOver): return isOver
      case .sleep(let nextGivenUp):
        var wakeUp = min(deadline, nextGivenUp, nextSupply, backingOff.nextTime)
        for connection in running { wakeUp = min(wakeUp, connection.deadline) }
        sleep(
          milliseconds: Sockets.milliseconds(until: wakeUp),
          isConnecting: isConnecting || lookups.count > 0)
        _ = endFinished(for: client)
      }
    }
  }

  /// Waits until woken, or until a connection can go on, and lets those that can go on.
  private func sleep(milliseconds: Int32, isConnecting: Bool) {
    if isConnecting { ccurl_multi_wait(multi, sockets.watch, milliseconds) }
    sockets.wait(milliseconds: isConnecting ? 0 : milliseconds) { number in
      guard connections.indices.contains(number) else { return }
      let connection = connections[number]
      if connection.operation != nil { return connection.proceed(&piece) }
      // What arrives without a request ends the connection.
      guard let index = idle.firstIndex(where: { $0 === connection }),
        !connection.isUsable(at: cplatform_now_ns())
      else { return }
      _ = idle.take(at: index)
      connection.close()
      closed.append(connection)
    }
  }

  /// Lets libcurl connect.
  private func connect(for client: Client) {
    var count: Int32 = 0
    curl_multi_perform(multi, &count)
    while let message = curl_multi_info_read(multi, &count) {
      guard message.pointee.msg == CURLMSG_DONE else { continue }
      let code = message.pointee.data.result
      let easy = message.pointee.easy_handle
      if let connection = running.first(where: { $0.easy == easy }) {
        connected(connection, code, for: client)
      } else if let easy {
        lookups.ended(easy)
      }
    }
    for connection in running where connection.phase == .connecting { connection.noteBegun() }
  }

  private func connected(_ connection: Connection, _ code: CURLcode, for client: Client) {
    let now = cplatform_now_ns()
    connection.connected(code, at: now, &piece)
    guard connection.phase == .open, let operation = connection.operation else { return }
    client.statistics.count(.connectionsOpened)
    client.log(
      LogEvent(
        code: DEEPIDV_LOG_CONNECTED, level: DEEPIDV_LEVEL_DEBUG,
        value: Client.microseconds(from: connection.transfer.began, to: now)),
      of: operation)
  }

  /// Ends the exchanges whose time is over while libcurl looks up a name, so that it does not wait for that; returns
  /// whether there were any.
  private func leaveLookups(for client: Client, at now: UInt64) -> Bool {
    for connection in running where connection.mustLeaveLookup(at: now) { connection.expire() }
    return running.contains { $0.transfer.ending != nil } && endFinished(for: client)
  }

  /// Whether another exchange may begin; lookups that nobody waits for have a thread each, too.
  private var hasRoom: Bool {
    running.count < Self.connectionLimit && lookups.count < Self.connectionLimit
  }

  /// Starts what may be sent now; returns when to check again.
  private func startWaiting(for client: Client, at now: UInt64) -> UInt64 {
    while hasRoom {
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
      if !start(operation, for: client, at: now) {
        client.giveUp(operation, cause: DEEPIDV_E_SYSTEM)
      }
    }
    return .max
  }

  private func start(_ operation: Operation, for client: Client, at now: UInt64) -> Bool {
    // A question may use a connection that is about to close: it can be asked again.
    let isKept =
      operation.driven.exchange.row.method == .get || client.settings.values.reusesConnections
    let isFresh = !isKept || operation.driven.needsFreshConnection
    guard let connection = (isFresh ? nil : takeIdle(at: now)) ?? takeClosed(for: client) else {
      return false
    }
    guard connection.begin(operation, client.endpoint, keepsConnection: isKept, at: now) else {
      if connection.phase == .open { idle.append(connection) } else { closed.append(connection) }
      return false
    }
    running.append(connection)
    if connection.phase == .open {
      client.statistics.count(.connectionsReused)
      connection.sendFirst(&piece)
    }
    return true
  }

  /// Returns the connection that was used last and can still be used, or nil.
  private func takeIdle(at now: UInt64) -> Connection? {
    while let connection = idle.popLast() {
      if connection.isUsable(at: now) { return connection }
      connection.close()
      closed.append(connection)
    }
    return nil
  }

  /// Returns one that is closed; nil if it cannot be created.
  @inline(never)
  private func takeClosed(for client: Client) -> Connection? {
    if let connection = closed.popLast() { return connection }
    if connections.count >= Self.connectionLimit {
      guard let connection = idle.take(at: 0) else { return nil }
      connection.close()
      return connection
    }
    let connection = Connection.make(
      number: UInt32(connections.count), on: multi, lookups, sockets, client.endpoint,
      client.settings)
    if let connection { connections.append(connection) }
    return connection
  }

  private func endCancelled(for client: Client) {
    for connection in running {
      if let operation = connection.operation, client.isCancelled(operation) {
        connection.end(Transfer.Ending(cause: DEEPIDV_E_CANCELLED))
      }
    }
    _ = endFinished(for: client)
  }

  /// Ends the exchanges that have finished; returns whether there were any.
  private func endFinished(for client: Client) -> Bool {
    var ended: [Client.Ended] = []
    var any = false
    var index = 0
    while let connection = running.at(index) {
      guard let ending = connection.transfer.ending else {
        index &+= 1
        continue
      }
      running.removeUnordered(at: index)
      any = true
      end(connection, isCancelled: ending.cause == DEEPIDV_E_CANCELLED, for: client, into: &ended)
    }
    client.end(ended)
    return any
  }

  /// Ends an exchange, and lets its operation wait for the next step, or adds it to those that have ended.
  private func end(
    _ connection: Connection, isCancelled: Bool, for client: Client,
    into ended: inout [Client.Ended]
  ) {
    let now = cplatform_now_ns()
    guard
      let (operation, report, result) = connection.finish(
        plainHosts: client.settings.allowedHosts, at: now)
    else { return }
    note(connection.transfer, report, result, of: operation, for: client, at: now)
    if connection.phase == .open { idle.append(connection) } else { closed.append(connection) }
    operation.driven.latestResult = result
    let next = nextStep(of: operation, after: report, at: now, limiter: client.limiter)
    switch isCancelled ? .end : next {
    case .end: ended.append(Client.Ended(operation: operation, result: result))
    case .requeue:
      // Otherwise it is the next request of a wait, or takes another connection.
      if report.isThrottled {
        noteRetry(of: operation, DEEPIDV_LOG_RETRY, after: 0, for: client)
      }
      client.requeue(operation)
    case .send(let time):
      operation.sendRequest()
      wait(operation, until: time, DEEPIDV_LOG_RETRY, for: client, at: now)
    case .search(let time):
      operation.driven.exchange = operation.kind.row.retry.inquiry
      wait(operation, until: time, DEEPIDV_LOG_SEARCH, for: client, at: now)
    }
  }

  /// Lets an operation wait for its next request.
  private func wait(
    _ operation: Operation, until time: UInt64, _ code: Int32, for client: Client, at now: UInt64
  ) {
    noteRetry(of: operation, code, after: Client.microseconds(from: now, to: time), for: client)
    if client.backOff(operation) { backingOff.insert(operation, dueAt: time) }
  }

  /// Logs that an operation will send another request.
  private func noteRetry(
    of operation: Operation, _ code: Int32, after microseconds: UInt64, for client: Client
  ) {
    // After a search that found nothing, the first attempt is none.
    if code == DEEPIDV_LOG_RETRY, operation.driven.attempts == 0 { return }
    client.log(
      LogEvent(code: code, level: DEEPIDV_LEVEL_INFO, value: microseconds / 1000), of: operation)
  }

  /// Counts and logs what happened in an exchange.
  private func note(
    _ transfer: borrowing Transfer, _ report: ExchangeReport, _ result: OperationResult,
    of operation: Operation, for client: Client, at now: UInt64
  ) {
    let statistics = client.statistics
    let row = operation.kind.row
    let isSearch = operation.driven.exchange == .search || operation.driven.exchange != row.exchange
    if transfer.bytesSent > 0 {
      statistics.count(.requests)
      if isSearch { statistics.count(.searches) }
      // A wait asks again without any failure.
      let isRetry = operation.driven.attempts > 1 && row.retry != .poll
      if !isSearch, isRetry { statistics.count(.retries) }
      statistics.count(.bytesSent, UInt64(clamping: transfer.sent))
      statistics.count(.bytesReceived, UInt64(clamping: transfer.received))
    }
    if report.isThrottled { statistics.count(.throttled) }
    if report.isStale { statistics.count(.connectionsStale) }
    var event = LogEvent(
      code: report.isStale ? DEEPIDV_LOG_STALE : DEEPIDV_LOG_ATTEMPT, level: DEEPIDV_LEVEL_DEBUG,
      value: Client.microseconds(from: transfer.began, to: now), cause: result.cause,
      httpStatus: result.httpStatus)
    client.log(event, of: operation)
    guard report.isThrottled else { return }
    event.code = DEEPIDV_LOG_THROTTLED
    event.level = DEEPIDV_LEVEL_WARNING
    event.value = (report.retryAfter ?? 0) &* 1000
    client.log(event, of: operation)
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
