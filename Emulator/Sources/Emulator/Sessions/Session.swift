import Foundation

/// One verification session.
struct Session: Sendable {
  /// Opaque.
  ///
  /// Deliberately not a UUID, so that nobody's code comes to expect one.
  let id: String
  let request: SessionRequest
  let createdAt: Date
  let expiresAt: Date?
  /// Nil until the applicant has finished.
  ///
  /// Once set it never changes.
  var outcome: Outcome?

  init(id: String, request: SessionRequest, createdAt: Date) {
    self.id = id
    self.request = request
    self.createdAt = createdAt
    expiresAt = request.expiresInHours.map { createdAt.addingTimeInterval(Double($0) * 3600) }
  }
}

extension Session {
  private static let idPrefix = "sess_"
  private static let idAlphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")

  /// A new random id: 20 characters of 36, about 103 bits.
  static func makeID() -> String {
    idPrefix + String((0..<20).compactMap { _ in idAlphabet.randomElement() })
  }

  /// Where the browser goes now that the session is over; nil if it is not, or has nowhere to go.
  var redirectTarget: String? {
    guard let outcome, let redirect = request.redirectURL else { return nil }
    return RedirectTarget.url(redirect, sessionID: id, outcome: outcome)
  }
}
