import Foundation

/// One verification session.
struct Session: Codable, Sendable {
  /// The opaque id.
  ///
  /// By default it is not a UUID, so that code does not come to depend on one.
  let id: String
  let request: SessionRequest
  /// The organisation whose key created it.
  let organization: String
  /// The applicant's user id.
  let userID: String
  /// The user id of the API key.
  let senderID: String
  let createdAt: Date
  let expiresAt: Date?
  /// Nil until the applicant has finished; then it never changes.
  private(set) var ending: Ending?
  /// The last decision.
  private(set) var decision: Decision?
  /// The applicant's steps, in order.
  private(set) var visits: [Visit] = []

  /// How the session ended, and when.
  struct Ending: Codable, Equatable, Sendable {
    let outcome: Outcome
    let at: Date
    /// The URL to redirect to; nil if the session has no redirect URL.
    let target: String?
  }

  /// A decision by Update Status or on the dashboard.
  struct Decision: Codable, Equatable, Sendable {
    enum Verdict: String, CaseIterable, Codable, Sendable {
      case verified = "VERIFIED"
      case rejected = "REJECTED"
    }

    let verdict: Verdict
    let at: Date
  }

  /// One step of the applicant on the hosted page.
  struct Visit: Codable, Equatable, Sendable {
    let step: String
    let at: Date
  }

  /// Creates a session with a new id.
  init(
    request: SessionRequest, sender: Caller, createdAt: Date,
    naming: Readings.SessionID = .opaque
  ) {
    self.init(
      id: naming == .opaque ? Session.makeID("sess_") : UUID().uuidString.lowercased(),
      userID: Session.makeID("user_"), request: request, sender: sender, createdAt: createdAt)
  }

  init(id: String, userID: String, request: SessionRequest, sender: Caller, createdAt: Date) {
    self.id = id
    self.userID = userID
    organization = sender.organization
    senderID = sender.userID
    self.request = request
    self.createdAt = createdAt
    expiresAt = request.expiresInHours.map { createdAt.addingTimeInterval(Double($0) * 3600) }
  }
}

extension Session {
  /// Ends the session; returns false if it had already ended.
  mutating func end(_ ending: Ending) -> Bool {
    guard self.ending == nil else { return false }
    self.ending = ending
    return true
  }

  mutating func decide(_ decision: Decision) { self.decision = decision }

  /// Records a step if it differs from the last one, up to `maxVisits`.
  mutating func visit(_ visit: Visit) {
    guard visits.last?.step != visit.step, visits.count < Session.maxVisits else { return }
    visits.append(visit)
  }

  static let maxVisits = 100
}

extension Session {
  var outcome: Outcome? { ending?.outcome }

  /// The URL to redirect to; nil if the session has not ended, or has no redirect URL.
  var redirectTarget: String? { ending?.target }

  /// Whether it expired before it ended or was decided.
  func hasExpired(at now: Date) -> Bool {
    guard ending == nil, decision == nil, let expiresAt else { return false }
    return expiresAt <= now
  }

  private static let idAlphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// A new random id: 20 characters of 36, about 103 bits.
  static func makeID(_ prefix: String) -> String {
    // 64 bits are enough for 10 characters, so two random numbers instead of 20.
    var characters = Array(prefix.utf8)
    for var number in [UInt64.random(in: 0...(.max)), UInt64.random(in: 0...(.max))] {
      for _ in 0..<10 {
        characters.append(idAlphabet[Int(number % 36)])
        number /= 36
      }
    }
    return String(decoding: characters, as: UTF8.self)
  }
}
