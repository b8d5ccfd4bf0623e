/// Where a redirect's query stands, without its question mark, and where its fragment's `#` does.
///
/// An absolute URL or a path has a query only behind its first `?`. Anything else is a bare query,
/// unless a `?` comes before the first `=` and `&`: a `?` further on belongs to a value, and what
/// follows it must not be taken for parameters.
@_noAllocation
func locateQuery(_ text: Span<UInt8>) -> ByteRange {
  let end = firstIndex(of: UInt8(ascii: "#"), in: text, before: text.count)
  let question = firstIndex(of: UInt8(ascii: "?"), in: text, before: end)
  if startsLikeURLOrPath(text, before: end) {
    return ByteRange(question < end ? question + 1 : end, end)
  }
  let equals = firstIndex(of: UInt8(ascii: "="), in: text, before: end)
  let ampersand = firstIndex(of: UInt8(ascii: "&"), in: text, before: end)
  return ByteRange(question < min(equals, ampersand) ? question + 1 : 0, end)
}

/// Whether it starts with `/`, or with a scheme and `://`.
@_noAllocation
private func startsLikeURLOrPath(_ text: Span<UInt8>, before end: Int) -> Bool {
  if end > 0, text[0] == UInt8(ascii: "/") { return true }
  var colon = 0
  while colon < end, isSchemeByte(text[colon]) { colon += 1 }
  if colon == 0 || end - colon < 3 { return false }
  // The right side of && would capture the span, which counts as a possible allocation.
  let (first, second, third) = (text[colon], text[colon + 1], text[colon + 2])
  return first == UInt8(ascii: ":") && second == UInt8(ascii: "/") && third == UInt8(ascii: "/")
}

/// Whether a byte may stand in a scheme.
///
/// https://www.rfc-editor.org/rfc/rfc3986#section-3.1
@_noAllocation
private func isSchemeByte(_ byte: UInt8) -> Bool {
  let letter = (byte | 0x20) &- UInt8(ascii: "a")
  return letter < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "+")
    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
}

/// Where a byte first stands, or `end`.
@_noAllocation
private func firstIndex(of wanted: UInt8, in text: Span<UInt8>, before end: Int) -> Int {
  var index = 0
  while index < end, text[index] != wanted { index += 1 }
  return index
}
