import CDeepIDV

/// Takes a session URL of the documented shape apart: `https://HOST/session/ID?oid=…&redirect_url=…`.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_TOO_LONG` or `DEEPIDV_E_REPEATED`.
@_noAllocation
public func parseSessionURL(
  _ text: Span<UInt8>, into out: inout deepidv_session_url
) -> deepidv_status {
  out = deepidv_session_url()
  guard text.count <= maximumTextCount else { return DEEPIDV_E_TOO_LONG }
  guard let id = sessionID(text) else { return DEEPIDV_OK }
  var present = DEEPIDV_SESSION_URL_HAS_SESSION_ID
  out.session_id = span(id)

  var repeated: ByteRange?
  // A path ends at its `?`, its `#`, or with the text.
  let start = text.at(id.end) == UInt8(ascii: "?") ? id.end + 1 : text.count
  var pairs = FormPairs(start, before: text.count)
  while let pair = pairs.next(in: text) {
    var bit: Int32 = 0
    if decodes(text, pair.name, to: "oid") { bit = DEEPIDV_SESSION_URL_HAS_ORG_ID }
    if decodes(text, pair.name, to: "redirect_url") { bit = DEEPIDV_SESSION_URL_HAS_REDIRECT_URL }
    if bit == 0 { continue }
    if present & bit != 0 {
      let first = bit == DEEPIDV_SESSION_URL_HAS_ORG_ID ? out.org_id : out.redirect_url
      if !decodeAlike(text, ByteRange(first), pair.value) { repeated = repeated ?? pair.value }
      continue
    }
    present |= bit
    if bit == DEEPIDV_SESSION_URL_HAS_ORG_ID {
      out.org_id = span(pair.value)
    } else {
      out.redirect_url = span(pair.value)
    }
  }
  out.present = UInt32(bitPattern: present)
  guard let repeated else { return DEEPIDV_OK }
  out.repeated = span(repeated)
  return DEEPIDV_E_REPEATED
}

/// The range of the id in the path of a session URL, if it is one.
@_noAllocation
private func sessionID(_ text: Span<UInt8>) -> ByteRange? {
  let scheme = text.has("https://", at: 0) ? 8 : text.has("http://", at: 0) ? 7 : 0
  if scheme == 0 { return nil }
  var host = scheme
  while let byte = text.at(host), isHostByte(byte) { host += 1 }
  let path: StaticString = "/session/"
  guard host > scheme, text.has(path, at: host) else { return nil }
  let start = host &+ path.count
  var end = start
  while let byte = text.at(end), byte != UInt8(ascii: "?"), byte != UInt8(ascii: "#") {
    if byte == UInt8(ascii: "/") { return nil }
    end += 1
  }
  return end > start ? ByteRange(start, end) : nil
}

/// Whether a byte is allowed in a host or its port.
///
/// No `@` and no `\`: parsers disagree about whether the text before them is the host.
@_noAllocation
private func isHostByte(_ byte: UInt8) -> Bool {
  byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-")
    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "[")
    || byte == UInt8(ascii: "]")
}
