@testable import DeepIDVCore

let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000

/// Random bits with which a limiter has no jitter.
let noChance: UInt64 = 0x8000_0000

/// SplitMix64, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// A token bucket like the service's; counts requests above its rate.
struct ReferenceBucket {
  let rate: Double
  let burst: Double
  var tokens: Double
  var last: UInt64 = 0
  var refused = 0

  init(rate: Double = 25, burst: Double = 35) {
    self.rate = rate
    self.burst = burst
    tokens = burst
  }

  /// Whether a request at this time is within the rate.
  mutating func grants(at now: UInt64) -> Bool {
    if now > last {
      tokens = min(burst, tokens + rate * Double(now - last) / 1e9)
      last = now
    }
    // Allow for the rounding of `Double`.
    guard tokens >= 1 - 1e-6 else {
      refused += 1
      return false
    }
    tokens -= 1
    return true
  }
}

extension Limiter {
  /// Whether a request is admitted to the queue.
  mutating func canSend(before deadline: UInt64, queued: Int, at now: UInt64) -> Bool {
    refusal(before: deadline, queued: queued, at: now) == nil
  }

  /// How many are granted at once.
  mutating func takeAll(at now: UInt64, atMost limit: Int = 1000) -> Int {
    var count = 0
    while count < limit, take(at: now) == .granted { count += 1 }
    return count
  }

  /// The wait that a refused request reports.
  mutating func waits(at now: UInt64) -> UInt64? {
    guard case .wait(let until) = take(at: now) else { return nil }
    return until
  }
}
