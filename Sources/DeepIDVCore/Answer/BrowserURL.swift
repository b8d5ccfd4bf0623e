/// Whether a browser may be sent to a URL that the service has answered with.
///
/// It is `https`, or `http` to a host that may be reached without TLS. Nothing in it is read in two ways: no control
/// character or space, no backslash, no user name, and a host that is a name or an address as it stands. What
/// follows the host is the service's.
///
/// - Parameter allowsPlain: Says of a host, without its port, whether `http` will do.
public func isBrowserURL(
  _ url: Span<UInt8>, allowsPlain: (Span<UInt8>) -> Bool = isLoopback
) -> Bool {
  guard let start = endOfScheme(url), !url.hasControlSpaceOrBackslash else { return false }
  var hostEnd = start
  if url.at(start) == UInt8(ascii: "[") {
    while let byte = url.at(hostEnd), byte != UInt8(ascii: "]") { hostEnd &+= 1 }
    hostEnd &+= 1
    guard hostEnd &- start > 3, hostEnd <= url.count else { return false }
    for index in (start &+ 1)..<(hostEnd &- 1) {
      let byte = url[index]
      guard byte.asciiHexValue != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
      else { return false }
    }
  } else {
    var hasName = false
    while let byte = url.at(hostEnd), byte.isOfHostName {
      if byte != UInt8(ascii: "."), byte != UInt8(ascii: "-") { hasName = true }
      hostEnd &+= 1
    }
    guard hasName else { return false }
  }
  guard isEndOfAuthority(url, endOfPort(url, from: hostEnd)) else { return false }
  let isPlain = start == 7
  return !isPlain || allowsPlain(url.extracting(start..<hostEnd))
}

/// Whether a host is this machine: `localhost`, an address of 127.0.0.0/8 in four decimal numbers, or `[::1]`.
///
/// What only looks like such an address is a name, which is looked up.
public func isLoopback(_ host: Span<UInt8>) -> Bool {
  if host.equalsIgnoringCase("localhost") || host.equals("[::1]") { return true }
  var index = 0
  for place in 0..<4 {
    if place > 0 {
      guard host.at(index) == UInt8(ascii: ".") else { return false }
      index &+= 1
    }
    let start = index
    var number = 0
    while index &- start < 3, let byte = host.at(index), byte.isASCIIDigit {
      number = number &* 10 &+ Int(byte &- 0x30)
      index &+= 1
    }
    // A zero before other digits makes it octal to some.
    let hasZero = index &- start > 1 && host.at(start) == UInt8(ascii: "0")
    guard index > start, !hasZero, number <= 255, place > 0 || number == 127 else { return false }
  }
  return index == host.count
}

/// Where the host of an `https://` or `http://` URL begins.
private func endOfScheme(_ url: Span<UInt8>) -> Int? {
  for scheme: StaticString in ["https://", "http://"] {
    let count = scheme.utf8CodeUnitCount
    if url.count > count, url.extracting(first: count).equalsIgnoringCase(scheme) { return count }
  }
  return nil
}

/// Where a port ends that may be there; -1 if it is none.
private func endOfPort(_ url: Span<UInt8>, from start: Int) -> Int {
  guard url.at(start) == UInt8(ascii: ":") else { return start }
  var index = start &+ 1
  var port = 0
  while let byte = url.at(index), byte.isASCIIDigit, port <= 65_535 {
    port = port &* 10 &+ Int(byte &- 0x30)
    index &+= 1
  }
  return port <= 65_535 ? index : -1
}

private func isEndOfAuthority(_ url: Span<UInt8>, _ index: Int) -> Bool {
  guard index >= 0 else { return false }
  guard let byte = url.at(index) else { return true }
  return byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
}

extension UInt8 {
  /// Whether it is of a host's name, which need not be ASCII.
  fileprivate var isOfHostName: Bool {
    isASCIILetter || isASCIIDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
      || self == UInt8(ascii: "_") || self >= 0x80
  }
}

extension Span where Element == UInt8 {
  /// Whether these are the bytes of a text in lower case, but for the case of ASCII letters.
  fileprivate func equalsIgnoringCase(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withSpan { lower in
      for index in indices {
        let byte = self[index]
        guard byte == lower[index] || byte.isASCIILetter && byte | 0x20 == lower[index] else {
          return false
        }
      }
      return true
    }
  }
}
