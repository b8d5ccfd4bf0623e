import Foundation

/// One webhook on its way to one endpoint.
struct Delivery: Codable, Sendable {
  let id: String
  let endpointID: String
  let type: String
  let sessionID: String
  let createdAt: Date
  /// What is sent, the same every time.
  let body: Data
  private(set) var attempts: [Attempt] = []
  /// When it is sent the next time, by the emulator's clock; nil if it is not.
  private(set) var dueAt: Date?
  /// How many sendings a person has asked for that are still to come.
  private(set) var wished = 0

  /// One attempt and its result.
  struct Attempt: Codable, Equatable, Sendable {
    let at: Date
    /// How long it took, in milliseconds of this computer's time.
    let milliseconds: Int
    /// The HTTP status; nil if no answer came.
    let status: Int?
    /// Why no answer came.
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
  enum Standing: String, Codable, Sendable {
    case waiting
    case delivered
    /// Not delivered, and not tried again.
    case failed
  }

  var standing: Standing {
    if dueAt != nil { return .waiting }
    return attempts.contains(where: \.hasArrived) ? .delivered : .failed
  }

  /// How long after each failure it is sent again, in seconds.
  static let backoff: [Double] = [5, 30, 120, 600, 3600, 21_600]

  /// The most attempts that are kept in mind.
  static let mostAttempts = 50

  mutating func note(_ attempt: Attempt) {
    let hadArrived = attempts.contains(where: \.hasArrived)
    attempts.append(attempt)
    if attempts.count > Delivery.mostAttempts { attempts.removeFirst() }
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

/// Every delivery that is kept in mind, in the order they came up.
struct Deliveries: Sendable {
  private var all: [Delivery] = []
  private var places: [String: Int] = [:]
  /// The number of deleted deliveries, which `places` starts from.
  private var forgotten = 0
  /// The ones that are still to be sent.
  private var waiting: Set<String> = []

  /// The most that are kept: of more, the oldest are forgotten.
  static let most = 10_000

  subscript(id: String) -> Delivery? { places[id].map { all[$0 - forgotten] } }

  mutating func append(_ delivery: Delivery) {
    places[delivery.id] = forgotten + all.count
    all.append(delivery)
    waiting.insert(delivery.id)
    // A tenth at a time, because those that stay have to move.
    guard all.count > Deliveries.most + Deliveries.most / 10 else { return }
    let surplus = all.count - Deliveries.most
    for old in all.prefix(surplus) {
      places[old.id] = nil
      waiting.remove(old.id)
    }
    all.removeFirst(surplus)
    forgotten += surplus
  }

  mutating func change(_ id: String, _ change: (inout Delivery) -> Void) {
    guard let place = places[id] else { return }
    change(&all[place - forgotten])
    if all[place - forgotten].dueAt == nil { waiting.remove(id) } else { waiting.insert(id) }
  }

  mutating func giveUp(endpoint: String) {
    for id in waiting where self[id]?.endpointID == endpoint { change(id) { $0.giveUp() } }
  }

  /// Those that have to be sent by now, in the order in which they came up.
  func due(at now: Date, where isWanted: (String) -> Bool) -> [Delivery] {
    waiting.filter(isWanted).compactMap { id in places[id].map { (place: $0, id: id) } }
      .sorted { $0.place < $1.place }
      .map { all[$0.place - forgotten] }
      .filter { $0.dueAt.map { $0 <= now } ?? false }
  }

  /// The newest first.
  func list(session: String? = nil, limit: Int) -> [Delivery] {
    Array(all.reversed().lazy.filter { session == nil || $0.sessionID == session }.prefix(limit))
  }
}
