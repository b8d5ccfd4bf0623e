/// The service's rate limit: 25 requests per second with a burst of 35, shared by all processes.
///
/// Independent of the library's token bucket, so that the library is not tested against itself.
struct Service {
  static let rate = 25.0
  static let burst = 35.0

  private var tokens = Service.burst
  private var last: Instant = 0

  /// Whether a request that arrives now is granted; otherwise it gets a 429.
  mutating func grants(at now: Instant) -> Bool {
    tokens = min(Self.burst, tokens + Self.rate * (now - last).seconds)
    last = now
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }

  /// Seconds until the next request is granted, after one was refused.
  var nextToken: Double { (1 - tokens) / Self.rate }
}
