/// The permits that a program gives a client, which it paces from outside.
///
/// They are required for the time of a lease only: a program that has ended, or has lost what it shares the rate
/// through, does not leave its client silent.
public struct Permits: Sendable {
  private var count: UInt64 = 0
  /// When the lease ends; 0 before the first.
  private var end: UInt64 = 0

  /// Creates an empty one, without a lease.
  public init() {}

  /// Adds permits.
  public mutating func add(_ permits: UInt32) {
    let (sum, overflow) = count.addingReportingOverflow(UInt64(permits))
    count = overflow ? .max : sum
  }

  /// Requires permits until this time.
  public mutating func require(until end: UInt64) { self.end = end }

  /// When a request can be sent without a permit; nil if it can be sent now.
  ///
  /// The first call after the end of a lease drops the permits.
  public mutating func timeWithoutOne(at now: UInt64) -> UInt64? {
    if end <= now { count = 0 }
    return count > 0 || end <= now ? nil : end
  }

  /// Uses up a permit, if there is one.
  public mutating func take() { count &-= min(count, 1) }

  /// How many more are needed for so many requests.
  public func missing(for requests: Int) -> UInt64 {
    let requests = UInt64(max(0, requests))
    return requests &- min(requests, count)
  }
}
