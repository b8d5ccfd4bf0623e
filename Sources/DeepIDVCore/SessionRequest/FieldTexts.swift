/// The texts of a request, one after another: a single piece of memory to be wiped.
struct FieldTexts: ~Copyable {
  private var bytes = ByteBuffer(byteLimit: Field.textCount * longestText)
  private var ranges = Field.PerText<ByteRange>(repeating: ByteRange(0, 0))

  /// Enough for most requests, so that nothing has to move.
  private static var usualSize: Int { 512 }

  /// Calls `body` with the text of a field, which is empty if it is not set.
  @inline(__always)
  func withText<Result, Failure>(
    _ field: Field, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let range = unsafe ranges[unchecked: field.rawValue]
    return try bytes.withSpan { bytes throws(Failure) in
      try body(bytes.part(range))
    }
  }

  /// Adds the text of a field that has none.
  @inline(never)
  mutating func add(_ field: Field, _ text: Span<UInt8>) throws(BufferError) {
    if bytes.isEmpty { try bytes.reserve(max(Self.usualSize, text.count)) }
    let start = bytes.count
    try bytes.append(text)
    unsafe ranges[unchecked: field.rawValue] = ByteRange(start, bytes.count)
  }

  /// The texts of all fields but one.
  func copy(without field: Field) throws(BufferError) -> FieldTexts {
    var copy = FieldTexts()
    for index in ranges.indices where index != field.rawValue {
      guard let other = Field(rawValue: index), !ranges[index].isEmpty else { continue }
      try withText(other) { text throws(BufferError) in try copy.add(other, text) }
    }
    return copy
  }
}
