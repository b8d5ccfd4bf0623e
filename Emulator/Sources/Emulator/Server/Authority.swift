/// The host and port of a URL, as in `localhost:8080`.
public struct Authority: Equatable, Sendable {
  /// In lowercase, and with the port if there is one.
  let text: String
  /// The host in lowercase, without brackets and without a dot at the end.
  let host: String
  let isAddress: Bool
  /// Whether it has a port.
  public let hasPort: Bool

  /// Nil if it is not a host that browsers accept, or has more than a port behind it.
  public init?(_ text: String) {
    let text = text.lowercased()
    let host: Substring
    let port: Substring
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[..<end].dropFirst()
      port = text[end...].dropFirst()
      isAddress = IPAddress.isV6(String(host))
      guard isAddress else { return nil }
    } else {
      host = text.prefix { $0 != ":" }
      port = text.dropFirst(host.count)
      isAddress = IPAddress.isV4(String(host))
      guard isAddress || HostName.isAccepted(String(host)) else { return nil }
    }
    guard port.isEmpty || (port.hasPrefix(":") && Authority.isPort(port.dropFirst())) else {
      return nil
    }
    hasPort = !port.isEmpty
    self.text = text
    self.host = host.hasSuffix(".") ? String(host.dropLast()) : String(host)
  }

  private static func isPort(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && UInt16(text).map { $0 > 0 } ?? false
  }
}

/// A scheme, host and port: `http://localhost:8080`.
public struct Origin: Equatable, Sendable {
  let text: String
  let authority: Authority

  /// Nil unless it is http or https, without a path other than `/`.
  public init?(_ text: String) {
    let url = text.hasSuffix("/") ? text.dropLast() : text[...]
    guard let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) }),
      let authority = Authority(String(url.dropFirst(scheme.count)))
    else { return nil }
    self.text = scheme + authority.text
    self.authority = authority
  }
}
