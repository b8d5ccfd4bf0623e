/// A range of bytes of the text being read.
public struct ByteRange: BitwiseCopyable, Equatable, Sendable {
  /// The first byte's index.
  public var start: Int
  /// The index after the last byte.
  public var end: Int

  /// The bytes from `start` to before `end`.
  @_noAllocation
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// The same range for `extracting`.
  var range: Range<Int> { start..<end }

  /// How many bytes there are.
  public var count: Int { end - start }

  /// Whether there are none.
  public var isEmpty: Bool { start == end }
}
