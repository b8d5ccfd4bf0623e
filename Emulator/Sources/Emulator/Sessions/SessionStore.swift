import Foundation

/// Every session of this run, in memory.
actor SessionStore {
  private var sessions: [String: Session] = [:]

  /// Makes a session and keeps it.
  func create(_ request: SessionRequest, at now: Date) -> Session {
    let session = Session(id: Session.makeID(), request: request, createdAt: now)
    sessions[session.id] = session
    return session
  }

  /// The session with this id.
  func session(_ id: String) -> Session? { sessions[id] }

  enum Finish: Sendable {
    case finished(Session)
    /// Somebody was first. The session is as they left it.
    case alreadyFinished(Session)
    case unknownSession
  }

  /// Records the outcome, once: of two that arrive together, one wins and the other is told.
  func finish(_ id: String, with outcome: Outcome) -> Finish {
    guard var session = sessions[id] else { return .unknownSession }
    guard session.outcome == nil else { return .alreadyFinished(session) }
    session.outcome = outcome
    sessions[id] = session
    return .finished(session)
  }
}
