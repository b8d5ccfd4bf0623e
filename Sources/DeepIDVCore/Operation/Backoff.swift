/// How long to wait before a request that never reached the service is sent again.
public enum Backoff {
  /// The longest first wait: 200 milliseconds, more than a new connection takes.
  private static var base: UInt64 { 200_000_000 }
  /// The longest wait: 5 seconds, so that several tries fit into the default timeout.
  private static var cap: UInt64 { 5_000_000_000 }

  /// Returns nanoseconds between 0 and the base, which is doubled with each retry up to the cap.
  ///
  /// With *full jitter*: clients that failed at the same time do not all come back at the same time.
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

/// Allows a client to retry as long as most of its requests succeed.
///
/// When the service or the network is down, retries only add to the load: after twenty in a row the budget is
/// spent, and requests fail at their first try until some succeed. A 429 costs nothing: the limiter spaces those.
public struct RetryBudget: Equatable, Sendable {
  /// What is left.
  public private(set) var balance = RetryBudget.capacity

  /// Creates a full budget.
  public init() {}

  /// The size of a full budget: 20 retries, or 10 after timeouts.
  public static var capacity: Int { 100 }
  /// What a retry costs.
  private static var price: Int { 5 }
  /// What a retry after a timeout costs: more, because it has held a connection for long.
  private static var timeoutPrice: Int { 10 }
  /// What a success at the first try adds: in the long run one request in five may be retried.
  private static var reward: Int { 1 }

  /// Pays for a retry.
  ///
  /// - Returns: The price, which is refunded if the request succeeds; nil if the budget does not suffice.
  public mutating func spend(afterTimeout: Bool) -> Int? {
    let price = afterTimeout ? Self.timeoutPrice : Self.price
    guard balance >= price else { return nil }
    balance -= price
    return price
  }

  /// Records a success.
  ///
  /// - Parameter spent: What the request's retries cost; 0 if there were none.
  public mutating func succeeded(afterSpending spent: Int) {
    let back = spent > 0 ? min(spent, Self.capacity) : Self.reward
    balance = min(Self.capacity, balance &+ back)
  }
}
