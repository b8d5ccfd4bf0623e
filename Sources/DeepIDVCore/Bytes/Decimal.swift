/// A text read as a decimal number.
public enum Decimal: Equatable, Sendable {
  /// The number.
  case value(UInt64)
  /// A number that 64 bits do not hold.
  case overflow
  /// The text is empty, or has a byte that is not a digit.
  case invalid

  /// The number, if 64 bits hold it.
  var value: UInt64? {
    if case .value(let value) = self { return value }
    return nil
  }
}

extension Span where Element == UInt8 {
  /// Reads a whole text as a number in decimal: digits and nothing else, leading zeros allowed.
  public func decimal() -> Decimal { decimal(in: ByteRange(0, count)) }

  /// Reads a range; one that is not all within the text is invalid.
  @inline(never)
  func decimal(in range: ByteRange) -> Decimal {
    guard range.start < range.end else { return .invalid }
    var number: UInt64 = 0
    var overflow = false
    for index in range.start..<range.end {
      guard let byte = at(index), byte.isASCIIDigit else { return .invalid }
      let (shifted, overflow1) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = shifted.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
      // Read on: a later byte may show that it is no number at all.
      if overflow1 || overflow2 { overflow = true }
      number = sum
    }
    return overflow ? .overflow : .value(number)
  }

  /// Reads exactly `count` digits from an index on.
  ///
  /// Returns nil if one of them is missing.
  ///
  /// - Parameter count: At most 18, so that every number fits.
  func digits(from start: Int, count: Int) -> Int64? {
    decimal(in: ByteRange(start, start &+ count)).value.map { Int64(truncatingIfNeeded: $0) }
  }
}
