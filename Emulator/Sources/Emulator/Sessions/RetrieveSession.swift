import FlyingFox

/// `GET /v1/sessions/<id>`.
struct RetrieveSession: Sendable {
  let account: Account
  let sessions: SessionStore
  let organization: String
  let time: TimeSource

  /// Answers one call.
  func answer(_ request: HTTPRequest, id: String) async throws(Refusal) -> HTTPResponse {
    _ = try await account.caller(of: request, at: time.uptime())
    guard let session = await sessions.session(id) else {
      return Answer.error(.notFound, "Session not found")
    }
    return Answer.json(
      .ok, RetrievedSession(record: SessionRecord(session, organization: organization)))
  }
}

/// The body of a 200.
struct RetrievedSession: Encodable {
  let record: SessionRecord
  /// Documents and pictures, of which the emulator has none.
  let resourceLinks: [String: String] = [:]

  private enum CodingKeys: String, CodingKey {
    case record = "session_record"
    case resourceLinks = "resource_links"
  }
}
