/// The value of a `Retry-After` header.
///
/// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
public enum RetryAfter: Equatable, Sendable {
  case seconds(UInt64)
  /// Seconds since 1970.
  case date(Int64)

  /// Reads a value; nil if it is neither a number nor a date.
  ///
  /// - Parameter wallClock: This machine's time in seconds since 1970, for the century of a year of two digits.
  public init?(_ value: Span<UInt8>, near wallClock: Int64) {
    switch value.decimal(in: contents(of: value)) {
    case .value(let seconds): self = .seconds(seconds)
    case .overflow: self = .seconds(.max)
    case .invalid:
      guard let date = httpDateSeconds(value, near: wallClock) else { return nil }
      self = .date(date)
    }
  }

  /// The seconds to wait; 0 after the date.
  ///
  /// A number that exceeds 64 bits is `UInt64.max`: the caller limits how long it waits.
  ///
  /// - Parameter reference: What a date counts from. It is best the answer's own `Date`, so that it does not matter
  ///   how this machine's clock is set.
  public func seconds(since reference: Int64) -> UInt64 {
    switch self {
    case .seconds(let seconds): return seconds
    case .date(let date):
      guard date > reference else { return 0 }
      let (difference, overflow) = date.subtractingReportingOverflow(reference)
      return overflow ? UInt64(Int64.max) : UInt64(bitPattern: difference)
    }
  }
}

/// Seconds since 1970 of a `Date` header's value, or nil if it cannot be read.
///
/// - Parameter wallClock: This machine's time in seconds since 1970.
public func httpDateSeconds(_ value: Span<UInt8>, near wallClock: Int64) -> Int64? {
  httpDate(value, contents(of: value), near: wallClock)
}

private func contents(of text: Span<UInt8>) -> ByteRange {
  text.trimmed(ByteRange(0, text.count), andLineEnds: false)
}
