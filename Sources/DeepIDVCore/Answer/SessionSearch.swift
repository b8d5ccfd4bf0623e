/// How to recognize, on a page, the session of a create whose answer was lost.
public struct SessionSearch: Sendable {
  /// The earliest time of creation, in seconds since 1970 by the service's clock.
  ///
  /// An external id need not be unique: yesterday's session of the same customer may have the same one.
  public var createdNotBefore: Int64

  /// Looks for every session with the external id.
  public static var ofAnyAge: SessionSearch { SessionSearch(createdNotBefore: .min) }

  /// Whether the time of creation does not matter.
  var isForAnyAge: Bool { createdNotBefore == .min }

  /// Looks for sessions created since a time.
  public init(createdNotBefore: Int64) { self.createdNotBefore = createdNotBefore }

  /// Looks for the session of a create.
  ///
  /// - Parameters:
  ///   - sentAt: When the create was sent, in seconds since 1970 by the clock of the machine that sent it.
  ///   - secondsAgo: How long ago it was sent; nil if another process may have sent it.
  ///   - serviceNow: The time by the service's clock, in seconds since 1970, if known.
  public init(ofCreateSentAt sentAt: Int64, secondsAgo: UInt64?, serviceNow: Int64?) {
    if let secondsAgo, let serviceNow {
      // A machine's clock is trusted for how long it is ago, not for what time it is. Both clocks tell whole
      // seconds, and the service's may be a little behind itself.
      createdNotBefore = serviceNow &- Int64(clamping: secondsAgo) &- 3
    } else {
      let clockTolerance: Int64 = 120
      createdNotBefore = sentAt &- clockTolerance
    }
  }

  /// Whether a session that has the create's external id, byte for byte, is not older than the create.
  ///
  /// One whose time of creation cannot be read proves nothing: nil.
  func matches(createdAt: Span<UInt8>) -> Bool? {
    guard let seconds = secondsSince1970(createdAt) else { return nil }
    return seconds >= createdNotBefore
  }
}
