import Foundation

/// What time it is: on the calendar, and since some fixed moment in the past.
///
/// A value that is handed in, so that no part of the emulator asks the system by itself.
struct TimeSource: Sendable {
  var date: @Sendable () -> Date
  /// Never goes back, whatever is done to the calendar's clock.
  var uptime: @Sendable () -> Duration

  static let system: TimeSource = {
    let start = ContinuousClock.now
    return TimeSource(date: { Date() }, uptime: { start.duration(to: .now) })
  }()
}
