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
        try append(UInt8.hexDigit(byte >> 4, isUppercase: true))
        try append(UInt8.hexDigit(byte & 0x0F, isUppercase: true))
      }
    }
  }
}

extension UInt8 {
  fileprivate var isUnreservedInURL: Bool {
    isASCIIDigit || isASCIILetter || self == UInt8(ascii: "-")
      || self == UInt8(ascii: ".") || self == UInt8(ascii: "_") || self == UInt8(ascii: "~")
  }
}
