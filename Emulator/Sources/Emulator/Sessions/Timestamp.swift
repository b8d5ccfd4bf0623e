import Foundation

/// Times as they stand in bodies and queries: ISO 8601, in milliseconds.
enum Timestamp {
  /// As in `2025-01-31T12:00:00.000Z`.
  static func text(_ date: Date) -> String {
    // A millisecond is no binary fraction, and what is a hair less would be cut to the one before.
    date.addingTimeInterval(0.000_1)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// The millisecond that a date is shown as.
  static func milliseconds(_ date: Date) -> Int {
    Int(((date.timeIntervalSince1970 + 0.000_1) * 1000).rounded(.down))
  }

  /// Reads a moment, or the first of a day.
  ///
  /// Nil for what is neither. Foundation alone would take `2025-02-31`, and anything behind the end.
  static func date(_ text: String) -> (date: Date, isDay: Bool)? {
    let calendarDay = Date.ISO8601FormatStyle().year().month().day()
    let day = String(text.prefix(10))
    guard text.allSatisfy(\.isASCII), let midnight = try? Date(day, strategy: calendarDay),
      midnight.formatted(calendarDay) == day
    else { return nil }
    if text.count == 10 { return (midnight, true) }
    let time = #/T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)/#
    guard text.dropFirst(10).wholeMatch(of: time) != nil,
      let moment = try? Date(text, strategy: .iso8601)
    else { return nil }
    return (moment, false)
  }
}
