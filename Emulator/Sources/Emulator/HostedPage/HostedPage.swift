import FlyingFox
import Foundation

/// The pages on which the applicant would be verified, and here chooses how that ends.
struct HostedPage: Sendable {
  let emulation: Emulation

  /// Answers `GET /session/<id>`.
  ///
  /// A finished session answers 200: its page exists, says what became of it, and is what a browser
  /// should show on Back or Reload. It never redirects by itself.
  func show(_ id: String) -> HTTPResponse {
    guard let session = emulation.session(id) else {
      return Answer.page(.notFound, Pages.unknownSession)
    }
    return Answer.page(.ok, isOver(session) ? over(session) : Pages.open(session))
  }

  /// Answers `POST /session/<id>/step`: the applicant goes on, or back.
  ///
  /// It is answered by a redirect to the page, so that Reload asks nobody whether to send again.
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
  /// A second finish answers 410: the choice that the form offered is gone. A page that looked like
  /// an ordinary answer would let a script believe that its outcome had been taken.
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
