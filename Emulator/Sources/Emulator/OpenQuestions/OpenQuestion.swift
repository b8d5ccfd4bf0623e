/// A question that the public documents leave open, and what can be answered to it.
public struct OpenQuestion: Sendable {
  /// As in `--open NAME=VALUE`.
  public let name: String
  /// What it is about, as half a sentence.
  public let about: String
  /// The default first.
  public let values: [String]

  let reading: @Sendable (Readings) -> String
  /// False if there is no such value.
  let read: @Sendable (inout Readings, String) -> Bool

  private init<Value: Reading>(
    _ name: String, _ path: WritableKeyPath<Readings, Value> & Sendable, _ about: String
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
  /// Every question, in the order in which they come up.
  public static let all = [
    OpenQuestion("400-body", \.invalidBody, "a 400 is {\"message\", \"hints\"} or {\"error\"}"),
    OpenQuestion("401-body", \.unknownKeyBody, "the member that says why a key is refused"),
    OpenQuestion("missing-key", \.missingKey, "the status of a call without a key"),
    OpenQuestion("402-body", \.noTokensBody, "a 402 is plain text or {\"error\"}"),
    OpenQuestion("retry-after", \.retryAfter, "what a 429 says of when to come again"),
    OpenQuestion("id-field", \.idField, "the member of a new session that has its id"),
    OpenQuestion("session-id", \.sessionID, "sess_ and 20 characters, or a UUID"),
    OpenQuestion(
      "session-url", \.sessionURL, "where the applicant goes, or only the site that is on"),
    OpenQuestion("links", \.links, "none, {rel, href, description}, or {url, type}"),
    OpenQuestion(
      "redirect-join", \.redirectJoin,
      "how the result joins a redirect URL that has a query or a fragment"),
    OpenQuestion(
      "redirect-names", \.redirectNames,
      "session_id and status=success, or sessionId and status=SUBMITTED"),
    OpenQuestion("redirect-order", \.redirectOrder, "what comes first in a result"),
    OpenQuestion("redirect-repeats", \.redirectRepeats, "whether session_id comes twice"),
    OpenQuestion("location", \.location, "what a session record has as its location"),
    OpenQuestion("abandoned", \.abandoned, "the status of a session that was left"),
    OpenQuestion("update-status", \.updateStatus, "which sessions can be verified or rejected"),
  ]

  /// The question with this name.
  public static func named(_ name: String) -> OpenQuestion? { all.first { $0.name == name } }
}
