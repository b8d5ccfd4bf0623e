import Foundation
import HTTP

/// The applicant's pages, where the visitor chooses the outcome of the verification.
struct HostedPage: Sendable {
  let emulation: Emulation

  /// Handles `GET /session/<id>`.
  ///
  /// A finished session returns 200, so Back and Reload show its outcome. The page never redirects by
  /// itself.
  func show(_ id: String) -> HTTPResponse {
    guard let session = emulation.session(id) else {
      return Response.page(.notFound, Pages.unknownSession)
    }
    return Response.page(.ok, isOver(session) ? ended(session) : Pages.open(session))
  }

  /// Handles `POST /session/<id>/step`: the applicant moves to another step.
  ///
  /// It redirects to the page, so Reload does not resend the form.
  func move(_ id: String, body: Data) -> HTTPResponse {
    guard let session = emulation.session(id) else {
      return Response.page(.notFound, Pages.unknownSession)
    }
    guard let step = Form(body: body)?["to"].flatMap(Step.init) else {
      return Response.page(.badRequest, Pages.invalidStep)
    }
    guard !isOver(session) else { return Response.page(.gone, ended(session)) }
    do throws(JournalFailure) {
      try emulation.visit(id, step: step.rawValue)
    } catch {
      return Response.page(.internalServerError, Pages.notSaved(error))
    }
    return Response.seeOther("/session/\(id)")
  }

  /// Handles `POST /session/<id>/finish`.
  ///
  /// A second finish returns 410, so that a script does not assume that its outcome was recorded.
  func finish(_ id: String, body: Data) -> HTTPResponse {
    guard let outcome = Form(body: body).flatMap(Outcome.init(form:)) else {
      return Response.page(.badRequest, Pages.invalidForm)
    }
    do throws(JournalFailure) {
      switch try emulation.finish(id, with: outcome) {
      case .unknownSession:
        return Response.page(.notFound, Pages.unknownSession)
      case .alreadyFinished(let session), .expired(let session):
        return Response.page(.gone, ended(session))
      case .finished(let session):
        guard let target = session.redirectTarget else { return Response.page(.ok, ended(session)) }
        return Response.seeOther(target)
      }
    } catch {
      return Response.page(.internalServerError, Pages.notSaved(error))
    }
  }

  private func isOver(_ session: Session) -> Bool {
    session.outcome != nil || session.hasExpired(at: emulation.now.date)
  }

  private func ended(_ session: Session) -> Markup {
    Pages.ended(session, redirectLocation: emulation.redirectLocation(from: session))
  }
}
