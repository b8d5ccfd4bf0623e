/// How a session ended, as the browser will report it.
struct Outcome: Codable, Equatable, Sendable {
  enum Status: String, CaseIterable, Codable, Sendable {
    case success
    case failed
    case abandoned
  }

  let status: Status
  /// Absent exactly on success.
  let reason: Reason?

  static let success = Outcome(status: .success, reason: nil)

  static func failed(_ reason: Reason) -> Outcome { Outcome(status: .failed, reason: reason) }

  static func abandoned(_ reason: Reason = .userCancelled) -> Outcome {
    Outcome(status: .abandoned, reason: reason)
  }

  /// An outcome in words; nil if they make none.
  ///
  /// A success has no reason, whatever was said; a failure must give one; leaving has the usual one
  /// unless another is named.
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

  /// Accepts what a reason looks like, `[a-z0-9_]{1,64}`, known or not.
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
  /// In no list of the reference: a sample of the reasons that may be added.
  static let documentExpired = Reason(known: "document_expired")
}
