/// Texts copied from an answer, one after another, each with a terminating NUL for C.
public struct AnswerTexts: ~Copyable {
  private var bytes = ByteBuffer(byteLimit: Int.max)

  /// Allocates memory for more texts, each with its NUL, to avoid moving them later.
  mutating func reserve(_ count: Int) throws(BufferError) { try bytes.reserve(count) }

  /// Frees the memory that was not needed.
  mutating func fit() { bytes.fit() }

  /// Calls `body` with all of it.
  public func withSpan<Result: ~Copyable, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result { try bytes.withSpan(body) }

  /// The first byte's address, good as long as these texts.
  @unsafe
  public var address: UnsafePointer<UInt8>? { unsafe bytes.address }

  /// How many bytes there are, each text's NUL counted.
  var count: Int { bytes.count }

  /// Removes the texts that were added after the first `count` bytes.
  mutating func shorten(to count: Int) { bytes.shorten(to: count) }

  /// Whose control characters a text may have, which are its writer's business; NUL is nobody's.
  enum Origin {
    case service
    /// It may be a text of the caller's own.
    case caller
    /// It is looked at by another rule as well.
    case ruledOtherwise
  }

  /// Adds a text that no rule concerns.
  mutating func append(
    printableASCII text: JSONText, in body: Span<UInt8>
  ) throws(BufferError) -> ByteRange {
    let start = bytes.count
    try bytes.append(terminated: body, ByteRange(text.offset, text.end))
    return ByteRange(start, bytes.count &- 1)
  }

  /// Adds a text unescaped.
  ///
  /// Returns nil if programs would disagree about where it ends or how it looks.
  ///
  /// This is the one rule for what is handed on as it came. A NUL would be the end for C, and other control
  /// characters break lines of logs and of headers, or turn a terminal against its user.
  @inline(never)
  mutating func append(
    _ text: JSONText, in body: Span<UInt8>, from origin: Origin = .service
  ) throws(BufferError) -> ByteRange? {
    let start = bytes.count
    try text.append(to: &bytes, in: body)
    let isUnclear = bytes.withSpan { all in
      let kept = all.part(start, all.count)
      if origin == .service { return kept.hasControlCharacter }
      // JSON has a NUL as an escape only.
      guard text.hasEscapes else { return false }
      let nul = UInt8(0)
      return kept.firstIndex(of: nul, or: nul, from: 0, before: kept.count) < kept.count
    }
    if isUnclear {
      bytes.shorten(to: start)
      return nil
    }
    return try terminate(from: start)
  }

  /// Adds a text for people to read: nothing in it can move a terminal's cursor or break a log line.
  ///
  /// What is longer than people read is cut.
  @inline(never)
  mutating func append(
    printable text: JSONText, in body: Span<UInt8>
  ) throws(BufferError) -> ByteRange {
    let start = bytes.count
    var failure: BufferError?
    _ = text.forEachPiece(in: body) { piece in
      do throws(BufferError) {
        try bytes.append(printable: piece, upTo: start &+ Self.printableLimit)
      } catch {
        failure = error
      }
      return failure == nil
    }
    if let failure { throw failure }
    return try terminate(from: start)
  }

  /// Adds bytes for people to read, by the same rules.
  @inline(never)
  mutating func append(printable text: Span<UInt8>) throws(BufferError) -> ByteRange {
    let start = bytes.count
    try bytes.append(printable: text, upTo: start &+ Self.printableLimit)
    return try terminate(from: start)
  }

  /// How many bytes a text for people has at most.
  static var printableLimit: Int { 4096 }

  /// Adds `HTTP` and a status.
  @inline(never)
  mutating func append(httpStatus: Int) throws(BufferError) -> ByteRange {
    let start = bytes.count
    try bytes.append("HTTP ")
    try bytes.append(decimal: Int64(httpStatus))
    return try terminate(from: start)
  }

  @inline(never)
  private mutating func terminate(from start: Int) throws(BufferError) -> ByteRange {
    let end = bytes.count
    try bytes.append(0)
    return ByteRange(start, end)
  }
}

extension Buffer where Element == UInt8 {
  /// Adds UTF-8 with a space for each control character and a question mark for each character that
  /// turns the writing direction, as long as there is room for a whole one.
  fileprivate mutating func append(
    printable text: Span<UInt8>, upTo limit: Int
  ) throws(BufferError) {
    var index = 0
    while let byte = text.at(index) {
      let continues = byte & 0xC0 == 0x80
      if !continues, count > limit &- 4 { return }
      let (replacement, length) = unprintable(text, at: index)
      try append(replacement ?? byte)
      index &+= length
    }
  }
}

/// What to write for the character at an index instead of itself, and how many bytes that replaces.
private func unprintable(_ text: Span<UInt8>, at index: Int) -> (replacement: UInt8?, length: Int) {
  let space = UInt8(ascii: " ")
  let question = UInt8(ascii: "?")
  switch (text.at(index) ?? 0, text.at(index &+ 1), text.at(index &+ 2)) {
  case (0x00..<0x20, _, _), (0x7F, _, _): return (space, 1)
  case (0xC2, .some(0x80...0x9F), _): return (space, 2)
  // U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069.
  case (0xD8, 0x9C, _): return (question, 2)
  case (0xE2, 0x80, .some(0x8E...0x8F)), (0xE2, 0x80, .some(0xA8...0xAE)): return (question, 3)
  case (0xE2, 0x81, .some(0xA6...0xA9)): return (question, 3)
  default: return (nil, 1)
  }
}
