import Testing

@testable import DeepIDVCore

@Suite struct RepeatGuardTests {
  private static let settle = 120 * second

  @Test func whatIsEqual() throws {
    let memory = try #require(RepeatGuard())
    let made = "didv_0123456789abcdef0123456789abcdef"
    let one = #"{"first_name":"Ada","external_id":"\#(made)","phone":"+1"}"#
    let again = one.replacing(made, with: "didv_fedcba9876543210fedcba9876543210")
    let own = one.replacing(made, with: "order-1")
    let other = one.replacing("Ada", with: "Eve")
    func key(_ body: String, without id: String = "") -> KeyedHash? {
      memory.key(ofBody: Array(body.utf8).span, without: Array(id.utf8).span)
    }
    let first = try #require(key(one, without: made))
    #expect(first == key(again, without: "didv_fedcba9876543210fedcba9876543210"))
    #expect(first != key(other, without: made))
    #expect(first != key(one))
    #expect(first != key(own))
    #expect(key(own) == key(own))
    #expect(key(own) != key(own.replacing("order-1", with: "order-2")))
    // An id that is not in the body changes nothing.
    #expect(key(own, without: made) == key(own))
    #expect(key("", without: made) == key(""))
  }

  @Test func hashesOfAnotherMemory() throws {
    let one = try #require(RepeatGuard())
    let other = try #require(RepeatGuard())
    #expect(key("a", in: one) != nil)
    #expect(key("a", in: one) != key("a", in: other))
  }

  @Test func replacingTheMadeID() throws {
    var body = buffer(#"{"external_id":"didv_aa","email":"a"}"#)
    #expect(RepeatGuard.replace(buffer("didv_aa"), with: buffer("didv_bb"), in: &body))
    #expect(text(body) == #"{"external_id":"didv_bb","email":"a"}"#)
    #expect(!RepeatGuard.replace(buffer("didv_bb"), with: buffer("didv_ccc"), in: &body))
    #expect(!RepeatGuard.replace(buffer("didv_aa"), with: buffer("didv_bb"), in: &body))
    #expect(!RepeatGuard.replace(buffer(""), with: buffer(""), in: &body))
    #expect(text(body) == #"{"external_id":"didv_bb","email":"a"}"#)
  }

  @Test func remembersTheLatest() throws {
    var memory = try #require(RepeatGuard())
    #expect(memory.isEmpty)
    for number in 0...RepeatGuard.capacity {
      try remember("create \(number)", as: "order-\(number)", in: &memory, at: 1)
    }
    #expect(memory.count == RepeatGuard.capacity)
    #expect(find("create 0", in: &memory) == nil)
    let second = find("create 1", in: &memory)
    #expect(second.map { text($0.externalID) } == "order-1")
    let last = find("create \(RepeatGuard.capacity)", in: &memory)
    #expect(last.map { text($0.externalID) } == "order-\(RepeatGuard.capacity)")
  }

  /// One that several operations know of is remembered once, as it was last sent.
  @Test func remembersEachOnce() throws {
    var memory = try #require(RepeatGuard())
    try remember("a", as: "1", in: &memory, at: 5)
    try remember("a", as: "1", in: &memory, at: 9)
    try remember("a", as: "1", in: &memory, at: 7)
    try remember("b", as: "1", in: &memory, at: 7)
    #expect(memory.count == 2)
    let entry = try #require(find("a", in: &memory))
    #expect((entry.sentAt, entry.lastSentAt) == (5, 9))
  }

  @Test func forgetsAnyAndAll() throws {
    var memory = try #require(RepeatGuard())
    for body in ["a", "b", "c"] { try remember(body, as: "1", in: &memory, at: 1) }
    for body in ["b", "c", "a"] {
      let entry = try #require(find(body, in: &memory))
      memory.forget(entry)
      memory.forget(entry)
      #expect(find(body, in: &memory) == nil)
    }
    #expect(memory.isEmpty)
    for number in 0..<10 { try remember("\(number)", as: "1", in: &memory, at: 1) }
    memory.forgetAll()
    #expect(memory.isEmpty)
    #expect(find("3", in: &memory) == nil)
    try remember("a", as: "1", in: &memory, at: 1)
    #expect(find("a", in: &memory) != nil)
  }

  @Test func forgetsAfterADay() throws {
    var memory = try #require(RepeatGuard())
    try remember("a", as: "1", in: &memory, at: 5)
    #expect(find("a", in: &memory, at: 5 + RepeatGuard.lifetime) != nil)
    #expect(find("a", in: &memory, at: 6 + RepeatGuard.lifetime) == nil)
    #expect(memory.isEmpty)
  }

  /// Both times of the boundary, and a settle time without an end.
  @Test func isSentOnceItHasSettled() throws {
    var memory = try #require(RepeatGuard())
    try remember("a", as: "1", in: &memory, at: 10)
    let entry = try #require(find("a", in: &memory))
    #expect(entry.settlesAt(after: Self.settle) == 10 + Self.settle)
    #expect(entry.settlesAt(after: .max) == .max)
    #expect(decide(entry, &memory, at: 9 + Self.settle) == "wait")
    #expect(decide(entry, &memory, at: 10 + Self.settle) == "send")
    // It is under way: nobody else sends it.
    #expect(decide(entry, &memory, at: 10 + Self.settle) == "wait")
    #expect(find("a", in: &memory) === entry)
    // It was not executed, so that the next may send it.
    memory.release(entry)
    #expect(decide(entry, &memory, at: 11 + Self.settle) == "send")
    memory.forget(entry)
    #expect(!memory.remembers(entry))
    #expect(find("a", in: &memory) == nil)
    // Another has found out what became of it.
    #expect(decide(entry, &memory, at: 1000 * Self.settle) == "wait")
  }

  /// Two that were under way at once have one hash and two ids: neither may be left unsearched.
  @Test func twoThatAreEqual() throws {
    var memory = try #require(RepeatGuard())
    try remember("a", as: "1", in: &memory, at: 0)
    try remember("b", as: "2", in: &memory, at: 0)
    try remember("a", as: "3", in: &memory, at: 0)
    let entry = try #require(find("a", in: &memory))
    #expect(text(entry.externalID) == "1")
    #expect(decide(entry, &memory, at: Self.settle) == "search 3")
    #expect(!memory.remembers(entry))
    let other = try #require(find("a", in: &memory))
    #expect(decide(other, &memory, at: Self.settle) == "send")
    #expect(memory.count == 2)
  }

  private func remember(
    _ body: String, as id: String, in memory: inout RepeatGuard, at now: UInt64
  ) throws {
    let hash = try #require(key(body, in: memory))
    _ = memory.remember(
      hash, externalID: buffer(id), sentAt: now, sentAtSeconds: 1, lastSentAt: now)
  }

  private func find(
    _ body: String, in memory: inout RepeatGuard, at now: UInt64 = 1
  ) -> RepeatGuard.Entry? {
    key(body, in: memory).flatMap { memory.find($0, at: now) }
  }

  private func key(_ body: String, in memory: RepeatGuard) -> KeyedHash? {
    memory.key(ofBody: Array(body.utf8).span, without: Span())
  }

  private func decide(
    _ entry: RepeatGuard.Entry, _ memory: inout RepeatGuard, at now: UInt64
  ) -> String {
    switch memory.decide(on: entry, settle: Self.settle, at: now) {
    case .send: "send"
    case .wait: "wait"
    case .search(let other): "search \(text(other.externalID))"
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
}
