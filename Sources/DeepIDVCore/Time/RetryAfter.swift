/// Reads the value of a `Retry-After` header: seconds, or a date.
///
/// A date counts from the answer's own `Date`, so that it does not matter how this machine's clock is set.
/// A date in the past is 0. A number that exceeds 64 bits is `UInt64.max`; the caller limits how long it waits.
///
/// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
///
/// - Parameters:
///   - value: The header's value.
///   - date: The value of the answer's `Date` header, if it had one; one that cannot be read is ignored.
///   - wallClock: This machine's time in seconds since 1970, for an answer without a date.
/// - Returns: Seconds, or nil if the value cannot be read.
public func retryAfterSeconds(
  _ value: Span<UInt8>, date: Span<UInt8>?, wallClock: Int64
) -> UInt64? {
  let bounds = contents(of: value)
  switch value.decimal(in: bounds) {
  case .value(let seconds): return seconds
  case .overflow: return .max
  case .invalid: break
  }
  var reference = wallClock
  if let date, let sent = httpDate(date, contents(of: date), near: wallClock) { reference = sent }
  guard let then = httpDate(value, bounds, near: reference) else { return nil }
  guard then > reference else { return 0 }
  let (difference, overflow) = then.subtractingReportingOverflow(reference)
  return overflow ? UInt64(Int64.max) : UInt64(difference)
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
