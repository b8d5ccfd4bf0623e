/// Reads a JSON document piece by piece, as strictly as RFC 8259 is written.
///
/// It builds no tree and allocates nothing: the caller keeps the document and passes it to every call, and texts and
/// numbers are returned as ranges of it. A leading byte order mark is skipped. Repeated names in an object are left to
/// the caller (see ``JSONMemberSet``).
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

  /// Starts before the first byte of a document.
  public init() {}

  /// Reads the next piece.
  @inline(never)
  public mutating func next(in bytes: Span<UInt8>) -> JSONToken {
    do throws(JSONError) {
      return try readNext(in: bytes)
    } catch {
      failure = error
      expectation = .nothing
      return .failure(error)
    }
  }
}

// MARK: Structure

extension JSONReader {
  var isInObject: Bool { containers & 1 == 1 }

  private mutating func readNext(in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
    skipInsignificant(in: bytes)
    switch expectation {
    case .document, .value:
      return try readValue(in: bytes)
    case .elementOrEnd:
      return bytes.at(position) == UInt8(ascii: "]") ? close() : try readValue(in: bytes)
    case .memberOrEnd:
      return bytes.at(position) == UInt8(ascii: "}") ? close() : try readKey(in: bytes)
    case .separator:
      return try depth == 0 ? readEnd(in: bytes) : readSeparator(in: bytes)
    case .nothing:
      if let failure { throw failure }
      return .end
    }
  }

  private mutating func readSeparator(in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
    let end = isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    if bytes.at(position) == end { return close() }
    try expect(UInt8(ascii: ","), in: bytes)
    skipWhitespace(in: bytes)
    return try isInObject ? readKey(in: bytes) : readValue(in: bytes)
  }

  private mutating func readEnd(in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
    guard position >= bytes.count else { throw JSONError(.trailingBytes, at: position) }
    expectation = .nothing
    return .end
  }

  private mutating func open(object: Bool) throws(JSONError) -> JSONToken {
    guard depth < Self.depthLimit else { throw JSONError(.tooDeep, at: position) }
    position &+= 1
    depth &+= 1
    containers = containers &<< 1 | (object ? 1 : 0)
    expectation = object ? .memberOrEnd : .elementOrEnd
    return object ? .beginObject : .beginArray
  }

  private mutating func close() -> JSONToken {
    let object = isInObject
    position &+= 1
    depth &-= 1
    containers = containers &>> 1
    expectation = .separator
    return object ? .endObject : .endArray
  }

  /// Skips a required byte.
  @inline(__always)
  private mutating func expect(_ byte: UInt8, in bytes: Span<UInt8>) throws(JSONError) {
    guard bytes.at(position) == byte else { throw .unexpected(at: position, in: bytes) }
    position &+= 1
  }

  /// Skips what precedes a value.
  ///
  /// Returns whether a value comes next and begins with this byte.
  mutating func stepToValue(beginningWith first: UInt8, in bytes: Span<UInt8>) -> Bool {
    switch expectation {
    case .document, .value, .elementOrEnd: break
    case .memberOrEnd, .separator, .nothing: return false
    }
    skipInsignificant(in: bytes)
    return bytes.at(position) == first
  }

  /// Skips the comma before an element, if there is one, so that its value comes next.
  ///
  /// Anything but an element is read: the end of the array, or what is wrong.
  mutating func stepToElement(in bytes: Span<UInt8>) -> Bool {
    skipWhitespace(in: bytes)
    switch (expectation, bytes.at(position)) {
    case (.elementOrEnd, let byte?) where byte != UInt8(ascii: "]"):
      break
    case (.separator, UInt8(ascii: ",")):
      position &+= 1
    default:
      _ = next(in: bytes)
      return false
    }
    expectation = .value
    return true
  }

  /// Skips the white space between tokens.
  @inline(__always)
  private mutating func skipWhitespace(in bytes: Span<UInt8>) {
    // Nearly always there is none, and one comparison says so.
    while let byte = bytes.at(position), byte <= 0x20,
      byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    {
      position &+= 1
    }
  }

  /// The same, and over a byte order mark before the document.
  private mutating func skipInsignificant(in bytes: Span<UInt8>) {
    if position == 0, bytes.at(0) == 0xEF, bytes.at(1) == 0xBB, bytes.at(2) == 0xBF { position = 3 }
    skipWhitespace(in: bytes)
  }
}

// MARK: Values

extension JSONReader {
  private mutating func readValue(in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
    switch bytes.at(position) {
    case UInt8(ascii: "\""):
      let text = try readText(in: bytes)
      expectation = .separator
      return .string(text)
    case UInt8(ascii: "{"): return try open(object: true)
    case UInt8(ascii: "["): return try open(object: false)
    case UInt8(ascii: "t"): return try readWord("true", .bool(true), in: bytes)
    case UInt8(ascii: "f"): return try readWord("false", .bool(false), in: bytes)
    case UInt8(ascii: "n"): return try readWord("null", .null, in: bytes)
    case let byte? where byte.isASCIIDigit || byte == UInt8(ascii: "-"):
      let number = try JSONNumber(at: position, in: bytes)
      position = number.end
      expectation = .separator
      return .number(number)
    default: throw .unexpected(at: position, in: bytes)
    }
  }

  private mutating func readKey(in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
    let text = try readText(in: bytes)
    skipWhitespace(in: bytes)
    try expect(UInt8(ascii: ":"), in: bytes)
    expectation = .value
    return .key(text)
  }

  private mutating func readText(in bytes: Span<UInt8>) throws(JSONError) -> JSONText {
    try expect(UInt8(ascii: "\""), in: bytes)
    let text = try JSONText(at: position, in: bytes)
    position = text.end &+ 1
    return text
  }

  private mutating func readWord(
    _ word: StaticString, _ token: JSONToken, in bytes: Span<UInt8>
  ) throws(JSONError) -> JSONToken {
    try word.withSpan { word throws(JSONError) in
      for index in word.indices {
        try expect(word[index], in: bytes)
      }
    }
    expectation = .separator
    return token
  }
}
