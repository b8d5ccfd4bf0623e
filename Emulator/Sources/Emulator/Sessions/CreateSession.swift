import Foundation
import HTTP

/// `POST /v1/sessions`.
///
/// The order of the checks:
///
/// 1. 401: the other checks need the account.
/// 2. 429: before the body is parsed. Calls that a later check rejects count too.
/// 3. 403: test keys cannot write.
/// 4. 400: the body is invalid.
/// 5. 404: the workflow does not exist.
/// 6. 402: last, so that a rejected call never costs a token.
struct CreateSession: Sendable {
  let emulation: Emulation
  let workflows: Set<String>

  init(_ emulation: Emulation) {
    self.emulation = emulation
    workflows = Set(emulation.settings.workflows)
  }

  /// Handles one call.
  func respond(
    to request: HTTPRequest, body: Data, origin: String
  ) throws(Refusal) -> HTTPResponse {
    let caller = try emulation.caller(of: request)
    if caller.isTest { throw Refusal(CannedSessions.refusal) }
    let readings = emulation.readings
    // The API reference requires the header.
    guard request.isJSON else {
      return Response.invalid(
        "body", hints: ["Content-Type: must be application/json"], as: readings.invalidBody)
    }
    let sessionRequest: SessionRequest
    do throws(InvalidBody) {
      sessionRequest = try SessionRequest(body: body)
    } catch {
      return Response.invalid("body", hints: error.hints, as: readings.invalidBody)
    }

    if let workflow = sessionRequest.workflowID, !workflows.contains(workflow) {
      return Response.error(.notFound, "Workflow not found")
    }
    do throws(JournalFailure) {
      switch try emulation.create(sessionRequest, by: caller) {
      case .created(let session):
        return Response.json(
          .ok, CreatedSession(session, origin: origin, readings: readings))
      case .noTokens:
        let text = "Insufficient funds or subscription."
        return switch readings.noTokensBody {
        case .text: Response.text(.paymentRequired, text)
        case .error: Response.error(.paymentRequired, text)
        }
      }
    } catch {
      return Response.stateFileError(error)
    }
  }
}

extension HTTPRequest {
  /// Whether its Content-Type is JSON, with any parameters and case.
  var isJSON: Bool {
    guard let value = headers.first(name: "content-type") else { return false }
    // The usual form, without the cost of Unicode.
    if value == "application/json" { return true }
    let type = value.prefix { $0 != ";" }
    return type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json"
  }
}

/// The body of a 200 response.
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

  /// The session URL, for the applicant.
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
