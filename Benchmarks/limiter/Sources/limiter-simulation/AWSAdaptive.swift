import DeepIDVCore
import Foundation

/// The client-side rate limiter of the AWS SDKs' "adaptive" mode, reimplemented from its description.
///
/// Off until the first 429. Then a token bucket whose rate follows TCP's CUBIC with absolute constants:
/// each 429 reduces it to 0.7 times the measured *send* rate, but to no less than 0.5 requests per
/// second.
struct AWSAdaptive: Pacer {
  private static let scale = 0.4
  private static let beta = 0.7
  private static let smoothing = 0.8
  private static let interval = 0.5
  private static let lowestRate = 0.5

  private var isEnabled = false
  // The bucket.
  private var fillRate = 0.0
  private var maxRate = 0.0
  private var capacity = 1.0
  private var tokens = 0.0
  private var lastRefill = 0.0
  // The cubic.
  private var lastMaxRate = 0.5
  private var lastThrottle = 0.0
  // The measured rate.
  private var measuredRate = 0.0
  private var count = 0.0
  private var lastInterval = 0.0

  mutating func take(at now: Instant) -> Limiter.Answer {
    guard isEnabled else { return .granted }
    refill(now.seconds)
    if tokens >= 1 {
      tokens -= 1
      return .granted
    }
    return .wait(until: now + Instant(seconds: (1 - tokens) / fillRate) + 1)
  }

  mutating func answered(at now: Instant) {
    measure(now.seconds)
    let climb = now.seconds - lastThrottle - cbrt(lastMaxRate * (1 - Self.beta) / Self.scale)
    setRate(Self.scale * climb * climb * climb + lastMaxRate, now.seconds)
  }

  mutating func refused(at now: Instant, random: UInt64) {
    measure(now.seconds)
    lastMaxRate = isEnabled ? min(measuredRate, maxRate) : measuredRate
    lastThrottle = now.seconds
    isEnabled = true
    setRate(lastMaxRate * Self.beta, now.seconds)
  }

  private mutating func setRate(_ rate: Double, _ now: Double) {
    refill(now)
    maxRate = min(rate, 2 * measuredRate)
    fillRate = max(maxRate, Self.lowestRate)
    capacity = max(maxRate, 1)
    tokens = min(tokens, capacity)
  }

  private mutating func refill(_ now: Double) {
    tokens = min(capacity, tokens + fillRate * (now - lastRefill))
    lastRefill = now
  }

  private mutating func measure(_ now: Double) {
    count += 1
    let interval = (now / Self.interval).rounded(.down) * Self.interval
    guard interval > lastInterval else { return }
    let rate = count / (interval - lastInterval)
    measuredRate = rate * Self.smoothing + measuredRate * (1 - Self.smoothing)
    count = 0
    lastInterval = interval
  }
}
