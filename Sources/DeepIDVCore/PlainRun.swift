extension Span where Element == UInt8 {
  /// Where, from an index on, a byte first stands that JSON does not hold as it is, or that is not ASCII:
  /// a control character, a quote, a backslash, or one from 0x80 on; else the end.
  ///
  /// Eight bytes at a time, since most of an answer is such text.
  func endOfPlainRun(from start: Int) -> Int {
    var index = start
    guard index >= 0 else { return 0 }
    unsafe withUnsafeBytes { bytes in
      while index <= bytes.count &- 8 {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if isSpecial(word) { break }
        index &+= 8
      }
    }
    while let byte = at(index), byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""),
      byte != UInt8(ascii: "\\")
    {
      index &+= 1
    }
    return index
  }
}

/// Whether one of eight bytes is special.
///
/// A byte is zero if subtracting one borrows from its high bit while that bit was clear; a byte is below
/// 0x20 likewise. https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
private func isSpecial(_ word: UInt64) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let high: UInt64 = 0x8080_8080_8080_8080
  let quotes = word ^ (ones &* 0x22)
  let backslashes = word ^ (ones &* 0x5C)
  let isQuote = (quotes &- ones) & ~quotes
  let isBackslash = (backslashes &- ones) & ~backslashes
  let isControl = (word &- ones &* 0x20) & ~word
  return (isQuote | isBackslash | isControl | word) & high != 0
}
