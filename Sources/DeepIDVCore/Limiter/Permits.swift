/// The permits that a program gives a client, which it paces from outside.
///
/// They are required while a call waits to give more, and for the time of a lease after it: a program that has ended,
/// or has lost what it shares the rate through, does not leave its client silent.
public struct Permits: Sendable {
  private var count: UInt64 = 0
  /// When the longest lease ends; 0 without one.
  private var leaseEnd: UInt64 = 0
  /// How many calls wait.
  private var calls: UInt64 = 0
  /// Changes when pacing is ended: calls from before that no longer count.
  private var period: UInt64 = 0

  /// Creates an empty one, without a lease.
  public init() {}

  /// A call that gives permits, from its begin to its end.
  public struct Call: Sendable {
    fileprivate let period: UInt64
  }

  /// Begins a call, and adds its permits.
  public mutating func begin(adding permits: UInt32, at now: UInt64) -> Call {
    if !areRequired(at: now) { count = 0 }
    let (sum, overflow) = count.addingReportingOverflow(UInt64(permits))
    count = overflow ? .max : sum
    calls &+= 1
    return Call(period: period)
  }

  /// Ends a call, after which permits are required for its lease; without effect if pacing was ended meanwhile.
  public mutating func end(_ call: Call, lease: UInt64, at now: UInt64) {
    guard isCurrent(call) else { return }
    calls &-= 1
    let (end, overflow) = now.addingReportingOverflow(lease)
    leaseEnd = max(leaseEnd, overflow ? .max : end)
  }

  /// Whether pacing was not ended since a call began.
  public func isCurrent(_ call: Call) -> Bool { call.period == period }

  /// Ends pacing, and drops the permits.
  public mutating func stop() {
    count = 0
    leaseEnd = 0
    calls = 0
    period &+= 1
  }

  private func areRequired(at now: UInt64) -> Bool { calls > 0 || now < leaseEnd }

  /// When a request can be sent without a permit; nil if it can be sent now.
  public func timeWithoutOne(at now: UInt64) -> UInt64? {
    guard areRequired(at: now), count == 0 else { return nil }
    return calls > 0 ? .max : leaseEnd
  }

  /// Uses up a permit, if there is one.
  public mutating func take() { count &-= min(count, 1) }

  /// How many more permits this number of requests needs.
  public func missing(for requests: Int) -> UInt64 {
    let requests = UInt64(max(0, requests))
    return requests &- min(requests, count)
  }
}
