/// The key of an event: `["session.status.verified","sess_abc","2026-01-01T00:00:00.000Z"]`.
///
/// As JSON, it shows where each part ends, whatever the parts are. Without `updated_at`, the last element is null.
struct WebhookKey {
  private var type: Int32
  /// As written, so that equal ids are equal bytes.
  private var id: ByteRange
  private var updatedAt: Timestamp?

  /// The longest `updated_at`: longer ones are no times.
  private static var longestTime: Int { 64 }
  /// As many bytes as a key may have: each byte of its parts escaped, and the rest.
  static var limit: Int { 2 * (longestEventType + longestIDInURL + longestTime) + 16 }

  /// Writes a key, with a NUL after it.
  static func write(
    _ type: ByteRange, _ id: ByteRange, _ updatedAt: ByteRange?, of texts: Span<UInt8>,
    to key: inout ByteBuffer
  ) throws(BufferError) {
    var writer = JSONWriter(byteLimit: limit)
    try writer.reserve(type.count &+ id.count &+ longestTime &+ 16)
    try writer.beginArray()
    try writer.string(texts.part(type))
    try writer.string(texts.part(id))
    if let updatedAt, updatedAt.count <= longestTime {
      try writer.string(texts.part(updatedAt))
    } else {
      try writer.null()
    }
    try writer.endArray()
    key = writer.finish()
    try key.append(0)
  }

  /// Reads a key; nil for anything else.
  init?(_ text: Span<UInt8>) {
    if text.count > Self.limit { return nil }
    var reader = JSONReader()
    guard let array = reader.readArray(in: text), reader.nextElement(of: array, in: text),
      let type = reader.readString(in: text), reader.nextElement(of: array, in: text),
      let id = reader.readString(in: text), reader.nextElement(of: array, in: text)
    else { return nil }
    let typeRange = type.range(in: text)
    self.id = id.range(in: text)
    if typeRange.isEmpty || self.id.isEmpty { return nil }
    self.type = webhookType(text.part(typeRange))
    if let time = reader.readString(in: text) {
      updatedAt = Timestamp(text.part(time.range(in: text)))
    } else if case .null = reader.next(in: text) {
      updatedAt = nil
    } else {
      return nil
    }
    if reader.nextElement(of: array, in: text) || reader.finish(in: text) != nil { return nil }
  }

  /// Whether two keys are of the same session.
  static func areOfOneSession(
    _ key: WebhookKey, _ text: Span<UInt8>, _ other: WebhookKey, _ otherText: Span<UInt8>
  ) -> Bool {
    text.part(key.id).equals(otherText.part(other.id))
  }

  /// Whether its event is the later one; at the same time, the one whose type has the larger number.
  ///
  /// No time comes before all times, so that it is an order: the last event does not depend on that of the deliveries.
  func isLater(than other: WebhookKey) -> Bool {
    guard let time = updatedAt else { return other.updatedAt == nil && type > other.type }
    guard let otherTime = other.updatedAt else { return true }
    if time.isLater(than: otherTime) { return true }
    if otherTime.isLater(than: time) { return false }
    return type > other.type
  }
}

/// Whether the event with a key replaces the event with another key, or none.
public func webhookSupersedes(_ text: Span<UInt8>, _ otherText: Span<UInt8>) -> Bool {
  guard let key = WebhookKey(text) else { return false }
  if otherText.isEmpty { return true }
  guard let other = WebhookKey(otherText),
    WebhookKey.areOfOneSession(key, text, other, otherText)
  else { return false }
  return key.isLater(than: other)
}
