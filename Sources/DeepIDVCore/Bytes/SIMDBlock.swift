import CPlatform

/// 64 bytes of a text that are searched at once: bit `i` of an answer is the byte `i` further on.
struct SIMDBlock {
  fileprivate let bytes: cplatform_bytes64

  /// How many bytes lie before those that are searched, where the text ends within the block.
  fileprivate let skipped: UInt64

  /// How many bytes a block has.
  static var count: Int {
    @_noAllocation @inline(__always) get { 64 }
  }

  /// Where the byte stands.
  @_noAllocation @inline(__always)
  func find(_ byte: UInt8) -> UInt64 { find(byte, byte) }

  /// Where either byte stands.
  @_noAllocation @inline(__always)
  func find(_ one: UInt8, _ other: UInt8) -> UInt64 {
    cplatform_find64(bytes, one, other) &>> skipped
  }

  /// Where bytes stand that are not themselves once decoded, or may be no UTF-8: `%` and what is not ASCII.
  @_noAllocation @inline(__always)
  func findUnusual() -> UInt64 {
    cplatform_find64_or_above_ascii(bytes, UInt8(ascii: "%")) &>> skipped
  }
}

extension Span where Element == UInt8 {
  /// Whether everything from an index on is printable ASCII without spaces and backslashes.
  @_noAllocation @inline(never)
  func isOrdinaryInURLs(from start: Int) -> Bool {
    var index = start
    while index < count {
      let block = block(at: index)
      let found = cplatform_find64_outside_urls(block.bytes) &>> block.skipped
      if found.first(count &- index) != 0 { return false }
      index &+= SIMDBlock.count
    }
    return true
  }
}

extension UInt64 {
  /// What is among the first bytes of a block, so many of them.
  @_noAllocation @inline(__always)
  func first(_ count: Int) -> UInt64 {
    count < SIMDBlock.count ? self & (1 &<< UInt64(truncatingIfNeeded: count) &- 1) : self
  }
}

extension Span where Element == UInt8 {
  /// The bytes from an index on; behind the last one of the text nothing is found.
  @_noAllocation @inline(__always)
  func block(at index: Int) -> SIMDBlock {
    unsafe withUnsafeBufferPointer { text in
      guard let start = text.baseAddress, index >= 0, index < text.count else {
        return SIMDBlock(bytes: cplatform_bytes64(), skipped: 0)
      }
      let left = text.count - index
      if left >= SIMDBlock.count {
        return SIMDBlock(bytes: unsafe cplatform_load64(start + index), skipped: 0)
      }
      if text.count >= SIMDBlock.count {
        let last = unsafe start + (text.count - SIMDBlock.count)
        return SIMDBlock(
          bytes: unsafe cplatform_load64(last), skipped: UInt64(SIMDBlock.count - left))
      }
      return SIMDBlock(bytes: unsafe cplatform_load_some(start + index, left), skipped: 0)
    }
  }

  /// Where either byte first stands, or `end`.
  @_noAllocation @_optimize(speed) @inline(never)
  func firstIndex(of one: UInt8, or other: UInt8, from start: Int, before end: Int) -> Int {
    var index = start
    while index < end {
      let found = block(at: index).find(one, other)
      if found != 0 { return min(index &+ found.trailingZeroBitCount, end) }
      index &+= SIMDBlock.count
    }
    return end
  }
}
