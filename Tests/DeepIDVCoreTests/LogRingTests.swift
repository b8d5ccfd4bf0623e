import CDeepIDV
import DeepIDVCore
import Testing

@Suite struct LogRingTests {
  @Test func `Records are taken in order`() {
    var ring = LogRing(limit: 3)
    #expect(ring.takeFirst() == nil)
    for round in 0..<5 as Range<UInt64> {
      #expect(!ring.append(record(round)))
      #expect(!ring.append(record(round + 100)))
      #expect(ring.takeFirst()?.value == round)
      #expect(ring.takeFirst()?.value == round + 100)
      #expect(ring.takeFirst() == nil)
    }
  }

  @Test func `The oldest records are dropped and counted`() {
    var ring = LogRing(limit: 3)
    for value in 1...8 as ClosedRange<UInt64> { #expect(ring.append(record(value)) == (value > 3)) }
    let notice = ring.takeFirst()
    #expect(notice?.code == DEEPIDV_LOG_LOST)
    #expect(notice?.level == DEEPIDV_LEVEL_WARNING)
    #expect(notice?.value == 5)
    #expect((0..<3).map { _ in ring.takeFirst()?.value } == [6, 7, 8])
    #expect(ring.takeFirst() == nil)
    #expect(!ring.append(record(9)))
    #expect(ring.takeFirst()?.value == 9)
  }

  private func record(_ value: UInt64) -> deepidv_log {
    var record = deepidv_log()
    record.code = DEEPIDV_LOG_ENDED
    record.value = value
    return record
  }
}

extension deepidv_log: @retroactive Equatable {
  public static func == (left: deepidv_log, right: deepidv_log) -> Bool {
    left.value == right.value && left.code == right.code
  }
}
