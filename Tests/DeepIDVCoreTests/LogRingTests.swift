import CDeepIDV
import DeepIDVCore
import Testing

@Suite struct LogRingTests {
  /// Records are taken in the order in which they were added.
  @Test func order() {
    var ring = LogRing(limit: 3)
    var dropped = 0
    var taken: [UInt64] = []
    for round in 0..<5 as Range<UInt64> {
      for value in [2 * round, 2 * round + 1] where ring.append(record(value)) { dropped += 1 }
      while let record = ring.takeFirst() { taken.append(record.value) }
    }
    #expect(taken == Array(0..<10))
    #expect(dropped == 0)
  }

  /// The oldest ones are dropped, and a record says how many.
  @Test func overflow() {
    var ring = LogRing(limit: 3)
    var dropped = 0
    for value in 1...8 as ClosedRange<UInt64> where ring.append(record(value)) { dropped += 1 }
    #expect(dropped == 5)
    let notice = ring.takeFirst()
    #expect(notice?.code == DEEPIDV_LOG_LOST)
    #expect(notice?.level == DEEPIDV_LEVEL_WARNING)
    #expect(notice?.value == 5)
    var taken: [UInt64] = []
    while let record = ring.takeFirst() { taken.append(record.value) }
    #expect(taken == [6, 7, 8])
    let isDropped = ring.append(record(9))
    let last = ring.takeFirst()
    #expect(!isDropped)
    #expect(last?.value == 9)
  }

  private func record(_ value: UInt64) -> deepidv_log {
    var record = deepidv_log()
    record.code = DEEPIDV_LOG_ENDED
    record.value = value
    return record
  }
}
