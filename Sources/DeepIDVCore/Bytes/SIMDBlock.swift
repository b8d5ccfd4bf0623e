import CPlatform

/// 64 bytes of a text that are searched at once.
///
/// Bit `i` of a result is for the byte `i` further on.
struct SIMDBlock {
  fileprivate let bytes: cplatform_bytes64

  /// How many bytes lie before those that are searched, where the text ends within the block.
  fileprivate let skipped: UInt64

  /// How many bytes a block has.
  static var count: Int {
    @_noAllocation @inline(__always) get { 64 }
  }

  /// The positions of a byte.
  @_noAllocation @inline(__always)
  func find(_ byte: UInt8) -> UInt64 { find(byte, byte) }

  /// The positions of either byte.
  @_noAllocation @inline(__always)
  func find(_ one: UInt8, _ other: UInt8) -> UInt64 {
    cplatform_find64(bytes, one, other) &>> skipped
  }

  /// The positions of bytes that decoding changes or that may not be UTF-8: `%` and everything but ASCII.
  @_noAllocation @inline(__always)
  func findUnusual() -> UInt64 {
    cplatform_find64_or_above_ascii(bytes, UInt8(ascii: "%")) &>> skipped
  }
}

extension UInt64 {
  /// The bits of the first `count` bytes of a block.
  @_noAllocation @inline(__always)
  func first(_ count: Int) -> UInt64 {
    count < SIMDBlock.count ? self & (1 &<< UInt64(truncatingIfNeeded: count) &- 1) : self
  }
}

extension Span where Element == UInt8 {
  /// The bytes from an index on.
  ///
  /// Nothing is found after the end of the text.
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
          bytes: unsafe cplatform_load64(last),
          skipped: UInt64(truncatingIfNeeded: SIMDBlock.count &- left))
      }
      return SIMDBlock(bytes: unsafe cplatform_load_some(start + index, left), skipped: 0)
    }
  }

  /// The index of the first of either byte, or `end`.
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
