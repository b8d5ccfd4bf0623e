/// The index at which a redirect's query begins, after its question mark.
///
/// Without a query, that of its `#` or its end.
///
/// An absolute URL or a path has a query only behind its first `?`. Anything else is a bare query,
/// unless a `?` comes before the first `=` and `&`: a `?` further on belongs to a value, and what
/// follows it must not be taken for parameters.
@_noAllocation @_optimize(speed) @inline(never)
func locateQuery(_ text: Span<UInt8>) -> Int {
  // Most are these, and what they begin with has neither.
  let isHTTPS = text.has("https://", at: 0)
  var isURLOrPath = isHTTPS
  if !isHTTPS { isURLOrPath = startsLikeURLOrPath(text) }
  var index = isHTTPS ? 8 : 0
  while index < text.count {
    let block = text.block(at: index)
    var found = block.find(UInt8(ascii: "?"), UInt8(ascii: "#"))
    if !isURLOrPath { found |= block.find(UInt8(ascii: "="), UInt8(ascii: "&")) }
    if found != 0 {
      index &+= found.trailingZeroBitCount
      break
    }
    index &+= SIMDBlock.count
  }
  guard let byte = text.at(index) else { return isURLOrPath ? text.count : 0 }
  if byte == UInt8(ascii: "?") { return index + 1 }
  return isURLOrPath ? index : 0
}

/// Whether it starts with `/`, or with a scheme and `://`.
@_noAllocation @inline(never)
private func startsLikeURLOrPath(_ text: Span<UInt8>) -> Bool {
  if text.at(0) == UInt8(ascii: "/") { return true }
  var colon = 0
  while let byte = text.at(colon), isSchemeByte(byte) { colon += 1 }
  if colon == 0 { return false }
  return text.has("://", at: colon)
}

/// Whether a byte is allowed in a scheme.
///
/// https://www.rfc-editor.org/rfc/rfc3986#section-3.1
@_noAllocation
func isSchemeByte(_ byte: UInt8) -> Bool {
  byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "+")
    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
}
