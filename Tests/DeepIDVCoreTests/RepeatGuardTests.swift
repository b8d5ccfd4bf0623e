import Testing

@testable import DeepIDVCore

@Suite struct RepeatGuardTests {
  private static let settle = 120 * second

  @Test func whatIsEqual() throws {
    let memory = try Memory()
    let made = "didv_0123456789abcdef0123456789abcdef"
    let another = "didv_fedcba9876543210fedcba9876543210"
    let one = #"{"first_name":"Ada","external_id":"\#(made)","phone":"+1"}"#
    let again = one.replacing(made, with: another)
    let own = one.replacing(made, with: "order-1")
    let other = one.replacing("Ada", with: "Eve")
    let key = memory.key(one, without: made)
    #expect(key != nil)
    #expect(key == memory.key(again, without: another))
    #expect(key != memory.key(other, without: made))
    #expect(key != memory.key(one))
    #expect(key != memory.key(own))
    #expect(memory.key(own) == memory.key(own))
    #expect(memory.key(own) != memory.key(own.replacing("order-1", with: "order-2")))
    // An id that is not in the body changes nothing.
    #expect(memory.key(own, without: made) == memory.key(own))
    #expect(memory.key("", without: made) == memory.key(""))
    // Nor does it say anything to another process.
    let elsewhere = try Memory()
    #expect(key != elsewhere.key(one, without: made))
  }

  /// A signed state makes the redirect URL another one each time.
  @Test func theRedirectURLMakesNoDifference() throws {
    let memory = try Memory()
    let name = #""last_name":"\"redirect_url\":\"x\"""#
    let one = #"{\#(name),"redirect_url":"https://a.b/?q=\"&state=1","email":"a"}"#
    let key = memory.key(one)
    #expect(key == memory.key(one.replacing("state=1", with: "state=22")))
    #expect(key == memory.key(one.replacing("&state=1", with: #"\\"#)))
    #expect(key != memory.key(one.replacing("x", with: "y")))
    #expect(key != memory.key(one.replacing(#""email":"a""#, with: #""email":"b""#)))
    #expect(key != memory.key(#"{\#(name),"email":"a"}"#))
    #expect(memory.key(#"{"redirect_url":"#) != nil)
    #expect(memory.key(#"{"redirect_url":"a\"#) != nil)
  }

  @Test func replacingTheMadeID() {
    var body = buffer(#"{"external_id":"didv_aa","email":"a"}"#)
    #expect(RepeatGuard.replace(buffer("didv_aa"), with: buffer("didv_bb"), in: &body))
    #expect(text(body) == #"{"external_id":"didv_bb","email":"a"}"#)
    #expect(!RepeatGuard.replace(buffer("didv_bb"), with: buffer("didv_ccc"), in: &body))
    #expect(!RepeatGuard.replace(buffer("didv_aa"), with: buffer("didv_bb"), in: &body))
    #expect(!RepeatGuard.replace(buffer(""), with: buffer(""), in: &body))
    #expect(text(body) == #"{"external_id":"didv_bb","email":"a"}"#)
  }

  @Test func remembersTheLatest() throws {
    let memory = try Memory()
    #expect(memory.count == 0)
    for number in 0...RepeatGuard.capacity {
      try memory.remember("create \(number)", as: "order-\(number)", at: 1)
    }
    #expect(memory.count == RepeatGuard.capacity)
    #expect(memory.find("create 0") == nil)
    #expect(memory.find("create 1").map { text($0.externalID) } == "order-1")
    let last = RepeatGuard.capacity
    #expect(memory.find("create \(last)").map { text($0.externalID) } == "order-\(last)")
  }

  /// One that several operations know of is remembered once, as it was last sent.
  @Test func remembersEachOnce() throws {
    let memory = try Memory()
    try memory.remember("a", as: "1", at: 5)
    try memory.remember("a", as: "1", at: 9)
    try memory.remember("a", as: "1", at: 7)
    try memory.remember("b", as: "1", at: 7)
    #expect(memory.count == 2)
    let entry = try #require(memory.find("a"))
    #expect((entry.sentAt, entry.lastSentAt) == (5, 9))
  }

  @Test func forgetsAny() throws {
    let memory = try Memory()
    for body in ["a", "b", "c"] { try memory.remember(body, as: "1", at: 1) }
    for body in ["b", "c", "a"] {
      let entry = try #require(memory.find(body))
      memory.forget(entry)
      memory.forget(entry)
      #expect(memory.find(body) == nil)
    }
    #expect(memory.count == 0)
    try memory.remember("a", as: "1", at: 1)
    #expect(memory.find("a") != nil)
  }

  @Test func forgetsAfterADay() throws {
    let memory = try Memory()
    try memory.remember("a", as: "1", at: 5)
    #expect(memory.find("a", at: 5 + RepeatGuard.lifetime) != nil)
    #expect(memory.find("a", at: 6 + RepeatGuard.lifetime) == nil)
    #expect(memory.count == 0)
  }

  /// Both times of the boundary, and a settle time without an end.
  @Test func isSentOnceItHasSettled() throws {
    let memory = try Memory()
    try memory.remember("a", as: "1", at: 10)
    let entry = try #require(memory.find("a"))
    #expect(entry.settlesAt(after: Self.settle) == 10 + Self.settle)
    #expect(entry.settlesAt(after: .max) == .max)
    #expect(memory.decide(entry, at: 9 + Self.settle) == "wait")
    #expect(memory.decide(entry, at: 10 + Self.settle) == "send")
    // It is under way: nobody else sends it.
    #expect(memory.decide(entry, at: 10 + Self.settle) == "wait")
    #expect(memory.find("a") === entry)
    // It was not executed, so that the next may send it.
    memory.release(entry)
    #expect(memory.decide(entry, at: 11 + Self.settle) == "send")
    memory.forget(entry)
    #expect(memory.find("a") == nil)
    // Another has found out what became of it.
    #expect(memory.decide(entry, at: 1000 * Self.settle) == "wait")
  }

  /// Two that were under way at once have one hash and two ids: neither may be left unsearched.
  @Test func twoThatAreEqual() throws {
    let memory = try Memory()
    try memory.remember("a", as: "1", at: 0)
    try memory.remember("b", as: "2", at: 0)
    try memory.remember("a", as: "3", at: 0)
    let entry = try #require(memory.find("a"))
    #expect(text(entry.externalID) == "1")
    #expect(memory.decide(entry, at: Self.settle) == "search 3")
    let other = try #require(memory.find("a"))
    #expect(other !== entry)
    #expect(memory.decide(other, at: Self.settle) == "send")
    #expect(memory.count == 2)
  }

  /// One of two repeats has gone over to the other entry: the second one follows it.
  @Test func oneThatWasForgottenForAnother() throws {
    let memory = try Memory()
    try memory.remember("a", as: "1", at: 0)
    try memory.remember("a", as: "2", at: 0)
    let entry = try #require(memory.find("a"))
    #expect(memory.decide(entry, at: Self.settle) == "search 2")
    #expect(memory.decide(entry, at: Self.settle) == "search 2")
    #expect(memory.count == 1)
    let other = try #require(memory.find("a"))
    #expect(memory.decide(other, at: Self.settle) == "send")
    #expect(memory.decide(entry, at: Self.settle) == "search 2")
    memory.forget(other)
    #expect(memory.decide(entry, at: 2 * Self.settle) == "wait")
    #expect(memory.count == 0)
  }

  /// Another caller may be about to repeat it.
  @Test func oneThatIsKnownIsKeptForAWhile() throws {
    let memory = try Memory()
    try memory.remember("a", as: "1", at: 5)
    let entry = try #require(memory.find("a"))
    memory.know(entry)
    #expect(memory.find("a", at: 5 + 2 * Self.settle) === entry)
    #expect(memory.find("a", at: 6 + 2 * Self.settle) == nil)
    #expect(memory.count == 0)
    // Sent again, it is as unknown as before.
    try memory.remember("b", as: "1", at: 0)
    let other = try #require(memory.find("b"))
    memory.know(other)
    #expect(memory.decide(other, at: Self.settle) == "send")
    #expect(memory.find("b", at: 4 * Self.settle) === other)
    memory.know(other)
    try memory.remember("b", as: "1", at: Self.settle + 1)
    #expect(memory.find("b", at: Self.settle + RepeatGuard.lifetime) === other)
    // Never for longer than another.
    memory.know(other, settle: .max)
    #expect(memory.find("b", at: Self.settle + 2 + RepeatGuard.lifetime) == nil)
  }

  @Test func forgetsThoseOfAnExternalID() throws {
    let memory = try Memory()
    for (body, id) in [("a", "1"), ("b", "12"), ("c", "1"), ("d", "")] {
      try memory.remember(body, as: id, at: 1)
    }
    memory.forget(externalID: "1")
    #expect(["a", "b", "c", "d"].map { memory.find($0) != nil } == [false, true, false, true])
    memory.forget(externalID: "1")
    #expect(memory.count == 2)
  }

  /// A memory that expectations can hold, for they copy what they look at.
  private final class Memory {
    private var memory: RepeatGuard

    init() throws { memory = RepeatGuard(try #require(HashSecret())) }

    var count: Int { memory.count }

    func key(_ body: String, without id: String = "") -> KeyedHash? {
      memory.key(ofBody: Array(body.utf8).span, without: Array(id.utf8).span)
    }

    func remember(_ body: String, as id: String, at now: UInt64) throws {
      let hash = try #require(key(body))
      _ = memory.remember(
        hash, externalID: buffer(id), sentAt: now, sentAtSeconds: 1, lastSentAt: now)
    }

    func find(_ body: String, at now: UInt64 = 1) -> RepeatGuard.Entry? {
      key(body).flatMap { memory.find($0, at: now) }
    }

    func decide(_ entry: RepeatGuard.Entry, at now: UInt64) -> String {
      switch memory.decide(on: entry, settle: RepeatGuardTests.settle, at: now) {
      case .send: "send"
      case .wait: "wait"
      case .search(let other): "search \(text(other.externalID))"
      }
    }

    func know(_ entry: RepeatGuard.Entry, settle: UInt64 = RepeatGuardTests.settle) {
      memory.know(entry, settle: settle)
    }

    func forget(externalID: String) { memory.forget(externalID: Array(externalID.utf8).span) }

    func release(_ entry: RepeatGuard.Entry) { memory.release(entry) }

    func forget(_ entry: RepeatGuard.Entry) { memory.forget(entry) }
  }
}

private func buffer(_ text: String) -> ByteBuffer {
  var buffer = ByteBuffer(byteLimit: 1000)
  try? buffer.append(Array(text.utf8).span)
  return buffer
}

private func text(_ buffer: borrowing ByteBuffer) -> String {
  buffer.withSpan { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
}
