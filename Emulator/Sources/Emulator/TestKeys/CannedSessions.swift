import FlyingFox
import Foundation

/// What a test key is answered: always the same sessions, and none that it could make or change.
enum CannedSessions {
  /// The answer to every write.
  static let refusal = Answer.error(
    .forbidden,
    "This is a sandbox API key. Use a live API key to create or modify resources.")

  /// The ids that can be asked for, and how each session stands.
  private static let table: [(id: String, outcome: Outcome?, verdict: Session.Decision.Verdict?)] =
    [
      ("test_verified", .success, .verified),
      ("test_rejected", .success, .rejected),
      ("test_submitted", .success, nil),
      ("test_pending", nil, nil),
      ("test_failed", .failed(.documentUnreadable), nil),
    ]

  static var ids: [String] { table.map(\.id) }

  /// An id that is not in the table is answered with one of the sessions that are.
  ///
  /// The service takes one at random; here it is always the same one.
  static func retrieve(_ id: String, for caller: Caller) -> HTTPResponse {
    let place =
      table.firstIndex { $0.id == id }
      ?? id.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % table.count }
    return Answer.json(.ok, RetrievedSession(record: record(place, for: caller)))
  }

  /// As many of the sessions as are asked for, whatever else the query says.
  static func list(_ query: ListQuery, for caller: Caller) -> HTTPResponse {
    let records = table.indices.prefix(query.limit).map { record($0, for: caller) }
    return Answer.json(.ok, ListedSessions(sessions: records, nextToken: nil))
  }

  private static func record(_ place: Int, for caller: Caller) -> SessionRecord {
    let (id, outcome, verdict) = table[place]
    let createdAt = Date(timeIntervalSince1970: 1_736_937_000)  // 2025-01-15, half past ten
    var session = Session(
      id: id, userID: "user_\(id)",
      request: SessionRequest(
        firstName: "Jane", lastName: "Smith", email: "jane.smith@example.com",
        phone: "+15192223333"),
      sender: caller, createdAt: createdAt)
    if let outcome {
      _ = session.end(
        Session.Ending(
          outcome: outcome, at: createdAt.addingTimeInterval(600), target: nil))
    }
    if let verdict {
      session.decide(Session.Decision(verdict: verdict, at: createdAt.addingTimeInterval(900)))
    }
    return SessionRecord(session, at: createdAt)
  }
}
