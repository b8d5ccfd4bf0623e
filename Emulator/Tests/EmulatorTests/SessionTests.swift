import Foundation
import Testing

@testable import Emulator

@Suite struct SessionStoreTests {
  private let sender = Account.Caller(userID: "user_1")
  private let other = Account.Caller(userID: "user_2")
  private let store = SessionStore()

  private func request(_ externalID: String? = nil, workflow: String? = nil) -> SessionRequest {
    SessionRequest(
      firstName: "John", lastName: "Doe", email: "j@example.com", phone: "+15192223333",
      externalID: externalID, workflowID: workflow,
      redirectURL: RedirectURL("https://yourapp.com/"), expiresInHours: 2)
  }

  private func create(_ externalID: String? = nil, at seconds: Double = 0) async -> String {
    await store.create(request(externalID), by: sender, at: Date(timeIntervalSince1970: seconds)).id
  }

  private func page(_ query: String) async throws -> SessionStore.Page {
    try await store.page(ListQuery(query: query), for: sender)
  }

  private func list(_ query: String) async throws -> [String] {
    try await page(query).sessions.map(\.id)
  }

  @Test func ids() async {
    let session = await store.create(request(), by: sender, at: .distantPast)
    #expect(session.id.hasPrefix("sess_"))
    #expect(session.id.utf8.count == 25)
    #expect(await create() != session.id)
    #expect(await store.session(session.id)?.id == session.id)
    #expect(await store.session("sess_abc") == nil)
  }

  @Test func expiry() async {
    let now = Date(timeIntervalSince1970: 0)
    let session = await store.create(request(), by: sender, at: now)
    let created = CreatedSession(session, origin: "http://127.0.0.1:1", organization: "a b")
    #expect(created.expiresAt == "1970-01-01T02:00:00.000Z")
    let query = "oid=a%20b&redirect_url=https%3A%2F%2Fyourapp.com%2F"
    #expect(created.sessionURL == "http://127.0.0.1:1/session/\(session.id)?\(query)")
  }

  @Test func theFirstOutcomeStays() async throws {
    let id = await create()
    let (early, late) = (Date(timeIntervalSince1970: 1), Date(timeIntervalSince1970: 2))
    guard case .finished(let first) = await store.finish(id, with: .success, at: early),
      case .alreadyFinished(let second) = await store.finish(id, with: .abandoned(), at: late),
      case .unknownSession = await store.finish("sess_abc", with: .success, at: late)
    else { throw CancellationError() }
    #expect(first.redirectTarget == "https://yourapp.com/?session_id=\(id)&status=success")
    #expect(second.redirectTarget == first.redirectTarget)
    #expect(second.ending?.at == early)
  }

  @Test func theNewestComesFirst() async throws {
    let ids = [await create(), await create(), await create()]
    #expect(try await list("") == ids.reversed())
  }

  @Test func pagesHoldStillWhileSessionsComeIn() async throws {
    var made: [String] = []
    for _ in 0..<7 { made.append(await create()) }
    var seen: [String] = []
    var query = "limit=3"
    while true {
      let page = try await page(query)
      seen += page.sessions.map(\.id)
      _ = await create()
      guard let next = page.next else { break }
      query = "limit=3&next_token=\(PercentEncoding.encode(next.token))"
    }
    #expect(seen == made.reversed())
  }

  @Test func noPageAfterTheLastSession() async throws {
    for _ in 0..<3 { _ = await create("a") }
    _ = await create("b")
    #expect(try await page("limit=3&external_id=a").next == nil)
    #expect(try await page("limit=2&external_id=a").next != nil)
    #expect(try await page("external_id=c").sessions.isEmpty)
  }

  @Test func oneScopeApplies() async throws {
    let mine = await create("a")
    let flow = await store.create(request("b", workflow: "wf"), by: sender, at: .now).id
    let theirs = await store.create(request("a", workflow: "wf"), by: other, at: .now).id
    #expect(try await list("") == [flow, mine])
    #expect(try await list("by_organization=false") == [flow, mine])
    #expect(try await list("by_organization=true") == [theirs, flow, mine])
    #expect(try await list("by_organization=true&workflow_id=wf") == [theirs, flow])
    #expect(try await list("workflow_id=wf&external_id=a") == [theirs, mine])
    #expect(try await list("workflow_id=none&external_id=b") == [flow])
    #expect(try await list("workflow_id=").isEmpty)
  }

  @Test func externalIDsAreBytes() async throws {
    let composed = await create("\u{e9}")
    let decomposed = await create("e\u{301}")
    #expect(try await list("external_id=%C3%A9") == [composed])
    #expect(try await list("external_id=e%CC%81") == [decomposed])
    #expect(await store.counts().byExternalID.count == 2)
  }

  @Test func dates() async throws {
    let day = 1_738_281_600.0  // 2025-01-31
    let before = await create(at: day - 0.001)
    let morning = await create(at: day)
    let noon = await create(at: day + 43_200.123_9)
    let next = await create(at: day + 86_400)
    #expect(try await list("start_date=2025-01-31") == [next, noon, morning])
    #expect(try await list("end_date=2025-01-31") == [noon, morning, before])
    #expect(try await list("start_date=2025-01-31&end_date=2025-01-31") == [noon, morning])
    // As its own record shows it.
    let shown = "2025-01-31T12:00:00.123Z"
    #expect(try await list("start_date=\(shown)&end_date=\(shown)") == [noon])
    #expect(try await list("start_date=2025-01-31T14:00:00%2B02:00") == [next, noon])
    #expect(try await list("end_date=2025-01-30T23:59:59.998Z").isEmpty)
  }
}

@Suite struct ListQueryTests {
  @Test func defaults() throws {
    let query = try ListQuery(query: "")
    #expect(query.limit == 50)
    #expect(query.before == nil)
    #expect(query.scope == .sender)
  }

  @Test func percentEncoding() throws {
    #expect(
      try ListQuery(query: "external%5Fid=a%26b%3D%2B+%C3%A9&x&=&external_id=second").scope
        == .externalID(ExternalID("a&b=+ é")))
  }

  @Test(
    arguments: [
      "limit=", "limit=0", "limit=501", "limit=-1", "limit=+1", "limit=1.0", "limit=٣", "limit=1e2",
      "limit=99999999999999999999", "next_token=", "next_token=x", "next_token=YmVmb3JlIC0x",
      "next_token=YmVmb3JlIHg%3D", "start_date=", "start_date=yesterday", "start_date=2025-02-31",
      "start_date=2025-1-31", "start_date=2025-01-31T", "start_date=2025-01-31T10:00:00",
      "start_date=2025-01-31T10:00:00Zx", "end_date=2025-01-31T24:00:00Z", "end_date=2025-01-31 ",
      "by_organization=", "by_organization=1", "by_organization=org_emulator",
    ])
  func refused(query: String) throws {
    let error = #expect(throws: InvalidQuery.self) { try ListQuery(query: query) }
    let name = try #require(query.split(separator: "=").first)
    #expect(error?.hints.count == 1)
    #expect(error?.hints.first?.hasPrefix("\(name): must be ") == true)
  }

  @Test(arguments: ["limit=%", "limit=%4", "a=%ff", "%zz=1"])
  func notEncoded(query: String) {
    let error = #expect(throws: InvalidQuery.self) { try ListQuery(query: query) }
    #expect(error?.hints == ["query: must be percent-encoded UTF-8"])
  }

  @Test func oneHintForEachProblem() {
    let error = #expect(throws: InvalidQuery.self) {
      try ListQuery(query: "limit=0&end_date=x&by_organization=y")
    }
    let names = error?.hints.map { $0.prefix { $0 != ":" } }
    #expect(names == ["limit", "end_date", "by_organization"])
  }
}

@Suite struct SessionRecordTests {
  private func record(after outcome: Outcome?) -> SessionRecord {
    let request = SessionRequest(
      firstName: "John", lastName: "Doe", email: "j@example.com", phone: "+15192223333")
    let caller = Account.Caller(userID: "user_1")
    var session = Session(
      request: request, sender: caller, createdAt: Date(timeIntervalSince1970: 0.25))
    if let outcome {
      let isFirst = session.end(with: outcome, at: Date(timeIntervalSince1970: 1.5))
      #expect(isFirst)
    }
    return SessionRecord(session, organization: "org")
  }

  @Test func standing() {
    #expect(record(after: nil).status == .pending)
    #expect(record(after: nil).progress == .pending)
    #expect(record(after: .success).status == .submitted)
    #expect(record(after: .success).progress == .completed)
    #expect(record(after: .failed(.faceMismatch)).status == .failed)
    #expect(record(after: .failed(.faceMismatch)).progress == .started)
    #expect(record(after: .abandoned()).status == .pending)
    #expect(record(after: .abandoned()).progress == .started)
  }

  @Test func times() {
    #expect(record(after: nil).createdAt == "1970-01-01T00:00:00.250Z")
    #expect(record(after: nil).updatedAt == "1970-01-01T00:00:00.250Z")
    #expect(record(after: nil).submittedAt == nil)
    #expect(record(after: .success).updatedAt == "1970-01-01T00:00:01.500Z")
    #expect(record(after: .success).submittedAt == "1970-01-01T00:00:01.500Z")
    #expect(record(after: .abandoned()).submittedAt == nil)
  }

  @Test func everyMillisecondIsShownAsItIs() {
    for millisecond in 0..<1000 {
      let date = Date(timeIntervalSince1970: 1_738_281_600 + Double(millisecond) / 1000)
      let digits = String(1000 + millisecond).dropFirst()
      #expect(Timestamp.text(date) == "2025-01-31T00:00:00.\(digits)Z")
      #expect(Timestamp.milliseconds(date) == 1_738_281_600_000 + millisecond)
    }
  }
}

@Suite struct HTTPDateTests {
  @Test(
    arguments: [
      (784_111_777.0, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (951_782_400.999, "Tue, 29 Feb 2000 00:00:00 GMT"),
    ])
  func text(seconds: Double, text: String) {
    #expect(HTTPDate.text(Date(timeIntervalSince1970: seconds)) == text)
  }
}
