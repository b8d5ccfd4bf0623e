import CDeepIDV

/// What is needed to look for a session later, also from another process: `1.<seconds>.<external id>`.
public enum ReconcileToken {
  /// A token's parts.
  public struct Parts: Sendable {
    /// When the create was sent, in seconds since 1970 by the sender's clock.
    public var sentAt: Int64
    /// Where in the token the external id stands.
    public var externalID: ByteRange
  }

  /// Writes a token.
  public static func write(
    sentAt: Int64, externalID: Span<UInt8>, to token: inout ByteBuffer
  ) throws(BufferError) {
    try token.append("1.")
    try token.append(decimal: sentAt)
    try token.append(UInt8(ascii: "."))
    try token.append(externalID)
  }

  /// Reads a token, or answers nil if it is not one of ours.
  public static func read(_ token: Span<UInt8>) -> Parts? {
    guard token.at(0) == UInt8(ascii: "1"), token.at(1) == UInt8(ascii: ".") else { return nil }
    var seconds: Int64 = 0
    var index = 2
    while let byte = token.at(index), byte.isASCIIDigit, index < 14 {
      seconds = seconds * 10 + Int64(byte &- 0x30)
      index += 1
    }
    guard index > 2, token.at(index) == UInt8(ascii: "."), index + 1 < token.count else {
      return nil
    }
    return Parts(sentAt: seconds, externalID: ByteRange(index + 1, token.count))
  }
}
