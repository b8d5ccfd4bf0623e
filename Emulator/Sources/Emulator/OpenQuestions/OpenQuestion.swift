/// A point on which the public documentation is contradictory or silent, and its possible readings.
public struct OpenQuestion: Sendable {
  /// The name in `--open NAME=VALUE`.
  public let name: String
  /// A short description.
  public let about: String
  /// The default first.
  public let values: [String]

  let reading: @Sendable (Readings) -> String
  /// Returns false if the value does not exist.
  let read: @Sendable (inout Readings, String) -> Bool

  private init<Value: Reading>(
    _ name: String, _ path: WritableKeyPath<Readings, Value> & Sendable, about: String
  ) {
    self.name = name
    self.about = about
    values = Value.allCases.map(\.rawValue)
    reading = { $0[keyPath: path].rawValue }
    read = { readings, text in
      guard let value = Value(rawValue: text) else { return false }
      readings[keyPath: path] = value
      return true
    }
  }
}

extension OpenQuestion {
  /// All questions, in the order of a session's life.
  public static let all = [
    OpenQuestion(
      "400-body", \.invalidBody, about: "the body of a 400: {\"message\", \"hints\"} or {\"error\"}"
    ),
    OpenQuestion("401-body", \.unknownKeyBody, about: "the JSON member with the message of a 401"),
    OpenQuestion("missing-key", \.missingKey, about: "the status of a call without a key"),
    OpenQuestion("402-body", \.noTokensBody, about: "the body of a 402: plain text or {\"error\"}"),
    OpenQuestion("retry-after", \.retryAfter, about: "the Retry-After header of a 429"),
    OpenQuestion("id-field", \.idField, about: "the JSON member with the id of a new session"),
    OpenQuestion(
      "session-id", \.sessionID,
      about: "the form of session ids: sess_ and 20 characters, or a UUID"),
    OpenQuestion(
      "session-url", \.sessionURL, about: "the session_url: the whole URL, or only its origin"),
    OpenQuestion(
      "links", \.links,
      about: "the elements of links: none, {rel, href, description}, or {url, type}"),
    OpenQuestion(
      "redirect-join", \.redirectJoin,
      about: "how the result is appended to a redirect URL with a query or a fragment"),
    OpenQuestion(
      "redirect-names", \.redirectNames,
      about: "the parameters: session_id and status=success, or sessionId and status=SUBMITTED"),
    OpenQuestion("redirect-order", \.redirectOrder, about: "the first parameter of the result"),
    OpenQuestion(
      "redirect-repeats", \.redirectRepeats, about: "whether session_id is appended twice"),
    OpenQuestion("location", \.location, about: "the location in a session record"),
    OpenQuestion("abandoned", \.abandoned, about: "the status of an abandoned session"),
    OpenQuestion(
      "update-status", \.updateStatus, about: "which sessions can be verified or rejected"),
  ]

  /// The question with this name.
  public static func named(_ name: String) -> OpenQuestion? { all.first { $0.name == name } }
}
