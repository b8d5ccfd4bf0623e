/// Paces the requests of one key, and finds its share when other processes use the key too.
///
/// A token bucket as long as nobody else is there. A 429 says that somebody is: the limiter then goes down
/// to what the service has really let through of late, and climbs back as `Recovery` says. Nothing is
/// shared between processes; that each goes down to what it *got*, not to a part of what it *asked for*,
/// is what lets even many of them agree within seconds.
///
/// Time comes in as monotonic nanoseconds and chance as random bits, so that it is a plain value. Between
/// calls it keeps durations, never instants: a clock that starts anew costs it nothing.
public struct Limiter: Sendable {
  /// The answer to a request that wants to be sent.
  public enum Answer: Equatable, Sendable {
    /// It may leave now.
    case granted
    /// It may ask again at that time, which lies in the future.
    ///
    /// Only at the clock's last instant is there no future, and the answer is that instant.
    case wait(until: UInt64)
  }

  /// Requests a second that are never exceeded, or 0 for no pacing.
  private let limit: Double
  /// The most tokens there can be, and so the most requests at once.
  private let burst: Double

  /// The clock at the last call.
  private var clock: UInt64 = 0
  private var tokens: Double
  /// Nanoseconds since the bucket was full, outside a recovery.
  private var sinceFull: UInt64 = 0
  /// The recovery from the last 429, or nil if there is none in progress.
  private var recovery: Recovery?
  /// Nanoseconds since the 429 that `recovery` began with.
  private var sinceThrottle: UInt64 = 0
  /// Nanoseconds in which nothing may leave.
  private var pause: UInt64 = 0
  /// Nanoseconds for which the service has asked to be left alone: neither shortened nor spread, as `pause` is.
  private var asked: UInt64 = 0
  private var answers = RecentAnswers()

  /// Creates a limiter whose bucket is full.
  ///
  /// - Parameters:
  ///   - rate: Requests a second; 0, or what is no positive number, turns pacing off.
  ///   - burst: How many may leave at once after a silence, at least 1.
  public init(rate: Double = Limiter.defaultRate, burst: Double = Limiter.defaultBurst) {
    limit = rate > 0 ? min(max(rate * (1 - Self.reserve), Self.slowest), Self.fastest) : 0
    self.burst = burst > 1 ? min(burst, Self.fastest) : 1
    tokens = self.burst
  }
}

// MARK: Constants

extension Limiter {
  /// What the service grants a key each second.
  public static var defaultRate: Double { 25 }
  /// What the service grants a key at once.
  public static var defaultBurst: Double { 35 }

  /// The part of the rate that is left to others.
  ///
  /// A process that took all of it would take each token the moment the service grants it. One that comes
  /// later would then be refused nearly always, and the first one never: it would not even learn of the
  /// other, for minutes. What is left lets the other in, and the first one is soon refused too.
  private static var reserve: Double { 0.01 }

  /// The lowest rate: one request in eleven days.
  ///
  /// A nanosecond then adds to the bucket what a `Double` just tells from nothing.
  private static var slowest: Double { 1e-6 }
  /// The highest rate: one request each nanosecond, the clock's resolution.
  private static var fastest: Double { 1e9 }

  /// How long further 429s are no news.
  ///
  /// Those of one burst come within a second. Counted one by one, each would slow the sender down again, and
  /// one that is alone would use two thirds of what it may.
  private static var epoch: UInt64 { 1_000_000_000 }

  /// The longest pause after a 429 without `Retry-After`.
  ///
  /// Processes that were refused together come back spread over a quarter of a second, a round trip or two.
  private static var spread: UInt64 { 250_000_000 }

  /// The longest time to come back that is obeyed: an hour.
  ///
  /// A mistaken header must not silence a process for a year, and if it was right, then one request an hour
  /// does no harm.
  private static var longestPause: UInt64 { 3_600_000_000_000 }

  /// By how much the clock may step back and still be the same clock.
  ///
  /// Callers that read it before they waited for a lock come a little late. Further back, it is another
  /// clock.
  private static var tolerance: UInt64 { 1_000_000_000 }
}

// MARK: Sending

extension Limiter {
  /// Takes a token for a request, or returns when to ask again.
  ///
  /// Requests wait in the caller's queue, in order: only the first of them asks.
  public mutating func take(at now: UInt64) -> Answer {
    advance(to: now)
    guard pause == 0, limit == 0 || tokens >= 1 else { return .wait(until: instant(ofGrant: 1)) }
    if limit > 0 { tokens -= 1 }
    return .granted
  }

  /// How long a request should wait that cannot leave before its deadline; nil if it can.
  ///
  /// It supposes that no 429 comes: what it refuses could not have left in time, so that refusing at once
  /// costs nothing but the wait.
  ///
  /// - Parameters:
  ///   - deadline: The request must leave before it.
  ///   - queued: How many leave before this one.
  /// - Returns: Milliseconds, rounded up: what is left of the time that the service has asked for, and what
  ///   those before it take then.
  public mutating func refusal(before deadline: UInt64, queued: Int, at now: UInt64) -> UInt64? {
    let time = earliest(queued: queued, at: now)
    guard time >= deadline else { return nil }
    // Not the pause: who comes back after an hour that should be eight is told so, and one more is refused.
    let wait = saturatingSum(asked > 0 ? asked : pause, time - saturatingSum(clock, pause))
    return wait / 1_000_000 + (wait % 1_000_000 > 0 ? 1 : 0)
  }

  /// The earliest time at which a request can be sent, behind `queued` others.
  public mutating func earliest(queued: Int, at now: UInt64) -> UInt64 {
    advance(to: now)
    return instant(ofGrant: Double(max(0, queued)) + 1)
  }

  /// Requests a second, as of the last call; 0 for no pacing.
  public var rate: Double { recovery?.rate(at: seconds(sinceThrottle)) ?? limit }

  /// The earliest instant, from the call on, at which the bucket has so many tokens.
  private func instant(ofGrant number: Double) -> UInt64 {
    // A small step back of the clock is waited for: what was granted is granted.
    let paused = saturatingSum(clock, pause)
    guard limit > 0 else { return paused }
    // The bucket goes on filling during a pause, but only so far.
    let afterPause = saturatingSum(sinceThrottle, pause)
    let missing = number - min(capacity(at: afterPause), tokens + accrued(in: pause))
    guard missing > 0 else { return paused }
    let delay =
      recovery?.time(toAccrue: missing, from: seconds(afterPause)) ?? missing / limit
    // The next whole nanosecond, so that asking again then does not come a fraction too early.
    return saturatingSum(paused, saturatingSum(nanoseconds(delay), 1))
  }
}

// MARK: Answers

extension Limiter {
  /// Records that a request was answered, with anything but 429.
  public mutating func answered(at now: UInt64) {
    advance(to: now)
    answers.count()
    // Not if it is the answer to a request from before the 429.
    if pause == 0 { asked = 0 }
  }

  /// Slows down after a 429.
  ///
  /// The request was not executed, and keeps its place at the head of the caller's queue.
  ///
  /// - Parameters:
  ///   - retryAfter: Seconds of the answer's `Retry-After`, if it had one.
  ///   - random: Random bits.
  public mutating func throttled(at now: UInt64, retryAfter: UInt64?, random: UInt64) {
    advance(to: now)
    // One half of the bits spreads the pause, the other the length of the recovery.
    let (first, second) = (fraction(random >> 32), fraction(random & 0xFFFF_FFFF))
    let isFirst = recovery == nil
    let isNews = isFirst || sinceThrottle >= Self.epoch
    if let retryAfter {
      let (product, overflow) = retryAfter.multipliedReportingOverflow(by: 1_000_000_000)
      asked = max(asked, overflow ? .max : product)
      let obeyed = min(overflow ? .max : product, Self.longestPause)
      // Spread, so that not all processes send at the same second.
      pause = max(pause, obeyed &+ nanoseconds(first * seconds(max(obeyed / 10, Self.spread))))
    } else if isNews || limit == 0 {
      pause = max(pause, nanoseconds(first * seconds(Self.spread)))
    }
    guard isNews, limit > 0 else { return }
    // A burst is no rate: who was first, and found the service's bucket full, would keep half of the rate for minutes.
    let drawn = isFirst && sinceFull < 2_000_000_000 ? burst - tokens : 0
    recovery = Recovery(
      rate: rate, delivered: answers.rate(whenSending: rate, without: drawn), limit: limit,
      isFirst: isFirst, random: second)
    sinceThrottle = 0
    // After the first one, which may be all that there is, one request goes as soon as the pause is over.
    tokens = isFirst ? min(tokens, 1) : 0
  }
}

// MARK: Time

extension Limiter {
  /// Lets the time pass that has gone by since the last call.
  @inline(never)
  private mutating func advance(to now: UInt64) {
    guard now > clock else {
      if clock - now > Self.tolerance { clock = now }
      return
    }
    let step = now - clock
    clock = now
    asked -= min(asked, step)
    // Without pacing there is nothing to count but a pause that the service has asked for.
    guard limit > 0 || pause > 0 else { return }
    tokens += accrued(in: step)
    if let recovery {
      sinceThrottle = saturatingSum(sinceThrottle, step)
      if recovery.isOver(at: seconds(sinceThrottle)) { self.recovery = nil }
    }
    tokens = min(tokens, capacity(at: sinceThrottle))
    sinceFull = tokens < burst ? saturatingSum(sinceFull, step) : 0
    pause -= min(pause, step)
    answers.advance(by: step)
  }

  /// The tokens that accrue within so many nanoseconds after the last call.
  private func accrued(in step: UInt64) -> Double {
    recovery?.accrued(
      from: seconds(sinceThrottle), to: seconds(saturatingSum(sinceThrottle, step)))
      ?? limit * seconds(step)
  }

  /// The most tokens there can be: the burst, or a second's worth while others need room too.
  private func capacity(at sinceThrottle: UInt64) -> Double {
    guard let recovery, !recovery.isOver(at: seconds(sinceThrottle)) else { return burst }
    return min(burst, max(1, recovery.rate(at: seconds(sinceThrottle))))
  }
}

private func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) * 1e-9 }

/// Whole nanoseconds, as far as 64 bits hold them.
private func nanoseconds(_ seconds: Double) -> UInt64 {
  let nanoseconds = seconds * 1e9
  guard nanoseconds > 0 else { return 0 }
  return nanoseconds < 0x1p64 ? UInt64(nanoseconds) : .max
}

private func saturatingSum(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let (sum, overflow) = left.addingReportingOverflow(right)
  return overflow ? .max : sum
}

/// 32 random bits as a number from 0 to less than 1.
private func fraction(_ bits: UInt64) -> Double { Double(bits) * 0x1p-32 }
