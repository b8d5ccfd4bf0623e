import Foundation

/// Every session, in the order they were made.
struct Sessions: Sendable {
  /// A session's place is how paging finds it again.
  private var all: [Session] = []
  private var places: [String: Int] = [:]
  private var placesByExternalID: [ExternalID: [Int]] = [:]

  var count: Int { all.count }

  subscript(id: String) -> Session? { places[id].map { all[$0] } }

  mutating func append(_ session: Session) {
    places[session.id] = all.count
    if let id = session.externalID {
      placesByExternalID[id, default: []].append(all.count)
    }
    all.append(session)
  }

  /// Changes a session where it stands.
  mutating func change(_ id: String, _ change: (inout Session) -> Void) {
    guard let place = places[id] else { return }
    change(&all[place])
  }

  /// How many there are with each external id.
  var countsByExternalID: [ExternalID: Int] { placesByExternalID.mapValues(\.count) }

  func count(_ id: ExternalID) -> Int { placesByExternalID[id]?.count ?? 0 }
}

extension Sessions {
  /// Some of the sessions that were asked for, the newest first.
  struct Page: Sendable {
    var sessions: [Session] = []
    /// Where the next page begins; nil if this is the last.
    var next: ListQuery.Cursor?
  }

  /// The sessions that a query by this caller selects.
  func page(_ query: ListQuery, for caller: Caller) -> Page {
    if case .externalID(let id) = query.scope {
      return page(placesByExternalID[id] ?? [], before: query.before, limit: query.limit) {
        query.selects($0, for: caller)
      }
    }
    return page(all.indices, before: query.before, limit: query.limit) {
      query.selects($0, for: caller)
    }
  }

  /// All sessions, whosever they are.
  func page(before: ListQuery.Cursor?, limit: Int) -> Page {
    page(all.indices, before: before, limit: limit) { _ in true }
  }

  private func page(
    _ candidates: some BidirectionalCollection<Int>, before: ListQuery.Cursor?, limit: Int,
    where isWanted: (Session) -> Bool
  ) -> Page {
    var page = Page()
    var last = 0
    for place in candidates.reversed() where place < before?.place ?? .max {
      let session = all[place]
      guard isWanted(session) else { continue }
      if page.sessions.count == limit {
        page.next = ListQuery.Cursor(place: last)
        break
      }
      page.sessions.append(session)
      last = place
    }
    return page
  }
}
