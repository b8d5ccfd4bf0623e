import CDeepIDV

/// What is needed to search for a session later, even in another process: `1.<seconds>.<external id>`.
public enum ReconcileToken {
  /// A token's parts.
  public struct Parts: Sendable {
    /// When the create was sent, in seconds since 1970 by the sender's clock.
    public var sentAt: Int64
    /// Where the external id is in the token.
    public var externalID: ByteRange
  }

  /// The size of the longest token in bytes, with its NUL.
  public static let longest = longestIDInURL + 64

  /// Whether the session of a create with this external id can be searched for.
  public static func canName(_ externalID: borrowing ByteBuffer) -> Bool {
    1...longestIDInURL ~= externalID.count
  }

  /// The latest time that a token can have, in seconds since 1970: the largest number of `digitLimit` digits.
  public static let latestTime: UInt64 = 999_999_999_999

  private static var digitLimit: Int { 12 }

  /// Checks what a token is to be written of.
  public static func check(sentAt: UInt64, externalID: Span<UInt8>) -> deepidv_status {
    if externalID.isEmpty { return DEEPIDV_E_REQUIRED }
    if sentAt > latestTime { return DEEPIDV_E_RANGE }
    return checkText(externalID, limit: longestIDInURL)
  }

  /// Writes a token.
  @inline(never)
  public static func write(
    sentAt: Int64, externalID: Span<UInt8>, to token: inout ByteBuffer
  ) throws(BufferError) {
    try token.append("1.")
    try token.append(decimal: sentAt)
    try token.append(UInt8(ascii: "."))
    try token.append(externalID)
  }

  /// Reads a token; nil if it is malformed.
  public static func read(_ token: Span<UInt8>) -> Parts? {
    guard token.at(0) == UInt8(ascii: "1"), token.at(1) == UInt8(ascii: ".") else { return nil }
    var end = 2
    while end < 2 + digitLimit, token.at(end)?.isASCIIDigit == true { end += 1 }
    guard let seconds = token.digits(from: 2, count: end - 2), token.at(end) == UInt8(ascii: "."),
      1...longestIDInURL ~= token.count - end - 1
    else { return nil }
    return Parts(sentAt: seconds, externalID: ByteRange(end + 1, token.count))
  }
}
