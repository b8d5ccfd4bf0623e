/// Whether a browser may be sent to a URL of an answer.
///
/// It is `https`, or `http` to a host that may be reached without TLS. Nothing in it is read in two ways: no control
/// character or space, no backslash, no user name, and a host that browsers accept. What follows the host is the
/// service's.
///
/// - Parameter plainHosts: A list of hosts, beside this machine, to which `http` will do.
public func isBrowserURL(_ url: Span<UInt8>, plainHosts: Span<UInt8> = Span()) -> Bool {
  // Nearly all are; the rule below accepts it too, in six times the time.
  if isOrdinaryURL(url) { return true }
  guard let start = endOfScheme(url), !url.hasControlSpaceOrBackslash else { return false }
  let authority = url.part(start, endOfAuthority(url, start))
  guard let hostEnd = endOfHost(authority) else { return false }
  let isPlain = start == 7
  return !isPlain || mayBePlain(host: authority.part(0, hostEnd), plainHosts)
}

/// Where the host of an `https://` or `http://` URL begins.
private func endOfScheme(_ url: Span<UInt8>) -> Int? {
  for scheme: StaticString in ["https://", "http://"] {
    let count = scheme.count
    if url.count > count, url.part(0, count).equalsIgnoringCase(scheme) { return count }
  }
  return nil
}
