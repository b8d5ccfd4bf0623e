extension Buffer where Element == UInt8 {
  /// Adds bytes, a multiple of three, in the alphabet that a URL leaves as it is.
  ///
  /// Such a number of them needs no padding and leaves no bits over: there is one text for each value.
  /// https://www.rfc-editor.org/rfc/rfc4648#section-5
  mutating func append(base64URL bytes: Span<UInt8>) throws(BufferError) {
    var index = 0
    while let first = bytes.at(index), let second = bytes.at(index &+ 1),
      let third = bytes.at(index &+ 2)
    {
      let group = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
      for digit in 0..<4 {
        let value = group >> UInt32(18 - digit * 6) & 0x3F
        try append(base64URLDigit(UInt8(truncatingIfNeeded: value)))
      }
      index &+= 3
    }
  }

  /// Decodes such a text and adds its bytes.
  ///
  /// Returns false if it is malformed.
  ///
  /// It may be percent-encoded, as any piece of a query.
  mutating func append(
    decodingBase64URL text: Span<UInt8>, _ range: ByteRange
  ) throws(BufferError) -> Bool {
    var group: UInt32 = 0
    var digits = 0
    var index = range.start
    while index < range.end {
      let (byte, next) = decodedByte(text, at: index, before: range.end)
      guard let digit = base64URLValue(byte) else { return false }
      group = group << 6 | UInt32(digit)
      digits &+= 1
      if digits & 3 == 0 {
        try append(UInt8(truncatingIfNeeded: group >> 16))
        try append(UInt8(truncatingIfNeeded: group >> 8))
        try append(UInt8(truncatingIfNeeded: group))
      }
      index = next
    }
    return digits & 3 == 0
  }
}

private func base64URLDigit(_ value: UInt8) -> UInt8 {
  switch value {
  case ..<26: UInt8(ascii: "A") + value
  case ..<52: UInt8(ascii: "a") + value - 26
  case ..<62: UInt8(ascii: "0") + value - 52
  case 62: UInt8(ascii: "-")
  default: UInt8(ascii: "_")
  }
}

private func base64URLValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
  case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
  case UInt8(ascii: "-"): 62
  case UInt8(ascii: "_"): 63
  default: nil
  }
}
