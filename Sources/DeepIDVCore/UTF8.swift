extension Span where Element == UInt8 {
  /// Where the first byte stands that cannot be UTF-8, or nil if all of it is.
  ///
  /// Strict as RFC 3629 wants it: no overlong form, no surrogate, nothing above U+10FFFF. The position is
  /// that of the sequence which is wrong or cut short. The standard library has a fast path for ASCII.
  public func firstInvalidUTF8() -> Int? {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: self)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
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
