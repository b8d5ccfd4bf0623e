import CPlatform

/// An IP address, as `inet_pton` reads it: four numbers with dots between them, or IPv6.
///
/// Everything else is a name, however much it looks like an address: `127.0.0.256` is asked of DNS.
struct HostAddress {
  private let address: cplatform_address

  /// Reads an address; IPv6 may be in brackets, as in URLs.
  init?(_ text: Span<UInt8>) {
    var text = text
    if let first = text.at(0), first == UInt8(ascii: "["),
      text.at(text.count - 1) == UInt8(ascii: "]")
    {
      text = text.part(1, text.count - 1)
      // What is in brackets is no IPv4 address.
      guard !text.allSatisfy({ $0 != UInt8(ascii: ":") }) else { return nil }
    }
    let address = unsafe text.withUnsafeBufferPointer { text in
      unsafe text.baseAddress.map { unsafe cplatform_address_read($0, text.count) }
    }
    guard let address, address.size > 0 else { return nil }
    self.address = address
  }

  /// How many bits it has.
  var bitCount: UInt32 { address.size &* 8 }

  /// Whether it is this machine's own, 127.0.0.0/8 or ::1.
  var isLoopback: Bool { cplatform_address_is_loopback(address) != 0 }

  /// Whether the first bits are those of another address.
  func matches(_ other: HostAddress, bits: UInt32) -> Bool {
    cplatform_address_matches(address, other.address, bits) != 0
  }
}
