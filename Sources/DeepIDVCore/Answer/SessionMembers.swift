/// The positions of the members that are read of a session.
struct SessionMembers {
  private(set) var id: JSONText?
  // Older pages of the vendor call the id otherwise.
  private(set) var idvID: JSONText?
  private(set) var sessionID: JSONText?
  private(set) var sessionURL: JSONText?
  private(set) var externalID: JSONText?
  private(set) var externalIDSnake: JSONText?
  private(set) var status: JSONText?
  private(set) var progress: JSONText?
  private(set) var createdAt: JSONText?
  private(set) var updatedAt: JSONText?
  private(set) var expiresAt: JSONText?
  private(set) var links: JSONReader?
  /// The range of the object in the body; empty if there was no object.
  private(set) var record = ByteRange(0, 0)
  /// Whether one of them is repeated.
  private(set) var isRepeated = false

  private enum Name: UInt8 {
    case id, idvID, sessionID, sessionURL, externalID, externalIDSnake, status, progress, createdAt
    case updatedAt, expiresAt, links
  }

  /// Reads the object that comes next.
  ///
  /// Anything else has no members.
  init(_ reader: inout JSONReader, _ body: Span<UInt8>) {
    var seen = JSONMemberSet<Name>()
    guard let object = reader.readObject(in: body) else { return }
    // Its brace has been read.
    let start = reader.position &- 1
    while let name = reader.nextMember(of: object, in: body) {
      guard let member = Self.member(name) else { continue }
      if !seen.insert(member) { isRepeated = true }
      if member == .links {
        links = reader
      } else if let text = reader.readString(in: body) {
        take(member, text)
      }
    }
    record = ByteRange(start, reader.position)
  }

  private static func member(_ name: JSONName) -> Name? {
    switch name {
    case "id": .id
    case "idv_id": .idvID
    case "session_id": .sessionID
    case "session_url": .sessionURL
    case "externalId": .externalID
    case "external_id": .externalIDSnake
    case "status": .status
    case "session_progress": .progress
    case "created_at": .createdAt
    case "updated_at": .updatedAt
    case "expires_at": .expiresAt
    case "links": .links
    default: nil
    }
  }

  private mutating func take(_ member: Name, _ text: JSONText) {
    switch member {
    case .id: id = text
    case .idvID: idvID = text
    case .sessionID: sessionID = text
    case .sessionURL: sessionURL = text
    case .externalID: externalID = text
    case .externalIDSnake: externalIDSnake = text
    case .status: status = text
    case .progress: progress = text
    case .createdAt: createdAt = text
    case .updatedAt: updatedAt = text
    case .expiresAt: expiresAt = text
    case .links: break
    }
  }
}

extension SessionMembers {
  /// The id, by whatever name, that is this one.
  ///
  /// All three are names of the same id, so that a record is about a session if any of them says so: another session's
  /// record has it under none.
  func id(equalTo id: Span<UInt8>, in body: Span<UInt8>) -> JSONText? {
    if let text = self.id, text.equals(id, in: body) { return text }
    if let text = idvID, text.equals(id, in: body) { return text }
    if let text = sessionID, text.equals(id, in: body) { return text }
    return nil
  }

  /// Whether it has an id by any name, usable or not.
  var hasID: Bool {
    (id?.length ?? 0) > 0 || (idvID?.length ?? 0) > 0 || (sessionID?.length ?? 0) > 0
  }

  /// The external id that is this one, in either spelling; else the one there is, camelCase first.
  func externalID(preferring id: Span<UInt8>, in body: Span<UInt8>) -> JSONText? {
    if let text = externalIDSnake, externalID?.equals(id, in: body) != true,
      text.equals(id, in: body)
    {
      return text
    }
    return externalID ?? externalIDSnake
  }
}
