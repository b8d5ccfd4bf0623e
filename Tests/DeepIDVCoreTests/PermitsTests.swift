import DeepIDVCore
import Testing

@Suite struct PermitsTests {
  @Test func withoutALeaseNothingIsRequired() {
    let permits = Permits()
    #expect(permits.timeWithoutOne(at: 0) == nil)
    #expect(permits.timeWithoutOne(at: .max) == nil)
  }

  @Test func eachIsUsedOnce() {
    var permits = leased(until: 100)
    #expect(permits.timeWithoutOne(at: 0) == 100)
    give(2, &permits, lease: 50, at: 50)
    for _ in 0..<2 {
      #expect(permits.timeWithoutOne(at: 99) == nil)
      permits.take()
    }
    #expect(permits.timeWithoutOne(at: 99) == 100)
    permits.take()
    give(1, &permits, lease: 50, at: 50)
    #expect(permits.timeWithoutOne(at: 99) == nil)
  }

  /// Whether or not a request was waiting when it ended.
  @Test func theEndOfALeaseDropsThem() {
    var permits = leased(until: 100)
    give(5, &permits, lease: 50, at: 50)
    #expect(permits.timeWithoutOne(at: 100) == nil)
    give(0, &permits, lease: 99, at: 101)
    #expect(permits.timeWithoutOne(at: 101) == 200)
  }

  /// A lease does not end while a call waits, also if another call has a shorter one.
  @Test func aCallThatWaits() {
    var permits = Permits()
    let call = permits.begin(adding: 0, at: 0)
    give(0, &permits, lease: 10, at: 0)
    #expect(permits.timeWithoutOne(at: 1000) == .max)
    permits.end(call, lease: 50, at: 1000)
    #expect(permits.timeWithoutOne(at: 1049) == 1050)
    #expect(permits.timeWithoutOne(at: 1050) == nil)
    give(0, &permits, lease: 500, at: 1100)
    give(0, &permits, lease: 10, at: 1100)
    #expect(permits.timeWithoutOne(at: 1500) == 1600)
  }

  /// What was ended stays ended, whatever call returns after that.
  @Test func stopping() {
    var permits = Permits()
    let call = permits.begin(adding: 7, at: 0)
    permits.stop()
    #expect(!permits.isCurrent(call))
    permits.end(call, lease: 100, at: 1)
    #expect(permits.timeWithoutOne(at: 2) == nil)
    give(0, &permits, lease: 100, at: 2)
    #expect(permits.timeWithoutOne(at: 3) == 102)
    #expect(permits.missing(for: 1) == 1)
  }

  @Test func missing() {
    var permits = Permits()
    give(2, &permits, lease: 100, at: 0)
    #expect(permits.missing(for: -1) == 0)
    #expect(permits.missing(for: 2) == 0)
    #expect(permits.missing(for: 5) == 3)
    #expect(permits.missing(for: .max) == UInt64(Int.max) - 2)
  }

  @Test func countsWithoutOverflow() {
    var permits = Permits()
    for _ in 0..<3 { give(.max, &permits, lease: .max, at: 5) }
    #expect(permits.timeWithoutOne(at: .max - 1) == nil)
    #expect(permits.missing(for: Int(UInt32.max)) == 0)
  }

  private func leased(until end: UInt64) -> Permits {
    var permits = Permits()
    give(0, &permits, lease: end, at: 0)
    return permits
  }

  private func give(_ count: UInt32, _ permits: inout Permits, lease: UInt64, at now: UInt64) {
    let call = permits.begin(adding: count, at: now)
    permits.end(call, lease: lease, at: now)
  }
}
