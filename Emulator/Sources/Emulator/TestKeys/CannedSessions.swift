import Foundation
import HTTP

/// The sessions that test keys get; always the same, and read-only.
enum CannedSessions {
  /// The response to every write.
  static let refusal = Response.error(
    .forbidden,
    "This is a sandbox API key. Use a live API key to create or modify resources.")

  /// The ids, with the outcome and decision of each session.
  private static let table: [(id: String, outcome: Outcome?, verdict: Session.Decision.Verdict?)] =
    [
      ("test_verified", .success, .verified),
      ("test_rejected", .success, .rejected),
      ("test_submitted", .success, nil),
      ("test_pending", nil, nil),
      ("test_failed", .failed(.documentUnreadable), nil),
    ]

  static var ids: [String] { table.map(\.id) }

  /// The session with this id, or one of the others for an unknown id.
  ///
  /// The service picks one at random; here it is always the same for an id.
  static func retrieve(_ id: String, for caller: Caller) -> HTTPResponse {
    let index =
      table.firstIndex { $0.id == id }
      ?? id.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % table.count }
    return Response.json(.ok, RetrievedSession(record: record(index, for: caller)))
  }

  /// The first `limit` sessions; other parameters are ignored.
  static func list(_ query: ListQuery, for caller: Caller) -> HTTPResponse {
    let records = table.indices.prefix(query.limit).map { record($0, for: caller) }
    return Response.json(.ok, ListedSessions(sessions: records, nextToken: nil))
  }

  private static func record(_ index: Int, for caller: Caller) -> SessionRecord {
    let (id, outcome, verdict) = table[index]
    let createdAt = Date(timeIntervalSince1970: 1_736_937_000)  // 2025-01-15T10:30:00Z
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
