/// A validation rule, with its error texts.
struct Rule: Sendable {
  /// The error text, which follows `field: `; nil if the value is valid.
  let problem: @Sendable (JSONScalar) -> String?

  func problem(of value: JSONScalar) -> String? { problem(value) }

  /// A rule for strings.
  private static func string(
    _ requirement: String, _ isValid: @escaping @Sendable (String) -> Bool
  ) -> Rule {
    Rule { value in
      guard case .string(let text) = value else { return "must be a string" }
      return isValid(text) ? nil : requirement
    }
  }
}

extension Rule {
  static let text = Rule.string("") { _ in true }

  static let filledText = Rule.string("must not be empty") { text in
    text.contains { !$0.isWhitespace }
  }

  static let email = Rule.string("must be an e-mail address") { text in
    // Checks only the form, not whether the address exists.
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !text.contains(where: isForbiddenInEmail) else {
      return false
    }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
  }

  static let phone = Rule.string("must be E.164: a + and 10 to 15 digits, such as +15192223333") {
    // Bytes, because Unicode has more digits than ASCII.
    let bytes = Array($0.utf8)
    guard bytes.count >= 11, bytes.count <= 16, bytes[0] == UInt8(ascii: "+") else { return false }
    return bytes[1] != UInt8(ascii: "0")
      && bytes[1...].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  static let redirectURL = Rule.string(
    "must be a valid https URL with a host in ASCII and without user name or password"
  ) { RedirectURL($0) != nil }

  static let flag = Rule { value in
    if case .bool = value { return nil }
    return "must be true or false"
  }

  static let hours = Rule { value in
    if case .integer(1...8760) = value { return nil }
    return "must be an integer from 1 to 8760"
  }

  private static func isForbiddenInEmail(_ character: Character) -> Bool {
    character.isWhitespace
      || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
