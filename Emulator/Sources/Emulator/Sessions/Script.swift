/// An outcome that an applicant's data decide, so that an automated test needs no person.
///
/// It stands in the e-mail address before the `@`, if the address is one that is reserved for
/// examples and tests; or else in the external id behind its last `#`. Words are joined by `+`:
/// `failed+document_unreadable@example.com`, `order-17#failed+document_unreadable`.
enum Script: Equatable, Sendable {
  case ends(Outcome)
  /// Ends in success, and then something is decided about it.
  case decided(Session.Decision.Verdict)

  init?(_ request: SessionRequest) {
    if let script = Script.local(request.email).flatMap(Script.init(words:)) {
      self = script
    } else if let id = request.externalID, let mark = id.lastIndex(of: "#"),
      let script = Script(words: String(id[id.index(after: mark)...]))
    {
      self = script
    } else {
      return nil
    }
  }

  /// Words that are no script mean nothing.
  init?(words: String) {
    let words = words.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let word = words[0].lowercased()
    switch (word, words.count) {
    case ("success", 1): self = .ends(.success)
    case ("verified", 1): self = .decided(.verified)
    case ("rejected", 1): self = .decided(.rejected)
    case ("failed", 1): self = .ends(.failed(.unknown))
    case ("abandoned", 1): self = .ends(.abandoned())
    case ("failed", 2), ("abandoned", 2):
      guard let outcome = Outcome(status: word, reason: words[1].lowercased()) else { return nil }
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

  /// What stands before the `@` of an address that can be nobody's (RFC 2606).
  private static func local(_ email: String) -> String? {
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
