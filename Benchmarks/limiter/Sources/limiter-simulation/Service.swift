/// The service's side of the limit: 25 requests a second, 35 at once, for all processes together.
///
/// Written apart from the library's bucket, so that one does not check itself.
struct Service {
  static let rate = 25.0
  static let burst = 35.0

  private var tokens = Service.burst
  private var last: Instant = 0

  /// Whether a request that arrives now is granted; else it gets a 429.
  mutating func grants(at now: Instant) -> Bool {
    tokens = min(Self.burst, tokens + Self.rate * (now - last).seconds)
    last = now
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }

  /// Seconds until a request will be granted, if it was not just now.
  var nextToken: Double { (1 - tokens) / Self.rate }
}
