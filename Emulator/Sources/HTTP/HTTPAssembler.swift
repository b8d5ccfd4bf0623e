import NIOCore
import NIOHTTP1

/// Assembles requests from the parts that the parser reports.
///
/// A value without I/O: it returns what the connection is to do.
struct HTTPAssembler {
  enum Action {
    case none
    /// The client waits for permission to send the body.
    case permitBody
    case answer(HTTPRequest, keepsAlive: Bool)
    case refuse(HTTPProblem, keepsAlive: Bool)
  }

  private let limits: HTTPLimits
  private var request: HTTPRequest?
  private var keepsAlive = false
  private var bodyLength = 0

  init(limits: HTTPLimits) { self.limits = limits }

  /// Whether a header has arrived and its body has not.
  var isInBody: Bool { request != nil }

  /// `address` is the one that the client has connected to.
  mutating func take(
    _ part: HTTPServerRequestPart, connectedTo address: @autoclosure () -> String
  ) -> Action {
    switch part {
    case .head(let head): return begin(head, connectedTo: address())
    case .body(let bytes):
      bodyLength += bytes.readableBytes
      if bodyLength <= limits.body { request?.body.append(contentsOf: bytes.readableBytesView) }
      return .none
    case .end:
      guard let request else { return .none }
      self.request = nil
      return bodyLength <= limits.body
        ? .answer(request, keepsAlive: keepsAlive)
        : .refuse(.bodyTooLarge, keepsAlive: keepsAlive)
    }
  }

  private mutating func begin(
    _ head: HTTPRequestHead, connectedTo address: @autoclosure () -> String
  ) -> Action {
    if head.uri.utf8.count > limits.target {
      return .refuse(.targetTooLong, keepsAlive: false)
    }
    let size = head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    if size > limits.header { return .refuse(.headerTooLarge, keepsAlive: false) }
    let isChunked = head.headers.contains(name: "transfer-encoding")
    // HTTP/1.0 has no chunks: a proxy of this version would see another length.
    guard let request = HTTPRequest(head, connectedTo: address()),
      !isChunked || head.version.minor > 0
    else {
      return .refuse(.malformed, keepsAlive: false)
    }

    // The parser has checked the number.
    let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    let awaitsPermission =
      head.version.minor > 0
      && head.headers.first(name: "expect")?.lowercased() == "100-continue"
    if length > (awaitsPermission ? limits.body : limits.discardedBody) {
      return .refuse(.bodyTooLarge, keepsAlive: false)
    }
    self.request = request
    self.request?.body.reserveCapacity(min(length, limits.body))
    bodyLength = 0
    // The parser reads nothing more after a request for another protocol.
    keepsAlive =
      head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade")
    return awaitsPermission && (isChunked || length > 0) ? .permitBody : .none
  }
}
