/// Decides what to do after each exchange of an operation: send it again, search for its session, or end.
///
/// The engine reports what happened, and does what is returned. Nothing else decides whether a request is sent
/// again: see `attempted(_:…)`.
public struct OperationPolicy: Sendable {
  /// What to do next.
  public enum Next: Equatable, Sendable {
    /// Send the request again, not before this time.
    case send(at: UInt64)
    /// Return it to the head of the queue: the service answered 429, and the limiter decides when to send it.
    case requeue
    /// Send the retry policy's `inquiry`, not before this time.
    case search(at: UInt64)
    /// End it with the latest result.
    case end
  }

  /// What a search for the session has found.
  public enum Found: Equatable, Sendable {
    /// No answer, or one that does not say whether there is a session, or whether there are others.
    case none
    /// The service does not have it, or not yet.
    case absent
    case one
    case several
  }

  private let retry: RetryPolicy
  /// Whether there is an external id to search for.
  private let canSearch: Bool
  /// Monotonic nanoseconds; nothing begins after it.
  private let deadline: UInt64
  private var tries = 0
  private var searches = 0
  /// When a search that finds nothing has the request sent; nil if it was sent or need not be searched for.
  private var searchesUntil: UInt64?
  /// The earliest time when the latest search can have begun.
  private var searchedAt: UInt64 = 0
  /// What the retries have cost so far, to be refunded on success.
  private var spent = 0

  /// Creates the policy of a new operation.
  ///
  /// - Parameter canSearch: Whether there is an external id to search for.
  public init(_ retry: RetryPolicy, canSearch: Bool = true, deadline: UInt64) {
    self.retry = retry
    self.canSearch = canSearch
    self.deadline = deadline
  }

  /// The most tries where sending again is safe.
  private static var tryLimit: Int { 4 }
}

// MARK: Reports

extension OperationPolicy {
  /// Reports the end of an attempt.
  ///
  /// - Parameters:
  ///   - outcome: What happened to the request; for a question, `.created` means that it was answered.
  ///   - isThrottled: Whether the answer was a 429.
  ///   - isTimeout: Whether it timed out.
  public mutating func attempted(
    _ outcome: Outcome, isThrottled: Bool, isTimeout: Bool, budget: inout RetryBudget,
    at now: UInt64, random: UInt64
  ) -> Next {
    switch outcome {
    case .created:
      budget.succeeded(afterSpending: spent)
      return .end
    case .rejected:
      // Not executed. A 429 does not count as a try: the limiter spaces these, and the deadline ends them.
      return isThrottled && now < deadline ? .requeue : .end
    case .notSent, .notProcessed:
      return resend(afterTimeout: isTimeout, budget: &budget, at: now, random: random)
    case .unknown:
      switch retry {
      case .resend:
        return resend(afterTimeout: isTimeout, budget: &budget, at: now, random: random)
      // Never sent again: it may have been executed. All that can be done is an inquiry.
      case .search, .searchOnly, .settle, .poll:
        return canSearch ? search(after: now, random: random) : .end
      }
    }
  }

  /// Searches before anything is sent, because there may be a session already.
  ///
  /// - Parameter settled: A search that begins then or later, and finds nothing, proves that there is none, so that
  ///   the request is sent. Never, if it is the largest number.
  public mutating func searchFirst(until settled: UInt64, at now: UInt64) {
    searchesUntil = settled
    searchedAt = now
  }

  /// Reports the end of a search.
  ///
  /// - Parameter isRefused: Whether the service refused it, for another reason than the rate.
  public mutating func searched(
    _ found: Found, isRefused: Bool = false, at now: UInt64, random: UInt64
  ) -> Next {
    if found == .one || found == .several { return .end }
    // Nothing was sent that a later search could still find, or only by another process: the caller decides.
    if isRefused, searchesUntil != nil || retry == .searchOnly { return .end }
    guard let settled = searchesUntil else { return search(after: now, random: random) }
    if found == .absent, searchedAt >= settled, settled != .max {
      searchesUntil = nil
      return now < deadline ? .send(at: now) : .end
    }
    return search(after: now, random: random)
  }

  /// Returns when an attempt that begins now times out.
  ///
  /// Two fifths of the time are left for an inquiry, where there may be one. No request of a wait may use up all its
  /// time.
  public func attemptDeadline(from now: UInt64) -> UInt64 {
    guard deadline > now else { return deadline }
    switch retry {
    case .search where canSearch, .settle: return now &+ (deadline &- now) / 5 &* 3
    case .poll: return min(deadline, now &+ 30_000_000_000)
    case .search, .searchOnly, .resend: return deadline
    }
  }

  private mutating func resend(
    afterTimeout: Bool, budget: inout RetryBudget, at now: UInt64, random: UInt64
  ) -> Next {
    tries &+= 1
    guard tries < Self.tryLimit, let price = budget.spend(afterTimeout: afterTimeout) else {
      return .end
    }
    spent &+= price
    let time = now &+ Backoff.delay(afterRetries: tries &- 1, random: random)
    return time < deadline ? .send(at: time) : .end
  }

  private mutating func search(after now: UInt64, random: UInt64) -> Next {
    // A fifth more or less, so that creates that failed together are not searched for together.
    let wait = Self.searchDelay(afterSearches: searches)
    let scattered = wait / 5 * 4 + random.multipliedFullWidth(by: wait / 5 * 2).high
    searches &+= 1
    var time = now &+ scattered
    if retry == .poll {
      // A last request shortly before the deadline, instead of giving up half a minute earlier.
      time = min(time, deadline &- min(deadline, Self.lastRequest))
      if time < now &+ Self.searchDelay(afterSearches: 0) / 2 { return .end }
    }
    // Not later than it is needed.
    if let settled = searchesUntil, settled > now { time = min(time, settled) }
    searchedAt = time
    return time < deadline ? .search(at: time) : .end
  }

  /// How many nanoseconds before its deadline a wait sends its last request.
  private static var lastRequest: UInt64 { 1_000_000_000 }

  /// Nanoseconds before the next search: short at first, because most lost answers belong to finished creates, then
  /// longer, because each search uses up one of the requests that the rate limit allows.
  private static func searchDelay(afterSearches searches: Int) -> UInt64 {
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
