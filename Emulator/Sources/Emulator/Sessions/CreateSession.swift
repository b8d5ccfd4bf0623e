import FlyingFox
import Foundation

/// `POST /v1/sessions`.
///
/// The order of the checks:
///
/// 1. 401: without a key there is no account to hold any other check against.
/// 2. 429: before the body is looked at, so that a caller who is too fast costs nothing, and learns
///    of it whether or not the body is right. A call refused for another reason has used its turn.
/// 3. 400: the body has to be understood before anything it names can be looked up.
/// 4. 404: the workflow it names.
/// 5. 402: last, because taking a token is the one check that changes something. A call that is
///    refused never costs one.
struct CreateSession: Sendable {
  let account: Account
  let sessions: SessionStore
  let workflows: Set<String>
  let organization: String
  let time: TimeSource

  /// Answers one call.
  ///
  /// `origin` is where this emulator's pages are, as in `http://127.0.0.1:8080`.
  func answer(
    _ request: HTTPRequest, body: Data, origin: String
  ) async throws(Refusal) -> HTTPResponse {
    let caller = try await account.caller(of: request, at: time.uptime())
    // The reference requires the header. A service whose body parser goes by it would see no body.
    guard CreateSession.isJSON(request.headers[.contentType]) else {
      return Answer.invalid("body", hints: ["Content-Type: must be application/json"])
    }
    let sessionRequest: SessionRequest
    do throws(InvalidBody) {
      sessionRequest = try SessionRequest(body: body)
    } catch {
      return Answer.invalid("body", hints: error.hints)
    }

    if let workflow = sessionRequest.workflowID, !workflows.contains(workflow) {
      return Answer.error(.notFound, "Workflow not found")
    }
    guard await account.spendToken() else {
      return Answer.text(.paymentRequired, "Insufficient funds or subscription.")
    }
    let session = await sessions.create(sessionRequest, by: caller, at: time.date())
    return Answer.json(.ok, CreatedSession(session, origin: origin, organization: organization))
  }

  /// Whether a Content-Type says JSON, whatever its parameters and case.
  private static func isJSON(_ contentType: String?) -> Bool {
    let type = contentType?.prefix { $0 != ";" } ?? ""
    return type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json"
  }
}

/// The body of a 200.
struct CreatedSession: Encodable {
  let id: String
  let sessionURL: String
  let externalID: String?
  let links: [String] = []
  let expiresAt: String?

  private enum CodingKeys: String, CodingKey {
    case id
    case sessionURL = "session_url"
    case externalID = "externalId"
    case links
    case expiresAt = "expires_at"
  }

  init(_ session: Session, origin: String, organization: String) {
    var url = "\(origin)/session/\(session.id)?oid=\(PercentEncoding.encode(organization))"
    if let redirect = session.request.redirectURL {
      url += "&redirect_url=\(PercentEncoding.encode(redirect.text))"
    }
    id = session.id
    sessionURL = url
    externalID = session.request.externalID
    expiresAt = session.expiresAt.map(Timestamp.text)
  }
}
