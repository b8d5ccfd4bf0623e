import Foundation

/// A redirect URL that is safe to send a browser to: https, with a host, without user or password.
///
/// The text is kept byte for byte, never normalised, since the integrator compares what comes back
/// with what was sent. It holds only characters that RFC 3986 allows, so it cannot end a header
/// line or carry a space into one.
struct RedirectURL: Equatable, Sendable {
  let text: String
  /// Host and port, as a person would want to see where they are being sent.
  let authority: String

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let scheme = Array("https://".utf8)
    guard bytes.allSatisfy(RedirectURL.isAllowed), RedirectURL.hasWholeEscapes(bytes),
      bytes.count > scheme.count, bytes.prefix(scheme.count).map(RedirectURL.lowercased) == scheme
    else { return nil }

    let authority = bytes.dropFirst(scheme.count).prefix { !"/?#".utf8.contains($0) }
    // `https://yourapp.com@evil.example/` looks like one host and goes to another.
    guard !authority.contains(UInt8(ascii: "@")), RedirectURL.isHostAndPort(authority) else {
      return nil
    }
    // A second `#` would leave two readings of where the fragment starts.
    guard bytes.count(where: { $0 == UInt8(ascii: "#") }) <= 1 else { return nil }

    self.text = text
    self.authority = String(decoding: authority, as: UTF8.self)
  }
}

extension RedirectURL {
  /// The characters of RFC 3986: unreserved, reserved, and `%`.
  private static func isAllowed(_ byte: UInt8) -> Bool {
    PercentEncoding.isUnreserved(byte) || ":/?#[]@!$&'()*+,;=%".utf8.contains(byte)
  }

  /// Every `%` is followed by two hexadecimal digits.
  private static func hasWholeEscapes(_ bytes: [UInt8]) -> Bool {
    bytes.indices.allSatisfy { index in
      guard bytes[index] == UInt8(ascii: "%") else { return true }
      let digits = bytes[(index + 1)...].prefix(2)
      return digits.count == 2
        && digits.allSatisfy { PercentEncoding.value(ofHexDigit: $0) != nil }
    }
  }

  private static func isHostAndPort(_ authority: ArraySlice<UInt8>) -> Bool {
    guard authority.first == UInt8(ascii: "[") else {
      let parts = authority.split(
        separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      return isName(parts[0]) && (parts.count == 1 || isPort(parts[1]))
    }
    guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return false }
    let address = authority[..<end].dropFirst()
    let rest = authority[end...].dropFirst()
    return isIPv6(address)
      && (rest.isEmpty || (rest.first == UInt8(ascii: ":") && isPort(rest.dropFirst())))
  }

  /// A host name or IPv4 address.
  ///
  /// Percent-encoded and other exotic names are refused: no browser agrees with another on what
  /// they mean.
  private static func isName(_ host: ArraySlice<UInt8>) -> Bool {
    host.contains(where: PercentEncoding.isAlphanumeric)
      && host.allSatisfy { PercentEncoding.isAlphanumeric($0) || "-._".utf8.contains($0) }
      && host.first != UInt8(ascii: ".")
      && !host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        .dropLast().contains { $0.isEmpty }
  }

  private static func isIPv6(_ address: ArraySlice<UInt8>) -> Bool {
    var parsed = in6_addr()
    return inet_pton(AF_INET6, String(decoding: address, as: UTF8.self), &parsed) == 1
  }

  /// RFC 3986 allows an empty port after the colon.
  private static func isPort(_ port: ArraySlice<UInt8>) -> Bool {
    port.isEmpty || UInt16(String(decoding: port, as: UTF8.self)).map { $0 > 0 } ?? false
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}

/// Written as its text alone.
extension RedirectURL: Codable {
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    guard let url = RedirectURL(try value.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "not a redirect URL")
    }
    self = url
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(text)
  }
}
