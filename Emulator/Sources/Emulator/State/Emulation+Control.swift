import Foundation

extension Emulation {
  /// Checks a key and counts one call.
  func admit(apiKey: String?) -> Limits.Admission {
    change { $0.limits.admit(apiKey: apiKey, at: $1) }
  }

  /// An account's balance, usage and keys.
  struct Balance: Encodable, Sendable {
    let organization: String
    let tokens: Int
    let callsToday: Int
    let callsADay: Int
    let keys: [Key]

    struct Key: Encodable, Sendable {
      let key: String
      let isTest: Bool

      private enum CodingKeys: String, CodingKey {
        case key
        case isTest = "test"
      }
    }

    private enum CodingKeys: String, CodingKey {
      case organization, tokens, keys
      case callsToday = "calls_today"
      case callsADay = "calls_a_day"
    }
  }

  func balances() -> [Balance] {
    read { locked, now in
      settings.accounts.map { account in
        Balance(
          organization: account.organization,
          tokens: locked.tokens(account.organization, settings),
          callsToday: locked.limits.callsToday(account.organization, at: now.date),
          callsADay: settings.daily,
          keys: account.keys.map {
            Balance.Key(key: LoggedRequest.redacted($0.text), isTest: $0.isTest)
          })
      }
    }
  }

  /// Returns false if the account does not exist.
  func setTokens(_ tokens: Int, of organization: String) throws(JournalFailure) -> Bool {
    guard settings.accounts.contains(where: { $0.organization == organization }) else {
      return false
    }
    try change { locked, _ throws(JournalFailure) in
      try locked.record([.tokensSet(organization: organization, tokens: tokens)])
    }
    return true
  }
}

extension Emulation {
  var clock: Clock { read { locked, _ in locked.state.clock } }

  /// Returns false if the clock would leave `Clock.range`.
  func changeClock(_ changes: [Clock.Change]) throws(JournalFailure) -> Bool {
    let isDone = try change { locked, now throws(JournalFailure) in
      var clock = locked.state.clock
      for change in changes {
        guard let changed = clock.changed(by: change, time) else { return false }
        clock = changed
      }
      let goesBack = clock.now(time).steady < now.steady
      try locked.record([.clockSet(clock)])
      if goesBack { locked.limits.clockWentBack() }
      return true
    }
    // Webhooks may be due now.
    announceWork()
    return isDone
  }
}

extension Emulation {
  /// Adds a call to the log.
  func log(_ request: LoggedRequest) { change { locked, _ in locked.log.append(request) } }

  /// The last calls, newest first, and the total number of calls.
  func requests(limit: Int) -> (total: Int, requests: [LoggedRequest]) {
    read { locked, _ in (locked.log.total, locked.log.last(limit)) }
  }

  /// Returns false at the limit.
  func arm(_ fault: Fault) -> Bool { change { locked, _ in locked.faults.arm(fault) } }

  func clearFaults() { change { locked, _ in locked.faults.clear() } }

  func faults() -> [Fault] { read { locked, _ in locked.faults.armed } }

  /// Returns the fault for a call, if any, and decrements its count.
  func takeFault(method: String, path: String) -> Fault? {
    change { locked, _ in locked.faults.take(method: method, path: path) }
  }
}

extension Emulation {
  func endpoints() -> [Endpoint] { read { locked, _ in locked.state.endpoints } }

  /// The maximum number of endpoints.
  static let maxEndpoints = 100

  /// Returns false at the limit.
  func add(_ endpoint: Endpoint) throws(JournalFailure) -> Bool {
    try change { locked, _ throws(JournalFailure) in
      guard locked.state.endpoints.count < Emulation.maxEndpoints else { return false }
      try locked.record([.endpointAdded(endpoint)])
      return true
    }
  }

  /// Returns false if the endpoint does not exist.
  func removeEndpoint(_ id: String) throws(JournalFailure) -> Bool {
    try change { locked, _ throws(JournalFailure) in
      guard locked.state.endpoints.contains(where: { $0.id == id }) else { return false }
      try locked.record([.endpointRemoved(id: id)])
      return true
    }
  }

  /// The deliveries, newest first.
  func deliveries(session: String? = nil, limit: Int) -> [Delivery] {
    read { locked, _ in locked.state.deliveries.list(session: session, limit: limit) }
  }

  func delivery(_ id: String) -> Delivery? { read { locked, _ in locked.state.deliveries[id] } }

  enum SendAgainResult: Sendable {
    case repeated(Delivery)
    case unknownDelivery
    /// Its endpoint was removed.
    case noEndpoint
  }

  /// Sends a delivery again, whatever its status.
  func sendAgain(_ id: String, times: Int) throws(JournalFailure) -> SendAgainResult {
    let result = try change { locked, now throws(JournalFailure) in
      guard let delivery = locked.state.deliveries[id] else {
        return SendAgainResult.unknownDelivery
      }
      guard locked.state.endpoints.contains(where: { $0.id == delivery.endpointID }) else {
        return .noEndpoint
      }
      try locked.record([.deliveryRepeated(id: id, times: times, at: now.date)])
      return .repeated(locked.state.deliveries[id] ?? delivery)
    }
    announceWork()
    return result
  }
}

extension Emulation {
  /// A delivery to send now.
  struct Sending: Sendable {
    let id: String
    let url: String
    let secret: String
    let body: Data
  }

  /// Returns due deliveries, and marks them as in flight until `recordAttempt`.
  func takeDue(limit: Int) -> [Sending] {
    change { locked, now in
      guard limit > 0 else { return [] }
      let due = locked.state.deliveries.due(at: now.date) { !locked.inFlight.contains($0) }
      return due.prefix(limit).compactMap { delivery in
        guard let endpoint = locked.state.endpoints.first(where: { $0.id == delivery.endpointID })
        else { return nil }
        locked.inFlight.insert(delivery.id)
        return Sending(
          id: delivery.id, url: endpoint.url, secret: endpoint.secret, body: delivery.body)
      }
    }
  }

  /// Records the result of an attempt.
  ///
  /// If the journal cannot be written, the result is still recorded in memory.
  func recordAttempt(_ id: String, status: Int?, problem: String?, milliseconds: Int) {
    change { locked, now in
      locked.inFlight.remove(id)
      let event = Event.deliveryTried(
        id: id,
        Delivery.Attempt(
          at: now.date, milliseconds: milliseconds, status: status, problem: problem))
      do { try locked.record([event]) } catch { locked.state.apply(event) }
    }
  }
}
