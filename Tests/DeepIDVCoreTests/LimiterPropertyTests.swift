import Testing

@testable import DeepIDVCore

@Suite struct LimiterPropertyTests {
  /// In any period at most the burst plus the rate, whatever the responses are.
  @Test(arguments: 0..<8)
  func neverMoreThanTheLimit(_ seed: UInt64) {
    var generator = SeededGenerator(seed)
    let rate = [25, 0.5, 3, 400][Int(seed % 4)]
    let burst = [35.0, 1, 7.5, 20][Int(seed % 4)]
    var limiter = Limiter(rate: rate, burst: burst)
    var reference = ReferenceBucket(rate: rate, burst: burst)
    var now: UInt64 = 0
    for _ in 0..<20_000 {
      now += UInt64.random(in: 0...UInt64(3e9 / rate), using: &generator)
      if Int.random(in: 0..<500, using: &generator) == 0 { now += 100 * second }
      switch Int.random(in: 0..<200, using: &generator) {
      case 0: limiter.throttled(at: now, retryAfter: nil, random: generator.next())
      case 1..<40: limiter.answered(at: now)
      default:
        for _ in 0..<limiter.takeAll(at: now) { _ = reference.grants(at: now) }
      }
    }
    #expect(reference.refused == 0)
  }

  /// Random calls with random values: nothing traps, and the invariants hold.
  @Test func anything() {
    var generator = SeededGenerator(7)
    var problems: [String] = []
    for round in 0..<100 {
      let rates = [25, 0, 1e-6, 0.2, 1e9, 3, Double(bitPattern: generator.next())]
      var limiter = Limiter(
        rate: rates[round % rates.count],
        burst: round % 3 == 0 ? Double(bitPattern: generator.next()) : 35)
      var now: UInt64 = 0
      for _ in 0..<1000 {
        now = anyTime(after: now, &generator)
        step(&limiter, now, &generator, &problems)
      }
      // It still works: a few requests later one is granted.
      now = 0
      var askings = 0
      while let until = limiter.waits(at: now), until < .max, askings < 5 {
        now = until
        askings += 1
      }
      if askings == 5 { problems.append("starved in round \(round)") }
    }
    #expect(problems.isEmpty, "\(problems.prefix(10))")
  }

  private func step(
    _ limiter: inout Limiter, _ now: UInt64, _ generator: inout SeededGenerator,
    _ problems: inout [String]
  ) {
    let any = generator.next()
    switch any % 5 {
    case 0, 1:
      if let until = limiter.waits(at: now), until <= now, until != .max {
        problems.append("wait until \(until) at \(now)")
      }
    case 2: limiter.answered(at: now)
    case 3:
      let retryAfter = any % 3 == 0 ? generator.next() >> (any % 64) : nil
      limiter.throttled(at: now, retryAfter: retryAfter, random: generator.next())
    default:
      let queued = Int(truncatingIfNeeded: generator.next()) >> Int(any % 64)
      let earliest = limiter.earliest(queued: queued, at: now)
      let (more, overflow) = queued.addingReportingOverflow(1)
      if !overflow, limiter.earliest(queued: more, at: now) < earliest {
        problems.append("later place, earlier time, at \(now)")
      }
      let wait = limiter.refusal(before: earliest, queued: queued, at: now)
      if wait == nil { problems.append("sent before the earliest time at \(now)") }
      if wait == 0, earliest > now, earliest - now > second {
        problems.append("refused, and nothing to wait for at \(now)")
      }
      if earliest < .max, !limiter.canSend(before: earliest + 1, queued: queued, at: now) {
        problems.append("refused at the earliest time, \(now)")
      }
    }
    if !limiter.rate.isFinite || limiter.rate < 0 { problems.append("rate \(limiter.rate)") }
  }

  private func anyTime(after now: UInt64, _ generator: inout SeededGenerator) -> UInt64 {
    let any = generator.next()
    switch any % 20 {
    case 0: return generator.next()
    case 1: return 0
    case 2: return .max
    case 3: return now &- any % (3 * second)
    case 4: return now &+ any % (1000 * second)
    default: return now &+ any % (200 * millisecond)
    }
  }
}

// MARK: Several processes

extension LimiterPropertyTests {
  /// Simulates processes that always have requests, with a round trip of 150 ms.
  private struct Crowd {
    var limiters: [Limiter]
    var granted: [Int]
    var refused = 0
    private var service = ReferenceBucket()
    private var generator: SeededGenerator
    private var onTheWay: [(time: UInt64, process: Int)] = []
    private var now: UInt64 = 0

    init(_ count: Int, seed: UInt64 = 3) {
      generator = SeededGenerator(seed)
      limiters = Array(repeating: Limiter(), count: count)
      granted = Array(repeating: 0, count: count)
    }

    mutating func run(_ duration: UInt64, active: Int? = nil) {
      granted = Array(repeating: 0, count: limiters.count)
      refused = 0
      let end = now + duration
      while now < end {
        let arrived = onTheWay.prefix { $0.time <= now }.map(\.process)
        onTheWay.removeFirst(arrived.count)
        for process in arrived { answer(process) }
        for process in 0..<(active ?? limiters.count) {
          for _ in 0..<limiters[process].takeAll(at: now) {
            onTheWay.append((now + 150 * millisecond, process))
          }
        }
        now += 5 * millisecond
      }
    }

    private mutating func answer(_ process: Int) {
      if service.grants(at: now) {
        granted[process] += 1
        limiters[process].answered(at: now)
      } else {
        refused += 1
        limiters[process].throttled(at: now, retryAfter: nil, random: generator.next())
      }
    }
  }

  @Test(arguments: [(1, 0.001), (4, 0.05), (16, 0.15), (64, 0.3)])
  func agreeWithinHalfAMinute(_ count: Int, _ refusedPart: Double) {
    // By chance one of a few processes may get little for a minute, so several runs count.
    let runs = count == 4 ? 8 : count == 16 ? 3 : 1
    var leastPart = 0.0
    for seed in 1...UInt64(runs) {
      var crowd = Crowd(count, seed: seed)
      crowd.run(30 * second)
      crowd.run(60 * second)
      let granted = Double(crowd.granted.reduce(0, +))
      #expect(granted / 60 > 24)
      #expect(Double(crowd.refused) / (granted + Double(crowd.refused)) < refusedPart)
      leastPart += Double((crowd.granted.min() ?? 0) * count) / granted / Double(runs)
    }
    // No process starves: it gets at least a fifth of its fair share in a minute.
    #expect(leastPart > 0.2)
  }

  @Test func findsWhatTheOthersLeft() {
    var crowd = Crowd(16)
    crowd.run(60 * second)
    crowd.run(60 * second, active: 1)
    crowd.run(20 * second, active: 1)
    #expect(crowd.granted[0] >= 490)
  }

  /// A process that uses all of the rate is never refused, and a new one always.
  @Test func newcomerGetsItsPart() {
    var crowd = Crowd(2)
    crowd.run(60 * second, active: 1)
    crowd.run(60 * second)
    crowd.run(120 * second)
    #expect((crowd.granted.min() ?? 0) > 750)
  }
}

// MARK: The curve

extension LimiterPropertyTests {
  @Test(arguments: [0.01, 0.25, 0.4, 1.6, 6, 25, 4000])
  func curve(_ peak: Double) {
    let limit = max(25, peak)
    let recovery = Recovery(
      rate: limit, delivered: peak, limit: limit, isFirst: false, random: 0.5)
    let start = max(0.25, peak)
    #expect(abs(recovery.rate(at: 0) - 0.7 * start) < 1e-9)
    #expect(abs(recovery.curveWithoutLimit(recovery.plateau) - start) < 1e-9)
    #expect(5...10 ~= recovery.plateau)
    var time = 0.0
    var last = 0.0
    var sum = 0.0
    while !recovery.isOver(at: time + 0.001) {
      #expect(recovery.rate(at: time) >= last)
      last = recovery.rate(at: time)
      sum += recovery.rate(at: time + 0.0005) * 0.001
      time += 0.001
    }
    #expect(time < 120)
    #expect(abs(recovery.accrued(from: 0, to: time) - sum) < 1e-4 * sum)
  }

  @Test(arguments: [0.25, 1, 25], [0.0, 0.3, 7, 40, 500])
  func timeIsTheInverseOfAccrual(_ peak: Double, _ start: Double) {
    let recovery = Recovery(
      rate: 25, delivered: peak, limit: 25, isFirst: false, random: 0.1)
    for amount in [1e-12, 1e-6, 0.01, 0.5, 1, 2, 30, 1000, 1e6] {
      let time = recovery.time(toAccrue: amount, from: start)
      let accrued = recovery.accrued(from: start, to: start + time)
      #expect(accrued > amount * (1 - 1e-9) - 1e-10)
      #expect(accrued < amount * (1 + 1e-9) + 1e-6)
    }
  }
}

extension Recovery {
  /// The curve minus its linear part.
  fileprivate func curveWithoutLimit(_ time: Double) -> Double {
    rate(at: time) >= 25 ? peak : rate(at: time) - 0.02 * time
  }
}

// MARK: Recent responses

extension LimiterPropertyTests {
  @Test(arguments: [
    (25.0, 2.0), (2.5, 2), (1, 5), (0.5, 10), (0.25, 20), (0.1, 20), (1e-6, 20), (1e9, 2),
  ])
  func windows(_ rate: Double, _ window: Double) {
    // One response each second, the last one a second ago.
    for (ago, counts) in [(window - 0.3, true), (window + 0.1, false)] {
      var answers = RecentAnswers()
      answers.count()
      answers.advance(by: UInt64(ago * 1e9))
      let measured = answers.rate(whenSending: rate)
      #expect(counts ? measured >= 1 / window : measured == 0)
      #expect(measured <= 1 / (window - 0.25) + 1e-9)
    }
  }

  @Test func answersAfterAnyTime() {
    var answers = RecentAnswers()
    for step in [0, 1, 249_999_999, 250_000_000, .max, .max - 1, 20 * second, 1, .max] {
      answers.count()
      answers.advance(by: step)
      #expect(answers.rate(whenSending: 25).isFinite)
    }
    #expect(answers.rate(whenSending: 25) == 0)
  }
}
