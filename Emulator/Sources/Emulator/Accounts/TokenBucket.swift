/// A token bucket: `burst` calls at once, then `rate` calls a second.
///
/// A value without a clock. The caller passes the time, so tests need not wait.
struct TokenBucket: Sendable {
  /// Tokens that come back each second.
  ///
  /// Zero means that nothing is limited.
  let rate: Double
  /// The most tokens the bucket holds, and how many it starts with.
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
  /// `now` is a reading of a clock that does not go back; if it does all the same, no time has
  /// passed.
  mutating func take(at now: Duration) -> Bool {
    guard rate > 0 else { return true }
    let passed = max(.zero, now - (filledAt ?? now))
    filledAt = max(now, filledAt ?? now)
    tokens = min(Double(burst), tokens + rate * (passed / .seconds(1)))
    // Many small refills may add up to a hair less than one.
    guard tokens >= 1 - 1e-9 else { return false }
    tokens = max(0, tokens - 1)
    return true
  }

  /// Resets only the time of the last access.
  mutating func restart() { filledAt = nil }

  /// Whole seconds until there is a token again.
  var wait: Int { rate > 0 ? max(1, Int(((1 - tokens) / rate).rounded(.up))) : 0 }
}
