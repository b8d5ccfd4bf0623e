import Testing

@testable import DeepIDVCore

@Suite struct PermitsTests {
  @Test func withoutALeaseNothingIsRequired() {
    var permits = Permits()
    #expect(permits.timeWithoutOne(at: 0) == nil)
    #expect(permits.timeWithoutOne(at: .max) == nil)
  }

  @Test func eachIsUsedOnce() {
    var permits = Permits()
    permits.require(until: 100)
    #expect(permits.timeWithoutOne(at: 0) == 100)
    permits.add(2)
    for _ in 0..<2 {
      #expect(permits.timeWithoutOne(at: 99) == nil)
      permits.take()
    }
    #expect(permits.timeWithoutOne(at: 99) == 100)
    permits.take()
    permits.add(1)
    #expect(permits.timeWithoutOne(at: 99) == nil)
  }

  @Test func theEndOfALeaseDropsThem() {
    var permits = Permits()
    permits.require(until: 100)
    permits.add(5)
    #expect(permits.timeWithoutOne(at: 100) == nil)
    permits.require(until: 200)
    #expect(permits.timeWithoutOne(at: 101) == 200)
  }

  @Test func missing() {
    var permits = Permits()
    permits.add(2)
    #expect(permits.missing(for: -1) == 0)
    #expect(permits.missing(for: 2) == 0)
    #expect(permits.missing(for: 5) == 3)
    #expect(permits.missing(for: .max) == UInt64(Int.max) - 2)
  }

  @Test func countsWithoutOverflow() {
    var permits = Permits()
    permits.require(until: .max)
    for _ in 0..<3 { permits.add(.max) }
    #expect(permits.timeWithoutOne(at: .max - 1) == nil)
    #expect(permits.missing(for: Int(UInt32.max)) == 0)
  }
}
