import Foundation

/// Times in bodies and queries: ISO 8601, with milliseconds.
enum Timestamp {
  /// For example `2025-01-31T12:00:00.000Z`.
  static func text(_ date: Date) -> String {
    // Milliseconds are not exact in binary. Without this, rounding errors would truncate to the
    // previous millisecond.
    date.addingTimeInterval(0.000_1)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// The time in milliseconds since 1970, truncated like `text`.
  static func milliseconds(_ date: Date) -> Int {
    Int(((date.timeIntervalSince1970 + 0.000_1) * 1000).rounded(.down))
  }

  /// Parses a date and time, or a date as its first moment; nil if the text is neither.
  ///
  /// Foundation would accept `2025-02-31` and trailing text, and reject years before 1583 and some
  /// zones.
  static func date(_ text: String) -> (date: Date, isDay: Bool)? {
    let form = #/(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?/#
    guard text.utf8.count <= 40, text.allSatisfy(\.isASCII),
      let (_, year, month, day, hour, minute, second, fraction, zone) =
        text.wholeMatch(of: form)?.output,
      let midnight = midnight(Int32(year), Int32(month), Int32(day))
    else { return nil }
    guard let zone else { return (Date(timeIntervalSince1970: midnight), true) }
    guard let hour = hour.flatMap({ Int($0) }), hour < 24,
      let minute = minute.flatMap({ Int($0) }), minute < 60,
      let second = second.flatMap({ Int($0) }), second < 60, let ahead = seconds(ofZone: zone)
    else { return nil }
    let part = fraction.flatMap { Double("0\($0)") } ?? 0
    let time = Double(hour * 3600 + minute * 60 + second - ahead) + part
    return (Date(timeIntervalSince1970: midnight + time), false)
  }

  /// The start of a day in seconds since 1970; nil if the day does not exist.
  private static func midnight(_ year: Int32?, _ month: Int32?, _ day: Int32?) -> Double? {
    guard let year, let month, let day else { return nil }
    var time = tm()
    time.tm_year = year - 1900
    time.tm_mon = month - 1
    time.tm_mday = day
    let seconds = timegm(&time)
    // timegm turns February 31 into March 3.
    guard time.tm_mon == month - 1, time.tm_mday == day else { return nil }
    return Double(seconds)
  }

  /// The offset of a zone from UTC.
  private static func seconds(ofZone zone: Substring) -> Int? {
    if zone == "Z" { return 0 }
    guard let hour = Int(zone.dropFirst().prefix(2)), hour < 24,
      let minute = Int(zone.suffix(2)), minute < 60
    else { return nil }
    return (hour * 3600 + minute * 60) * (zone.hasPrefix("-") ? -1 : 1)
  }
}
