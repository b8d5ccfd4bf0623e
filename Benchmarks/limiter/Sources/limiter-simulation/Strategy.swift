import DeepIDVCore

/// Decides when a process may send.
protocol Pacer {
  mutating func take(at now: Instant) -> Limiter.Answer
  mutating func answered(at now: Instant)
  mutating func refused(at now: Instant, random: UInt64)
  /// Whether a new operation is queued.
  mutating func admits(deadline: Instant, queued: Int, at now: Instant) -> Bool
}

extension Pacer {
  mutating func answered(at now: Instant) {}
  mutating func refused(at now: Instant, random: UInt64) {}
  mutating func admits(deadline: Instant, queued: Int, at now: Instant) -> Bool { true }
}

/// What a process does after a 429.
enum Retry {
  /// Waits a random time up to `base * 2^retries` seconds, at most `cap`, and queues the operation again.
  ///
  /// Each retry costs 5 of the quota, which are returned if the operation succeeds; a success at the
  /// first attempt returns 1.
  case backoff(retries: Int, base: Double, cap: Double, quota: Int = .max)
  /// Puts the operation at the head of the queue; the pacer decides when to send it.
  case headOfQueue
}

/// A retry strategy.
struct Strategy: Sendable {
  let name: String
  let pacer: @Sendable () -> any Pacer
  let retry: Retry

  static let all = [
    Strategy(
      name: "backoff, 3 retries", pacer: { Unpaced() },
      retry: .backoff(retries: 3, base: 0.5, cap: 30)),
    Strategy(
      name: "backoff to the deadline", pacer: { Unpaced() },
      retry: .backoff(retries: .max, base: 0.5, cap: 30)),
    Strategy(
      name: "local bucket, backoff", pacer: { LocalBucket() },
      retry: .backoff(retries: .max, base: 0.5, cap: 30)),
    Strategy(
      name: "AWS adaptive, 3 attempts", pacer: { AWSAdaptive() },
      retry: .backoff(retries: 2, base: 1, cap: 20, quota: 500)),
    Strategy(
      name: "libdeepidv", pacer: { Adaptive(longestWait: nil) }, retry: .headOfQueue),
    Strategy(
      name: "libdeepidv, waits 5 s at most",
      pacer: { Adaptive(longestWait: Instant(seconds: 5)) }, retry: .headOfQueue),
  ]
}

/// Never waits.
struct Unpaced: Pacer {
  mutating func take(at now: Instant) -> Limiter.Answer { .granted }
}

/// A token bucket like the service's, which ignores responses.
struct LocalBucket: Pacer {
  private var bucket = Service()

  mutating func take(at now: Instant) -> Limiter.Answer {
    bucket.grants(at: now) ? .granted : .wait(until: now + Instant(seconds: bucket.nextToken) + 1)
  }
}

/// The library's limiter.
struct Adaptive: Pacer {
  private var limiter = Limiter()
  private let longestWait: Instant?

  init(longestWait: Instant?) { self.longestWait = longestWait }

  mutating func take(at now: Instant) -> Limiter.Answer { limiter.take(at: now) }

  mutating func answered(at now: Instant) { limiter.answered(at: now) }

  mutating func refused(at now: Instant, random: UInt64) {
    limiter.throttled(at: now, retryAfter: nil, random: random)
  }

  mutating func admits(deadline: Instant, queued: Int, at now: Instant) -> Bool {
    let latest = longestWait.map { min(deadline, now + $0) } ?? deadline
    return limiter.refusal(before: latest, queued: queued, at: now) == nil
  }
}
