import Foundation

/// The emulator's clock: the system time, shifted or frozen.
///
/// It controls session expiry, rate limits, webhook retries, and all dates in responses.
struct Clock: Codable, Equatable, Sendable {
  /// Seconds ahead of the system time; negative if behind.
  private(set) var ahead = 0.0
  /// The time at which it is frozen; nil while it runs.
  private(set) var frozenAt: Date?

  var isFrozen: Bool { frozenAt != nil }

  /// A point in time, as a date and as a monotonic time.
  struct Moment: Equatable, Sendable {
    let date: Date
    /// Moves with changes of this clock, but not with changes of the system's clock.
    let steady: Duration
  }

  func now(_ system: TimeSource) -> Moment {
    if let frozenAt {
      return Moment(date: frozenAt, steady: .seconds(frozenAt.timeIntervalSince1970))
    }
    return Moment(
      date: system.date().addingTimeInterval(ahead), steady: system.steady() + .seconds(ahead))
  }
}

extension Clock {
  /// A requested change.
  enum Change: Codable, Equatable, Sendable {
    case freeze
    case run
    case set(Date)
    /// In seconds; backward if negative.
    case advance(Double)
  }

  /// The supported dates: the years 1970 to 9999.
  static let range = Date(timeIntervalSince1970: 0)...Date(timeIntervalSince1970: 253_402_300_799)

  /// The clock after a change, or nil if it would leave `range`.
  func changed(by change: Change, _ system: TimeSource) -> Clock? {
    let now = now(system).date
    var clock = self
    switch change {
    case .freeze: clock.frozenAt = now
    case .run:
      clock.frozenAt = nil
      clock.ahead = now.timeIntervalSince(system.date())
    case .set(let date): clock.move(to: date, system)
    case .advance(let seconds):
      // Avoids overflow in date arithmetic.
      guard abs(seconds) <= Clock.range.upperBound.timeIntervalSince1970 else { return nil }
      clock.move(to: now.addingTimeInterval(seconds), system)
    }
    return Clock.range.contains(clock.now(system).date) ? clock : nil
  }

  private mutating func move(to date: Date, _ system: TimeSource) {
    if isFrozen { frozenAt = date } else { ahead = date.timeIntervalSince(system.date()) }
  }
}
