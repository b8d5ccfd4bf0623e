/// A parameter of a query: both sides as they came, not decoded.
struct FormPair {
  var name: ByteRange
  var value: ByteRange
  /// A bit for each `%` and each byte that is not ASCII: in the name, and in the value.
  ///
  /// For a longer side they cover only the first block.
  var unusualInName: UInt64
  var unusualInValue: UInt64
}

/// Splits a query into its parameters as application/x-www-form-urlencoded is split.
///
/// https://url.spec.whatwg.org/#urlencoded-parsing
///
/// Most parameters are short, so that a block shows several: what it holds is looked up once, and
/// then taken off its three numbers bit by bit.
struct FormPairs {
  /// The index at which the next parameter is searched for.
  ///
  /// After the last, that of the `#` or the end.
  private(set) var position: Int

  /// The index at which the parameters end: the end of the text, or of the part to read.
  private let limit: Int

  /// Where the block begins, and what is in it from `position` on.
  private var start = 0
  private var ends: UInt64 = 0
  private var equals: UInt64 = 0
  private var unusual: UInt64 = 0

  @_noAllocation @inline(__always)
  init(_ start: Int, before limit: Int) {
    position = start
    self.limit = limit
  }

  /// The next parameter that is not empty.
  @_noAllocation @_optimize(speed) @inline(never)
  mutating func next(in text: Span<UInt8>) -> FormPair? { inlinedNext(in: text) }

  /// The same, where it is called for every parameter of a redirect.
  @_noAllocation @inline(__always)
  mutating func inlinedNext(in text: Span<UInt8>) -> FormPair? {
    while position < limit {
      if ends == 0 { refill(in: text) }
      let first = position
      let pair = ends == 0 ? longPair(in: text) : shortPair()
      let end = pair.value.end
      // The right side of && would capture the span, which counts as a possible allocation.
      guard end < limit, text.at(end) == UInt8(ascii: "&") else {
        position = end
        ends = 0
        return end == first ? nil : pair
      }
      position = end &+ 1
      if end > first { return pair }
    }
    return nil
  }

  /// Looks up the block at the position.
  @_noAllocation @inline(__always)
  private mutating func refill(in text: Span<UInt8>) {
    start = position
    let block = text.block(at: start)
    ends = block.find(UInt8(ascii: "&"), UInt8(ascii: "#"))
    equals = block.find(UInt8(ascii: "="))
    unusual = block.findUnusual()
    let left = limit &- start
    if left < SIMDBlock.count { ends |= 1 &<< UInt64(truncatingIfNeeded: left) }
  }

  /// Takes the parameter that ends within the block.
  @_noAllocation @inline(__always)
  private mutating func shortPair() -> FormPair {
    let end = start &+ ends.trailingZeroBitCount
    let nameEnd = min(start &+ equals.trailingZeroBitCount, end)
    // The lowest bit that is set, and all below it.
    let taken = ends ^ (ends &- 1)
    let unusualInName = unusual.first(nameEnd &- start)
    let pair = FormPair(
      name: ByteRange(position, nameEnd), value: ByteRange(min(nameEnd &+ 1, end), end),
      unusualInName: unusualInName, unusualInValue: unusual & taken & ~unusualInName)
    ends &= ~taken
    equals &= ~taken
    unusual &= ~taken
    return pair
  }

  /// Reads a parameter that continues after the block.
  @_noAllocation @inline(__always)
  private mutating func longPair(in text: Span<UInt8>) -> FormPair {
    let next = start &+ SIMDBlock.count
    let end = text.firstIndex(
      of: UInt8(ascii: "&"), or: UInt8(ascii: "#"), from: next, before: limit)
    var nameEnd = start &+ equals.trailingZeroBitCount
    if nameEnd == next {
      nameEnd = text.firstIndex(
        of: UInt8(ascii: "="), or: UInt8(ascii: "="), from: next, before: end)
    }
    let value = ByteRange(min(nameEnd &+ 1, end), end)
    return FormPair(
      name: ByteRange(position, nameEnd), value: value,
      unusualInName: unusual.first(nameEnd &- start),
      unusualInValue: text.block(at: value.start).findUnusual().first(value.count))
  }
}

/// The next byte of a percent-encoded text, and where it ends.
///
/// A `%` without two hexadecimal digits after it is kept as it is.
@_noAllocation
func decodedByte(_ text: Span<UInt8>, at index: Int, before end: Int) -> (byte: UInt8, next: Int) {
  guard let byte = text.at(index) else { return (0, index &+ 1) }
  if byte == UInt8(ascii: "+") { return (UInt8(ascii: " "), index &+ 1) }
  if byte == UInt8(ascii: "%"), end &- index > 2 {
    if let high = text.at(index &+ 1)?.asciiHexValue, let low = text.at(index &+ 2)?.asciiHexValue {
      return (high << 4 | low, index &+ 3)
    }
  }
  return (byte, index &+ 1)
}
