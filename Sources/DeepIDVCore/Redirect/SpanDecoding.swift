import CDeepIDV

/// Writes a span of a redirect as readable text, NUL-terminated.
///
/// - Parameter length: How many bytes the text has without its NUL, whenever the span is one of `text`.
@_noAllocation
public func decodeSpan(
  _ text: Span<UInt8>, _ span: deepidv_span, into out: inout MutableSpan<UInt8>, length: inout Int
) -> deepidv_status {
  length = 0
  guard let range = byteRange(of: span, within: text.count) else { return DEEPIDV_E_RANGE }
  var needed = 0
  var index = range.start
  while index < range.end {
    index = decodedByte(text, at: index, before: range.end).next
    needed += 1
  }
  length = needed
  guard needed < out.count else { return DEEPIDV_E_BUFFER }

  var status = DEEPIDV_OK
  var position = 0
  index = range.start
  while index < range.end {
    let (byte, next) = decodedByte(text, at: index, before: range.end)
    out[position] = byte
    if byte == 0 { status = DEEPIDV_E_NUL }
    position += 1
    index = next
  }
  out[needed] = 0
  return status
}
