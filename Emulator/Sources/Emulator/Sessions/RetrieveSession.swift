import HTTP

/// `GET /v1/sessions/<id>`.
struct RetrieveSession: Sendable {
  let emulation: Emulation

  /// Handles one call.
  func respond(to request: HTTPRequest, id: String) throws(Refusal) -> HTTPResponse {
    let caller = try emulation.caller(of: request)
    if caller.isTest { return CannedSessions.retrieve(id, for: caller) }
    guard let session = emulation.session(id) else {
      return Response.error(.notFound, "Session not found")
    }
    guard session.organization == caller.organization else {
      return Response.error(.forbidden, "The session belongs to another organization")
    }
    let record = SessionRecord(session, at: emulation.now.date, readings: emulation.readings)
    return Response.json(.ok, RetrievedSession(record: record))
  }
}

/// The body of a 200 response.
struct RetrievedSession: Encodable {
  let record: SessionRecord
  /// Documents and photos, which the emulator does not have.
  let resourceLinks: [String: String] = [:]

  private enum CodingKeys: String, CodingKey {
    case record = "session_record"
    case resourceLinks = "resource_links"
  }
}
