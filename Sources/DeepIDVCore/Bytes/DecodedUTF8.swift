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
      guard text.at(place) == UInt8(ascii: "%") else {
        return decodesToUTF8(text, range.start, range.end)
      }
      if let digit = text.at(place &+ 1), digit >= UInt8(ascii: "8") {
        return decodesToUTF8(text, range.start, range.end)
      }
      unusual &= unusual &- 1
    }
    index &+= SIMDBlock.count
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
