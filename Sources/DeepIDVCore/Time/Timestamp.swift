/// A point in time, to the nanosecond.
struct Timestamp {
  /// Since 1970, rounded down.
  var seconds: Int64
  var nanoseconds: Int64

  /// Reads a date and time in ISO 8601, as in `2026-01-01T00:00:00.123Z`.
  ///
  /// The zone is `Z` or an offset; without one the service's own is UTC. nil for anything else.
  init?(_ text: Span<UInt8>) {
    guard let seconds = secondsSince1970(text) else { return nil }
    self.seconds = seconds
    nanoseconds = 0
    let end = endOfFraction(text)
    var unit: Int64 = 100_000_000
    var index = 20
    while unit > 0, index < end, let digit = text.digits(from: index, count: 1) {
      nanoseconds &+= digit &* unit
      unit /= 10
      index += 1
    }
  }

  /// Whether it is later than another.
  func isLater(than other: Timestamp) -> Bool {
    seconds == other.seconds ? nanoseconds > other.nanoseconds : seconds > other.seconds
  }
}

/// Seconds since 1970 of a date and time in ISO 8601, without the fraction; nil for anything else.
func secondsSince1970(_ text: Span<UInt8>) -> Int64? {
  guard text.count >= 19, separators(of: text) else { return nil }
  guard let year = text.digits(from: 0, count: 4), let month = text.digits(from: 5, count: 2),
    let day = text.digits(from: 8, count: 2), let hour = text.digits(from: 11, count: 2),
    let minute = text.digits(from: 14, count: 2), let second = text.digits(from: 17, count: 2)
  else { return nil }
  let date = DateFields(
    year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  guard date.isPossible else { return nil }
  guard let offset = zoneOffset(text, from: endOfFraction(text)) else { return nil }
  return date.secondsSince1970 &- offset
}

private func separators(of text: Span<UInt8>) -> Bool {
  guard text.at(4) == UInt8(ascii: "-"), text.at(7) == UInt8(ascii: "-"), let middle = text.at(10),
    middle | 0x20 == UInt8(ascii: "t") || middle == UInt8(ascii: " ")
  else { return false }
  return text.at(13) == UInt8(ascii: ":") && text.at(16) == UInt8(ascii: ":")
}

private func endOfFraction(_ text: Span<UInt8>) -> Int {
  guard text.at(19) == UInt8(ascii: ".") else { return 19 }
  var end = 20
  while let byte = text.at(end), byte.isASCIIDigit { end += 1 }
  return end
}

/// Seconds east of UTC.
private func zoneOffset(_ text: Span<UInt8>, from start: Int) -> Int64? {
  guard let sign = text.at(start) else { return 0 }
  if sign | 0x20 == UInt8(ascii: "z") { return start + 1 == text.count ? 0 : nil }
  guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
    let hours = text.digits(from: start + 1, count: 2)
  else { return nil }
  let hasColon = text.at(start &+ 3) == UInt8(ascii: ":")
  let minutesAt = start &+ (hasColon ? 4 : 3)
  guard let minutes = text.digits(from: minutesAt, count: 2), minutesAt &+ 2 == text.count,
    hours < 24,
    minutes < 60
  else { return nil }
  let offset = hours &* 3600 &+ minutes &* 60
  return sign == UInt8(ascii: "-") ? 0 &- offset : offset
}
