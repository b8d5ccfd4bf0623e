import Foundation

/// A redirect URL that is safe for a browser: https, a host that browsers accept, no user info.
///
/// The text is kept byte for byte, never normalised, because integrators compare it with what they
/// sent. It has no spaces or control characters, so it cannot inject header lines. What follows the
/// host is not validated further.
struct RedirectURL: Equatable, Sendable {
  let text: String
  /// Host and port, to show people where they will be redirected.
  let authority: String

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let scheme = Array("https://".utf8)
    guard bytes.allSatisfy(RedirectURL.isAllowed), bytes.count > scheme.count,
      bytes.prefix(scheme.count).map(RedirectURL.lowercased) == scheme
    else { return nil }

    let authority = bytes.dropFirst(scheme.count).prefix { !"/?#".utf8.contains($0) }
    // `https://yourapp.com@evil.example/` looks like one host and goes to another.
    guard !authority.contains(UInt8(ascii: "@")), RedirectURL.isHostAndPort(authority) else {
      return nil
    }
    self.text = text
    self.authority = String(decoding: authority, as: UTF8.self)
  }
}

extension RedirectURL {
  /// Rejects spaces, control characters, and backslashes, which browsers treat as slashes.
  private static func isAllowed(_ byte: UInt8) -> Bool {
    byte > UInt8(ascii: " ") && byte != 0x7F && byte != UInt8(ascii: "\\")
  }

  private static func isHostAndPort(_ authority: ArraySlice<UInt8>) -> Bool {
    guard authority.first == UInt8(ascii: "[") else {
      let parts = authority.split(
        separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      return HostName.isAccepted(String(decoding: parts[0], as: UTF8.self))
        && (parts.count == 1 || isPort(parts[1]))
    }
    guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return false }
    let address = authority[..<end].dropFirst()
    let rest = authority[end...].dropFirst()
    return isIPv6(address)
      && (rest.isEmpty || (rest.first == UInt8(ascii: ":") && isPort(rest.dropFirst())))
  }

  private static func isIPv6(_ address: ArraySlice<UInt8>) -> Bool {
    IPAddress.isV6(String(decoding: address, as: UTF8.self))
  }

  /// Accepts an empty port, or 1 to 65535.
  private static func isPort(_ port: ArraySlice<UInt8>) -> Bool {
    guard port.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return false
    }
    return port.isEmpty || UInt16(String(decoding: port, as: UTF8.self)).map { $0 > 0 } ?? false
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}

/// Encoded as a string.
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
