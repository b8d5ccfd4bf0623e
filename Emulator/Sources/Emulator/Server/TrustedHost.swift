import FlyingFox

/// Rejects requests that a foreign web page sends by DNS rebinding.
///
/// The emulator has no password. A web site can let its own name resolve to the loopback address, so
/// that its scripts can read the emulator's responses. Such requests have that name in `Host`.
struct TrustedHost: Sendable {
  let address: ListenAddress

  func allows(_ request: HTTPRequest) -> Bool {
    // If other machines can reach the emulator, its names are unknown.
    guard address.isLoopback else { return true }
    guard let host = request.headers[.host] else { return true }
    let name =
      host.hasPrefix("[") ? "\(host.prefix { $0 != "]" })]" : "\(host.prefix { $0 != ":" })"
    return ["localhost", "127.0.0.1", "[::1]"].contains(name.lowercased())
      || name.lowercased().hasSuffix(".localhost") || name == address.name
  }
}
