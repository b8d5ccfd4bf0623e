import CPlatform

// Text is bytes in this module: comparing, hashing or splitting a String would need the Unicode
// tables, and canonical equivalence would be wrong for names, identifiers and addresses anyway.

extension Span where Element == UInt8 {
  /// The byte at an index, or nil if the index is out of range.
  @_noAllocation @inline(__always)
  public func at(_ index: Int) -> UInt8? {
    guard index >= 0, index < count else { return nil }
    return unsafe self[unchecked: index]
  }

  /// The bytes from `start` to before `end`, as far as there are such bytes.
  ///
  /// `extracting` ends the process if the range is not within the bytes.
  @_lifetime(copy self) @_noAllocation @inline(__always)
  public func part(_ start: Int, _ end: Int) -> Span<UInt8> {
    let end = min(end, count)
    guard start >= 0, start <= end else { return Span() }
    return unsafe extracting(unchecked: Range(uncheckedBounds: (start, end)))
  }

  /// The bytes of a range, as far as there are such bytes.
  @_lifetime(copy self) @_noAllocation @inline(__always)
  public func part(_ range: ByteRange) -> Span<UInt8> { part(range.start, range.end) }

  /// Whether a rule holds for every byte.
  @inline(__always)
  public func allSatisfy(_ rule: (UInt8) -> Bool) -> Bool {
    var index = 0
    while let byte = at(index) {
      guard rule(byte) else { return false }
      index &+= 1
    }
    return true
  }

  /// Whether both hold the same bytes.
  ///
  /// The time it takes depends on the contents: not for secrets.
  public func equals(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBufferPointer { left in
      unsafe other.withUnsafeBufferPointer { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return true }
        return unsafe cplatform_equal(left, right, count) != 0
      }
    }
  }

  /// The range without the blanks at both ends: spaces and tabs.
  ///
  /// - Parameter andLineEnds: Whether line ends and other control characters of ASCII are blanks too.
  @inline(never)
  func trimmed(_ range: ByteRange, andLineEnds: Bool) -> ByteRange {
    var range = range
    while let first = at(range.start), !range.isEmpty, first.isBlank(andLineEnds) {
      range.start &+= 1
    }
    while let last = at(range.end &- 1), !range.isEmpty, last.isBlank(andLineEnds) {
      range.end &-= 1
    }
    return range
  }

  /// Whether these are the bytes of a string literal.
  @inline(never)
  public func equals(_ text: StaticString) -> Bool {
    text.withSpan { equals($0) }
  }

  /// Whether both are the same text, letters of ASCII in either case.
  func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    var index = 0
    while let one = at(index), let two = other.at(index) {
      index &+= 1
      guard one == two || one.isASCIILetter && one | 0x20 == two | 0x20 else { return false }
    }
    return true
  }

  /// Whether this is a string literal, letters of ASCII in either case.
  @inline(never)
  func equalsIgnoringCase(_ text: StaticString) -> Bool {
    text.withSpan { equalsIgnoringCase($0) }
  }
}

extension MutableSpan where Element == UInt8 {
  /// Replaces the byte at an index; does nothing if the index is out of range.
  @_lifetime(self: copy self) @_noAllocation @inline(__always)
  mutating func set(_ index: Int, to byte: UInt8) {
    if index >= 0, index < count { unsafe self[unchecked: index] = byte }
  }
}

extension StaticString {
  /// Calls `body` with the UTF-8 bytes of the text.
  @inline(__always)
  public func withSpan<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe bytes.span)
  }

  /// The UTF-8 bytes of the text, before its NUL.
  @unsafe
  public var bytes: UnsafeBufferPointer<UInt8> {
    @_noAllocation @inline(never) get {
      guard hasPointerRepresentation else {
        return unsafe UnsafeBufferPointer(start: nil, count: 0)
      }
      return unsafe UnsafeBufferPointer(start: start, count: utf8CodeUnitCount)
    }
  }

  /// The address of the text, which a NUL follows.
  ///
  /// In one function, because Swift ends the process in it if there is no address: a text made from a lone scalar has
  /// none, but no literal in double quotes is one.
  @unsafe
  public var start: UnsafePointer<UInt8> {
    @_noAllocation @inline(never) get { unsafe utf8Start }
  }

  /// The number of bytes of the text.
  public var count: Int {
    @_noAllocation @inline(__always) get { unsafe bytes.count }
  }
}

/// A text in the source code as a pattern: `switch name { case "id": … }` over bytes.
public struct Token: ExpressibleByStringLiteral, Sendable {
  /// The text to compare with.
  public let text: StaticString

  /// Creates the pattern for a literal in a `case`.
  @inline(__always)
  public init(stringLiteral text: StaticString) { self.text = text }
}

/// Whether the bytes are those of the token.
@inline(__always)
public func ~= (token: Token, bytes: Span<UInt8>) -> Bool { bytes.equals(token.text) }

extension UInt8 {
  @inline(__always)
  fileprivate func isBlank(_ orLineEnd: Bool) -> Bool {
    orLineEnd ? self <= 0x20 : self == 0x20 || self == 0x09
  }

  /// Whether this is one of the ASCII digits `0` to `9`.
  public var isASCIIDigit: Bool {
    @_noAllocation @inline(__always) get { self &- 0x30 < 10 }
  }

  /// Whether this is an ASCII letter.
  public var isASCIILetter: Bool {
    @_noAllocation @inline(__always) get { (self | 0x20) &- 0x61 < 26 }
  }

  /// The ASCII hexadecimal digit for a number below 16.
  public static func hexDigit(_ number: UInt8, isUppercase: Bool = false) -> UInt8 {
    if number < 10 { return 0x30 &+ number }
    return (isUppercase ? 0x37 : 0x57) &+ number
  }

  /// The value of an ASCII hexadecimal digit in either case, or nil.
  public var asciiHexValue: UInt8? {
    @_noAllocation get {
      switch self {
      case 0x30...0x39: self &- 0x30
      case 0x41...0x46: self &- 0x37
      case 0x61...0x66: self &- 0x57
      default: nil
      }
    }
  }
}
