extension Buffer where Element == UInt8 {
  /// Adds text as a piece of a URL: everything but RFC 3986's unreserved characters is encoded, so that no
  /// id can step out of its place.
  public mutating func append(percentEncoded text: Span<UInt8>) throws(BufferError) {
    for index in text.indices {
      let byte = text[index]
      if byte.isUnreservedInURL {
        try append(byte)
      } else {
        try append(UInt8(ascii: "%"))
        try append(hexDigit(byte >> 4))
        try append(hexDigit(byte & 0x0F))
      }
    }
  }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "A") &+ (value &- 10)
}

extension UInt8 {
  fileprivate var isUnreservedInURL: Bool {
    isASCIIDigit || (self | 0x20) &- UInt8(ascii: "a") < 26 || self == UInt8(ascii: "-")
      || self == UInt8(ascii: ".") || self == UInt8(ascii: "_") || self == UInt8(ascii: "~")
  }
}
