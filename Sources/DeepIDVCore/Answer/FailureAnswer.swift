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
    // An unescaped text is no longer than an escaped one, and its NUL takes less than its quotes. The extra bytes are
    // for a message that is not in the answer. Of a long answer little is kept.
    try texts.reserve(min(body.count, 16_384) + 32)
    var reader = JSONReader()
    let isObject = reader.stepToValue(beginningWith: UInt8(ascii: "{"), in: body)
    var values = [5 of JSONText](repeating: .none)
    var found = values.mutableSpan
    _ = reader.readMembers(FailureMember.names, in: body, into: &found)
    let members = values.span
    if isObject, reader.finish(in: body) == nil {
      if let text = members[.message] ?? members[.error] ?? members[.detail] {
        message = try texts.append(printable: text, in: body)
      } else {
        message = try texts.append(httpStatus: httpStatus)
      }
      if var reader = members.reader(FailureMember.code.rawValue) {
        switch reader.next(in: body) {
        case .string(let text): code = try texts.append(printable: text, in: body)
        case .number(let number):
          code = try texts.append(printable: body.part(number.offset, number.end))
        default: break
        }
      }
      if let reader = members.reader(FailureMember.hints.rawValue) { try readHints(reader, body) }
    } else if let plain = plainText(body) {
      message = try texts.append(printable: body.part(plain))
    } else {
      message = try texts.append(httpStatus: httpStatus)
    }
    texts.fit()
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
  let readable = !text.isEmpty && text.count <= 1024 && body.at(text.start) != UInt8(ascii: "<")
  return readable && body.firstInvalidUTF8() == nil ? text : nil
}

/// The members that are read of a failure.
private enum FailureMember: Int {
  case message, error, detail, code, hints

  /// Their names.
  static var names: JSONNames {
    JSONNames("\u{07}message\u{05}error\u{06}detail\u{04}code\u{05}hints")
  }
}

extension Span where Element == JSONText {
  /// The text of a member, if it has one that is not empty.
  fileprivate subscript(member: FailureMember) -> JSONText? { nonemptyText(member.rawValue) }
}
