import Foundation

/// All sessions, in the order of creation.
struct Sessions: Sendable {
  /// Never reordered: page tokens contain indexes.
  private var all: [Session] = []
  private var indexes: [String: Int] = [:]
  private var indexesByExternalID: [ExternalID: [Int]] = [:]

  var count: Int { all.count }

  subscript(id: String) -> Session? { indexes[id].map { all[$0] } }

  mutating func append(_ session: Session) {
    indexes[session.id] = all.count
    if let id = session.externalID {
      indexesByExternalID[id, default: []].append(all.count)
    }
    all.append(session)
  }

  /// Changes a session in place.
  mutating func change(_ id: String, _ change: (inout Session) -> Void) {
    guard let index = indexes[id] else { return }
    change(&all[index])
  }

  /// The number of sessions with each external id.
  var countsByExternalID: [ExternalID: Int] { indexesByExternalID.mapValues(\.count) }

  func count(_ id: ExternalID) -> Int { indexesByExternalID[id]?.count ?? 0 }
}

extension Sessions {
  /// A page of sessions, newest first.
  struct Page: Sendable {
    var sessions: [Session] = []
    /// The start of the next page; nil on the last page.
    var next: ListQuery.Cursor?
  }

  /// A page of the sessions that the query of this caller selects.
  func page(_ query: ListQuery, for caller: Caller) -> Page {
    if case .externalID(let id) = query.scope {
      return page(indexesByExternalID[id] ?? [], before: query.before, limit: query.limit) {
        query.selects($0, for: caller)
      }
    }
    return page(all.indices, before: query.before, limit: query.limit) {
      query.selects($0, for: caller)
    }
  }

  /// A page of the sessions of all accounts.
  func page(before: ListQuery.Cursor?, limit: Int) -> Page {
    page(all.indices, before: before, limit: limit) { _ in true }
  }

  private func page(
    _ candidates: some BidirectionalCollection<Int>, before: ListQuery.Cursor?, limit: Int,
    where isWanted: (Session) -> Bool
  ) -> Page {
    var page = Page()
    var last = 0
    for index in candidates.reversed() where index < before?.index ?? .max {
      let session = all[index]
      guard isWanted(session) else { continue }
      if page.sessions.count == limit {
        page.next = ListQuery.Cursor(index: last)
        break
      }
      page.sessions.append(session)
      last = index
    }
    return page
  }
}
