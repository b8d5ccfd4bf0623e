import FlyingFox

/// `GET /v1/sessions`.
struct ListSessions: Sendable {
  let emulation: Emulation

  /// Answers one call.
  func answer(_ request: HTTPRequest) throws(Refusal) -> HTTPResponse {
    let caller = try emulation.caller(of: request)
    let query: ListQuery
    do throws(InvalidQuery) {
      query = try ListQuery(query: request.target.query())
    } catch {
      return Answer.invalid("query", hints: error.hints, as: emulation.readings.invalidBody)
    }
    if caller.isTest { return CannedSessions.list(query, for: caller) }
    let page = emulation.page(query, for: caller)
    return Answer.json(.ok, ListedSessions(sessions: page.records, nextToken: page.next))
  }
}

/// The body of a 200.
struct ListedSessions: Encodable {
  let sessions: [SessionRecord]
  let nextToken: String?

  private enum CodingKeys: String, CodingKey {
    case sessions
    case nextToken = "next_token"
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(sessions, forKey: .sessions)
    // Null on the last page, which leaving it out would not say.
    try members.encode(nextToken, forKey: .nextToken)
  }
}
