import FlyingFox
import Foundation

/// The applicant's pages, where the visitor chooses the outcome of the verification.
struct HostedPage: Sendable {
  let emulation: Emulation

  /// Answers `GET /session/<id>`.
  ///
  /// A finished session returns 200, so Back and Reload show its outcome. The page never redirects by
  /// itself.
  func show(_ id: String) -> HTTPResponse {
    guard let session = emulation.session(id) else {
      return Answer.page(.notFound, Pages.unknownSession)
    }
    return Answer.page(.ok, isOver(session) ? over(session) : Pages.open(session))
  }

  /// Answers `POST /session/<id>/step`: the applicant moves to another step.
  ///
  /// It redirects to the page, so Reload does not resend the form.
  func move(_ id: String, body: Data) -> HTTPResponse {
    guard let session = emulation.session(id) else {
      return Answer.page(.notFound, Pages.unknownSession)
    }
    guard let step = Form(body: body)?["to"].flatMap(Step.init) else {
      return Answer.page(.badRequest, Pages.invalidStep)
    }
    guard !isOver(session) else { return Answer.page(.gone, over(session)) }
    do throws(JournalFailure) {
      try emulation.visit(id, step: step.rawValue)
    } catch {
      return Answer.unwritten(error)
    }
    return Answer.seeOther("/session/\(id)")
  }

  /// Answers `POST /session/<id>/finish`.
  ///
  /// A second finish returns 410. With an ordinary response a script would believe that its outcome
  /// was recorded.
  func finish(_ id: String, body: Data) -> HTTPResponse {
    guard let outcome = Form(body: body).flatMap(Outcome.init(form:)) else {
      return Answer.page(.badRequest, Pages.invalidForm)
    }
    do throws(JournalFailure) {
      switch try emulation.finish(id, with: outcome) {
      case .unknownSession:
        return Answer.page(.notFound, Pages.unknownSession)
      case .alreadyFinished(let session), .expired(let session):
        return Answer.page(.gone, over(session))
      case .finished(let session):
        guard let target = session.redirectTarget else { return Answer.page(.ok, over(session)) }
        return Answer.seeOther(target)
      }
    } catch {
      return Answer.unwritten(error)
    }
  }

  private func isOver(_ session: Session) -> Bool {
    session.outcome != nil || session.hasExpired(at: emulation.now.date)
  }

  private func over(_ session: Session) -> Markup {
    Pages.over(session, redirectLocation: emulation.redirectLocation(from: session))
  }
}
