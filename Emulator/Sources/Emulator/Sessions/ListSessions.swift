import FlyingFox

/// `GET /v1/sessions`.
struct ListSessions: Sendable {
  let account: Account
  let sessions: SessionStore
  let organization: String
  let time: TimeSource

  /// Answers one call.
  func answer(_ request: HTTPRequest) async throws(Refusal) -> HTTPResponse {
    let caller = try await account.caller(of: request, at: time.uptime())
    let query: ListQuery
    do throws(InvalidQuery) {
      query = try ListQuery(query: request.target.query())
    } catch {
      return Answer.invalid("query", hints: error.hints)
    }
    let page = await sessions.page(query, for: caller)
    return Answer.json(.ok, ListedSessions(page, organization: organization))
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

  init(_ page: SessionStore.Page, organization: String) {
    sessions = page.sessions.map { SessionRecord($0, organization: organization) }
    nextToken = page.next?.token
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(sessions, forKey: .sessions)
    // Null on the last page, which leaving it out would not say.
    try members.encode(nextToken, forKey: .nextToken)
  }
}
