/// A date and time of the proleptic Gregorian calendar, as it was written.
struct DateFields {
  var year: Int64 = 1970
  /// From 1 to 12.
  var month: Int64 = 1
  var day: Int64 = 1
  var hour: Int64 = 0
  var minute: Int64 = 0
  var second: Int64 = 0

  /// Whether there is such a time.
  ///
  /// Leap seconds are allowed.
  var isPossible: Bool {
    1...12 ~= month && day >= 1 && day <= daysOfMonth && hour < 24 && minute < 60 && second <= 60
  }

  /// The time, if there is such a time.
  var secondsSince1970: Int64 {
    daysSince1970 &* 86_400 &+ hour &* 3600 &+ minute &* 60 &+ second
  }

  private var daysOfMonth: Int64 {
    switch month {
    case 2: isLeapYear ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private var isLeapYear: Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// Whole days until then.
  ///
  /// Years begin in March here, so that the leap day is the last: http://howardhinnant.github.io/date_algorithms.html
  private var daysSince1970: Int64 {
    let shifted = month <= 2 ? year &- 1 : year
    let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
    let yearOfEra = shifted &- era &* 400
    let monthFromMarch = (month &+ 9) % 12
    let dayOfYear = (153 &* monthFromMarch &+ 2) / 5 &+ day &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return era &* 146_097 &+ dayOfEra &- 719_468
  }
}
