import Foundation

/// One verification session.
struct Session: Codable, Sendable {
  /// Opaque.
  ///
  /// By default not a UUID, so that nobody's code comes to expect one.
  let id: String
  let request: SessionRequest
  /// The organisation whose key made it.
  let organization: String
  /// The user that the applicant has become.
  let userID: String
  /// The user that the API key stands for.
  let senderID: String
  let createdAt: Date
  let expiresAt: Date?
  /// Nil until the applicant has finished.
  ///
  /// Once set it never changes.
  private(set) var ending: Ending?
  /// What was decided about it; the last word counts.
  private(set) var decision: Decision?
  /// What the applicant has done on the way, in order.
  private(set) var visits: [Visit] = []

  /// How the session ended, and when.
  struct Ending: Codable, Equatable, Sendable {
    let outcome: Outcome
    let at: Date
    /// Where the browser goes then; nil if it has nowhere to go.
    let target: String?
  }

  /// What somebody said of it by Update Status.
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

  /// A session of a new id.
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
  /// Ends the session; false if it had ended before.
  mutating func end(_ ending: Ending) -> Bool {
    guard self.ending == nil else { return false }
    self.ending = ending
    return true
  }

  mutating func decide(_ decision: Decision) { self.decision = decision }

  /// Notes a step, if it is another than the last.
  ///
  /// Whoever reloads a page has not gone further; and what an applicant can fill stays small.
  mutating func visit(_ visit: Visit) {
    guard visits.last?.step != visit.step, visits.count < Session.mostVisits else { return }
    visits.append(visit)
  }

  static let mostVisits = 100
}

extension Session {
  var outcome: Outcome? { ending?.outcome }

  /// Where the browser goes now that the session is over; nil if it is not, or has nowhere to go.
  var redirectTarget: String? { ending?.target }

  /// Whether its time ran out before anything came of it.
  func hasExpired(at now: Date) -> Bool {
    guard ending == nil, decision == nil, let expiresAt else { return false }
    return expiresAt <= now
  }

  private static let idAlphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// A new random id: 20 characters of 36, about 103 bits.
  static func makeID(_ prefix: String) -> String {
    // Ten characters from each number, which holds twelve: the system is asked twice, not 20 times.
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
