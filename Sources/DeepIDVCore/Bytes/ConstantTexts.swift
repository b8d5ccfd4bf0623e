/// Texts of the source code by number, in one literal.
///
/// A `switch` over the numbers has five times as many bytes of code as the texts have.
public struct ConstantTexts: Sendable {
  private let rows: StaticString

  /// Creates a table from its rows: a number of three digits, the text, and a NUL.
  ///
  /// The last row is for numbers that no other row has.
  public init(_ rows: StaticString) { self.rows = rows }

  /// Calls `body` with the text for a number.
  ///
  /// A NUL follows it in memory, for C.
  public func withText<Result, Failure>(
    for number: Int32, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let range = range(for: number)
    return try rows.withSpan { rows throws(Failure) in
      try body(rows.part(range))
    }
  }

  @inline(never)
  private func range(for number: Int32) -> ByteRange {
    rows.withSpan { rows in
      var start = 0
      while true {
        var end = start
        while let byte = rows.at(end), byte != 0 { end &+= 1 }
        let isLast = end &+ 1 >= rows.count
        if isLast || rows.digits(from: start, count: 3) == Int64(number) {
          return ByteRange(min(start &+ 3, end), end)
        }
        start = end &+ 1
      }
    }
  }
}
