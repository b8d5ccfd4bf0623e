import Foundation

/// What time it is on this computer: on the calendar, and counted steadily.
///
/// A value that is handed in, so that no part of the emulator asks the system by itself.
struct TimeSource: Sendable {
  var date: @Sendable () -> Date
  /// Never goes back, whatever is done to the calendar's clock.
  ///
  /// Begins at the calendar's time, so that the two can be compared.
  var steady: @Sendable () -> Duration

  static let system: TimeSource = {
    let start = ContinuousClock.now
    let origin = Duration.seconds(Date().timeIntervalSince1970)
    return TimeSource(date: { Date() }, steady: { origin + start.duration(to: .now) })
  }()
}
