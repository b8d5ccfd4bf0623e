import CDeepIDV
import Testing

@testable import DeepIDVCore

/// The example of docs/state.md, from another implementation.
private let example =
  "AQAAAGtJ0gAAAQIDBAUGBwgJCgsMDQ4P4VoliBQS2xJQDaEjqt1IY9NosYYvMXxvweMISf-MKot6HPgZaZp4vNkdrYbn-Vmu"

private let inTime: Int64 = 1_799_000_000

@Suite struct RedirectStateTests {
  private let key = "0123456789abcdef0123456789abcdef"
  private let context = "cookie=42"

  @Test func valueOfTheDocument() {
    expect(make([key], context), DEEPIDV_OK, example)
    expect(verify(example, [key], context, now: 1_799_999_999), DEEPIDV_OK)
  }

  @Test func expiry() {
    for now in [1_800_000_000 - 31_536_000, inTime, 1_799_999_999] as [Int64] {
      expect(verify(example, [key], context, now: now), DEEPIDV_OK)
    }
    for now in [1_800_000_000, Int64.max] {
      expect(verify(example, [key], context, now: now), DEEPIDV_E_STATE_EXPIRED)
    }
  }

  @Test func expiryThatNoLifetimeReaches() {
    for now in [.min, -1, 0, 1_800_000_000 - 31_536_001] as [Int64] {
      expect(verify(example, [key], context, now: now), DEEPIDV_E_STATE)
      expect(verify(example, [key], "cookie=43", now: now), DEEPIDV_E_STATE_CONTEXT)
      expect(
        verify(example, ["another key that is long enough."], context, now: now),
        DEEPIDV_E_STATE_SIGNATURE)
    }
  }

  @Test func lifetimes() {
    for lifetime in [.min, -1, 0, 31_536_001, .max] as [Int64] {
      expect(make([key], context, lifetime: lifetime), DEEPIDV_E_RANGE, "")
    }
    for lifetime in [Int64(1), 31_536_000] {
      let state = make([key], context, lifetime: lifetime)
      expect(state, DEEPIDV_OK, example)
      expect(verify(state.text, [key], context, now: 1_800_000_000 - lifetime), DEEPIDV_OK)
    }
  }

  @Test func contextBeforeTime() {
    expect(verify(example, [key], "cookie=43", now: inTime), DEEPIDV_E_STATE_CONTEXT)
    expect(verify(example, [key], "cookie=43", now: .max), DEEPIDV_E_STATE_CONTEXT)
    expect(verify(example, [key], context + "\0", now: inTime), DEEPIDV_E_STATE_CONTEXT)
    expect(verify(example, [key], "", now: inTime), DEEPIDV_E_REQUIRED)
  }

  @Test func severalKeys() {
    let other = "another key that is long enough."
    expect(verify(example, [other, key], context, now: inTime), DEEPIDV_OK)
    expect(verify(example, [other], context, now: inTime), DEEPIDV_E_STATE_SIGNATURE)
    expect(verify(example, [other], "cookie=43", now: .max), DEEPIDV_E_STATE_SIGNATURE)
    expect(verify(example, [], context, now: inTime), DEEPIDV_E_REQUIRED)
    expect(make([other, key], context).status, DEEPIDV_OK)
    #expect(make([other, key], context).text != example)
    expect(
      verify(make([other, key], context).text, [key], context, now: inTime),
      DEEPIDV_E_STATE_SIGNATURE)
  }

  @Test func anyOtherBitIsAnotherState() throws {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    let digits = Array(alphabet.utf8)
    for position in 0..<96 {
      for bit in 0..<6 {
        var bytes = Array(example.utf8)
        let value = try #require(digits.firstIndex(of: bytes[position]))
        bytes[position] = digits[value ^ 1 << bit]
        let status = verify(String(decoding: bytes, as: UTF8.self), [key], context, now: inTime)
        // The first byte is the version.
        let isVersion = position == 0 || position == 1 && bit >= 4
        expect(status, isVersion ? DEEPIDV_E_STATE : DEEPIDV_E_STATE_SIGNATURE)
      }
    }
  }

  /// `*` is replaced by a state, `<` by a state without its last character.
  @Test(arguments: [
    "", "A", "<", "*A", "*AAAA", "<=", "<+", "</", "<.", "<\0", " *", "?*", "state=", "state",
    "a=b",
    "state=<", "State=*", "https://a.example/state=*", "?a=b#state=*", "state=x&a=*", "state=*%00",
  ])
  func malformed(_ pattern: String) {
    let text = pattern.replacing("*", with: example).replacing("<", with: example.dropLast())
    expect(verify(text, [key], context, now: inTime), DEEPIDV_E_STATE)
  }

  @Test func malformedAndLong() {
    let zeros = String(repeating: "A", count: 96)
    let long = String(repeating: "%41", count: 100_000)
    for text in [zeros, long, "state=" + long] {
      expect(verify(text, [key], context, now: inTime), DEEPIDV_E_STATE)
    }
  }

  @Test(arguments: [
    "state=" + example, "?state=" + example,
    "/cb?a=b&state=" + example + "&session_id=s&status=success#x",
    "https://a.example/cb?st%61te=" + example, "?state=%41" + example.dropFirst() + "#",
  ])
  func stateOfARedirect(_ redirect: String) {
    expect(verify(redirect, [key], context, now: inTime), DEEPIDV_OK)
    expect(
      verify(redirect + "&state=x", [key], context, now: inTime),
      redirect.contains("#") ? DEEPIDV_OK : DEEPIDV_E_REPEATED)
  }

  /// In every form in which the service may add its parameters; `*` is replaced by the state.
  @Test(arguments: [
    ("/cb?state=*&session_id=s&status=success", DEEPIDV_OK),
    ("/cb?state=*?session_id=s&status=success", DEEPIDV_OK),
    ("/cb?state=*?status=success&session_id=s", DEEPIDV_OK),
    ("/cb?state=*?reason=unknown&status=failed&session_id=s", DEEPIDV_OK),
    ("/cb?state=*?session_id=s&status=success&session_id=s", DEEPIDV_OK),
    ("/cb?state=*?session%5Fid=%73&status=success&session_id=s", DEEPIDV_OK),
    ("/cb?state=*?sessionId=s&status=SUBMITTED", DEEPIDV_OK),
    ("/cb?state=*?sessionId=s&status=SUBMITTED&sessionId=s", DEEPIDV_OK),
    ("/cb?state=*?sessionId=t&status=SUBMITTED&sessionId=s", DEEPIDV_E_STATE),
    ("/cb?state=*?x?session_id=s&status=success&session_id=s", DEEPIDV_E_STATE),
    ("/cb?state=*?session_id=&status=success&session_id=", DEEPIDV_E_STATE),
    ("state=*?session_id=s&status=success", DEEPIDV_OK),
    ("/cb?next=/x?status=1&state=*&session_id=s&status=success", DEEPIDV_OK),
    ("/cb?next=/x?status=1&state=*?session_id=s&status=success", DEEPIDV_OK),
    ("/cb?state=*&session_id=s&status=success&state=*", DEEPIDV_OK),
    ("/cb?state=*?session_id=s&status=success&state=*", DEEPIDV_OK),
    ("/cb?state=*?session_id=s&status=success&state=x", DEEPIDV_E_REPEATED),
    ("/cb?state=*x?session_id=s&status=success", DEEPIDV_E_STATE),
    ("/cb?state=*?x=y&session_id=s&status=success", DEEPIDV_E_STATE),
    ("/cb?state=*?", DEEPIDV_E_STATE),
    ("/cb?state=*??session_id=s&status=success", DEEPIDV_E_STATE),
    ("/cb?state=*?status=success&session_id=s&status=success", DEEPIDV_E_STATE),
    ("/cb?state=*?session_id=t&status=success&session_id=s", DEEPIDV_E_STATE),
    ("/cb?state=*?session_id=s&status=success#&session_id=t", DEEPIDV_OK),
  ])
  func stateThatIsJoined(_ pattern: String, _ status: deepidv_status) {
    let redirect = pattern.replacing("*", with: example)
    expect(verify(redirect, [key], context, now: inTime), status)
    if status == DEEPIDV_OK {
      let forged = pattern.replacing("*", with: "AQ" + String(example.dropFirst(2).reversed()))
      expect(verify(forged, [key], context, now: inTime), DEEPIDV_E_STATE_SIGNATURE)
    }
  }

  @Test(arguments: [
    ("https://a.example", "https://a.example?state=*"),
    ("https://a.example/cb", "https://a.example/cb?state=*"),
    ("https://a.example/cb?", "https://a.example/cb?state=*"),
    ("https://a.example/cb?a=b", "https://a.example/cb?a=b&state=*"),
    ("https://a.example/cb?a=b&", "https://a.example/cb?a=b&state=*"),
    ("https://a.example/cb?a?=b", "https://a.example/cb?a?=b&state=*"),
    ("https://a.example/cb#top", "https://a.example/cb?state=*#top"),
    ("https://a.example/cb?a=b#top?state=x", "https://a.example/cb?a=b&state=*#top?state=x"),
    ("https://a.example/state=x/", "https://a.example/state=x/?state=*"),
    ("https://a.example/cb?next=/x?status=1", "https://a.example/cb?next=/x?status=1&state=*"),
    ("https://a.example/cb?states=x&State=y", "https://a.example/cb?states=x&State=y&state=*"),
  ])
  func urlWithState(_ url: String, _ expected: String) {
    let made = expected.split(separator: "*", omittingEmptySubsequences: false)
      .joined(separator: example)
    expect(add(example, to: url), DEEPIDV_OK, made)
    expect(verify(made, [key], context, now: inTime), DEEPIDV_OK)
    expect(add(example, to: made), DEEPIDV_E_REPEATED, "")
  }

  @Test(arguments: ["state=", "stat%65=x", "state", "session_id=x", "status=x", "a=b&reason=x"])
  func takenParameter(_ query: String) {
    expect(add(example, to: "https://a.example/?" + query), DEEPIDV_E_REPEATED, "")
  }

  @Test func noState() {
    for state in [
      "", "x", String(example.dropLast()), "%41" + example.dropFirst(), "state=" + example,
    ] {
      expect(add(state, to: "https://a.example/"), DEEPIDV_E_STATE, "")
    }
  }

  @Test func keyLengths() {
    var keys = StateKeys()
    for (length, status) in [
      (0, DEEPIDV_E_REQUIRED), (1, DEEPIDV_E_SHORT_KEY), (15, DEEPIDV_E_SHORT_KEY),
      (16, DEEPIDV_OK),
      (1024, DEEPIDV_OK), (1025, DEEPIDV_E_TOO_LONG),
    ] {
      expect(keys.add([UInt8](repeating: 0, count: length).span), status)
    }
    for _ in 2..<16 { expect(keys.add([UInt8](repeating: 0, count: 1024).span), DEEPIDV_OK) }
    expect(keys.add([UInt8](repeating: 0, count: 1024).span), DEEPIDV_E_RANGE)
    #expect(keys.count == 16)
  }

  @Test func contextLengths() {
    expect(make([key], "").status, DEEPIDV_E_REQUIRED)
    let longest = String(repeating: "c", count: 4096)
    let state = make([key], longest)
    expect(state.status, DEEPIDV_OK)
    expect(verify(state.text, [key], longest, now: inTime), DEEPIDV_OK)
    expect(make([key], longest + "c").status, DEEPIDV_E_TOO_LONG)
    expect(verify(state.text, [key], longest + "c", now: inTime), DEEPIDV_E_TOO_LONG)
  }

  @Test func nothingToSignWith() {
    expect(make([], context).status, DEEPIDV_E_REQUIRED)
    #expect(make([], context).text.isEmpty)
  }

  /// States with the same context have different tags.
  @Test func nonceHidesTheContext() {
    let other = make([key], context, nonce: [UInt8](repeating: 9, count: 16)).text
    #expect(other.dropFirst(32).prefix(21) != example.dropFirst(32).prefix(21))
  }

  // MARK: Support

  private func keys(_ texts: [String]) -> StateKeys {
    var keys = StateKeys()
    for text in texts { expect(keys.add(Array(text.utf8).span), DEEPIDV_OK) }
    return keys
  }

  private func make(
    _ texts: [String], _ context: String, lifetime: Int64 = 1_000_000,
    nonce: [UInt8] = Array(0..<16)
  ) -> (status: deepidv_status, text: String) {
    var made = ByteBuffer(byteLimit: 200)
    let status = makeState(
      keys(texts), context: Array(context.utf8).span, lifetime: lifetime,
      now: 1_800_000_000 &- lifetime, nonce: nonce.span, to: &made)
    return (status, String(decoding: made.array, as: UTF8.self))
  }

  private func verify(
    _ text: String, _ texts: [String], _ context: String, now: Int64
  ) -> deepidv_status {
    verifyState(
      Array(text.utf8).span, keys(texts), context: Array(context.utf8).span, now: now)
  }

  private func add(_ state: String, to url: String) -> (status: deepidv_status, text: String) {
    var made = ByteBuffer(byteLimit: 10_000)
    let status = addState(Array(state.utf8).span, to: Array(url.utf8).span, into: &made)
    return (status, String(decoding: made.array, as: UTF8.self))
  }

  private func expect(
    _ actual: deepidv_status, _ expected: deepidv_status,
    at place: SourceLocation = #_sourceLocation
  ) {
    #expect(actual == expected, sourceLocation: place)
  }

  private func expect(
    _ actual: (status: deepidv_status, text: String), _ status: deepidv_status, _ text: String,
    at place: SourceLocation = #_sourceLocation
  ) {
    #expect(actual.status == status, sourceLocation: place)
    #expect(actual.text == text, sourceLocation: place)
  }
}
