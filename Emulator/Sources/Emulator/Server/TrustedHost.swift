import FlyingFox

/// Whether a call comes from this computer's own user, and not by way of some web page in their
/// browser.
///
/// The emulator has no password. A page from elsewhere can have a name of its own lead to the
/// loopback address, and then its scripts read what is answered there: its name stands in `Host`.
struct TrustedHost: Sendable {
  let address: ListenAddress

  func allows(_ request: HTTPRequest) -> Bool {
    // Whoever opens it to others chooses by which names.
    guard address.isLoopback else { return true }
    guard let host = request.headers[.host] else { return true }
    let name =
      host.hasPrefix("[") ? "\(host.prefix { $0 != "]" })]" : "\(host.prefix { $0 != ":" })"
    return ["localhost", "127.0.0.1", "[::1]"].contains(name.lowercased())
      || name.lowercased().hasSuffix(".localhost") || name == address.name
  }
}
