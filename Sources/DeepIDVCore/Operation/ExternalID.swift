extension Buffer where Element == UInt8 {
  /// Appends a generated external id: 128 random bits, so that it is unique and reveals nothing.
  public mutating func appendExternalID(_ first: UInt64, _ second: UInt64) throws(BufferError) {
    try append("didv_")
    try append(hexadecimal: first)
    try append(hexadecimal: second)
  }

  private mutating func append(hexadecimal bits: UInt64) throws(BufferError) {
    var digits = [16 of UInt8](repeating: 0)
    var rest = bits
    for index in digits.indices {
      // The highest digit comes first.
      rest = rest << 4 | rest >> 60
      digits[index] = UInt8.hexDigit(UInt8(truncatingIfNeeded: rest & 0x0F))
    }
    try append(digits.span)
  }
}
