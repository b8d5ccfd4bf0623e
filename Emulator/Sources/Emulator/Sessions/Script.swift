/// A scripted outcome in the applicant's data, so that automated tests need no person.
///
/// It is the local part of the e-mail address, if its domain is reserved for tests, or else the text
/// after the last `#` of the external id. A `+` separates the outcome and the reason:
/// `failed+document_unreadable@example.com`, `order-17#failed+document_unreadable`.
enum Script: Equatable, Sendable {
  case ends(Outcome)
  /// Ends in success, and then is verified or rejected.
  case decided(Session.Decision.Verdict)

  init?(_ request: SessionRequest) {
    if let script = Script.reservedLocalPart(of: request.email).flatMap(Script.init(text:)) {
      self = script
    } else if let id = request.externalID, let mark = id.lastIndex(of: "#"),
      let script = Script(text: String(id[id.index(after: mark)...]))
    {
      self = script
    } else {
      return nil
    }
  }

  /// Nil if the text is not a script.
  init?(text: String) {
    let parts = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let status = parts[0].lowercased()
    switch (status, parts.count) {
    case ("success", 1): self = .ends(.success)
    case ("verified", 1): self = .decided(.verified)
    case ("rejected", 1): self = .decided(.rejected)
    case ("failed", 1): self = .ends(.failed(.unknown))
    case ("abandoned", 1): self = .ends(.abandoned())
    case ("failed", 2), ("abandoned", 2):
      guard let outcome = Outcome(status: status, reason: parts[1].lowercased()) else { return nil }
      self = .ends(outcome)
    default: return nil
    }
  }

  var outcome: Outcome {
    switch self {
    case .ends(let outcome): outcome
    case .decided: .success
    }
  }

  /// The local part of an address whose domain is reserved (RFC 2606); nil for other addresses.
  private static func reservedLocalPart(of email: String) -> String? {
    let parts = email.split(separator: "@")
    guard parts.count == 2 else { return nil }
    let labels = parts[1].lowercased().split(separator: ".")
    let isReserved =
      ["test", "example", "invalid", "localhost"].contains(labels.last)
      || labels.suffix(2) == ["example", "com"] || labels.suffix(2) == ["example", "org"]
      || labels.suffix(2) == ["example", "net"]
    return isReserved ? String(parts[0]) : nil
  }
}
