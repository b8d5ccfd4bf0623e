import NIOCore
import NIOHTTP1

/// What a client can make the server read, keep and wait for.
public struct HTTPLimits: Sendable {
  /// The bytes of path and query.
  public var target = 8 << 10
  /// The bytes of all header names and values.
  public var header = 16 << 10
  /// The number of header lines.
  public var headerLines = 1000
  /// The bytes of a body.
  public var body = 1 << 20
  /// The bytes of a body that is too large, but is read.
  ///
  /// A client that is still sending when the connection ends sees an error in place of the 413.
  public var discardedBody = 16 << 20

  /// The milliseconds from the first byte of a request to the end of its header.
  public var headerTime = 30_000
  /// The milliseconds from the end of the header to the end of the body.
  public var bodyTime = 20_000
  /// The milliseconds in which a client must read what was sent to it.
  public var readingTime = 30_000
  /// The milliseconds of an unused connection.
  public var idleTime = 300_000
  /// The milliseconds in which a client must close a connection that the server has ended.
  public var closingTime = 2_000

  /// Creates the default limits.
  public init() {}

  /// What the parser refuses.
  ///
  /// It cannot tell a long target from a long header, so it allows both together.
  var parser: NIOHTTPDecoderLimitConfiguration {
    var parser = NIOHTTPDecoderLimitConfiguration()
    parser.maxHeaderFieldSize = target + header
    parser.maxHeaderListSize = target + header
    parser.maxHeaderFieldCount = headerLines
    return parser
  }

  /// The bytes before a complete header, with some room for separators and the next request.
  var bytesOfHead: Int { 4 * (target + header) + (64 << 10) }
}
