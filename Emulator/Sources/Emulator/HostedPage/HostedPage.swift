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
    let isOver = session.outcome != nil || session.hasExpired(at: emulation.now.date)
    return Answer.page(.ok, isOver ? finished(session) : Pages.open(session))
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
        return Answer.page(.gone, finished(session))
      case .finished(let session):
        guard let target = session.redirectTarget else {
          return Answer.page(.ok, finished(session))
        }
        return Answer.seeOther(target)
      }
    } catch {
      return Answer.unwritten(error)
    }
  }

  private func finished(_ session: Session) -> Markup {
    Pages.finished(session, wayBack: emulation.wayBack(from: session))
  }
}
