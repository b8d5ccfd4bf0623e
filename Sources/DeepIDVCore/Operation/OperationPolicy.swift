/// The way of one operation through attempts, waits and looking for what became of it.
///
/// It does nothing itself: the engine tells it what happened and does what it answers. It is the one place
/// that decides whether a request is sent again: see `attempted(_:…)`.
public struct OperationPolicy: Sendable {
  /// What the engine does next.
  public enum Next: Equatable, Sendable {
    /// Send the request again, not before this time.
    case send(at: UInt64)
    /// Put it back to the head of the queue: it was refused for its rate, and the limiter says when.
    case requeue
    /// Ask the service for the session, not before this time.
    case search(at: UInt64)
    /// It has ended with what is known now.
    case end
  }

  /// What asking for the session has found.
  public enum Found: Equatable, Sendable {
    /// The service did not say, or not whether there are others.
    case none
    /// The service does not have it, or not yet.
    case absent
    case one
    case several
  }

  private let retry: RetryPolicy
  /// Whether there is an external id to search for.
  private let canSearch: Bool
  /// Monotonic nanoseconds; nothing is begun after it.
  private let deadline: UInt64
  private var tries = 0
  private var searches = 0
  /// From when on a search that finds nothing lets the request be sent; nil once it was sent.
  private var searchesUntil: UInt64?
  /// The earliest time when the latest search can have begun.
  private var searchedAt: UInt64 = 0
  /// What retries have cost so far, to be given back on success.
  private var spent = 0

  /// Starts before the first attempt.
  ///
  /// - Parameter canSearch: Whether there is an external id to search for.
  public init(_ retry: RetryPolicy, canSearch: Bool = true, deadline: UInt64) {
    self.retry = retry
    self.canSearch = canSearch
    self.deadline = deadline
  }

  /// How often sending is tried where it is safe.
  private static var tryLimit: Int { 4 }
}

// MARK: What happened

extension OperationPolicy {
  /// An attempt has ended.
  ///
  /// - Parameters:
  ///   - outcome: What became of the request; of a question, `.created` says that it was answered.
  ///   - isThrottled: Whether it was refused with 429.
  ///   - isTimeout: Whether time ran out.
  public mutating func attempted(
    _ outcome: Outcome, isThrottled: Bool, isTimeout: Bool, budget: inout RetryBudget,
    at now: UInt64, random: UInt64
  ) -> Next {
    switch outcome {
    case .created:
      budget.succeeded(afterSpending: spent)
      return .end
    case .rejected:
      // Not executed, and no attempt that counts: the limiter spaces them, and the deadline ends them.
      return isThrottled && now < deadline ? .requeue : .end
    case .notSent, .notProcessed:
      return resend(afterTimeout: isTimeout, &budget, now, random)
    case .unknown:
      switch retry {
      case .resend: return resend(afterTimeout: isTimeout, &budget, now, random)
      // Never sent again: it may have been executed. It can only be searched for.
      case .search, .searchOnly: return canSearch ? search(now, random) : .end
      }
    }
  }

  /// Searches before anything is sent: there may be a session already.
  ///
  /// - Parameter settled: From when on a search that finds nothing proves that there is none, so that the request
  ///   is sent; until then it is searched again. Never, if it is the largest number.
  public mutating func searchFirst(until settled: UInt64, at now: UInt64) {
    searchesUntil = settled
    searchedAt = now
  }

  /// The service was asked for the session.
  ///
  /// - Parameter isRefused: Whether it has refused to answer, for a reason that lasts.
  public mutating func searched(
    _ found: Found, isRefused: Bool = false, at now: UInt64, random: UInt64
  ) -> Next {
    if found == .one || found == .several { return .end }
    guard let settled = searchesUntil else { return search(now, random) }
    if isRefused { return .end }
    if found == .absent, searchedAt >= settled, settled != .max {
      searchesUntil = nil
      return now < deadline ? .send(at: now) : .end
    }
    return search(now, random)
  }

  /// Until when an attempt that begins now may last.
  ///
  /// What may have to be searched for leaves two fifths of its time for that.
  public func attemptDeadline(from now: UInt64) -> UInt64 {
    guard retry == .search, canSearch, deadline > now else { return deadline }
    return now + (deadline - now) / 5 * 3
  }

  private mutating func resend(
    afterTimeout: Bool, _ budget: inout RetryBudget, _ now: UInt64, _ random: UInt64
  ) -> Next {
    tries += 1
    guard tries < Self.tryLimit, let price = budget.spend(afterTimeout: afterTimeout) else {
      return .end
    }
    spent += price
    let time = now &+ Backoff.delay(afterRetries: tries - 1, random: random)
    return time < deadline ? .send(at: time) : .end
  }

  private mutating func search(_ now: UInt64, _ random: UInt64) -> Next {
    // A fifth more or less, so that what broke for many at once is not asked for at once.
    let wait = Self.searchDelay(searches)
    let scattered = wait / 5 * 4 + random.multipliedFullWidth(by: wait / 5 * 2).high
    searches += 1
    var time = now &+ scattered
    // Not later than it is needed.
    if let settled = searchesUntil, settled > now { time = min(time, settled) }
    searchedAt = time
    return time < deadline ? .search(at: time) : .end
  }

  /// Nanoseconds before the next look: soon at first, since most lost answers belong to finished creates,
  /// then ever rarer, since each costs one of the requests that a key has.
  private static func searchDelay(_ searches: Int) -> UInt64 {
    switch searches {
    case 0: 500_000_000
    case 1: 1_000_000_000
    case 2: 2_000_000_000
    case 3: 4_000_000_000
    case 4: 8_000_000_000
    case 5: 15_000_000_000
    default: 30_000_000_000
    }
  }
}
