import DeepIDVCore

/// Decides when a process may send.
protocol Pacer {
  mutating func take(at now: Instant) -> Limiter.Answer
  mutating func answered(at now: Instant)
  mutating func refused(at now: Instant, random: UInt64)
  /// Whether a new operation is let into the queue.
  mutating func admits(deadline: Instant, queued: Int, at now: Instant) -> Bool
}

extension Pacer {
  mutating func answered(at now: Instant) {}
  mutating func refused(at now: Instant, random: UInt64) {}
  mutating func admits(deadline: Instant, queued: Int, at now: Instant) -> Bool { true }
}

/// What a process does after a 429.
enum Again {
  /// Waits from 0 to `base * 2^retries` seconds, at most `cap`, then queues up anew.
  ///
  /// Each retry takes 5 from the quota and gives them back if the operation succeeds; a success at the
  /// first try gives 1.
  case backoff(retries: Int, base: Double, cap: Double, quota: Int = .max)
  /// Back to the head of the queue; the pacer knows when.
  case headOfQueue
}

/// One way to live with the limit.
struct Strategy: Sendable {
  let name: String
  let pacer: @Sendable () -> any Pacer
  let again: Again

  static let all = [
    Strategy(
      name: "backoff, 3 retries", pacer: { Unpaced() },
      again: .backoff(retries: 3, base: 0.5, cap: 30)),
    Strategy(
      name: "backoff to the deadline", pacer: { Unpaced() },
      again: .backoff(retries: .max, base: 0.5, cap: 30)),
    Strategy(
      name: "local bucket, backoff", pacer: { LocalBucket() },
      again: .backoff(retries: .max, base: 0.5, cap: 30)),
    Strategy(
      name: "AWS adaptive, 3 attempts", pacer: { AWSAdaptive() },
      again: .backoff(retries: 2, base: 1, cap: 20, quota: 500)),
    Strategy(
      name: "libdeepidv", pacer: { Adaptive(longestWait: nil) }, again: .headOfQueue),
    Strategy(
      name: "libdeepidv, waits 5 s at most",
      pacer: { Adaptive(longestWait: Instant(seconds: 5)) }, again: .headOfQueue),
  ]
}

/// Sends at once.
struct Unpaced: Pacer {
  mutating func take(at now: Instant) -> Limiter.Answer { .granted }
}

/// A token bucket like the service's own, whatever the answers are.
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
