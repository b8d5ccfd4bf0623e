import CDeepIDV

/// Why a JSON text is not a valid request.
public struct JSONRefusal: Error {
  /// What is wrong.
  public var status: deepidv_status
  /// The field concerned, if it is one.
  public var field: Field?
  /// The index of the error in the JSON, or of the member's name.
  public var offset: Int

  init(_ status: deepidv_status, _ field: Field? = nil, at offset: Int) {
    self.status = status
    self.field = field
    self.offset = offset
  }

  init(_ error: JSONError) {
    status =
      switch error.reason {
      case .tooDeep: DEEPIDV_E_JSON_DEPTH
      case .invalidUTF8: DEEPIDV_E_UTF8
      default: DEEPIDV_E_JSON
      }
    offset = error.position
  }
}

extension SessionRequest {
  /// Reads a whole request, without looking for what is missing.
  public init(json: Span<UInt8>) throws(JSONRefusal) {
    self.init()
    // The members are walked twice: a snake_case member counts only if no camelCase one comes after it.
    let members = try Members(json)
    var reader = JSONReader()
    guard let object = reader.readObject(in: json) else { return }
    while let name = reader.nextMember(of: object, in: json) {
      guard let member = Member(name, in: json), members.counts(member) else { continue }
      let status = read(member.field, from: &reader, in: json)
      guard status == DEEPIDV_OK else {
        throw JSONRefusal(status, member.field, at: name.offset)
      }
    }
  }

  private mutating func read(
    _ field: Field, from reader: inout JSONReader, in json: Span<UInt8>
  ) -> deepidv_status {
    switch (field.row.content, reader.next(in: json)) {
    case (.text, .string(let text)):
      var value = ByteBuffer(byteLimit: text.length)
      do throws(BufferError) { try text.append(to: &value, in: json) } catch {
        return DEEPIDV_E_NOMEM
      }
      return value.withSpan { set(field, $0) }
    case (.flag, .bool(let value)): return set(field, value)
    case (.number, .number(let number)):
      return switch number.integer(in: json) {
      case .value(let value): set(field, value)
      case .overflow: DEEPIDV_E_RANGE
      case .notAnInteger: DEEPIDV_E_TYPE
      }
    default: return DEEPIDV_E_TYPE
    }
  }
}

/// A member that is a field of the request, in one of its spellings.
private struct Member {
  var field: Field
  var isCamelCase: Bool

  init?(_ name: JSONText, in json: Span<UInt8>) {
    var candidate = Field(rawValue: 0)
    while let field = candidate {
      let row = field.row
      self.field = field
      if name.equals(row.name, in: json) {
        isCamelCase = false
        return
      }
      if name.equals(row.alias, in: json) {
        isCamelCase = true
        return
      }
      candidate = field.next
    }
    return nil
  }

  var bit: UInt32 { 1 << UInt32(field.rawValue * 2 + (isCamelCase ? 1 : 0)) }
}

/// Which members a request's JSON has, in which spelling.
private struct Members {
  private var seen: UInt32 = 0
  private var withValue: UInt32 = 0

  init(_ json: Span<UInt8>) throws(JSONRefusal) {
    var reader = JSONReader()
    var refusal: JSONRefusal?
    guard let object = reader.readObject(in: json) else {
      if let error = reader.finish(in: json) { throw JSONRefusal(error) }
      throw JSONRefusal(DEEPIDV_E_JSON_OBJECT, at: 0)
    }
    while let name = reader.nextMember(of: object, in: json) {
      if refusal != nil { continue }
      guard let member = Member(name, in: json) else {
        refusal = JSONRefusal(DEEPIDV_E_FIELD, at: name.offset)
        continue
      }
      if seen & member.bit != 0 {
        refusal = JSONRefusal(DEEPIDV_E_JSON_DUPLICATE, member.field, at: name.offset)
      }
      seen |= member.bit
      if reader.step(in: json) != .null { withValue |= member.bit }
    }
    // Malformed JSON comes first: its members are then a guess.
    if let error = reader.finish(in: json) { throw JSONRefusal(error) }
    if let refusal { throw refusal }
  }

  /// Whether the member's value is used: null counts as absent, and camelCase wins.
  func counts(_ member: Member) -> Bool {
    let camelCase = Member(member.field, isCamelCase: true)
    return withValue & member.bit != 0 && (member.isCamelCase || withValue & camelCase.bit == 0)
  }
}

extension Member {
  init(_ field: Field, isCamelCase: Bool) {
    self.field = field
    self.isCamelCase = isCamelCase
  }
}
