import Foundation
import Testing

@testable import Emulator

@Suite struct SessionsTests {
  private let sender = Caller(userID: "user_1", organization: "org")
  private let other = Caller(userID: "user_2", organization: "org")
  private let stranger = Caller(userID: "user_3", organization: "elsewhere")
  private let clock = SettableTime()
  private let emulation: Emulation

  init() throws { emulation = try Emulation(settings: .sample, time: clock.source) }

  private func request(_ externalID: String? = nil, workflow: String? = nil) -> SessionRequest {
    SessionRequest(
      firstName: "John", lastName: "Doe", email: "j@example.com", phone: "+15192223333",
      externalID: externalID, workflowID: workflow,
      redirectURL: RedirectURL("https://yourapp.com/"), expiresInHours: 2)
  }

  private func make(_ request: SessionRequest, by caller: Caller? = nil) throws -> Session {
    guard case .created(let session) = try emulation.create(request, by: caller ?? sender) else {
      throw CancellationError()
    }
    return session
  }

  private func create(_ externalID: String? = nil, at seconds: Double = 0) throws -> String {
    clock.set(seconds)
    return try make(request(externalID)).id
  }

  private func list(_ query: String, for caller: Caller? = nil) throws -> [String] {
    try emulation.page(ListQuery(query: query), for: caller ?? sender).records.map(\.id)
  }

  private func next(_ query: String) throws -> String? {
    try emulation.page(ListQuery(query: query), for: sender).next
  }

  @Test func ids() throws {
    let id = try create()
    #expect(id.hasPrefix("sess_"))
    #expect(id.utf8.count == 25)
    #expect(try create() != id)
    #expect(emulation.session(id)?.id == id)
    #expect(emulation.session("sess_abc") == nil)
  }

  @Test func expiry() throws {
    let session = try make(request())
    let created = CreatedSession(session, origin: "http://127.0.0.1:1")
    #expect(created.expiresAt == "1970-01-01T02:00:00.000Z")
    let query = "oid=org&redirect_url=https%3A%2F%2Fyourapp.com%2F"
    #expect(created.sessionURL == "http://127.0.0.1:1/session/\(session.id)?\(query)")

    clock.set(7199.9)
    #expect(emulation.redirectLocation(from: session) == nil)
    clock.set(7200)
    #expect(session.status(at: clock.now) == .expired)
    guard case .expired = try emulation.finish(session.id, with: .success) else {
      throw CancellationError()
    }
    #expect(
      emulation.redirectLocation(from: session)
        == "https://yourapp.com/?session_id=\(session.id)&status=failed&reason=session_expired")
  }

  @Test func theFirstOutcomeStays() throws {
    let id = try create()
    clock.set(1)
    guard case .finished(let first) = try emulation.finish(id, with: .success) else {
      throw CancellationError()
    }
    clock.set(2)
    guard case .alreadyFinished(let second) = try emulation.finish(id, with: .abandoned()),
      case .unknownSession = try emulation.finish("sess_abc", with: .success)
    else { throw CancellationError() }
    #expect(first.redirectTarget == "https://yourapp.com/?session_id=\(id)&status=success")
    #expect(second.redirectTarget == first.redirectTarget)
    #expect(second.ending?.at == Date(timeIntervalSince1970: 1))
  }

  @Test func organizationsDoNotSeeEachOther() throws {
    let mine = try create("a")
    let theirs = try make(request("a"), by: stranger).id
    #expect(try list("external_id=a") == [mine])
    #expect(try list("by_organization=true", for: stranger) == [theirs])
    guard case .foreignSession = try emulation.decide(mine, .verified, by: stranger),
      case .decided(let record) = try emulation.decide(mine, .verified, by: other),
      case .unknownSession = try emulation.decide("sess_abc", .verified, by: sender)
    else { throw CancellationError() }
    #expect(record.status == .verified)
  }

  @Test func theNewestComesFirst() throws {
    let ids = [try create(), try create(), try create()]
    #expect(try list("") == ids.reversed())
  }

  @Test func newSessionsDoNotShiftPages() throws {
    var made: [String] = []
    for _ in 0..<7 { made.append(try create()) }
    var seen: [String] = []
    var query = "limit=3"
    while true {
      let (ids, next) = (try list(query), try next(query))
      seen += ids
      _ = try create()
      guard let next else { break }
      query = "limit=3&next_token=\(PercentEncoding.encode(next))"
    }
    #expect(seen == made.reversed())
  }

  @Test func noPageAfterTheLastSession() throws {
    for _ in 0..<3 { _ = try create("a") }
    _ = try create("b")
    #expect(try next("limit=3&external_id=a") == nil)
    #expect(try next("limit=2&external_id=a") != nil)
    #expect(try list("external_id=c").isEmpty)
  }

  @Test func oneScopeApplies() throws {
    let mine = try create("a")
    let flow = try make(request("b", workflow: "wf")).id
    let theirs = try make(request("a", workflow: "wf"), by: other).id
    #expect(try list("") == [flow, mine])
    #expect(try list("by_organization=false") == [flow, mine])
    #expect(try list("by_organization=true") == [theirs, flow, mine])
    #expect(try list("by_organization=true&workflow_id=wf") == [theirs, flow])
    #expect(try list("workflow_id=wf&external_id=a") == [theirs, mine])
    #expect(try list("workflow_id=none&external_id=b") == [flow])
    #expect(try list("workflow_id=").isEmpty)
  }

  @Test func externalIDsAreBytes() throws {
    let composed = try create("\u{e9}")
    let decomposed = try create("e\u{301}")
    #expect(try list("external_id=%C3%A9") == [composed])
    #expect(try list("external_id=e%CC%81") == [decomposed])
    #expect(emulation.executions().byExternalID.count == 2)
  }

  @Test func dates() throws {
    let day = 1_738_281_600.0  // 2025-01-31
    let before = try create(at: day - 0.001)
    let morning = try create(at: day)
    let noon = try create(at: day + 43_200.123_9)
    let next = try create(at: day + 86_400)
    #expect(try list("start_date=2025-01-31") == [next, noon, morning])
    #expect(try list("end_date=2025-01-31") == [noon, morning, before])
    #expect(try list("start_date=2025-01-31&end_date=2025-01-31") == [noon, morning])
    // The time in its record.
    let createdAt = "2025-01-31T12:00:00.123Z"
    #expect(try list("start_date=\(createdAt)&end_date=\(createdAt)") == [noon])
    #expect(try list("start_date=2025-01-31T14:00:00%2B02:00") == [next, noon])
    #expect(try list("end_date=2025-01-30T23:59:59.998Z").isEmpty)
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
  private let sender = Caller(userID: "user_1", organization: "org")
  private let later = Date(timeIntervalSince1970: 10)

  private func session(after outcome: Outcome?) -> Session {
    let request = SessionRequest(
      firstName: "John", lastName: "Doe", email: "j@example.com", phone: "+15192223333")
    var session = Session(
      request: request, sender: sender, createdAt: Date(timeIntervalSince1970: 0.25))
    if let outcome {
      let at = Date(timeIntervalSince1970: 1.5)
      let isFirst = session.end(Session.Ending(outcome: outcome, at: at, target: nil))
      #expect(isFirst)
    }
    return session
  }

  private func record(after outcome: Outcome?, _ readings: Readings = Readings()) -> SessionRecord {
    SessionRecord(session(after: outcome), at: later, readings: readings)
  }

  @Test func statusAndProgress() {
    #expect(record(after: nil).status == .pending)
    #expect(record(after: nil).progress == .pending)
    #expect(record(after: .success).status == .submitted)
    #expect(record(after: .success).progress == .completed)
    #expect(record(after: .failed(.faceMismatch)).status == .failed)
    #expect(record(after: .failed(.faceMismatch)).progress == .started)
    #expect(record(after: .abandoned()).status == .pending)
    #expect(record(after: .abandoned()).progress == .started)
    var readings = Readings()
    readings.abandoned = .voided
    #expect(record(after: .abandoned(), readings).status == .voided)
  }

  @Test func visits() {
    var session = session(after: nil)
    for (step, second) in [("consent", 1.0), ("consent", 2), ("document", 3)] {
      session.visit(Session.Visit(step: step, at: Date(timeIntervalSince1970: second)))
    }
    #expect(session.visits.map(\.step) == ["consent", "document"])
    let record = SessionRecord(session, at: later)
    #expect(record.progress == .started)
    #expect(record.updatedAt == "1970-01-01T00:00:03.000Z")
    for number in 0..<1000 {
      session.visit(Session.Visit(step: "step \(number)", at: later))
    }
    #expect(session.visits.count == Session.maxVisits)
  }

  @Test func theLastDecisionCounts() {
    var session = session(after: .success)
    for verdict in [Session.Decision.Verdict.verified, .rejected] {
      session.decide(Session.Decision(verdict: verdict, at: later))
    }
    let record = SessionRecord(session, at: later)
    #expect(record.status == .rejected)
    #expect(record.submittedAt == "1970-01-01T00:00:01.500Z")
    #expect(record.updatedAt == "1970-01-01T00:00:10.000Z")
  }

  @Test func times() {
    #expect(record(after: nil).createdAt == "1970-01-01T00:00:00.250Z")
    #expect(record(after: nil).updatedAt == "1970-01-01T00:00:00.250Z")
    #expect(record(after: nil).submittedAt == nil)
    #expect(record(after: .success).updatedAt == "1970-01-01T00:00:01.500Z")
    #expect(record(after: .success).submittedAt == "1970-01-01T00:00:01.500Z")
    #expect(record(after: .abandoned()).submittedAt == nil)
  }

  @Test func millisecondsAreExact() {
    for millisecond in 0..<1000 {
      let date = Date(timeIntervalSince1970: 1_738_281_600 + Double(millisecond) / 1000)
      let digits = String(1000 + millisecond).dropFirst()
      #expect(Timestamp.text(date) == "2025-01-31T00:00:00.\(digits)Z")
      #expect(Timestamp.milliseconds(date) == 1_738_281_600_000 + millisecond)
    }
  }
}

@Suite struct TimestampTests {
  @Test(
    arguments: [
      ("1970-01-01", 0, true), ("2024-02-29", 1_709_164_800, true),
      ("0141-10-10", -57_693_254_400, true), ("9999-12-31T23:59:59Z", 253_402_300_799, false),
      ("2025-01-31T12:00:00.25Z", 1_738_324_800.25, false),
      ("2025-01-31T12:00:00+21:03", 1_738_249_020, false),
      ("2025-01-31T12:00:00-00:30", 1_738_326_600, false),
    ] as [(String, Double, Bool)])
  func read(text: String, seconds: Double, isDay: Bool) throws {
    let moment = try #require(Timestamp.date(text))
    #expect(moment.date.timeIntervalSince1970 == seconds)
    #expect(moment.isDay == isDay)
  }

  @Test(
    arguments: [
      "", "2025-00-10", "2025-13-10", "2025-02-29", "2025-04-31", "2025-01-00", "25-01-01",
      "2025-01-31T24:00:00Z", "2025-01-31T10:60:00Z", "2025-01-31T10:00:00+24:00",
      "2025-01-31T10:00:00+01:60", "2025-01-31T10:00:00", "2025-01-31 10:00:00Z",
      "2025-01-31T10:00:00.Z", "2025-01-31Z", "٢٠٢٥-01-01",
    ])
  func refused(text: String) {
    #expect(Timestamp.date(text) == nil)
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
