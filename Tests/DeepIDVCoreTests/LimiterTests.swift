import Testing

@testable import DeepIDVCore

@Suite struct LimiterTests {
  /// A token at 24.75 a second, rounded up.
  private let tokenTime: UInt64 = 40_404_041

  @Test func burstThenRate() {
    var limiter = Limiter()
    #expect(limiter.takeAll(at: 5 * second) == 35)
    #expect(limiter.waits(at: 5 * second) == 5 * second + tokenTime)
    #expect(limiter.takeAll(at: 5 * second + 10 * tokenTime) == 10)
    #expect(limiter.takeAll(at: 60 * second) == 35)
  }

  @Test(arguments: [
    (0.0, 1000), (-1, 1000), (.nan, 1000), (-.infinity, 1000), (.infinity, 3), (1e300, 3), (1, 3),
    (1e-300, 3),
  ])
  func rates(_ rate: Double, _ atOnce: Int) {
    var limiter = Limiter(rate: rate, burst: 3)
    #expect(limiter.takeAll(at: 0) == atOnce)
    #expect(limiter.rate.isFinite)
  }

  @Test(arguments: [(0.0, 1), (-5, 1), (.nan, 1), (0.5, 1), (1, 1), (2.9, 2), (.infinity, 1000)])
  func bursts(_ burst: Double, _ atOnce: Int) {
    var limiter = Limiter(rate: 1, burst: burst)
    #expect(limiter.takeAll(at: 0) == atOnce)
  }

  /// A wait of zero would make the caller ask again endlessly.
  @Test(arguments: [1e-6, 0.001, 0.05, 0.3, 1, 3, 7, 24.999, 25, 997, 1e6, 333_333_333, 1e9])
  func waitsLieInTheFutureAndSuffice(_ rate: Double) {
    var limiter = Limiter(rate: rate, burst: 2)
    var now: UInt64 = 12_345
    _ = limiter.takeAll(at: now)
    for _ in 0..<1000 {
      guard let until = limiter.waits(at: now) else { continue }
      #expect(until > now)
      // A nanosecond before is too early, unless it is less than a token takes by rounding.
      if rate < 1e6 { #expect(limiter.waits(at: until - 2) != nil) }
      #expect(limiter.take(at: until) == .granted)
      now = until
    }
  }

  @Test func pacingOff() {
    var limiter = Limiter(rate: 0)
    #expect(limiter.takeAll(at: 0, atMost: 10_000) == 10_000)
    #expect(limiter.canSend(before: 1, queued: .max, at: 0) == true)
    // But after a 429 the next request waits.
    limiter.throttled(at: 0, retryAfter: nil, random: .max)
    let until = limiter.waits(at: 0) ?? 0
    #expect(until > 249 * millisecond && until <= 250 * millisecond)
    #expect(limiter.take(at: until) == .granted)
    limiter.throttled(at: until, retryAfter: nil, random: .max)
    #expect(limiter.take(at: until) != .granted)
    #expect(limiter.rate == 0)
  }

  @Test func refusesWhatCannotBeSentInTime() {
    var limiter = Limiter()
    #expect(limiter.earliest(queued: 34, at: 0) == 0)
    #expect(limiter.earliest(queued: -1, at: 0) == 0)
    #expect(limiter.earliest(queued: 35, at: 0) == tokenTime)
    #expect(limiter.canSend(before: 0, queued: 0, at: 0) == false)
    #expect(limiter.canSend(before: 1, queued: 0, at: 0) == true)
    // 35 at once, and 123.75 in the five seconds.
    #expect(limiter.canSend(before: 5 * second, queued: 157, at: 0) == true)
    #expect(limiter.canSend(before: 5 * second, queued: 158, at: 0) == false)
    #expect(limiter.canSend(before: 60 * second, queued: .max, at: 0) == false)
    limiter.throttled(at: 0, retryAfter: 10, random: 0)
    #expect(limiter.earliest(queued: 0, at: 0) == 10 * second)
    #expect(limiter.canSend(before: 9 * second, queued: 0, at: 0) == false)
  }

  /// Without a 429, admitted requests are sent in time.
  @Test(arguments: [0, 1, 5, 40, 500])
  func admissionKeepsItsWord(_ queued: Int) {
    var limiter = throttledLimiter(delivering: 2)
    var now = 100 * second
    let earliest = limiter.earliest(queued: queued, at: now)
    for _ in 0...queued {
      guard let until = limiter.waits(at: now) else { continue }
      #expect(limiter.take(at: until) == .granted)
      now = until
    }
    // Each wait is rounded up to a nanosecond.
    #expect(now <= earliest + UInt64(queued) * 2 + 2)
    #expect(now + second > earliest)
  }
}

// MARK: 429

extension LimiterTests {
  /// A limiter with this many responses per second for a long time, and then a 429 at 100 s.
  private func throttledLimiter(delivering rate: Double, random: UInt64 = noChance) -> Limiter {
    var limiter = Limiter()
    for index in 0..<Int(100 * rate) {
      limiter.answered(at: UInt64(Double(index) * 1e9 / rate))
    }
    limiter.throttled(at: 100 * second, retryAfter: nil, random: random)
    return limiter
  }

  @Test(arguments: [
    (0.0, 2.5), (0.1, 2.5), (4, 4), (8, 8), (16, 16), (24, 24), (40, 24.75), (1000, 24.75),
  ])
  func startsFromWhatWasDelivered(_ delivered: Double, _ peak: Double) {
    var limiter = throttledLimiter(delivering: delivered)
    #expect(limiter.takeAll(at: 100 * second) == 1)
    #expect(abs(limiter.rate / (0.7 * peak) - 1) < 0.15)
  }

  /// Who came first, and found the service's bucket full, must not keep more than the others.
  @Test func aBurstIsNoRate() {
    var limiter = Limiter()
    #expect(limiter.takeAll(at: 0, atMost: 35) == 35)
    for _ in 0..<35 { limiter.answered(at: 150 * millisecond) }
    limiter.throttled(at: 150 * millisecond, retryAfter: nil, random: noChance)
    #expect(limiter.rate < 2.5)
    // But one that has sent for a while keeps its rate.
    limiter = Limiter()
    for tick in 0..<UInt64(1000) {
      for _ in 0..<limiter.takeAll(at: tick * 20 * millisecond) {
        limiter.answered(at: tick * 20 * millisecond)
      }
    }
    limiter.throttled(at: 20 * second, retryAfter: nil, random: noChance)
    #expect(limiter.rate > 15)
  }

  /// The next 429 shows that other clients use the key.
  @Test(arguments: [(0.0, 0.25), (0.1, 0.25), (1, 1.5), (40, 17)])
  func secondOneCountsWhatWasDelivered(_ delivered: Double, _ peak: Double) {
    var limiter = throttledLimiter(delivering: delivered)
    for index in 1...Int(1 + delivered) where delivered >= 1 {
      limiter.answered(at: 100 * second + UInt64(Double(index) / (1 + delivered) * 1e9))
    }
    limiter.throttled(at: 101 * second, retryAfter: nil, random: noChance)
    #expect(limiter.takeAll(at: 101 * second) == 0)
    #expect(abs(limiter.rate / (0.7 * peak) - 1) < 0.35)
  }

  /// A new program, after another one has used up the rate of the key.
  @Test(arguments: [1, 2, 35], [nil, 0, 1, 5] as [UInt64?])
  func firstOneCostsWhatItSays(_ sent: Int, _ retryAfter: UInt64?) {
    for random: UInt64 in [0, 0xFFFF_FFFF_0000_0000] {
      expectFirstOne(sent, retryAfter, random)
    }
  }

  private func expectFirstOne(_ sent: Int, _ retryAfter: UInt64?, _ random: UInt64) {
    var limiter = Limiter()
    #expect(limiter.takeAll(at: 0, atMost: sent) == sent)
    let now = 150 * millisecond
    limiter.throttled(at: now, retryAfter: retryAfter, random: random | noChance)
    let told = (retryAfter ?? 0) * second
    let earliest = limiter.earliest(queued: 0, at: now) - now
    #expect(earliest >= told)
    // Without a token and without a pause, it waits for the rate.
    let most = max(told / 10, 250 * millisecond)
    #expect(earliest <= told + (sent < 35 || told > 0 ? most : 600 * millisecond))
    // The one after it does not wait long either.
    #expect(limiter.earliest(queued: 1, at: now) - now <= told + 1200 * millisecond)
  }

  @Test func onlyOnePerSecondIsNews() {
    var limiter = throttledLimiter(delivering: 10)
    let rate = limiter.rate
    for time: UInt64 in [0, 1, 500, 999] {
      limiter.throttled(at: 100 * second + time * millisecond, retryAfter: nil, random: noChance)
    }
    #expect(limiter.rate >= rate)
    limiter.throttled(at: 101 * second, retryAfter: nil, random: noChance)
    #expect(limiter.rate < rate)
  }

  @Test func recovers() {
    var limiter = throttledLimiter(delivering: 0)
    var last = 0.0
    for time: UInt64 in 100...190 {
      _ = limiter.take(at: time * second)
      #expect(limiter.rate >= last)
      last = limiter.rate
    }
    #expect(last == 24.75)
    #expect(limiter.takeAll(at: 200 * second) == 35)
  }

  @Test func burstIsSmallWhileOthersNeedRoom() {
    var slow = throttledLimiter(delivering: 2)
    slow.throttled(at: 101 * second, retryAfter: nil, random: noChance)
    #expect(slow.takeAll(at: 105 * second) == 1)
    var fast = throttledLimiter(delivering: 20)
    let atOnce = fast.takeAll(at: 104 * second)
    #expect(14...20 ~= atOnce)
  }

  @Test(arguments: [
    (0 as UInt64, 0 as UInt64, 0 as UInt64), (1, 1, 1250), (1, 0, 1000),
    (60, 1, 66_000), (60, 0, 60_000),
    (3600, 0, 3_600_000), (3601, 0, 3_600_000), (31_536_000, 1, 3_960_000),
    (UInt64.max, 1, 3_960_000),
  ])
  func comesBackWhenTold(_ retryAfter: UInt64, _ chance: UInt64, _ milliseconds: UInt64) {
    var limiter = Limiter(rate: 0)
    limiter.throttled(
      at: second, retryAfter: retryAfter, random: chance == 0 ? 0 : 0xFFFF_FFFF_0000_0000)
    let until = limiter.earliest(queued: 0, at: second)
    // The greatest chance is a little less than 1.
    #expect(until <= second + milliseconds * millisecond)
    #expect(until + millisecond >= second + milliseconds * millisecond)
  }

  private struct Told: CustomTestStringConvertible {
    /// Seconds at which a 429 comes, and its Retry-After.
    let throttles: [(time: UInt64, retryAfter: UInt64?)]
    let time: UInt64
    let queued: Int
    let milliseconds: ClosedRange<UInt64>?
    var testDescription: String { "\(throttles), \(queued) queued at \(time)" }
  }

  /// A request with a timeout of three seconds.
  @Test(arguments: [
    Told(throttles: [], time: 0, queued: 0, milliseconds: nil),
    Told(throttles: [], time: 0, queued: 109, milliseconds: 3031...3031),
    Told(throttles: [(0, 2)], time: 0, queued: 0, milliseconds: nil),
    Told(throttles: [(0, 3)], time: 0, queued: 0, milliseconds: 3000...3000),
    Told(throttles: [(0, 7)], time: 0, queued: 0, milliseconds: 7000...7000),
    Told(throttles: [(0, 7)], time: 2, queued: 0, milliseconds: 5000...5000),
    Told(throttles: [(0, 7)], time: 5, queued: 0, milliseconds: nil),
    Told(throttles: [(0, 7), (1, 2)], time: 2, queued: 0, milliseconds: 5000...5000),
    // Longer than the maximum pause: the service's value, then the rest of it.
    Told(throttles: [(0, 28_800)], time: 0, queued: 0, milliseconds: 28_800_000...28_800_000),
    Told(throttles: [(0, 28_800)], time: 60, queued: 0, milliseconds: 28_740_000...28_740_000),
    Told(throttles: [(0, 28_800)], time: 3598, queued: 0, milliseconds: nil),
    Told(
      throttles: [(0, .max)], time: 9, queued: 0,
      milliseconds: 18_446_744_064_710...18_446_744_064_710),
    // Behind other requests it takes longer.
    Told(throttles: [(0, 2)], time: 0, queued: 20, milliseconds: 5000...12_000),
    Told(throttles: [(0, nil), (2, nil)], time: 2, queued: 2, milliseconds: 8000...16_000),
  ])
  private func refusalSaysHowLongToWait(_ told: Told) {
    var limiter = Limiter()
    for (time, retryAfter) in told.throttles {
      limiter.throttled(at: time * second, retryAfter: retryAfter, random: 0x8000_0000)
    }
    let now = told.time * second
    let wait = limiter.refusal(before: now + 3 * second, queued: told.queued, at: now)
    if let milliseconds = told.milliseconds {
      #expect(wait.map(milliseconds.contains) == true, "\(wait ?? 0)")
    } else {
      #expect(wait == nil)
    }
  }

  @Test func anAnswerEndsWhatWasAskedFor() {
    var limiter = Limiter(rate: 1, burst: 1)
    limiter.throttled(at: 0, retryAfter: 28_800, random: 0)
    // The response to an earlier request.
    limiter.answered(at: second)
    #expect(limiter.refusal(before: 2 * second, queued: 0, at: second) == 28_799_000)
    let later = 3601 * second
    #expect(limiter.take(at: later) == .granted)
    limiter.answered(at: later)
    let wait = limiter.refusal(before: later, queued: 0, at: later) ?? 0
    #expect(0 < wait && wait < 3000)
  }

  @Test func laterWordOfLongerPauseCounts() {
    var limiter = Limiter()
    limiter.throttled(at: 0, retryAfter: nil, random: noChance)
    limiter.throttled(at: 10, retryAfter: 20, random: 0)
    limiter.throttled(at: 20, retryAfter: 2, random: 0)
    #expect(limiter.waits(at: 30) == 20 * second + 10)
    #expect(limiter.take(at: 20 * second + 10) == .granted)
  }

  @Test func limitBelowTheLowestPeak() {
    var limiter = Limiter(rate: 0.1, burst: 1)
    for step: UInt64 in 0..<100 {
      limiter.throttled(at: step * second, retryAfter: nil, random: .max)
      #expect(limiter.rate > 0 && limiter.rate <= 0.1)
    }
  }
}

// MARK: The clock

extension LimiterTests {
  @Test func smallStepBackGivesNothing() {
    var limiter = Limiter()
    _ = limiter.takeAll(at: 10 * second)
    for step: UInt64 in 0..<1000 {
      _ = limiter.take(at: 10 * second - step % 2 * 900 * millisecond)
    }
    #expect(limiter.take(at: 10 * second) != .granted)
    #expect(limiter.waits(at: 9_500 * millisecond) == 10 * second + tokenTime)
    #expect(limiter.takeAll(at: 10 * second + tokenTime) == 1)
  }

  @Test(arguments: [0, 1, 3 * second, 1000 * second])
  func newClock(_ start: UInt64) {
    var limiter = Limiter()
    _ = limiter.takeAll(at: 1_000_000 * second)
    #expect(limiter.waits(at: start) == start + tokenTime)
    #expect(limiter.takeAll(at: start + second) == 24)
  }

  @Test func lastInstant() {
    var limiter = Limiter()
    #expect(limiter.takeAll(at: .max) == 35)
    #expect(limiter.waits(at: .max) == .max)
    #expect(limiter.waits(at: .max - 1) == .max)
    limiter.throttled(at: .max, retryAfter: .max, random: .max)
    limiter.answered(at: .max)
    #expect(limiter.canSend(before: .max, queued: .max, at: .max) == false)
    // As in the initial state.
    #expect(limiter.takeAll(at: 7200 * second) == 0)
    #expect(limiter.takeAll(at: 12_000 * second) == 35)
  }
}
