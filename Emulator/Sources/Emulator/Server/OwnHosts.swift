import HTTP

/// The host names of the emulator: which requests are for it, and what its links begin with.
///
/// The emulator has no password. A web site can let its own name resolve to this computer (DNS
/// rebinding), so that its scripts could create sessions and read everything. Such requests have
/// that name in `Host`. An IP address cannot be rebound: a page that names one was loaded from it.
struct OwnHosts: Sendable {
  private let names: Set<String>
  private let publicURL: Origin?

  init(_ settings: Settings) {
    var hosts = settings.allowedHosts
    if let url = settings.publicURL { hosts.append(url.authority) }
    names = Set(hosts.map(\.host))
    publicURL = settings.publicURL
  }

  /// The origin for the links of a response; nil if the request is for an unknown host.
  func origin(for request: HTTPRequest) -> String? {
    guard let authority = Authority(request.authority), allows(authority) else { return nil }
    return publicURL?.text ?? "http://\(authority.text)"
  }

  private func allows(_ authority: Authority) -> Bool {
    authority.isAddress || authority.host == "localhost" || authority.host.hasSuffix(".localhost")
      || names.contains(authority.host)
  }

  /// The explanation for a request to an unknown host.
  static let refusal = """
    This host name is not allowed. Use localhost or an IP address, or start the emulator with \
    --allow-host NAME
    """
}
