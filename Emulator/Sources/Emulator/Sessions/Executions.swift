import FlyingFox

/// `GET /emulator/executions`: how often a create was executed.
///
/// For tests; the service has no such call. It wants no API key and takes no turn of the rate limit, so that looking changes nothing.
struct Executions: Sendable {
  let sessions: SessionStore

  /// Answers one call: for one external id, or for all.
  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    guard let form = Form(query: request.target.query()) else {
      return Answer.invalid("query", hints: ["query: must be percent-encoded UTF-8"])
    }
    let counts = await sessions.counts()
    if let id = form["external_id"] {
      return Answer.json(
        .ok, OfOne(externalID: id, executions: counts.byExternalID[ExternalID(id)] ?? 0))
    }
    // JSON objects are dictionaries of strings here, and two spellings of a character are one key.
    let executions = Dictionary(
      counts.byExternalID.map { ($0.key.text, $0.value) }, uniquingKeysWith: +)
    return Answer.json(.ok, OfAll(total: counts.total, executions: executions))
  }

  private struct OfOne: Encodable {
    let externalID: String
    let executions: Int

    private enum CodingKeys: String, CodingKey {
      case externalID = "external_id"
      case executions
    }
  }

  private struct OfAll: Encodable {
    let total: Int
    let executions: [String: Int]
  }
}
