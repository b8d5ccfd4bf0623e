import Foundation

/// The format of the `Date` header: IMF-fixdate of RFC 9110, section 5.6.7.
enum HTTPDate {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// For example `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func text(_ date: Date) -> String {
    var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
    var utc = tm()
    gmtime_r(&seconds, &utc)
    let day = "\(days[Int(utc.tm_wday)]), \(padded(utc.tm_mday)) \(months[Int(utc.tm_mon)])"
    let time = [utc.tm_hour, utc.tm_min, utc.tm_sec].map(padded).joined(separator: ":")
    return "\(day) \(padded(utc.tm_year + 1900, to: 4)) \(time) GMT"
  }

  private static func padded(_ number: Int32) -> String { padded(number, to: 2) }

  private static func padded(_ number: Int32, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
