/// The position of a number in a document.
public struct JSONNumber: Equatable, Sendable {
  /// The index of its first byte.
  public let offset: Int

  /// How many bytes it has.
  public let length: Int

  /// The index after its last byte.
  public var end: Int { offset &+ length }
}

/// A number as an integer.
public enum JSONInteger: Equatable, Sendable {
  /// The number.
  case value(Int64)
  /// An integer that 64 bits do not hold.
  case overflow
  /// The number is written with a fraction or an exponent.
  case notAnInteger
}

extension JSONNumber {
  /// The number as an integer, from the document it was found in.
  ///
  /// How it is written decides: `1.0` and `1e2` are no integers, as a schema that asks for one sees
  /// it.
  public func integer(in bytes: Span<UInt8>) -> JSONInteger {
    let negative = bytes.at(offset) == UInt8(ascii: "-")
    let digits = ByteRange(negative ? offset &+ 1 : offset, min(end, bytes.count))
    // Only in another document than the number was found in.
    if digits.start >= digits.end { return .value(0) }
    switch bytes.decimal(in: digits) {
    case .invalid: return .notAnInteger
    case .overflow: return .overflow
    case .value(let magnitude):
      // The least integer has no positive twin.
      guard magnitude <= Int64.min.magnitude &- (negative ? 0 : 1) else { return .overflow }
      let value = Int64(truncatingIfNeeded: magnitude)
      return .value(negative ? 0 &- value : value)
    }
  }

  /// Finds the end of the number that begins at an index, with a digit or a minus sign.
  init(at start: Int, in bytes: Span<UInt8>) throws(JSONError) {
    var index = start
    if bytes.at(index) == UInt8(ascii: "-") { index &+= 1 }
    let leading = index
    try Self.skipDigits(from: &index, in: bytes)
    if bytes.at(leading) == UInt8(ascii: "0"), index > leading &+ 1 {
      throw JSONError(.invalidNumber, at: leading)
    }
    if bytes.at(index) == UInt8(ascii: ".") {
      index &+= 1
      try Self.skipDigits(from: &index, in: bytes)
    }
    if let byte = bytes.at(index), byte | 0x20 == UInt8(ascii: "e") {
      index &+= 1
      if let sign = bytes.at(index), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        index &+= 1
      }
      try Self.skipDigits(from: &index, in: bytes)
    }
    offset = start
    length = index &- start
  }

  /// Steps over digits, of which there has to be one.
  private static func skipDigits(
    from index: inout Int, in bytes: Span<UInt8>
  ) throws(JSONError) {
    guard let first = bytes.at(index) else { throw JSONError(.unexpectedEnd, at: index) }
    guard first.isASCIIDigit else { throw JSONError(.invalidNumber, at: index) }
    while let byte = bytes.at(index), byte.isASCIIDigit { index &+= 1 }
  }
}
