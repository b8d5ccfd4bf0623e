/// Reads a date as HTTP writes it, in today's form or one of the two that are obsolete.
///
/// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
///
/// Not `curl_getdate`: that takes 31 November for 1 December, a number of eight digits for a date, and 1970 written
/// as 70 for 2070, and passes over a zone or a sign that it does not understand.
///
/// - Parameter reference: A time near the date. It decides the century of a year of two digits.
/// - Returns: Seconds since 1970, or nil if it is no date.
func httpDate(_ text: Span<UInt8>, _ range: ByteRange, near reference: Int64) -> Int64? {
  var date = DateFields()
  if date.read(text, range, as: "%a, %d %b %Y %H:%M:%S GMT", near: reference) {
    return date.secondsSince1970
  }
  if date.read(text, range, as: "%A, %d-%b-%y %H:%M:%S GMT", near: reference) {
    return date.secondsSince1970
  }
  if date.read(text, range, as: "%a %b %e %H:%M:%S %Y", near: reference) {
    return date.secondsSince1970
  }
  return nil
}

// MARK: Reading

extension DateFields {
  /// Reads a text by a format as for `strftime`.
  ///
  /// Returns whether it has that format.
  mutating func read(
    _ text: Span<UInt8>, _ range: ByteRange, as form: StaticString, near reference: Int64
  ) -> Bool {
    var reader = DateReader(range)
    let matches = form.withSpan { form in
      var index = 0
      while let byte = form.at(index) {
        if byte == UInt8(ascii: "%") {
          index += 1
          guard let field = form.at(index), read(field, &reader, text, near: reference) else {
            return false
          }
        } else if reader.next(in: text) != byte {
          return false
        }
        index += 1
      }
      return true
    }
    return matches && reader.isAtEnd && isPossible
  }

  private mutating func read(
    _ field: UInt8, _ reader: inout DateReader, _ text: Span<UInt8>, near reference: Int64
  ) -> Bool {
    switch field {
    // The day of the week follows from the date; a wrong one is ignored.
    case UInt8(ascii: "a"): return reader.dayName(in: text, isFull: false)
    case UInt8(ascii: "A"): return reader.dayName(in: text, isFull: true)
    case UInt8(ascii: "b"): return reader.month(in: text, into: &month)
    case UInt8(ascii: "d"): return reader.number(in: text, digits: 2, into: &day)
    case UInt8(ascii: "e"): return reader.paddedDay(in: text, into: &day)
    case UInt8(ascii: "H"): return reader.number(in: text, digits: 2, into: &hour)
    case UInt8(ascii: "M"): return reader.number(in: text, digits: 2, into: &minute)
    case UInt8(ascii: "S"): return reader.number(in: text, digits: 2, into: &second)
    case UInt8(ascii: "Y"): return reader.number(in: text, digits: 4, into: &year)
    case UInt8(ascii: "y"):
      guard reader.number(in: text, digits: 2, into: &year) else { return false }
      year = Self.fullYear(year, near: reference)
      return true
    default: return false
    }
  }

  /// The last year with these two digits that is not more than 50 years ahead.
  private static func fullYear(_ digits: Int64, near reference: Int64) -> Int64 {
    // A Gregorian year has 31,556,952 seconds on average; a day more or less does not matter here.
    let year = min(max(1970 + reference / 31_556_952, 1970), 9999)
    let latest = year + 50
    return latest &- (latest &- digits) % 100
  }
}

/// Where in a date the reading is.
private struct DateReader {
  private var position: Int
  private let end: Int

  init(_ range: ByteRange) {
    position = range.start
    end = range.end
  }

  var isAtEnd: Bool { position == end }

  mutating func next(in text: Span<UInt8>) -> UInt8? {
    guard position < end, let byte = text.at(position) else { return nil }
    position += 1
    return byte
  }

  @inline(never)
  mutating func number(in text: Span<UInt8>, digits: Int, into value: inout Int64) -> Bool {
    guard end &- position >= digits, let number = text.digits(from: position, count: digits) else {
      return false
    }
    value = number
    position &+= digits
    return true
  }

  /// A day of the month with a space for a leading zero.
  mutating func paddedDay(in text: Span<UInt8>, into value: inout Int64) -> Bool {
    guard position < end, text.at(position) == UInt8(ascii: " ") else {
      return number(in: text, digits: 2, into: &value)
    }
    position += 1
    return number(in: text, digits: 1, into: &value)
  }

  mutating func month(in text: Span<UInt8>, into value: inout Int64) -> Bool {
    let names: StaticString = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec "
    guard let index = skipName(of: names, in: text) else { return false }
    value = index &+ 1
    return true
  }

  mutating func dayName(in text: Span<UInt8>, isFull: Bool) -> Bool {
    let names: StaticString =
      isFull
      ? "Monday Tuesday Wednesday Thursday Friday Saturday Sunday " : "Mon Tue Wed Thu Fri Sat Sun "
    return skipName(of: names, in: text) != nil
  }

  /// Steps over the name at the current position.
  ///
  /// Case matters in a date.
  ///
  /// - Parameter names: Each followed by a space.
  /// - Returns: The index of the name in the list, or nil if none of them is there.
  @inline(never)
  private mutating func skipName(of names: StaticString, in text: Span<UInt8>) -> Int64? {
    names.withSpan { names in
      var index: Int64 = 0
      var end = position
      var matches = true
      var place = 0
      while let letter = names.at(place) {
        place &+= 1
        if letter != UInt8(ascii: " ") {
          matches = matches && end < self.end && text.at(end) == letter
          end &+= 1
        } else if matches {
          position = end
          return index
        } else {
          index &+= 1
          end = position
          matches = true
        }
      }
      return nil
    }
  }
}
