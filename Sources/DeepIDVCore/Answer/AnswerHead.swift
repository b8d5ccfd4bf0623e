import CDeepIDV

/// The head of an answer, line by line: limits its size, and detects its end.
public struct AnswerHead: Sendable {
  private enum Line {
    case status
    case firstHeader
    case other
  }

  /// Whether the lines to come are those of a head; else they are trailers.
  public private(set) var isOpen = true
  private var next = Line.status
  private var isAtLineStart = true
  private var byteCount = 0

  /// Begins an exchange, with a head.
  public init() {}

  /// The largest size in bytes of all heads of an exchange, including 1xx answers and trailers.
  public static var byteLimit: Int { 65_536 }

  /// Whether a line after the status line was begun.
  public var isPastFirstHeader: Bool { next != .status && !isAtLineStart }

  /// A request is about to leave, and its answer begins with a head.
  public mutating func open() {
    isOpen = true
    next = .status
    isAtLineStart = true
  }

  /// Whether a piece of a line can belong to a head: the first header continues none.
  public mutating func admits(_ piece: Span<UInt8>) -> Bool {
    guard isAtLineStart else { return true }
    isAtLineStart = false
    let first = piece.at(0)
    return next != .firstHeader || first != UInt8(ascii: " ") && first != UInt8(ascii: "\t")
  }

  /// Takes a whole line, of a head or of the trailers.
  ///
  /// - Returns: Why the answer is refused for it, or `DEEPIDV_OK`.
  public mutating func take(_ line: Span<UInt8>) -> deepidv_status {
    isAtLineStart = true
    // Each is far smaller than the limit's distance from the largest number.
    byteCount &+= min(line.count, Self.byteLimit &+ 1)
    if byteCount > Self.byteLimit { return DEEPIDV_E_ANSWER_TOO_LARGE }
    guard isOpen else { return DEEPIDV_OK }
    next = next == .status ? .firstHeader : .other
    return hasForeignTransferCoding(line) ? DEEPIDV_E_ANSWER_ENCODING : DEEPIDV_OK
  }

  /// The empty line of a head was taken, of an answer with this status.
  public mutating func end(httpStatus: Int) {
    // Another head follows any 1xx but 101, which is followed by other bytes.
    if httpStatus >= 200 || httpStatus == 101 { isOpen = false } else { open() }
  }

  /// libcurl 7.88 decodes up to five nested codings, so that a few bytes could expand to gigabytes.
  private func hasForeignTransferCoding(_ line: Span<UInt8>) -> Bool {
    let name: StaticString = "transfer-encoding:"
    let length = name.utf8CodeUnitCount
    guard line.count > length, line[0] | 0x20 == UInt8(ascii: "t"),
      name.withSpan({ line.extracting(first: length).equalsIgnoringCase($0) })
    else { return false }
    return namesCoding(line.extracting(length..<line.count), besides: "chunked")
  }
}

/// Whether a list of codings, as headers have it, names another than `identity` and this one.
public func namesCoding(_ list: Span<UInt8>, besides known: StaticString) -> Bool {
  var rest = list
  while !rest.isEmpty {
    var length = 0
    while length < rest.count, rest[length] != UInt8(ascii: ",") { length &+= 1 }
    let coding = rest.extracting(rest.trimmed(ByteRange(0, length), andLineEnds: true).range)
    rest = rest.extracting(min(length &+ 1, rest.count)..<rest.count)
    if !coding.isEmpty, !coding.equalsIgnoringCase("identity"), !coding.equalsIgnoringCase(known) {
      return true
    }
  }
  return false
}
