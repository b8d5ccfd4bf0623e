import HTTP

/// `GET /v1/sessions`.
struct ListSessions: Sendable {
  let emulation: Emulation

  /// Handles one call.
  func respond(to request: HTTPRequest) throws(Refusal) -> HTTPResponse {
    let caller = try emulation.caller(of: request)
    let query: ListQuery
    do throws(InvalidQuery) {
      query = try ListQuery(query: request.query)
    } catch {
      return Response.invalid("query", hints: error.hints, as: emulation.readings.invalidBody)
    }
    if caller.isTest { return CannedSessions.list(query, for: caller) }
    let page = emulation.page(query, for: caller)
    return Response.json(.ok, ListedSessions(sessions: page.records, nextToken: page.next))
  }
}

/// The body of a 200 response.
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
    // Null, not absent, on the last page.
    try members.encode(nextToken, forKey: .nextToken)
  }
}
