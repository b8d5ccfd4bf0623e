// Runs of ordinary text are passed over eight bytes at a step: most of a request and of an answer is such text.

extension Span where Element == UInt8 {
  /// Where, from an index on, a byte first stands that JSON does not hold as it is, or that is not ASCII:
  /// a control character, a quote, a backslash, or one from 0x80 on; else the end.
  func endOfPlainRun(from start: Int) -> Int {
    endOfRun(from: start) { word in
      word & highBits | zeroBytes(word ^ (0x22 &* everyByte))
        | zeroBytes(word ^ (0x5C &* everyByte)) | zeroBytes(word & (0xE0 &* everyByte))
    }
  }

  /// Where, from an index on, a byte first stands that is not ASCII; else the end.
  func endOfASCII(from start: Int) -> Int { endOfRun(from: start) { $0 & highBits } }

  /// - Parameter marks: The high bit of each of eight bytes at which a run ends; no space ends one.
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

/// Eight bytes from an index on; where fewer are left, spaces stand for the others.
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

/// The high bit of each byte that is zero, and no other: no carry leaves its byte.
@inline(__always)
private func zeroBytes(_ word: UInt64) -> UInt64 {
  let low = ~highBits
  return ~((word & low) &+ low | word) & highBits
}
