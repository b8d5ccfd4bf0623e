/// How a session ended, as the redirect reports it.
struct Outcome: Codable, Equatable, Sendable {
  enum Status: String, CaseIterable, Codable, Sendable {
    case success
    case failed
    case abandoned
  }

  let status: Status
  /// Nil if and only if the status is success.
  let reason: Reason?

  static let success = Outcome(status: .success, reason: nil)

  static func failed(_ reason: Reason) -> Outcome { Outcome(status: .failed, reason: reason) }

  static func abandoned(_ reason: Reason = .userCancelled) -> Outcome {
    Outcome(status: .abandoned, reason: reason)
  }

  /// Parses an outcome; nil if it is invalid.
  ///
  /// Success ignores a reason, failed requires one, and abandoned defaults to `user_cancelled`.
  init?(status: String?, reason: String?) {
    switch status.flatMap(Status.init) {
    case .success:
      self = .success
    case .failed:
      guard let reason = reason.flatMap({ Reason($0) }) else { return nil }
      self = .failed(reason)
    case .abandoned:
      guard let reason = reason.map({ Reason($0) }) ?? .userCancelled else { return nil }
      self = .abandoned(reason)
    case nil:
      return nil
    }
  }

  private init(status: Status, reason: Reason?) {
    self.status = status
    self.reason = reason
  }
}

/// Why a session did not succeed.
///
/// An open set: the service may add reasons at any time.
struct Reason: Codable, Equatable, Sendable {
  let text: String

  /// Accepts any reason of the form `[a-z0-9_]{1,64}`.
  init?(_ text: String) {
    guard (1...64).contains(text.utf8.count),
      text.utf8.allSatisfy({
        $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      })
    else { return nil }
    self.text = text
  }

  private init(known text: String) { self.text = text }
}

extension Reason {
  static let documentUnreadable = Reason(known: "document_unreadable")
  static let faceMismatch = Reason(known: "face_mismatch")
  static let sessionExpired = Reason(known: "session_expired")
  static let internalError = Reason(known: "internal_error")
  static let userCancelled = Reason(known: "user_cancelled")
  static let unknown = Reason(known: "unknown")
  /// Not documented: an example of a reason that the service may add.
  static let documentExpired = Reason(known: "document_expired")
}
