/// A parameter of a query: both sides as they came, not decoded.
struct FormPair {
  var name: ByteRange
  var value: ByteRange
}

/// Splits a query into its parameters as application/x-www-form-urlencoded is split.
///
/// https://url.spec.whatwg.org/#urlencoded-parsing
struct FormPairs {
  private var next: Int
  private let end: Int

  @_noAllocation
  init(_ query: ByteRange) {
    next = query.start
    end = query.end
  }

  /// The next parameter that is not empty.
  @_noAllocation
  mutating func next(in text: Span<UInt8>) -> FormPair? {
    while next < end {
      let start = next
      var equals = -1
      var index = start
      while index < end {
        let byte = text[index]
        if byte == UInt8(ascii: "&") { break }
        if byte == UInt8(ascii: "="), equals < 0 { equals = index }
        index += 1
      }
      next = index + 1
      if index == start { continue }
      return equals < 0
        ? FormPair(name: ByteRange(start, index), value: ByteRange(index, index))
        : FormPair(name: ByteRange(start, equals), value: ByteRange(equals + 1, index))
    }
    return nil
  }
}

/// The next byte of a percent-encoded text, and where it ends.
///
/// A `%` that two hexadecimal digits do not follow stands for itself.
@_noAllocation
func decodedByte(_ text: Span<UInt8>, at index: Int, before end: Int) -> (byte: UInt8, next: Int) {
  let byte = text[index]
  if byte == UInt8(ascii: "+") { return (UInt8(ascii: " "), index + 1) }
  if byte == UInt8(ascii: "%"), end - index > 2 {
    if let high = text[index + 1].asciiHexValue, let low = text[index + 2].asciiHexValue {
      return (high << 4 | low, index + 3)
    }
  }
  return (byte, index + 1)
}
