// Runs of ordinary text are passed over eight bytes at a step: most of a request and of an answer is such text.

extension Span where Element == UInt8 {
  /// The index, from `start` on, of the first byte that JSON escapes or that is not ASCII: a control character,
  /// a quote, a backslash, or a byte from 0x80 on.
  ///
  /// The end if there is none.
  func endOfPlainText(from start: Int) -> Int {
    endOfRun(from: start) { word in
      word & highBits | zeroBytes(word ^ (0x22 &* everyByte))
        | zeroBytes(word ^ (0x5C &* everyByte)) | zeroBytes(word & (0xE0 &* everyByte))
    }
  }

  /// Whether UTF-8 has a control character: U+0000 to U+001F, or U+007F to U+009F.
  var hasControlCharacter: Bool { has(controls) }

  /// Whether UTF-8 has a control character, a space or a backslash.
  var hasControlSpaceOrBackslash: Bool {
    has { word in
      controls(word) | zeroBytes(word ^ (0x20 &* everyByte)) | zeroBytes(word ^ (0x5C &* everyByte))
    }
  }

  /// - Parameter marks: The high bit of each of eight bytes that is looked for, or not ASCII.
  @inline(__always)
  private func has(_ marks: (UInt64) -> UInt64) -> Bool {
    var index = endOfRun(from: 0, marks)
    while let byte = at(index) {
      if byte < 0x80 { return true }
      if byte == 0xC2, let next = at(index &+ 1), next < 0xA0 { return true }
      index = endOfRun(from: index &+ 1, marks)
    }
    return false
  }

  /// The index, from `start` on, of the first byte that is not ASCII, or the end.
  func endOfASCII(from start: Int) -> Int { endOfRun(from: start) { $0 & highBits } }

  /// - Parameter marks: The high bit of each of eight bytes at which a run ends. The last byte is followed by spaces:
  ///   if they end a run, that is the end as well.
  @inline(__always)
  private func endOfRun(from start: Int, _ marks: (UInt64) -> UInt64) -> Int {
    unsafe withUnsafeBytes { bytes in
      let end = bytes.count
      var index = max(start, 0)
      while index < end {
        let length = min(end &- index, 8)
        let found = marks(unsafe word(of: bytes, index, length))
        if found != 0 { return index &+ found.trailingZeroBitCount &>> 3 }
        index &+= length
      }
      return index
    }
  }
}

/// Eight bytes from an index on.
///
/// If fewer are left, the rest is filled with spaces.
@inline(__always)
private func word(of bytes: UnsafeRawBufferPointer, _ index: Int, _ length: Int) -> UInt64 {
  if length == 8 { return unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) }
  let bits = UInt64(truncatingIfNeeded: length &* 8)
  var word: UInt64 = 0
  if bytes.count >= 8 {
    let last = unsafe bytes.loadUnaligned(fromByteOffset: bytes.count &- 8, as: UInt64.self)
    word = last &>> (64 &- bits)
  } else {
    for place in 0..<length {
      word |= UInt64(unsafe bytes[index &+ place]) &<< UInt64(truncatingIfNeeded: place &* 8)
    }
  }
  return word | (0x20 &* everyByte) &<< bits
}

private let everyByte: UInt64 = 0x0101_0101_0101_0101
private let highBits: UInt64 = 0x8080_8080_8080_8080

/// The high bit of each byte that is a control character of ASCII, or not ASCII.
@inline(__always)
private func controls(_ word: UInt64) -> UInt64 {
  word & highBits | zeroBytes(word ^ (0x7F &* everyByte)) | zeroBytes(word & (0xE0 &* everyByte))
}

/// The high bit of each byte that is zero, and no other: no carry leaves its byte.
@inline(__always)
private func zeroBytes(_ word: UInt64) -> UInt64 {
  let low = ~highBits
  return ~((word & low) &+ low | word) & highBits
}
