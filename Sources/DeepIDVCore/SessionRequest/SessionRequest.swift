import CDeepIDV

/// The body of a Create Session call: checked values, and nothing that is not one.
public struct SessionRequest: ~Copyable {
  /// Every text, one after another: a single piece of memory to be wiped.
  private var texts = Self.emptyTexts
  private var ranges = [7 of ByteRange](repeating: ByteRange(0, 0))
  private var sendEmailInvite: Bool?
  private var sendPhoneInvite: Bool?
  private var expiresInHours: Int64?

  /// Makes an empty request.
  public init() {}

  private static var emptyTexts: ByteBuffer { ByteBuffer(byteLimit: Field.textCount * 65_536) }

  /// Sets a text field, or says why not; then the field is as it was.
  public mutating func set(
    _ field: Field, _ value: Span<UInt8>, redirectURL: RedirectURLRule
  ) -> deepidv_status {
    let status = checkText(value, for: field, redirectURL: redirectURL)
    guard status == DEEPIDV_OK else { return status }
    var newTexts = Self.emptyTexts
    var newRanges = ranges
    do throws(BufferError) {
      for index in ranges.indices {
        let start = newTexts.count
        if index == field.rawValue {
          try newTexts.append(value)
        } else {
          try texts.withSpan { texts throws(BufferError) in
            try newTexts.append(texts.extracting(ranges[index].start..<ranges[index].end))
          }
        }
        newRanges[index] = ByteRange(start, newTexts.count)
      }
    } catch {
      return DEEPIDV_E_NOMEM
    }
    texts = newTexts
    ranges = newRanges
    return DEEPIDV_OK
  }

  /// Sets a yes or no.
  public mutating func set(_ field: Field, _ value: Bool) -> deepidv_status {
    switch field {
    case .sendEmailInvite: sendEmailInvite = value
    case .sendPhoneInvite: sendPhoneInvite = value
    default: return DEEPIDV_E_TYPE
    }
    return DEEPIDV_OK
  }

  /// Sets a number of hours.
  public mutating func set(_ field: Field, _ value: Int64) -> deepidv_status {
    guard field == .expiresInHours else { return DEEPIDV_E_TYPE }
    guard value >= 1, value <= 8760 else { return DEEPIDV_E_RANGE }
    expiresInHours = value
    return DEEPIDV_OK
  }

  /// Whether a field has a value.
  @inline(never)
  public func has(_ field: Field) -> Bool {
    switch field {
    case .sendEmailInvite: sendEmailInvite != nil
    case .sendPhoneInvite: sendPhoneInvite != nil
    case .expiresInHours: expiresInHours != nil
    default: field.rawValue < Field.textCount && !ranges[field.rawValue].isEmpty
    }
  }

  /// The first required field that is missing.
  public var firstMissing: Field? {
    var field = Field(rawValue: 0)
    while let candidate = field {
      if candidate.row.required, !has(candidate) { return candidate }
      field = candidate.next
    }
    return nil
  }

  /// Copies a text field; nothing if it was not set.
  public func copy(_ field: Field, to buffer: inout ByteBuffer) throws(BufferError) {
    guard field.rawValue < Field.textCount else { return }
    let range = ranges[field.rawValue]
    try texts.withSpan { texts throws(BufferError) in
      try buffer.append(texts.extracting(range.start..<range.end))
    }
  }

  /// The body as it goes over the wire: snake_case, only what was set.
  ///
  /// - Parameter externalID: What stands for the request's own external id; nothing if empty.
  public func body(externalID: borrowing ByteBuffer) throws(BufferError) -> ByteBuffer {
    var writer = JSONWriter(byteLimit: 4 << 20)
    try writer.beginObject()
    var field = Field(rawValue: 0)
    while let current = field {
      field = current.next
      guard current == .externalID ? !externalID.isEmpty : has(current) else { continue }
      try writer.member(current.name)
      switch current {
      case .sendEmailInvite: try writer.bool(sendEmailInvite ?? true)
      case .sendPhoneInvite: try writer.bool(sendPhoneInvite ?? true)
      case .expiresInHours: try writer.integer(expiresInHours ?? 0)
      case .externalID:
        try externalID.withSpan { id throws(BufferError) in try writer.string(id) }
      default:
        let range = ranges[current.rawValue]
        try texts.withSpan { texts throws(BufferError) in
          try writer.string(texts.extracting(range.start..<range.end))
        }
      }
    }
    try writer.endObject()
    return writer.finish()
  }
}
