/// What makes a session of a page the one that a lost create has made.
public struct SessionSearch: Sendable {
  /// Seconds since 1970 by the service's clock: what was created before is not it.
  ///
  /// An external id need not be unique: yesterday's session of the same customer may have the same one.
  public var createdNotBefore: Int64

  /// Looks for sessions created since a time.
  public init(createdNotBefore: Int64) { self.createdNotBefore = createdNotBefore }

  /// Whether a session that has the create's external id, byte for byte, is not older than the create.
  ///
  /// One whose time of creation cannot be read proves nothing.
  func matches(createdAt: Span<UInt8>) -> Bool {
    guard let seconds = secondsSince1970(createdAt) else { return false }
    return seconds >= createdNotBefore
  }
}

extension SessionAnswer {
  /// What a search has found on its page.
  ///
  /// One session is the one only if there can be no other: not when the page has a next one, nor when another
  /// that matches has an id that cannot be one.
  public var found: OperationPolicy.Found {
    switch sessions.count {
    case 0: .none
    case 1: isConclusive ? .one : .none
    default: .several
    }
  }
}
