import Foundation

/// A receiver of webhooks.
struct Endpoint: Codable, Equatable, Sendable {
  let id: String
  let url: String
  /// Sent unchanged in `deepidv-signature`.
  let secret: String
  /// The event types it receives; empty for all.
  let types: [String]

  /// Nil if the URL is invalid, or if the secret is invalid in a header.
  init?(url: String, secret: String? = nil, types: [String] = []) {
    let secret = secret ?? Session.makeID("whsec_")
    guard url.utf8.count <= 2048, url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      let parts = URLComponents(string: url),
      ["http", "https"].contains(parts.scheme?.lowercased()),
      parts.host?.isEmpty == false, parts.user == nil, parts.password == nil,
      (1...256).contains(secret.utf8.count), secret.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else { return nil }
    id = Session.makeID("we_")
    self.url = url
    self.secret = secret
    self.types = types
  }

  func wants(_ type: String) -> Bool { types.isEmpty || types.contains(type) }
}

/// The documented event types.
enum WebhookType {
  static let created = "session.created"
  static let submitted = "session.status.submitted"
  static let verified = "session.status.verified"
  static let rejected = "session.status.rejected"
  static let failed = "session.status.failed"

  static let all = [created, submitted, verified, rejected, failed]
}
