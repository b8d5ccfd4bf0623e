/// A range of bytes of the text being read.
public struct ByteRange: BitwiseCopyable, Equatable, Sendable {
  public var start: Int
  public var end: Int

  /// The bytes from `start` to before `end`.
  @_noAllocation
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// How many bytes there are.
  public var count: Int { end - start }

  /// Are there none?
  public var isEmpty: Bool { start == end }
}
