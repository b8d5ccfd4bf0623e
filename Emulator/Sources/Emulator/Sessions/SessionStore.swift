import Foundation

/// Every session of this run, in memory.
actor SessionStore {
  /// In the order they were made: a session's place is how paging finds it again.
  private var sessions: [Session] = []
  private var places: [String: Int] = [:]
  private var placesByExternalID: [ExternalID: [Int]] = [:]

  /// Makes a session and keeps it.
  func create(_ request: SessionRequest, by sender: Account.Caller, at now: Date) -> Session {
    let session = Session(request: request, sender: sender, createdAt: now)
    places[session.id] = sessions.count
    if let id = session.externalID {
      placesByExternalID[id, default: []].append(sessions.count)
    }
    sessions.append(session)
    return session
  }

  /// The session with this id.
  func session(_ id: String) -> Session? { places[id].map { sessions[$0] } }

  enum Finish: Sendable {
    case finished(Session)
    /// Somebody was first. The session is as they left it.
    case alreadyFinished(Session)
    case unknownSession
  }

  /// Records the outcome, once: of two that arrive together, one wins and the other is told.
  func finish(_ id: String, with outcome: Outcome, at now: Date) -> Finish {
    guard let place = places[id] else { return .unknownSession }
    let isFirst = sessions[place].end(with: outcome, at: now)
    return isFirst ? .finished(sessions[place]) : .alreadyFinished(sessions[place])
  }
}

extension SessionStore {
  /// Some of the sessions that were asked for, the newest first.
  struct Page: Sendable {
    var sessions: [Session] = []
    /// Where the next page begins; nil if this is the last.
    var next: ListQuery.Cursor?
  }

  /// The sessions that a query by this caller selects.
  func page(_ query: ListQuery, for caller: Account.Caller) -> Page {
    let candidates: any BidirectionalCollection<Int> =
      if case .externalID(let id) = query.scope {
        placesByExternalID[id] ?? []
      } else {
        sessions.indices
      }
    var page = Page()
    var last = 0
    for place in candidates.reversed() where place < query.before?.place ?? .max {
      let session = sessions[place]
      guard query.selects(session, for: caller) else { continue }
      if page.sessions.count == query.limit {
        page.next = ListQuery.Cursor(place: last)
        break
      }
      page.sessions.append(session)
      last = place
    }
    return page
  }

  /// How many sessions there are, and how many with each external id.
  func counts() -> (total: Int, byExternalID: [ExternalID: Int]) {
    (sessions.count, placesByExternalID.mapValues(\.count))
  }
}
