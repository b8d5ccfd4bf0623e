import CDeepIDV

/// The body of a Create Session call: checked values, and nothing that is not one.
public struct SessionRequest: ~Copyable {
  private var texts = FieldTexts()
  private var present = FieldSet()
  private var sendEmailInvite = true
  private var sendPhoneInvite = true
  private var expiresInHours: Int64 = 0

  private static var usualBodySize: Int { 448 }

  /// Creates an empty request.
  public init() {}

  /// Sets a text field.
  ///
  /// On failure, the field is unchanged.
  public mutating func set(_ field: Field, _ value: Span<UInt8>) -> deepidv_status {
    let status = checkText(value, for: field)
    guard status == DEEPIDV_OK else { return status }
    do throws(BufferError) {
      if has(field) {
        var others = try texts.copy(without: field)
        try others.add(field, value)
        texts = others
      } else {
        try texts.add(field, value)
      }
    } catch {
      return DEEPIDV_E_NOMEM
    }
    present.insert(field)
    return DEEPIDV_OK
  }

  /// Sets a yes or no.
  public mutating func set(_ field: Field, _ value: Bool) -> deepidv_status {
    switch field {
    case .sendEmailInvite: sendEmailInvite = value
    case .sendPhoneInvite: sendPhoneInvite = value
    default: return DEEPIDV_E_TYPE
    }
    present.insert(field)
    return DEEPIDV_OK
  }

  /// Sets a number of hours.
  public mutating func set(_ field: Field, _ value: Int64) -> deepidv_status {
    guard field == .expiresInHours else { return DEEPIDV_E_TYPE }
    guard Field.expiresInHoursRange.contains(value) else { return DEEPIDV_E_RANGE }
    expiresInHours = value
    present.insert(field)
    return DEEPIDV_OK
  }

  /// Whether a field has a value.
  public func has(_ field: Field) -> Bool { present.contains(field) }

  /// The first required field that is missing.
  ///
  /// - Parameter isSearchedFirst: Whether a session is searched for before one is created, by its external id.
  public func firstMissing(isSearchedFirst: Bool = false) -> Field? {
    var missing = FieldSet.all.subtracting(present)
    while let field = missing.popFirst() {
      if field.row.required || isSearchedFirst && field == .externalID { return field }
    }
    return nil
  }

  /// How many bytes a text field has; 0 if it was not set.
  public func length(of field: Field) -> Int {
    guard has(field), field.rawValue < Field.textCount else { return 0 }
    return texts.withText(field) { $0.count }
  }

  /// Copies a text field; nothing if it was not set.
  public func copy(_ field: Field, to buffer: inout ByteBuffer) throws(BufferError) {
    guard has(field), field.rawValue < Field.textCount else { return }
    try texts.withText(field) { text throws(BufferError) in try buffer.append(text) }
  }

  /// The body of the HTTP request: in snake_case, with only the fields that are set.
  ///
  /// - Parameter externalID: Replaces the request's own external id, unless it is empty.
  public func body(externalID: borrowing ByteBuffer) throws(BufferError) -> ByteBuffer {
    var writer = JSONWriter(byteLimit: longestRequestBody)
    // Most requests are written without moving, and so without a copy to be wiped.
    try writer.reserve(externalID.count &+ Self.usualBodySize)
    try writer.beginObject()
    var fields = present
    if !externalID.isEmpty { fields.insert(.externalID) }
    while let field = fields.popFirst() {
      try writer.member(field.name)
      switch field {
      case .sendEmailInvite: try writer.bool(sendEmailInvite)
      case .sendPhoneInvite: try writer.bool(sendPhoneInvite)
      case .expiresInHours: try writer.integer(expiresInHours)
      case .externalID where !externalID.isEmpty:
        try externalID.withSpan { id throws(BufferError) in try writer.string(id) }
      default:
        try texts.withText(field) { text throws(BufferError) in try writer.string(text) }
      }
    }
    try writer.endObject()
    return writer.finish()
  }
}
