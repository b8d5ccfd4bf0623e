import CPlatform

/// Reads a JSON document piece by piece, as strictly as RFC 8259 is written.
///
/// It builds no tree and allocates nothing: the caller keeps the document and passes it to every call, and texts and
/// numbers are returned as ranges of it. A leading byte order mark is skipped. Repeated names in an object are left to
/// the caller.
///
/// After a failure, and after the end, every further call returns the same again.
public struct JSONReader: Sendable {
  /// How deep arrays and objects may be nested.
  public static var depthLimit: Int { 64 }

  /// The index of the first byte not read yet.
  public private(set) var position = 0

  /// How many arrays and objects are open.
  public private(set) var depth = 0

  /// What was wrong with the document, if anything was.
  public private(set) var failure: JSONError?

  /// The last name, string or number that was read.
  private(set) var text = JSONText.none

  /// One bit for each open container, the innermost lowest: 1 is an object.
  private var containers: UInt64 = 0

  private(set) var expectation = Expectation.document

  /// What may come next.
  enum Expectation: Sendable {
    /// The one value that a document is.
    case document
    /// A value, after a colon or a comma.
    case value
    /// A value or `]`.
    case elementOrEnd
    /// A name or `}`.
    case memberOrEnd
    /// A comma or the end of the container; outside of all containers nothing.
    case separator
    /// Nothing any more: the document has ended or is wrong.
    case nothing
  }

  /// What was read; ``JSONToken`` has the same with its text or number.
  enum Piece: Sendable {
    case beginObject, endObject, beginArray, endArray
    case key, string, number, `true`, `false`, null
    case end, failure
  }

  /// Starts before the first byte of a document.
  public init() {}

  /// Starts before a value within a document, of which nothing else is to be read.
  init(at position: Int) {
    self.position = position
    expectation = .value
  }

  /// Reads the next piece.
  @inline(never)
  public mutating func next(in bytes: Span<UInt8>) -> JSONToken {
    switch step(in: bytes) {
    case .beginObject: .beginObject
    case .endObject: .endObject
    case .beginArray: .beginArray
    case .endArray: .endArray
    case .key: .key(text)
    case .string: .string(text)
    case .number: .number(JSONNumber(offset: text.offset, length: text.length))
    case .true: .bool(true)
    case .false: .bool(false)
    case .null: .null
    case .end: .end
    case .failure: failure.map { .failure($0) } ?? .end
    }
  }
}

// MARK: Structure

extension JSONReader {
  /// Reads the next piece; a name, a string or a number is then ``text``.
  @inline(never)
  mutating func step(in bytes: Span<UInt8>) -> Piece {
    var byte = nextByte(in: bytes)
    switch expectation {
    case .document, .value: break
    case .elementOrEnd: if byte == UInt8(ascii: "]") { return close() }
    case .memberOrEnd:
      return byte == UInt8(ascii: "}") ? close() : readKey(in: bytes)
    case .separator:
      if depth == 0 {
        guard position >= bytes.count else { return fail(.trailingBytes, at: position) }
        expectation = .nothing
        return .end
      }
      if byte == (isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return close() }
      guard byte == UInt8(ascii: ",") else { return failUnexpected(in: bytes) }
      position &+= 1
      byte = nextByte(in: bytes)
      if isInObject { return readKey(in: bytes) }
    case .nothing: return failure == nil ? .end : .failure
    }
    expectation = .separator
    switch byte {
    case UInt8(ascii: "\""): return readText(in: bytes) ? .string : .failure
    case UInt8(ascii: "{"): return open(object: true)
    case UInt8(ascii: "["): return open(object: false)
    case UInt8(ascii: "t"): return readWord("true", .true, in: bytes)
    case UInt8(ascii: "f"): return readWord("false", .false, in: bytes)
    case UInt8(ascii: "n"): return readWord("null", .null, in: bytes)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return readNumber(in: bytes)
    default: return failUnexpected(in: bytes)
    }
  }

  var isInObject: Bool { containers & 1 == 1 }

  private mutating func open(object: Bool) -> Piece {
    guard depth < Self.depthLimit else { return fail(.tooDeep, at: position) }
    position &+= 1
    depth &+= 1
    containers = containers &<< 1 | (object ? 1 : 0)
    expectation = object ? .memberOrEnd : .elementOrEnd
    return object ? .beginObject : .beginArray
  }

  private mutating func close() -> Piece {
    let object = isInObject
    position &+= 1
    depth &-= 1
    containers = containers &>> 1
    expectation = .separator
    return object ? .endObject : .endArray
  }

  @inline(never)
  private mutating func fail(_ reason: JSONError.Reason, at position: Int) -> Piece {
    fail(JSONError(reason, at: position))
  }

  @inline(never)
  private mutating func fail(_ error: JSONError) -> Piece {
    failure = error
    expectation = .nothing
    return .failure
  }

  @inline(never)
  private mutating func failUnexpected(in bytes: Span<UInt8>) -> Piece {
    fail(.unexpected(at: position, in: bytes))
  }

  /// Skips what precedes a value.
  ///
  /// Returns whether a value comes next and begins with this byte.
  mutating func stepToValue(beginningWith first: UInt8, in bytes: Span<UInt8>) -> Bool {
    switch expectation {
    case .document, .value, .elementOrEnd: nextByte(in: bytes) == first
    case .memberOrEnd, .separator, .nothing: false
    }
  }

  /// Skips the comma before an element, if there is one, so that its value comes next.
  ///
  /// Anything but an element is read: the end of the array, or what is wrong.
  mutating func stepToElement(in bytes: Span<UInt8>) -> Bool {
    switch (expectation, nextByte(in: bytes)) {
    case (.elementOrEnd, let byte) where byte != UInt8(ascii: "]") && position < bytes.count:
      break
    case (.separator, UInt8(ascii: ",")):
      position &+= 1
    default:
      _ = step(in: bytes)
      return false
    }
    expectation = .value
    return true
  }

  /// Skips white space between tokens, and a byte order mark before the document.
  ///
  /// Returns the byte that follows; at the end of the document 0, which no token begins with.
  @inline(__always)
  mutating func nextByte(in bytes: Span<UInt8>) -> UInt8 {
    // Nearly always there is none, and one comparison says so.
    if let byte = bytes.at(position), byte > 0x20, byte < 0x80 { return byte }
    return skipInsignificant(in: bytes)
  }

  @inline(never)
  private mutating func skipInsignificant(in bytes: Span<UInt8>) -> UInt8 {
    if expectation == .document, position == 0, bytes.at(0) == 0xEF, bytes.at(1) == 0xBB,
      bytes.at(2) == 0xBF
    {
      position = 3
    }
    while let byte = bytes.at(position) {
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position &+= 1
    }
    return 0
  }
}

// MARK: Values

extension JSONReader {
  @inline(__always)
  private mutating func readKey(in bytes: Span<UInt8>) -> Piece {
    guard readText(in: bytes) else { return .failure }
    guard nextByte(in: bytes) == UInt8(ascii: ":") else { return failUnexpected(in: bytes) }
    position &+= 1
    expectation = .value
    return .key
  }

  /// Reads a string, or what is wrong with it.
  @inline(never)
  mutating func readText(in bytes: Span<UInt8>) -> Bool {
    expectation = .separator
    guard bytes.at(position) == UInt8(ascii: "\"") else {
      _ = failUnexpected(in: bytes)
      return false
    }
    let end = bytes.firstSpecial(CPLATFORM_NOT_PLAIN_IN_JSON, from: position &+ 1)
    guard bytes.at(end) == UInt8(ascii: "\"") else { return readText(specialAt: end, in: bytes) }
    text = JSONText(from: position &+ 1, to: end, marks: 0)
    position = end &+ 1
    return true
  }

  /// The same, if a byte at an index is another than its closing quote.
  @inline(never)
  private mutating func readText(specialAt index: Int, in bytes: Span<UInt8>) -> Bool {
    var index = index
    var marks = 0
    while let byte = bytes.at(index) {
      switch byte {
      case UInt8(ascii: "\""):
        text = JSONText(from: position &+ 1, to: index, marks: marks)
        position = index &+ 1
        return true
      case UInt8(ascii: "\\"):
        marks |= JSONText.escapes
        do throws(JSONError) {
          index = try JSONEscape(at: index, in: bytes).end
        } catch {
          _ = fail(error)
          return false
        }
      case ..<0x20:
        _ = fail(.controlCharacter, at: index)
        return false
      default:
        marks |= JSONText.specials
        guard let end = bytes.endOfCharacter(at: index) else {
          _ = fail(.invalidUTF8, at: index)
          return false
        }
        index = end
      }
      index = bytes.firstSpecial(CPLATFORM_NOT_PLAIN_IN_JSON, from: index)
    }
    _ = fail(.unexpectedEnd, at: index)
    return false
  }

  private mutating func readNumber(in bytes: Span<UInt8>) -> Piece {
    do throws(JSONError) {
      let number = try JSONNumber(at: position, in: bytes)
      text = JSONText(from: position, to: number.end, marks: JSONText.otherValue)
      position = number.end
      return .number
    } catch {
      return fail(error)
    }
  }

  private mutating func readWord(
    _ word: StaticString, _ piece: Piece, in bytes: Span<UInt8>
  ) -> Piece {
    word.withSpan { word in
      for index in word.indices {
        guard bytes.at(position) == word[index] else { return failUnexpected(in: bytes) }
        position &+= 1
      }
      return piece
    }
  }
}
