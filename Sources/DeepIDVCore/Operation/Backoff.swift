/// How long to wait before a request is tried again that never reached the service.
public enum Backoff {
  /// The first wait at most: 200 milliseconds, more than a restarted connection takes.
  private static var base: UInt64 { 200_000_000 }
  /// Any wait at most: 5 seconds, which still lets several tries into the default deadline.
  private static var cap: UInt64 { 5_000_000_000 }

  /// Nanoseconds between 0 and the base, doubled with each retry as far as the cap.
  ///
  /// *Full jitter*: whatever broke for many clients at once does not see them again at once.
  ///
  /// - Parameters:
  ///   - retries: How many retries there were before this one.
  ///   - random: Random bits.
  public static func delay(afterRetries retries: Int, random: UInt64) -> UInt64 {
    // Five doublings exceed the cap.
    let most = min(cap, base << UInt64(min(max(0, retries), 5)))
    return random.multipliedFullWidth(by: most + 1).high
  }
}

/// Lets a client retry as long as most of its requests succeed.
///
/// When the service or the network is down, retries only add to the load: after twenty of them in a row the
/// budget is spent, and requests fail at their first try until some succeed. A 429 spends nothing, for the
/// limiter sees to it.
public struct RetryBudget: Equatable, Sendable {
  /// What is left of it.
  public private(set) var balance = RetryBudget.capacity

  /// Makes a full budget.
  public init() {}

  /// The most there can be: 20 retries, or 10 after timeouts.
  public static var capacity: Int { 100 }
  /// What a retry costs.
  private static var price: Int { 5 }
  /// What a retry after a timeout costs: more, since it has held a connection for long.
  private static var timeoutPrice: Int { 10 }
  /// What a success at the first try brings: so in the long run one request in five may be retried.
  private static var reward: Int { 1 }

  /// Pays for a retry.
  ///
  /// - Returns: What it has cost, to be given back if the request succeeds, or nil if that was too much.
  public mutating func spend(afterTimeout: Bool) -> Int? {
    let price = afterTimeout ? Self.timeoutPrice : Self.price
    guard balance >= price else { return nil }
    balance -= price
    return price
  }

  /// Takes down a success.
  ///
  /// - Parameter spent: What the request's retries have cost; 0 if there were none.
  public mutating func succeeded(afterSpending spent: Int) {
    let back = spent > 0 ? min(spent, Self.capacity) : Self.reward
    balance = min(Self.capacity, balance + back)
  }
}
