import Foundation

/// One verification session.
struct Session: Sendable {
  /// Opaque.
  ///
  /// Deliberately not a UUID, so that nobody's code comes to expect one.
  let id: String
  let request: SessionRequest
  /// The user that the applicant has become.
  let userID: String
  let sender: Account.Caller
  let createdAt: Date
  let expiresAt: Date?
  /// Nil until the applicant has finished.
  ///
  /// Once set it never changes.
  private(set) var ending: Ending?

  /// How the session ended, and when.
  struct Ending: Sendable {
    let outcome: Outcome
    let at: Date
  }

  init(request: SessionRequest, sender: Account.Caller, createdAt: Date) {
    id = Session.makeID("sess_")
    userID = Session.makeID("user_")
    self.request = request
    self.sender = sender
    self.createdAt = createdAt
    expiresAt = request.expiresInHours.map { createdAt.addingTimeInterval(Double($0) * 3600) }
  }
}

extension Session {
  var outcome: Outcome? { ending?.outcome }

  /// Ends the session; false if it had ended before.
  mutating func end(with outcome: Outcome, at now: Date) -> Bool {
    guard ending == nil else { return false }
    ending = Ending(outcome: outcome, at: now)
    return true
  }
}

extension Session {
  private static let idAlphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")

  /// A new random id: 20 characters of 36, about 103 bits.
  private static func makeID(_ prefix: String) -> String {
    prefix + String((0..<20).compactMap { _ in idAlphabet.randomElement() })
  }

  /// Where the browser goes now that the session is over; nil if it is not, or has nowhere to go.
  var redirectTarget: String? {
    guard let outcome, let redirect = request.redirectURL else { return nil }
    return RedirectTarget.url(redirect, sessionID: id, outcome: outcome)
  }
}
