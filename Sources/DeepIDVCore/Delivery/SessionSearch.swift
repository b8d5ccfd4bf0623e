/// What makes a session of a page the one that a lost create has made.
public struct SessionSearch: Sendable {
  /// Seconds since 1970 by the service's clock: what was created before is not it.
  ///
  /// An external id need not be unique: yesterday's session of the same customer may have the same one.
  public var createdNotBefore: Int64

  /// Looks for sessions created since a time.
  public init(createdNotBefore: Int64) { self.createdNotBefore = createdNotBefore }

  /// Whether a session is a match: the same external id, byte for byte, and not older than the create.
  ///
  /// One whose time of creation cannot be read proves nothing.
  func matches(_ session: SessionAnswer.Session, _ texts: Span<UInt8>, _ externalID: Span<UInt8>)
    -> Bool
  {
    guard let id = session.externalID, let createdAt = session.createdAt,
      texts.extracting(id.start..<id.end).equals(externalID),
      let seconds = secondsSince1970(texts.extracting(createdAt.start..<createdAt.end))
    else { return false }
    return seconds >= createdNotBefore
  }
}

extension SessionAnswer {
  /// Keeps only the sessions that a search is for, and says how many there are.
  public mutating func keep(
    _ search: SessionSearch, externalID: Span<UInt8>
  ) throws(BufferError) -> Course.Found {
    var matching = Buffer<Session>(byteLimit: Int.max)
    for index in 0..<sessions.count {
      guard let session = sessions.at(index) else { continue }
      let matches = texts.withSpan { search.matches(session, $0, externalID) }
      if matches { try matching.append(session) }
    }
    replaceSessions(with: matching)
    return switch sessions.count {
    case 0: .none
    case 1: .one
    default: .several
    }
  }
}
