import FlyingFox
import Foundation

/// `POST /v1/sessions`.
///
/// The order of the checks:
///
/// 1. 401: without a key there is no account to hold any other check against.
/// 2. 429: before the body is looked at, so that a caller who is too fast costs nothing, and learns
///    of it whether or not the body is right. A call refused for another reason has used its turn.
/// 3. 403: a test key writes nothing, whatever it is.
/// 4. 400: the body has to be understood before anything it names can be looked up.
/// 5. 404: the workflow it names.
/// 6. 402: last, because taking a token is the one check that changes something. A call that is
///    refused never costs one.
struct CreateSession: Sendable {
  let emulation: Emulation
  let workflows: Set<String>

  init(_ emulation: Emulation) {
    self.emulation = emulation
    workflows = Set(emulation.settings.workflows)
  }

  /// Answers one call.
  func answer(_ request: HTTPRequest, body: Data) throws(Refusal) -> HTTPResponse {
    let caller = try emulation.caller(of: request)
    if caller.isTest { throw Refusal(CannedSessions.refusal) }
    let readings = emulation.readings
    // The reference requires the header. A service whose body parser goes by it would see no body.
    guard request.isJSON else {
      return Answer.invalid(
        "body", hints: ["Content-Type: must be application/json"], as: readings.invalidBody)
    }
    let sessionRequest: SessionRequest
    do throws(InvalidBody) {
      sessionRequest = try SessionRequest(body: body)
    } catch {
      return Answer.invalid("body", hints: error.hints, as: readings.invalidBody)
    }

    if let workflow = sessionRequest.workflowID, !workflows.contains(workflow) {
      return Answer.error(.notFound, "Workflow not found")
    }
    do throws(JournalFailure) {
      switch try emulation.create(sessionRequest, by: caller) {
      case .created(let session):
        return Answer.json(
          .ok, CreatedSession(session, origin: emulation.origin, readings: readings))
      case .noTokens:
        let text = "Insufficient funds or subscription."
        return switch readings.noTokensBody {
        case .text: Answer.text(.paymentRequired, text)
        case .error: Answer.error(.paymentRequired, text)
        }
      }
    } catch {
      return Answer.unwritten(error)
    }
  }
}

extension HTTPRequest {
  /// Whether its Content-Type says JSON, whatever the parameters and case.
  var isJSON: Bool {
    let type = headers[.contentType]?.prefix { $0 != ";" } ?? ""
    return type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json"
  }
}

/// The body of a 200.
struct CreatedSession: Encodable {
  let id: String
  let sessionURL: String
  let externalID: String?
  let links: [[String: String]]
  let expiresAt: String?
  let idField: Readings.IDField

  init(_ session: Session, origin: String, readings: Readings = Readings()) {
    id = session.id
    let url = CreatedSession.url(of: session, origin: origin)
    sessionURL = readings.sessionURL == .full ? url : origin
    externalID = session.request.externalID
    expiresAt = session.expiresAt.map(Timestamp.text)
    idField = readings.idField
    links =
      switch readings.links {
      case .empty: []
      case .rel: [["rel": "session", "href": url, "description": "Where the applicant goes"]]
      case .type: [["type": "session", "url": url]]
      }
  }

  /// Where the applicant goes.
  static func url(of session: Session, origin: String) -> String {
    var url = "\(origin)/session/\(session.id)?oid=\(PercentEncoding.encode(session.organization))"
    if let redirect = session.request.redirectURL {
      url += "&redirect_url=\(PercentEncoding.encode(redirect.text))"
    }
    return url
  }

  private enum CodingKeys: String, CodingKey {
    case id
    case idvID = "idv_id"
    case sessionID = "session_id"
    case sessionURL = "session_url"
    case externalID = "externalId"
    case links
    case expiresAt = "expires_at"
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    switch idField {
    case .id: try members.encode(id, forKey: .id)
    case .idvID: try members.encode(id, forKey: .idvID)
    case .sessionID: try members.encode(id, forKey: .sessionID)
    }
    try members.encode(sessionURL, forKey: .sessionURL)
    try members.encodeIfPresent(externalID, forKey: .externalID)
    try members.encode(links, forKey: .links)
    try members.encodeIfPresent(expiresAt, forKey: .expiresAt)
  }
}
