import CDeepIDV
import CPlatform

/// Writes a span of a redirect as readable text, NUL-terminated.
///
/// - Parameter length: How many bytes the text has without its NUL, whenever the span is one of `text`.
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_RANGE`, `DEEPIDV_E_BUFFER`, `DEEPIDV_E_UTF8` or `DEEPIDV_E_NUL`.
@_noAllocation
public func decodeSpan(
  _ text: Span<UInt8>, _ span: deepidv_span, into out: inout MutableSpan<UInt8>, length: inout Int
) -> deepidv_status {
  length = 0
  guard let range = byteRange(of: span, within: text.count) else { return DEEPIDV_E_RANGE }
  let special = text.firstSpecial(
    CPLATFORM_NOT_PLAIN_IN_QUERY, from: range.start, before: range.end)
  guard special == range.end else { return decode(text, range, into: &out, length: &length) }
  // Nearly all ids mean themselves, and what is printable ASCII needs no further look.
  length = range.count
  guard range.count < out.count else { return DEEPIDV_E_BUFFER }
  let source = unsafe text.withUnsafeBufferPointer { $0.baseAddress }
  unsafe out.withUnsafeMutableBufferPointer { out in
    guard let source = unsafe source, let target = out.baseAddress else { return }
    unsafe cplatform_copy(target, source + range.start, range.count)
  }
  out.set(range.count, to: 0)
  return DEEPIDV_OK
}

/// The same for a range in which some bytes are special.
@_noAllocation @inline(never)
private func decode(
  _ text: Span<UInt8>, _ range: ByteRange, into out: inout MutableSpan<UInt8>, length: inout Int
) -> deepidv_status {
  // Decoding only makes it shorter, so that it is counted beforehand only where it may not fit.
  var index = range.start
  if range.count >= out.count {
    while index < range.end {
      index = decodedByte(text, at: index, before: range.end).next
      length &+= 1
    }
    guard length < out.count else { return DEEPIDV_E_BUFFER }
  }

  var status = decodesToUTF8(text, range) ? DEEPIDV_OK : DEEPIDV_E_UTF8
  var position = 0
  index = range.start
  while index < range.end {
    let (byte, next) = decodedByte(text, at: index, before: range.end)
    out.set(position, to: byte)
    if byte == 0, status == DEEPIDV_OK { status = DEEPIDV_E_NUL }
    position &+= 1
    index = next
  }
  length = position
  out.set(position, to: 0)
  return status
}
