/// An escape in a string: what it means and where it ends.
struct JSONEscape {
  /// The character, never a surrogate.
  let scalar: UInt32

  /// The index after its last byte.
  let end: Int

  /// Reads the escape that begins with the backslash at an index.
  init(at start: Int, in bytes: Span<UInt8>) throws(JSONError) {
    guard let letter = bytes.at(start &+ 1) else {
      throw JSONError(.unexpectedEnd, at: start &+ 1)
    }
    guard letter == UInt8(ascii: "u") else {
      guard let meaning = Self.meaning(of: letter) else {
        throw JSONError(.invalidEscape, at: start)
      }
      scalar = UInt32(meaning)
      end = start &+ 2
      return
    }
    let unit = try Self.unit(at: start, in: bytes)
    switch unit {
    case 0xD800...0xDBFF:
      // A character beyond U+FFFF is written as two escapes, high surrogate first.
      let low = try Self.lowSurrogate(after: start, in: bytes)
      scalar = 0x1_0000 &+ (unit &- 0xD800) &<< 10 &+ (low &- 0xDC00)
      end = start &+ 12
    case 0xDC00...0xDFFF:
      throw JSONError(.loneSurrogate, at: start)
    default:
      scalar = unit
      end = start &+ 6
    }
  }

  /// The character for a letter after the backslash.
  private static func meaning(of letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The number in the `\uXXXX` that begins at an index.
  private static func unit(at start: Int, in bytes: Span<UInt8>) throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    var index = start &+ 2
    while index < start &+ 6 {
      guard let byte = bytes.at(index) else { throw JSONError(.unexpectedEnd, at: index) }
      guard let digit = byte.asciiHexValue else { throw JSONError(.invalidEscape, at: start) }
      unit = unit &<< 4 | UInt32(digit)
      index &+= 1
    }
    return unit
  }

  /// The low surrogate that has to follow the high one at an index.
  private static func lowSurrogate(
    after start: Int, in bytes: Span<UInt8>
  ) throws(JSONError) -> UInt32 {
    let next = start &+ 6
    guard let backslash = bytes.at(next) else { throw JSONError(.unexpectedEnd, at: next) }
    guard backslash == UInt8(ascii: "\\") else { throw JSONError(.loneSurrogate, at: start) }
    guard let letter = bytes.at(next &+ 1) else { throw JSONError(.unexpectedEnd, at: next &+ 1) }
    guard letter == UInt8(ascii: "u") else { throw JSONError(.loneSurrogate, at: start) }
    let unit = try unit(at: next, in: bytes)
    guard 0xDC00...0xDFFF ~= unit else { throw JSONError(.loneSurrogate, at: start) }
    return unit
  }
}
