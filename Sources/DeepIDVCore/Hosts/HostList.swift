import CDeepIDV

// Lists of hosts in one text: those that are allowed without TLS, and those that need no proxy.

/// Whether a host is certainly this machine: `localhost`, or a loopback address.
public func isLoopback(host: Span<UInt8>) -> Bool {
  host.equalsIgnoringCase("localhost") || HostAddress(host)?.isLoopback == true
}

/// Whether a host is allowed without TLS: it is certainly this machine, or on a list.
public func mayBePlain(host: Span<UInt8>, _ plainHosts: Span<UInt8>) -> Bool {
  isLoopback(host: host) || isListed(host: host, in: plainHosts)
}

/// Checks a list of exact names and addresses, separated by commas.
///
/// A wildcard, a port or a URL is refused, because it would have no effect.
public func checkHostList(_ list: Span<UInt8>) -> deepidv_status {
  let isWellFormed = list.allItems(between: UInt8(ascii: ",")) { host in
    HostAddress(host) != nil || host.allSatisfy(isOfHostName)
  }
  return isWellFormed ? DEEPIDV_OK : DEEPIDV_E_CONTROL
}

/// Whether such a list contains a host.
public func isListed(host: Span<UInt8>, in list: Span<UInt8>) -> Bool {
  let address = HostAddress(host)
  return !list.allItems(between: UInt8(ascii: ",")) { item in
    guard let address else { return !item.equalsIgnoringCase(host) }
    guard let item = HostAddress(item) else { return true }
    return !item.matches(address, bits: address.bitCount)
  }
}

/// Whether a host needs no proxy according to `NO_PROXY`.
///
/// It is read as libcurl reads it, which has changed from version to version: `*` for every host, a domain
/// with all that is in it, an address, or a network as in `10.0.0.0/8`; with commas or spaces between them.
public func isReachedDirectly(host: Span<UInt8>, noProxy list: Span<UInt8>) -> Bool {
  let host = host.part(0, host.countWithoutLastDot)
  let address = HostAddress(host)
  return !list.allItems(between: UInt8(ascii: ",")) { items in
    items.allItems(between: UInt8(ascii: " ")) { item in
      if item.count == 1, item[0] == UInt8(ascii: "*") { return false }
      guard let address else { return !isWithin(host, domain: item) }
      return !isWithin(address, network: item)
    }
  }
}

private func isWithin(_ host: Span<UInt8>, domain item: Span<UInt8>) -> Bool {
  var domain = item.part(0, item.countWithoutLastDot)
  if domain.at(0) == UInt8(ascii: ".") { domain = domain.part(1, domain.count) }
  guard !domain.isEmpty, domain.count <= host.count else { return false }
  let start = host.count - domain.count
  return host.part(start, host.count).equalsIgnoringCase(domain)
    && (start == 0 || host.at(start &- 1) == UInt8(ascii: "."))
}

private func isWithin(_ address: HostAddress, network item: Span<UInt8>) -> Bool {
  var end = 0
  while let byte = item.at(end), byte != UInt8(ascii: "/") { end += 1 }
  guard let network = HostAddress(item.part(0, end)) else { return false }
  guard end < item.count else { return network.matches(address, bits: address.bitCount) }
  let count = item.count - end - 1
  guard 1...3 ~= count, let bits = item.digits(from: end + 1, count: count) else { return false }
  return network.matches(address, bits: UInt32(truncatingIfNeeded: bits))
}

/// What a host's name may have: those of DNS, and the underscore that containers' names have.
private func isOfHostName(_ byte: UInt8) -> Bool {
  byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    || byte == UInt8(ascii: "_")
}

extension Span where Element == UInt8 {
  /// Whether every item of a list satisfies a rule.
  ///
  /// Blanks around items are removed, and empty items skipped.
  fileprivate func allItems(
    between separator: UInt8, satisfy rule: (Span<UInt8>) -> Bool
  ) -> Bool {
    var start = 0
    while start <= count {
      var end = start
      while let byte = at(end), byte != separator { end += 1 }
      let item = trimmed(ByteRange(start, end), andLineEnds: false)
      if !item.isEmpty, !rule(part(item)) { return false }
      start = end &+ 1
    }
    return true
  }

  /// The count without a dot at the end, which only marks a name as absolute.
  fileprivate var countWithoutLastDot: Int {
    at(count - 1) == UInt8(ascii: ".") ? count - 1 : count
  }
}
