/// The members that are read of a session.
enum SessionMember: Int {
  // As likely ones as possible come first.
  case id, sessionURL, externalID, links, expiresAt, status, progress, createdAt, updatedAt
  // Older pages of the vendor call the id otherwise.
  case idvID, sessionID
  case externalIDSnake

  /// Their names.
  static var names: JSONNames {
    JSONNames(
      """
      \u{02}id\u{0B}session_url\u{0A}externalId\u{05}links\u{0A}expires_at\u{06}status\u{10}session_progress\
      \u{0A}created_at\u{0A}updated_at\u{06}idv_id\u{0A}session_id\u{0B}external_id
      """)
  }

  /// The rows of what is kept as it is.
  static var plain: ClosedRange<Int> { expiresAt.rawValue...updatedAt.rawValue }

  /// How many names the id has.
  static var idCount: Int { 3 }
}

/// The members of a session.
extension Span where Element == JSONText {
  /// The text of a member, if it has one.
  subscript(member: SessionMember) -> JSONText? { text(member.rawValue) }

  /// How many bytes the texts have at most that are kept of a session, each with a NUL.
  var sizeOfTexts: Int {
    var size = 0
    for row in indices { size &+= self[row].length &+ 1 }
    return size
  }

  /// The text of the id by one of its names, the usual one first.
  func id(_ number: Int) -> JSONText? {
    text(number == 0 ? 0 : SessionMember.updatedAt.rawValue &+ number)
  }

  /// The id, by whatever name, that is this one.
  ///
  /// All three are names of the same id, so that a record is about a session if any of them says so: another session's
  /// record has it under none.
  func id(equalTo id: Span<UInt8>, in body: Span<UInt8>) -> JSONText? {
    for number in 0..<SessionMember.idCount {
      if let text = self.id(number), text.equals(id, in: body) { return text }
    }
    return nil
  }

  /// Whether it has an id by any name, usable or not.
  var hasID: Bool {
    for number in 0..<SessionMember.idCount {
      if let text = id(number), text.length > 0 { return true }
    }
    return false
  }

  /// The external id that is this one, in either spelling; else the one there is, camelCase first.
  func externalID(preferring id: Span<UInt8>, in body: Span<UInt8>) -> JSONText? {
    let camel = self[.externalID]
    guard let snake = self[.externalIDSnake] else { return camel }
    guard let camel else { return snake }
    return !camel.equals(id, in: body) && snake.equals(id, in: body) ? snake : camel
  }
}
