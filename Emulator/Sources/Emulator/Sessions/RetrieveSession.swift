import FlyingFox

/// `GET /v1/sessions/<id>`.
struct RetrieveSession: Sendable {
  let emulation: Emulation

  /// Answers one call.
  func answer(_ request: HTTPRequest, id: String) throws(Refusal) -> HTTPResponse {
    let caller = try emulation.caller(of: request)
    if caller.isTest { return CannedSessions.retrieve(id, for: caller) }
    guard let session = emulation.session(id) else {
      return Answer.error(.notFound, "Session not found")
    }
    guard session.organization == caller.organization else {
      return Answer.error(.forbidden, "The session belongs to another organization")
    }
    let record = SessionRecord(session, at: emulation.now.date, readings: emulation.readings)
    return Answer.json(.ok, RetrievedSession(record: record))
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
