import Foundation

extension Emulation {
  /// Checks a key and takes one call.
  func admit(apiKey: String?) -> Limits.Admission {
    change { $0.limits.admit(apiKey: apiKey, at: $1) }
  }

  /// What an account has, and has used.
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

  /// False if there is no such account.
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

  /// False if that would lead beyond the dates that can be written down.
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
    // Something may have come due.
    announceWork()
    return isDone
  }
}

extension Emulation {
  /// Notes a call.
  func log(_ request: LoggedRequest) { change { locked, _ in locked.log.append(request) } }

  /// The last calls, the newest first, and how many there were in all.
  func requests(limit: Int) -> (total: Int, requests: [LoggedRequest]) {
    read { locked, _ in (locked.log.total, locked.log.last(limit)) }
  }

  /// False if there are too many.
  func arm(_ fault: Fault) -> Bool { change { locked, _ in locked.faults.arm(fault) } }

  func clearFaults() { change { locked, _ in locked.faults.clear() } }

  func faults() -> [Fault] { read { locked, _ in locked.faults.armed } }

  /// The fault that happens to a call, if any.
  func takeFault(method: String, path: String) -> Fault? {
    change { locked, _ in locked.faults.take(method: method, path: path) }
  }
}

extension Emulation {
  func endpoints() -> [Endpoint] { read { locked, _ in locked.state.endpoints } }

  /// The most endpoints there can be.
  static let mostEndpoints = 100

  /// False if there are too many.
  func add(_ endpoint: Endpoint) throws(JournalFailure) -> Bool {
    try change { locked, _ throws(JournalFailure) in
      guard locked.state.endpoints.count < Emulation.mostEndpoints else { return false }
      try locked.record([.endpointAdded(endpoint)])
      return true
    }
  }

  /// False if there is none with this id.
  func removeEndpoint(_ id: String) throws(JournalFailure) -> Bool {
    try change { locked, _ throws(JournalFailure) in
      guard locked.state.endpoints.contains(where: { $0.id == id }) else { return false }
      try locked.record([.endpointRemoved(id: id)])
      return true
    }
  }

  /// The newest first.
  func deliveries(session: String? = nil, limit: Int) -> [Delivery] {
    read { locked, _ in locked.state.deliveries.list(session: session, limit: limit) }
  }

  func delivery(_ id: String) -> Delivery? { read { locked, _ in locked.state.deliveries[id] } }

  enum Repetition: Sendable {
    case repeated(Delivery)
    case unknownDelivery
    /// Its endpoint was removed.
    case noEndpoint
  }

  /// Sends a delivery again, as often as wished, whatever became of it before.
  func sendAgain(_ id: String, times: Int) throws(JournalFailure) -> Repetition {
    let repetition = try change { locked, now throws(JournalFailure) in
      guard let delivery = locked.state.deliveries[id] else { return Repetition.unknownDelivery }
      guard locked.state.endpoints.contains(where: { $0.id == delivery.endpointID }) else {
        return .noEndpoint
      }
      try locked.record([.deliveryRepeated(id: id, times: times, at: now.date)])
      return .repeated(locked.state.deliveries[id] ?? delivery)
    }
    announceWork()
    return repetition
  }
}

extension Emulation {
  /// A delivery that has to be sent now.
  struct Sending: Sendable {
    let id: String
    let url: String
    let secret: String
    let body: Data
  }

  /// Takes deliveries that are due, each of which then counts as under way until it is noted.
  func takeDue(most: Int) -> [Sending] {
    change { locked, now in
      guard most > 0 else { return [] }
      let due = locked.state.deliveries.due(at: now.date) { !locked.underWay.contains($0) }
      return due.prefix(most).compactMap { delivery in
        guard let endpoint = locked.state.endpoints.first(where: { $0.id == delivery.endpointID })
        else { return nil }
        locked.underWay.insert(delivery.id)
        return Sending(
          id: delivery.id, url: endpoint.url, secret: endpoint.secret, body: delivery.body)
      }
    }
  }

  /// Notes what came of a sending.
  ///
  /// If that cannot be written down it has still happened, and is held in memory.
  func note(_ id: String, status: Int?, problem: String?, milliseconds: Int) {
    change { locked, now in
      locked.underWay.remove(id)
      let event = Event.deliveryTried(
        id: id,
        Delivery.Attempt(
          at: now.date, milliseconds: milliseconds, status: status, problem: problem))
      do { try locked.record([event]) } catch { locked.state.apply(event) }
    }
  }
}
