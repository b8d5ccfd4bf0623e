import Foundation

/// The system's wall clock and monotonic clock.
///
/// Passed in as a value, so that tests can replace the system's time.
struct TimeSource: Sendable {
  var date: @Sendable () -> Date
  /// Monotonic: never goes back, even if the wall clock is changed.
  ///
  /// Starts at the wall clock's time, so that the two are comparable.
  var steady: @Sendable () -> Duration

  static let system: TimeSource = {
    let start = ContinuousClock.now
    let origin = Duration.seconds(Date().timeIntervalSince1970)
    return TimeSource(date: { Date() }, steady: { origin + start.duration(to: .now) })
  }()
}
