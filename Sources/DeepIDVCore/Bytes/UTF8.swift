import CPlatform

extension Span where Element == UInt8 {
  /// The index of the first sequence that is not UTF-8, or nil if all of it is.
  ///
  /// As strict as RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF, no truncated sequence.
  public func firstInvalidUTF8() -> Int? {
    var index = firstSpecial(CPLATFORM_NOT_ASCII, from: 0)
    while index < count {
      guard let end = endOfCharacter(at: index) else { return index }
      index = firstSpecial(CPLATFORM_NOT_ASCII, from: end)
    }
    return nil
  }

  /// Where the character at an index ends, or nil if it is not UTF-8.
  @inline(never)
  func endOfCharacter(at start: Int) -> Int? {
    var check = UTF8Check()
    var index = start
    repeat {
      guard let byte = at(index), check.accepts(byte) else { return nil }
      index &+= 1
    } while !check.isComplete
    return index
  }
}

/// Takes UTF-8 byte by byte.
///
/// This is table 3-7 of the Unicode standard: only the second byte's range depends on the first.
struct UTF8Check {
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

  /// Calls `body` with the bytes.
  func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.part(0, count))
  }
}
