import Foundation

/// A webhook event for one endpoint.
struct Delivery: Codable, Sendable {
  let id: String
  let endpointID: String
  let type: String
  let sessionID: String
  let createdAt: Date
  /// The request body, which is the same for all attempts.
  let body: Data
  private(set) var attempts: [Attempt] = []
  /// The time of the next attempt, by the emulator's clock; nil if there is none.
  private(set) var dueAt: Date?
  /// The number of remaining attempts on request.
  ///
  /// The name is part of the format of the state file.
  private(set) var wished = 0

  /// One attempt and its result.
  struct Attempt: Codable, Equatable, Sendable {
    let at: Date
    /// The duration, by the system's clock.
    let milliseconds: Int
    /// The HTTP status; nil without a response.
    let status: Int?
    /// Why there was no response.
    let problem: String?

    var hasArrived: Bool { status.map { (200...299).contains($0) } ?? false }
  }

  init(to endpoint: Endpoint, type: String, sessionID: String, body: Data, at now: Date) {
    id = Session.makeID("whd_")
    endpointID = endpoint.id
    self.type = type
    self.sessionID = sessionID
    self.body = body
    createdAt = now
    dueAt = now
  }
}

extension Delivery {
  enum Status: String, Codable, Sendable {
    case waiting
    case delivered
    /// Not delivered, with no attempt left.
    case failed
  }

  var status: Status {
    if dueAt != nil { return .waiting }
    return attempts.contains(where: \.hasArrived) ? .delivered : .failed
  }

  /// The delay after each failure, in seconds.
  static let backoff: [Double] = [5, 30, 120, 600, 3600, 21_600]

  /// The maximum number of stored attempts.
  static let maxAttempts = 50

  mutating func record(_ attempt: Attempt) {
    let hadArrived = attempts.contains(where: \.hasArrived)
    attempts.append(attempt)
    if attempts.count > Delivery.maxAttempts { attempts.removeFirst() }
    if wished > 0 { wished -= 1 }
    let failures = attempts.count
    if wished > 0 {
      dueAt = attempt.at
    } else if attempt.hasArrived || hadArrived || failures > Delivery.backoff.count {
      dueAt = nil
    } else {
      dueAt = attempt.at.addingTimeInterval(Delivery.backoff[failures - 1])
    }
  }

  mutating func repeatSending(_ times: Int, at now: Date) {
    wished += times
    dueAt = now
  }

  mutating func giveUp() {
    dueAt = nil
    wished = 0
  }
}

/// The most recent deliveries, in the order of creation.
struct Deliveries: Sendable {
  private var all: [Delivery] = []
  private var indexes: [String: Int] = [:]
  /// The number of dropped deliveries, which is the index of the first stored one.
  private var dropped = 0
  /// The ids of deliveries with a next attempt.
  private var waiting: Set<String> = []

  /// The number of stored deliveries, beyond which the oldest are dropped.
  static let capacity = 10_000

  subscript(id: String) -> Delivery? { indexes[id].map { all[$0 - dropped] } }

  mutating func append(_ delivery: Delivery) {
    indexes[delivery.id] = dropped + all.count
    all.append(delivery)
    waiting.insert(delivery.id)
    // Drop a tenth at a time, because the others have to move.
    guard all.count > Deliveries.capacity + Deliveries.capacity / 10 else { return }
    let surplus = all.count - Deliveries.capacity
    for old in all.prefix(surplus) {
      indexes[old.id] = nil
      waiting.remove(old.id)
    }
    all.removeFirst(surplus)
    dropped += surplus
  }

  mutating func change(_ id: String, _ change: (inout Delivery) -> Void) {
    guard let index = indexes[id] else { return }
    change(&all[index - dropped])
    if all[index - dropped].dueAt == nil { waiting.remove(id) } else { waiting.insert(id) }
  }

  mutating func giveUp(endpoint: String) {
    for id in waiting where self[id]?.endpointID == endpoint { change(id) { $0.giveUp() } }
  }

  /// The due deliveries, oldest first.
  func due(at now: Date, where isWanted: (String) -> Bool) -> [Delivery] {
    waiting.filter(isWanted).compactMap { id in indexes[id].map { (index: $0, id: id) } }
      .sorted { $0.index < $1.index }
      .map { all[$0.index - dropped] }
      .filter { $0.dueAt.map { $0 <= now } ?? false }
  }

  /// The deliveries, newest first.
  func list(session: String? = nil, limit: Int) -> [Delivery] {
    Array(all.reversed().lazy.filter { session == nil || $0.sessionID == session }.prefix(limit))
  }
}
