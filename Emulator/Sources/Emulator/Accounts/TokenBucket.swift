/// A token bucket: `burst` calls at once, then `rate` calls per second.
///
/// A value without a clock. The caller passes the time, so tests need not wait.
struct TokenBucket: Sendable {
  /// Tokens added per second; 0 for no limit.
  let rate: Double
  /// The capacity, and the initial number of tokens.
  let burst: Int

  private var tokens: Double
  private var filledAt: Duration?

  init(rate: Double, burst: Int) {
    self.rate = rate
    self.burst = burst
    tokens = Double(burst)
  }

  /// Takes one token if there is one.
  ///
  /// `now` comes from a monotonic clock. If it goes back anyway, that counts as no time passed.
  mutating func take(at now: Duration) -> Bool {
    guard rate > 0 else { return true }
    let passed = max(.zero, now - (filledAt ?? now))
    filledAt = max(now, filledAt ?? now)
    tokens = min(Double(burst), tokens + rate * (passed / .seconds(1)))
    // Rounding: many small refills can add up to slightly less than 1.
    guard tokens >= 1 - 1e-9 else { return false }
    tokens = max(0, tokens - 1)
    return true
  }

  /// Resets the time of the last refill, but not the tokens.
  mutating func restart() { filledAt = nil }

  /// Whole seconds until the next token.
  var wait: Int { rate > 0 ? max(1, Int(((1 - tokens) / rate).rounded(.up))) : 0 }
}
