import FlyingFox
import Foundation

/// The pages on which the applicant would be verified, and here chooses how that ends.
struct HostedPage: Sendable {
  let sessions: SessionStore
  let time: TimeSource

  /// Answers `GET /session/<id>`.
  ///
  /// A finished session answers 200: its page exists, says what became of it, and is what a browser
  /// should show on Back or Reload. It never redirects by itself.
  func show(_ id: String) async -> HTTPResponse {
    guard let session = await sessions.session(id) else {
      return Answer.page(.notFound, Pages.unknownSession)
    }
    return Answer.page(
      .ok, session.outcome == nil ? Pages.open(session) : Pages.finished(session))
  }

  /// Answers `POST /session/<id>/finish`.
  ///
  /// A second finish answers 410: the choice that the form offered is gone. A page that looked like
  /// an ordinary answer would let a script believe that its outcome had been taken.
  func finish(_ id: String, body: Data) async -> HTTPResponse {
    guard let outcome = Form(body: body).flatMap(Outcome.init(form:)) else {
      return Answer.page(.badRequest, Pages.invalidForm)
    }
    switch await sessions.finish(id, with: outcome, at: time.date()) {
    case .unknownSession:
      return Answer.page(.notFound, Pages.unknownSession)
    case .alreadyFinished(let session):
      return Answer.page(.gone, Pages.finished(session))
    case .finished(let session):
      guard let target = session.redirectTarget else {
        return Answer.page(.ok, Pages.finished(session))
      }
      return Answer.seeOther(target)
    }
  }
}
