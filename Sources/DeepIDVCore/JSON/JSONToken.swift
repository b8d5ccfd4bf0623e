/// What the reader found next.
public enum JSONToken: Equatable, Sendable {
  /// An object begins.
  case beginObject
  /// The innermost object ends.
  case endObject
  /// An array begins.
  case beginArray
  /// The innermost array ends.
  case endArray
  /// The name of a member. Its value is the next token.
  case key(JSONText)
  /// A string.
  case string(JSONText)
  /// A number.
  case number(JSONNumber)
  /// `true` or `false`.
  case bool(Bool)
  /// `null`.
  case null
  /// The document is complete.
  case end
  /// The bytes are not a JSON document.
  case failure(JSONError)
}
