import NIOHTTP1

/// A complete request.
public struct HTTPRequest: Sendable {
  /// Such as `POST`.
  public let method: HTTPMethod
  /// Still percent-encoded.
  public let path: String
  /// What follows the first `?`; empty without one.
  public let query: String
  /// The host and port that the request is for, as the client names them.
  ///
  /// In HTTP/1.0 a client may name none; then it is the address that it has connected to.
  public let authority: String
  /// All header lines, in their order.
  public let headers: HTTPHeaders
  /// Empty without one.
  public internal(set) var body: [UInt8] = []

  /// Path and query.
  public var target: String { query.isEmpty ? path : "\(path)?\(query)" }

  /// Reads a head; nil if the host is missing or ambiguous.
  init?(_ head: HTTPRequestHead, connectedTo address: @autoclosure () -> String) {
    let hosts = head.headers["host"]
    guard hosts.count == 1 || (hosts.isEmpty && head.version.minor == 0) else { return nil }
    var target = head.uri[...]
    var authority = hosts.first ?? address()
    // A request for a proxy has the host in its first line, and that one counts (RFC 9112, 3.2.2).
    if !target.hasPrefix("/"), let scheme = HTTPRequest.scheme(of: target) {
      let rest = target.dropFirst(scheme.count)
      let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
      authority = String(rest[..<(end ?? rest.endIndex)])
      target = rest[(end ?? rest.endIndex)...]
      if !target.hasPrefix("/") { target = "/\(target)" }
    }
    let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    method = head.method
    path = String(target[..<mark])
    query = mark == target.endIndex ? "" : String(target[target.utf8.index(after: mark)...])
    self.authority = authority
    headers = head.headers
  }

  private static func scheme(of target: Substring) -> String? {
    ["http://", "https://"].first { target.prefix($0.count).lowercased() == $0 }
  }
}
