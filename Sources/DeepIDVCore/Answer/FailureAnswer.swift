import CDeepIDV

/// The service's answer to a request that failed.
///
/// The message is, in this order: `message`, `error`, `detail`, the plain text of the body, `HTTP <n>`.
public struct FailureAnswer: ~Copyable {
  /// What the ranges below are ranges of.
  public private(set) var texts = AnswerTexts()
  /// The message for people.
  public private(set) var message: ByteRange?
  /// The service's own error code.
  public private(set) var code: ByteRange?
  /// What the service adds to its message.
  public private(set) var hints = Buffer<ByteRange>(byteLimit: Int.max)
  /// `DEEPIDV_RESULT_FACT_…` bits.
  public private(set) var facts: Int32 = 0

  /// No failure, or none that the service spoke of.
  public init() {}

  /// Reads the body of an answer that is not 2xx; any bytes will do.
  public init(_ body: Span<UInt8>, httpStatus: Int) throws(BufferError) {
    try texts.reserve(forAnswerOf: body.count)
    if body.firstInvalidUTF8() == nil, let members = Members(body) {
      if let text = members.message ?? members.error ?? members.detail {
        message = try texts.append(printable: text, in: body)
      } else {
        message = try texts.append(httpStatus: httpStatus)
      }
      switch members.code {
      case .string(let text): code = try texts.append(printable: text, in: body)
      case .number(let number):
        code = try texts.append(printable: body.extracting(number.offset..<number.end))
      default: break
      }
      if let reader = members.hints { try readHints(reader, body) }
    } else if let plain = plainText(body) {
      message = try texts.append(printable: body.extracting(plain.start..<plain.end))
    } else {
      message = try texts.append(httpStatus: httpStatus)
    }
  }

  @inline(never)
  private mutating func readHints(_ start: JSONReader, _ body: Span<UInt8>) throws(BufferError) {
    var reader = start
    guard let array = reader.readArray(in: body) else { return }
    while reader.nextElement(of: array, in: body) {
      guard let text = reader.readString(in: body) else { continue }
      if hints.count == answerListLimit {
        facts = DEEPIDV_RESULT_FACT_MORE_HINTS
        return
      }
      try hints.append(try texts.append(printable: text, in: body))
    }
  }
}

/// The body without the blanks around it, if a person can read it: text of moderate length, no markup.
private func plainText(_ body: Span<UInt8>) -> ByteRange? {
  let text = body.trimmed(ByteRange(0, body.count), andLineEnds: true)
  let readable = !text.isEmpty && text.count <= 1024 && body[text.start] != UInt8(ascii: "<")
  return readable && body.firstInvalidUTF8() == nil ? text : nil
}

/// The positions of the members that are read of a failure, or nil if the body is not a JSON object.
private struct Members {
  var message: JSONText?
  var error: JSONText?
  var detail: JSONText?
  var code: JSONToken?
  var hints: JSONReader?

  @inline(never)
  init?(_ body: Span<UInt8>) {
    var reader = JSONReader()
    guard let object = reader.readObject(in: body) else { return nil }
    while let name = reader.nextMember(of: object, in: body) {
      switch name {
      case "message": message = words(&reader, body) ?? message
      case "error": error = words(&reader, body) ?? error
      case "detail": detail = words(&reader, body) ?? detail
      case "code": code = reader.next(in: body)
      case "hints": hints = reader
      default: break
      }
    }
    if reader.finish(in: body) != nil { return nil }
  }
}

/// Reads the string that comes next, unless it is empty.
private func words(_ reader: inout JSONReader, _ body: Span<UInt8>) -> JSONText? {
  guard let text = reader.readString(in: body), text.length > 0 else { return nil }
  return text
}
