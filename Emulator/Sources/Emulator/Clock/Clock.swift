import Foundation

/// The emulated service's clock: the system's time, moved or frozen.
///
/// It decides when sessions expire, how many calls a second and a day are let through, when a webhook
/// is sent again, and every date that the service shows.
struct Clock: Codable, Equatable, Sendable {
  /// How many seconds it is ahead of the system.
  private(set) var ahead = 0.0
  /// Where it stands still; nil while it runs.
  private(set) var frozenAt: Date?

  var isFrozen: Bool { frozenAt != nil }

  /// One reading.
  struct Moment: Equatable, Sendable {
    let date: Date
    /// Goes by the same changes as `date`, but not by those that somebody makes to the system's
    /// calendar.
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
  /// A change that can be asked for.
  enum Change: Codable, Equatable, Sendable {
    case freeze
    case run
    case set(Date)
    /// Backwards, if negative.
    case advance(Double)
  }

  /// The dates that can be written down, and calculated with: the years 1970 to 9999.
  static let range = Date(timeIntervalSince1970: 0)...Date(timeIntervalSince1970: 253_402_300_799)

  /// The clock after a change, or nil if that would lead out of `range`.
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
      // Beyond that it cannot even be calculated with.
      guard abs(seconds) <= Clock.range.upperBound.timeIntervalSince1970 else { return nil }
      clock.move(to: now.addingTimeInterval(seconds), system)
    }
    return Clock.range.contains(clock.now(system).date) ? clock : nil
  }

  private mutating func move(to date: Date, _ system: TimeSource) {
    if isFrozen { frozenAt = date } else { ahead = date.timeIntervalSince(system.date()) }
  }
}
