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

  /// How many bytes there are.
  public var count: Int { end &- start }

  /// Whether there are none.
  public var isEmpty: Bool { start == end }
}

/// A range, or none, in half the room: of an answer, which is shorter than 4 GiB.
struct StoredRange: BitwiseCopyable {
  private var start: UInt32
  private var end: UInt32

  /// Stores a range, or nil as one that ends before it starts.
  init(_ range: ByteRange?) {
    start = range.map { UInt32(truncatingIfNeeded: $0.start) } ?? 1
    end = range.map { UInt32(truncatingIfNeeded: $0.end) } ?? 0
  }

  /// The range.
  var range: ByteRange? { start <= end ? ByteRange(Int(start), Int(end)) : nil }
}
