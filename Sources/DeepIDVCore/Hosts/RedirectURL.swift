import CDeepIDV
import CPlatform

/// Checks whether a text is a usable `redirect_url`: an https URL that browsers open and the service can add its
/// parameters to.
///
/// A browser reads it, so what the URL standard says of hosts decides; in the path and behind it nearly everything
/// stands for itself. https://url.spec.whatwg.org/#host-parsing
///
/// - Parameter text: UTF-8.
func checkRedirectURL(_ text: Span<UInt8>) -> deepidv_status {
  if !isOrdinaryURL(text) {
    let status = checkAnyURL(text)
    if status != DEEPIDV_OK { return status }
  }
  let question = UInt8(ascii: "?")
  let query = text.firstIndex(of: question, or: question, from: 8, before: text.count)
  // The parameter would come back twice, and which of the two counts would be a guess.
  return query < text.count && hasServiceParameter(text) ? DEEPIDV_E_REPEATED : DEEPIDV_OK
}

/// Whether it is a URL as nearly all are, which the rule below accepts too, in three times the time.
///
/// A name of letters, digits, dots and single hyphens, of which the last label starts with a letter; then nothing or a
/// path, and what may follow it, in printable ASCII without a backslash.
func isOrdinaryURL(_ text: Span<UInt8>) -> Bool {
  guard text.has("https://", at: 0) else { return false }
  var index = 8
  while true {
    let start = index
    var hyphen = index &- 1
    while true {
      index = text.firstSpecial(CPLATFORM_NOT_LOWER_CASE, from: index)
      guard let byte = text.at(index) else { break }
      if byte == UInt8(ascii: "-"), hyphen != index &- 1 {
        hyphen = index
      } else if !byte.isASCIIDigit, !byte.isASCIILetter {
        break
      }
      index &+= 1
    }
    // A label of at least one byte.
    if index == start { return false }
    let end = text.at(index)
    if end == UInt8(ascii: ".") {
      index &+= 1
    } else {
      guard end == nil || end == UInt8(ascii: "/"), text.at(start)?.isASCIILetter == true else {
        return false
      }
      break
    }
  }
  return text.firstSpecial(CPLATFORM_NOT_PLAIN_IN_URL, from: index) == text.count
}

/// The whole rule, but for what the query has.
func checkAnyURL(_ text: Span<UInt8>) -> deepidv_status {
  var hasBackslash = false
  var index = 0
  while let byte = text.at(index) {
    index &+= 1
    if byte <= UInt8(ascii: " ") || byte == 0x7F { return DEEPIDV_E_CONTROL }
    if byte == UInt8(ascii: "\\") { hasBackslash = true }
  }
  var colon = 0
  while let byte = text.at(colon), isSchemeByte(byte) { colon += 1 }
  let start = colon &+ 3
  guard colon > 0, text.has("://", at: colon) else { return DEEPIDV_E_URL }
  let end = endOfAuthority(text, start)
  // Browsers take `https:/host` and `https:///host` for what they probably mean, and a backslash for a slash: too many
  // readings for an address that people are sent to.
  if end == start || hasBackslash { return DEEPIDV_E_URL }
  let at = UInt8(ascii: "@")
  if text.firstIndex(of: at, or: at, from: start, before: end) < end { return DEEPIDV_E_USERINFO }
  guard isHTTPS(text, colon) else { return DEEPIDV_E_SCHEME }
  return endOfHost(text.part(start, end)) != nil ? DEEPIDV_OK : DEEPIDV_E_URL
}

private func isHTTPS(_ text: Span<UInt8>, _ colon: Int) -> Bool {
  if text.has("https:", at: 0) { return true }
  let scheme: StaticString = "https"
  return text.part(0, colon).equalsIgnoringCase(scheme)
}

/// Where the host and its port end.
func endOfAuthority(_ text: Span<UInt8>, _ start: Int) -> Int {
  var end = start
  while let byte = text.at(end),
    byte != UInt8(ascii: "/"), byte != UInt8(ascii: "?"), byte != UInt8(ascii: "#")
  {
    end += 1
  }
  return end
}
