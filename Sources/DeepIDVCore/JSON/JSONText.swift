/// The position of a string in a document, without its quotes.
///
/// Its bytes have been checked. Without escapes they are the text itself.
public struct JSONText: Equatable, Sendable {
  /// The index of its first byte.
  public let offset: Int

  /// How many bytes it has, escapes counted as written.
  public let length: Int

  /// Whether a backslash is among them.
  public let hasEscapes: Bool

  /// The index of the closing quote.
  public var end: Int { offset &+ length }

  /// The text as written, as far as the bytes hold it: `bytes.extracting(text.range(in: bytes))`.
  public func range(in bytes: Span<UInt8>) -> Range<Int> {
    let lower = min(max(offset, 0), bytes.count)
    return lower..<max(lower, min(end, bytes.count))
  }
}

// MARK: Reading

extension JSONText {
  /// Finds the end of the string whose contents begin at an index, and checks them.
  init(at start: Int, in bytes: Span<UInt8>) throws(JSONError) {
    var index = start
    var union: UInt8 = 0
    var escapes = false
    var failure: JSONError?
    while failure == nil {
      index = bytes.endOfPlainText(from: index)
      while let byte = bytes.at(index), byte.isPlain {
        union |= byte
        index &+= 1
      }
      guard let byte = bytes.at(index) else {
        failure = JSONError(.unexpectedEnd, at: index)
        break
      }
      if byte == UInt8(ascii: "\"") { break }
      guard byte == UInt8(ascii: "\\") else {
        failure = JSONError(.controlCharacter, at: index)
        break
      }
      escapes = true
      do throws(JSONError) {
        index = try JSONEscape(at: index, in: bytes).end
      } catch {
        failure = error
      }
    }
    offset = start
    length = index &- start
    hasEscapes = escapes
    // No byte of a longer sequence is a quote, a backslash or a control character, so that what was
    // passed over can be checked in one go, and only where there is such a sequence at all.
    if union >= 0x80, let invalid = bytes.extracting(range(in: bytes)).firstInvalidUTF8() {
      throw JSONError(.invalidUTF8, at: start &+ invalid)
    }
    if let failure { throw failure }
  }
}

// MARK: Unescaping

extension JSONText {
  /// Whether the text, unescaped, is these bytes.
  @inline(never)
  public func equals(_ other: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
    var position = 0
    let isPrefix = forEachPiece(in: bytes) { piece in
      guard piece.count <= other.count &- position else { return false }
      let start = position
      position &+= piece.count
      return other.extracting(start..<position).equals(piece)
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
    let bytes = bytes.extracting(0..<range(in: bytes).upperBound)
    var start = range(in: bytes).lowerBound
    var index = start
    while hasEscapes, let byte = bytes.at(index) {
      guard byte == UInt8(ascii: "\\"), let escape = try? JSONEscape(at: index, in: bytes) else {
        index &+= 1
        continue
      }
      if index > start, !body(bytes.extracting(start..<index)) { return false }
      guard EncodedScalar(escape.scalar).withSpan(body) else { return false }
      index = escape.end
      start = index
    }
    return start >= bytes.count || body(bytes.extracting(start..<bytes.count))
  }
}

extension UInt8 {
  /// Whether this byte of a string means itself, alone or as a part of a longer sequence.
  @inline(__always)
  fileprivate var isPlain: Bool {
    self >= 0x20 && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
  }
}
