/// Whether a percent-encoded range is UTF-8 once decoded.
///
/// By the same rules as `firstInvalidUTF8`, but without room for the decoded bytes.
@_noAllocation @_optimize(speed) @inline(never)
func decodesToUTF8(_ text: Span<UInt8>, _ range: ByteRange) -> Bool {
  var index = range.start
  while index < range.end {
    var unusual = text.block(at: index).findUnusual().first(range.end &- index)
    while unusual != 0 {
      // Escapes from %00 to %7F are as harmless as what is no escape.
      let place = index &+ unusual.trailingZeroBitCount
      guard text[place] == UInt8(ascii: "%") else {
        return decodesToUTF8(text, range.start, range.end)
      }
      if let digit = text.at(place &+ 1), digit >= UInt8(ascii: "8") {
        return decodesToUTF8(text, range.start, range.end)
      }
      unusual &= unusual &- 1
    }
    index &+= ByteBlock.count
  }
  return true
}

@_noAllocation @inline(never)
private func decodesToUTF8(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
  var index = start
  var check = UTF8Check()
  while index < end {
    let (byte, next) = decodedByte(text, at: index, before: end)
    guard check.accepts(byte) else { return false }
    index = next
  }
  return check.isComplete
}

/// Takes UTF-8 byte by byte.
///
/// This is table 3-7 of the Unicode standard: only the second byte's range depends on the first.
private struct UTF8Check {
  private var missing = 0
  private var lowest: UInt8 = 0x80
  private var highest: UInt8 = 0xBF

  @_noAllocation
  init() {}

  /// Whether no sequence is cut short.
  var isComplete: Bool {
    @_noAllocation get { missing == 0 }
  }

  /// Whether the byte may follow those before it.
  @_noAllocation
  mutating func accepts(_ byte: UInt8) -> Bool {
    if missing > 0 {
      guard byte >= lowest, byte <= highest else { return false }
      missing -= 1
      (lowest, highest) = (0x80, 0xBF)
      return true
    }
    switch byte {
    case ..<0x80: return true
    case 0xC2...0xDF: missing = 1
    case 0xE0: (missing, lowest) = (2, 0xA0)
    case 0xED: (missing, highest) = (2, 0x9F)
    case 0xE1...0xEF: missing = 2
    case 0xF0: (missing, lowest) = (3, 0x90)
    case 0xF1...0xF3: missing = 3
    case 0xF4: (missing, highest) = (3, 0x8F)
    default: return false
    }
    return true
  }
}
