/// The position of a string in a document, without its quotes.
///
/// Its bytes have been checked. Without escapes they are the text itself.
public struct JSONText: Equatable, Sendable {
  /// The index of its first byte.
  public let offset: Int

  /// The length, with three bits below it: so that a text is two numbers, however many of them are kept.
  private let extent: Int

  /// How many bytes it has, escapes counted as written.
  public var length: Int { extent &>> 3 }

  /// Whether a backslash is among them.
  public var hasEscapes: Bool { extent & Self.escapes != 0 }

  /// Whether it is printable ASCII, and has no escapes.
  var isPrintable: Bool { extent & (Self.escapes | Self.specials) == 0 }

  /// Whether it is the position of a string at all, and not of another value.
  var isText: Bool { extent & Self.otherValue == 0 }

  /// No position.
  static var none: JSONText { JSONText(from: 0, to: 0, marks: 0) }

  /// Whether it is no position: a member's value begins after the object.
  var isNone: Bool { offset == 0 }

  /// The index of the closing quote.
  public var end: Int { offset &+ length }

  /// The text as written, as far as the bytes hold it: `bytes.part(text.range(in: bytes))`.
  public func range(in bytes: Span<UInt8>) -> ByteRange {
    let lower = min(max(offset, 0), bytes.count)
    return ByteRange(lower, max(lower, min(end, bytes.count)))
  }

  /// Marks: a backslash, a byte from 0x7F on, and another value than a string.
  static var escapes: Int { 1 }
  static var specials: Int { 2 }
  static var otherValue: Int { 4 }

  /// The text from an index to before another one, with marks.
  @inline(__always)
  init(from start: Int, to end: Int, marks: Int) {
    offset = start
    extent = (end &- start) &<< 3 | marks
  }
}

// MARK: Unescaping

extension JSONText {
  /// Whether the text, unescaped, is these bytes.
  @inline(never)
  public func equals(_ other: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
    if !hasEscapes { return bytes.part(range(in: bytes)).equals(other) }
    var position = 0
    let isPrefix = forEachPiece(in: bytes) { piece in
      guard piece.count <= other.count &- position else { return false }
      let start = position
      position &+= piece.count
      return other.part(start, position).equals(piece)
    }
    return isPrefix && position == other.count
  }

  /// Whether the text, unescaped, is a string literal.
  public func equals(_ other: StaticString, in bytes: Span<UInt8>) -> Bool {
    other.withSpan { equals($0, in: bytes) }
  }

  /// Adds the text, unescaped, to a buffer, which grows by at most ``length``.
  public func append(
    to buffer: inout ByteBuffer, in bytes: Span<UInt8>
  ) throws(BufferError) {
    if !hasEscapes { return try buffer.append(bytes.part(range(in: bytes))) }
    var failure: BufferError?
    _ = forEachPiece(in: bytes) { piece in
      do throws(BufferError) { try buffer.append(piece) } catch { failure = error }
      return failure == nil
    }
    if let failure { throw failure }
  }

  /// Calls `body` with each piece of the unescaped text, until it returns false: the text between escapes, and the
  /// character of each escape.
  ///
  /// - Returns: Whether `body` accepted every piece.
  @inline(never)
  func forEachPiece(in bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) -> Bool {
    let bytes = bytes.part(0, range(in: bytes).end)
    var start = range(in: bytes).start
    var index = start
    while hasEscapes, let byte = bytes.at(index) {
      guard byte == UInt8(ascii: "\\"), let escape = try? JSONEscape(at: index, in: bytes) else {
        index &+= 1
        continue
      }
      if index > start, !body(bytes.part(start, index)) { return false }
      guard EncodedScalar(escape.scalar).withSpan(body) else { return false }
      index = escape.end
      start = index
    }
    return start >= bytes.count || body(bytes.part(start, bytes.count))
  }
}
