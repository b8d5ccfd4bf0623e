import Foundation
import HTTP

/// `PATCH /v1/sessions/<id>/update-status`.
///
/// The checks have the same order as those of Create Session.
struct UpdateStatus: Sendable {
  let emulation: Emulation

  /// Handles one call.
  func respond(to request: HTTPRequest, id: String, body: Data) throws(Refusal) -> HTTPResponse {
    let caller = try emulation.caller(of: request)
    if caller.isTest { throw Refusal(CannedSessions.refusal) }
    guard request.isJSON else { return invalid("Content-Type: must be application/json") }
    guard String(validating: body, as: UTF8.self) != nil,
      let update = try? JSONDecoder().decode(Update.self, from: body)
    else { return invalid("body: must be a JSON object") }
    guard let verdict = update.verdict else {
      return invalid("new_status: must be VERIFIED or REJECTED")
    }
    do throws(JournalFailure) {
      switch try emulation.decide(id, verdict, by: caller) {
      case .decided(let record):
        return Response.json(.ok, ["session_record": record])
      case .unknownSession:
        return Response.error(.notFound, "Session not found")
      case .foreignSession:
        return Response.error(.forbidden, "The session belongs to another organization")
      case .notSubmitted:
        return invalid("new_status: the session has not been submitted")
      }
    } catch {
      return Response.stateFileError(error)
    }
  }

  private func invalid(_ hint: String) -> HTTPResponse {
    Response.invalid("body", hints: [hint], as: emulation.readings.invalidBody)
  }

  private struct Update: Decodable {
    let verdict: Session.Decision.Verdict?

    private enum CodingKeys: String, CodingKey {
      case verdict = "new_status"
    }

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: CodingKeys.self)
      verdict = try? members.decode(Session.Decision.Verdict.self, forKey: .verdict)
    }
  }
}
