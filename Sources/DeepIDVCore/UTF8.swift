extension Span where Element == UInt8 {
  /// Where the first byte stands that cannot be UTF-8, or nil if all of it is.
  ///
  /// Strict as RFC 3629 wants it: no overlong form, no surrogate, nothing above U+10FFFF. The
  /// position is that of the sequence which is wrong or cut short.
  public func firstInvalidUTF8() -> Int? {
    var index = endOfASCII(from: 0)
    while let byte = at(index) {
      guard let length = sequenceLength(at: index, first: byte) else { return index }
      index = endOfASCII(from: index &+ length)
    }
    return nil
  }

  /// How long the well-formed sequence is that begins with a byte above ASCII, or nil if it is none.
  ///
  /// This is table 3-7 of the Unicode standard: only the second byte's range depends on the first.
  private func sequenceLength(at index: Int, first: UInt8) -> Int? {
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
    case 0xE0: (second, length) = (0xA0...0xBF, 3)
    case 0xED: (second, length) = (0x80...0x9F, 3)
    case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
    case 0xF0: (second, length) = (0x90...0xBF, 4)
    case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
    case 0xF4: (second, length) = (0x80...0x8F, 4)
    default: return nil
    }
    guard let byte = at(index &+ 1), second ~= byte else { return nil }
    for offset in 2..<4 where offset < length {
      guard let byte = at(index &+ offset), 0x80...0xBF ~= byte else { return nil }
    }
    return length
  }
}

/// A scalar value in the one to four bytes of its UTF-8 form.
struct EncodedScalar {
  private let bytes: [4 of UInt8]
  private let count: Int

  /// Encodes a number that is a scalar value: at most U+10FFFF and no surrogate.
  init(_ scalar: UInt32) {
    let last = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
    let third = UInt8(truncatingIfNeeded: scalar >> 6)
    let second = UInt8(truncatingIfNeeded: scalar >> 12)
    switch scalar {
    case ..<0x80:
      bytes = [UInt8(truncatingIfNeeded: scalar), 0, 0, 0]
      count = 1
    case ..<0x800:
      bytes = [0xC0 | third, last, 0, 0]
      count = 2
    case ..<0x1_0000:
      bytes = [0xE0 | second, 0x80 | third & 0x3F, last, 0]
      count = 3
    default:
      let first = UInt8(truncatingIfNeeded: scalar >> 18 & 0x07)
      bytes = [0xF0 | first, 0x80 | second & 0x3F, 0x80 | third & 0x3F, last]
      count = 4
    }
  }

  /// Lends the bytes.
  func withSpan<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes.span.extracting(first: count))
  }
}
