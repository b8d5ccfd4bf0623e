import Foundation
import Testing

@testable import Emulator

@Suite struct ClockTests {
  private let time = SettableTime()

  private func changed(_ clock: Clock, _ change: Clock.Change) throws -> Clock {
    try #require(clock.changed(by: change, time.source))
  }

  private func seconds(_ clock: Clock) -> Double {
    clock.now(time.source).date.timeIntervalSince1970
  }

  @Test func defaultIsTheSystemTime() {
    time.set(100)
    #expect(seconds(Clock()) == 100)
    time.set(101)
    #expect(seconds(Clock()) == 101)
  }

  @Test func freezeAndRun() throws {
    time.set(100)
    var clock = try changed(Clock(), .freeze)
    time.set(500)
    #expect(seconds(clock) == 100)
    clock = try changed(clock, .advance(10))
    #expect(seconds(clock) == 110)
    #expect(clock.now(time.source).steady == .seconds(110))
    clock = try changed(clock, .run)
    time.set(501)
    #expect(seconds(clock) == 111)
    #expect(clock.now(time.source).steady == .seconds(111))
  }

  @Test func setWhileItRuns() throws {
    time.set(100)
    let clock = try changed(Clock(), .set(Date(timeIntervalSince1970: 5000)))
    time.set(101)
    #expect(seconds(clock) == 5001)
  }

  @Test(arguments: [1e12, -1e12, 1e308, -1e308, .infinity, -.infinity, .nan])
  func beyondAllDates(step: Double) {
    time.set(100)
    #expect(Clock().changed(by: .advance(step), time.source) == nil)
  }
}

@Suite struct DeliveriesTests {
  private func delivery(at seconds: Double = 0) throws -> Delivery {
    let endpoint = try #require(Endpoint(url: "http://127.0.0.1:1/"))
    return Delivery(
      to: endpoint, type: WebhookType.created, sessionID: "sess_a", body: Data(),
      at: Date(timeIntervalSince1970: seconds))
  }

  private func attempt(_ status: Int?, at seconds: Double) -> Delivery.Attempt {
    Delivery.Attempt(
      at: Date(timeIntervalSince1970: seconds), milliseconds: 1, status: status, problem: nil)
  }

  @Test func backoff() throws {
    var delivery = try delivery()
    var pauses: [Double] = []
    var now = 0.0
    while let due = delivery.dueAt {
      pauses.append(due.timeIntervalSince1970 - now)
      now = due.timeIntervalSince1970
      delivery.record(attempt(503, at: now))
    }
    #expect(pauses == [0] + Delivery.backoff)
    #expect(delivery.status == .failed)
  }

  @Test func sentAgainAfterSuccess() throws {
    var delivery = try delivery()
    delivery.record(attempt(204, at: 0))
    #expect(delivery.status == .delivered)
    delivery.repeatSending(2, at: Date(timeIntervalSince1970: 9))
    #expect(delivery.status == .waiting)
    delivery.record(attempt(500, at: 9))
    #expect(delivery.dueAt == Date(timeIntervalSince1970: 9))
    delivery.record(attempt(500, at: 9))
    // It was delivered before, so a failed repetition is not retried.
    #expect(delivery.status == .delivered)
  }

  @Test func theOldestAreDropped() throws {
    var deliveries = Deliveries()
    var ids: [String] = []
    for second in 0..<(Deliveries.capacity + 2000) {
      let delivery = try delivery(at: Double(second))
      ids.append(delivery.id)
      deliveries.append(delivery)
    }
    let kept = deliveries.list(limit: .max)
    #expect((Deliveries.capacity...(Deliveries.capacity + 1000)).contains(kept.count))
    #expect(kept.first?.id == ids.last)
    #expect(deliveries[ids[0]] == nil)
    let last = try #require(ids.last)
    deliveries.change(last) { $0.record(attempt(200, at: 1)) }
    #expect(deliveries[last]?.status == .delivered)
    let due = deliveries.due(at: .distantFuture) { _ in true }
    #expect(due.count == kept.count - 1)
    #expect(due.first?.id == kept.last?.id)
  }
}

@Suite struct RequestLogTests {
  @Test(
    arguments: [
      ("", "…"), ("a", "…"), ("abc", "a…"), ("dk_emulator", "dk_…"),
      ("dk_live_secret_1234", "dk_…1234"),
    ])
  func redaction(key: String, redacted: String) {
    #expect(LoggedRequest.redacted(key) == redacted)
  }
}

@Suite struct EventTests {
  @Test func theJournalRestoresAllEvents() throws {
    let path = NSTemporaryDirectory() + "emulator-\(UUID().uuidString)"
    defer {
      for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    }
    let time = SettableTime()
    time.set(1_738_281_600.123)
    var settings = Settings.sample
    settings.stateFile = path
    let request = SessionRequest(
      firstName: "Zoë \u{0}\"", lastName: "\u{202e}", email: "j@example.com", phone: "+15192223333",
      externalID: "e\u{301}#failed+odd", workflowID: "wf",
      redirectURL: RedirectURL("https://yourapp.com/?a=%22#b"), expiresInHours: 2)
    let caller = Caller(userID: "user_1", organization: "org")
    var before: [String] = []
    do {
      let emulation = try Emulation(settings: settings, time: time.source)
      let endpoint = try #require(Endpoint(url: "http://127.0.0.1:1/"))
      #expect(try emulation.add(endpoint))
      guard case .created(let session) = try emulation.create(request, by: caller) else {
        throw CancellationError()
      }
      try emulation.visit(session.id, step: "consent")
      _ = try emulation.decide(session.id, .rejected, by: nil)
      #expect(try emulation.changeClock([.advance(3.5)]))
      #expect(try emulation.setTokens(7, of: "org"))
      for sending in emulation.takeDue(limit: 10) {
        emulation.recordAttempt(sending.id, status: 500, problem: nil, milliseconds: 3)
      }
      before = try everything(of: emulation)
    }
    let again = try Emulation(settings: settings, time: time.source)
    #expect(try everything(of: again) == before)
    #expect(before.joined().contains("rejected"))
  }

  private func everything(of emulation: Emulation) throws -> [String] {
    let sessions = emulation.sessions(limit: 10).sessions
    return [
      String(
        decoding: Response.encoded(
          sessions.map { SessionResponse($0, emulation, origin: "http://localhost") }),
        as: UTF8.self),
      String(
        decoding: Response.encoded(emulation.deliveries(limit: 10).map(DeliveryResponse.init)),
        as: UTF8.self),
      String(decoding: Response.encoded(emulation.balances()), as: UTF8.self),
      String(
        decoding: Response.encoded(emulation.endpoints().map(EndpointResponse.init)), as: UTF8.self),
      "\(emulation.clock)",
    ]
  }
}
