import CDeepIDV
import DeepIDVCore

/// Fuzzes redirects and session URLs.
///
/// A violation ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  // Copied to an allocation of the exact size, so that the sanitizer detects overreads.
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  checkParameters(input)
  checkRedirect(input)
  checkDescription(input)
  checkNames(input)
  checkSessionURL(input)
  checkRedirectURL(input)
  checkRoundTrip(input)
  return 0
}

/// Iterating the parameters gives the same as a byte-by-byte split.
private func checkParameters(_ text: [UInt8]) {
  var param = deepidv_param()
  for pair in PlainQuery(text).pairs {
    require(nextParameter(text.span, &param) == DEEPIDV_OK)
    require(range(param.name, of: text) == pair.name)
    require(range(param.value, of: text) == pair.value)
    require(param.position > 0 && Int(param.position) <= text.count)
  }
  require(nextParameter(text.span, &param) == DEEPIDV_E_ABSENT)
  require(param.position == 0)
}

/// A parsed redirect has the values of the first parameters with these names.
private func checkRedirect(_ text: [UInt8]) {
  let query = PlainQuery(text)
  var redirect = deepidv_redirect()
  let status = parseRedirect(text.span, into: &redirect)

  require((redirect.facts & UInt32(DEEPIDV_FACT_JOINED_TWICE) != 0) == query.isJoinedTwice)

  var repeats: [Range<Int>] = []
  var isEqual = false
  func check(_ name: String, bit: Int32, span: deepidv_span) -> [UInt8] {
    let values = query.values(of: Array(name.utf8))
    require((redirect.present & UInt32(bit) != 0) == !values.isEmpty)
    let range = range(span, of: text)
    require(range == values.first ?? 0..<0)
    if bit != DEEPIDV_HAS_OTHER_SESSION_ID || redirect.present & UInt32(DEEPIDV_HAS_SESSION_ID) == 0
    {
      let first = values.first.map { decoded(text[$0]) }
      for value in values.dropFirst() {
        if decoded(text[value]) == first { isEqual = true } else { repeats.append(value) }
      }
    }
    return decoded(text[range])
  }
  let id = check("session_id", bit: DEEPIDV_HAS_SESSION_ID, span: redirect.session_id)
  let word = check("status", bit: DEEPIDV_HAS_STATUS, span: redirect.status_text)
  let reason = check("reason", bit: DEEPIDV_HAS_REASON, span: redirect.reason_text)
  _ = check("sessionId", bit: DEEPIDV_HAS_OTHER_SESSION_ID, span: redirect.other_session_id)

  require(redirect.status == code(of: word, in: statuses))
  require(redirect.reason == code(of: reason, in: reasons))
  require((redirect.facts & UInt32(DEEPIDV_FACT_REPEATED_EQUAL) != 0) == isEqual)
  require(status == (repeats.isEmpty ? DEEPIDV_OK : DEEPIDV_E_REPEATED))
  let repeated = range(redirect.repeated, of: text)
  require(repeats.isEmpty ? repeated == 0..<0 : repeats.contains(repeated))
  let hasFragment = redirect.present & UInt32(DEEPIDV_HAS_FRAGMENT) != 0
  require(range(redirect.fragment, of: text) == query.fragment ?? 0..<0)
  require(hasFragment == (query.fragment != nil))

  let isUTF8 = [id, word, reason].allSatisfy { String(validating: $0, as: UTF8.self) != nil }
  require((redirect.facts & UInt32(DEEPIDV_FACT_NOT_UTF8) == 0) == isUTF8)
  require((redirect.facts & UInt32(DEEPIDV_FACT_NO_SESSION_ID) != 0) == id.isEmpty)
  let matches = redirectMatches(text.span, redirect.session_id, id.span)
  require(matches == (id.isEmpty ? DEEPIDV_E_MISMATCH : DEEPIDV_OK))
}

/// The description is the JSON of what the other functions return, with invalid UTF-8 replaced.
private func checkDescription(_ text: [UInt8]) {
  var redirect = deepidv_redirect()
  let status = parseRedirect(text.span, into: &redirect)
  var written = ByteBuffer(byteLimit: 1 << 20)
  require((try? describeRedirect(text.span, into: &written)) == status)
  guard status == DEEPIDV_OK else { return require(written.isEmpty) }

  func json(_ bytes: [UInt8]) -> String {
    let escaped = String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\u{8}": "\\b"
      case "\t": "\\t"
      case "\n": "\\n"
      case "\u{C}": "\\f"
      case "\r": "\\r"
      case ..<" ": "\\u00" + (scalar.value < 16 ? "0" : "1") + hexDigit(scalar.value % 16)
      default: String(Character(scalar))
      }
    }
    return "\"" + escaped.joined() + "\""
  }
  func json(_ bit: Int32, _ span: deepidv_span) -> String {
    if redirect.present & UInt32(bit) == 0 { return "null" }
    let bytes = text[range(span, of: text)]
    return json(bit == DEEPIDV_HAS_FRAGMENT ? Array(bytes) : decoded(bytes))
  }
  let params = PlainQuery(text).pairs.map { pair in
    "{\"name\":\(json(decoded(text[pair.name]))),\"value\":\(json(decoded(text[pair.value])))}"
  }
  let expected = """
    {"session_id":\(json(DEEPIDV_HAS_SESSION_ID, redirect.session_id)),"status":\(redirect.status),\
    "status_text":\(json(DEEPIDV_HAS_STATUS, redirect.status_text)),"reason":\(redirect.reason),\
    "reason_text":\(json(DEEPIDV_HAS_REASON, redirect.reason_text)),"facts":\(redirect.facts),\
    "fragment":\(json(DEEPIDV_HAS_FRAGMENT, redirect.fragment)),\
    "other_session_id":\(json(DEEPIDV_HAS_OTHER_SESSION_ID, redirect.other_session_id)),\
    "params":[\(params.joined(separator: ","))]}
    """
  let bytes = (0..<written.count).compactMap { written.at($0) }
  require(bytes == Array(expected.utf8))
}

private func hexDigit(_ value: UInt32) -> String { String(value, radix: 16) }

/// A parameter is found by its decoded name.
private func checkNames(_ text: [UInt8]) {
  let query = PlainQuery(text)
  for pair in query.pairs.prefix(8) {
    let name = decoded(text[pair.name])
    let values = query.values(of: name)
    var span = deepidv_span()
    let status = findParameter(text.span, named: name.span, into: &span)
    let distinct = Set(values.map { decoded(text[$0]) })
    require(status == (distinct.count > 1 ? DEEPIDV_E_REPEATED : DEEPIDV_OK))
    require(range(span, of: text) == values.first)
  }
}

private func checkSessionURL(_ text: [UInt8]) {
  var parts = deepidv_session_url()
  let status = parseSessionURL(text.span, into: &parts)
  require(status == DEEPIDV_OK || status == DEEPIDV_E_REPEATED)
  let id = range(parts.session_id, of: text)
  require((parts.present & UInt32(DEEPIDV_SESSION_URL_HAS_SESSION_ID) != 0) == !id.isEmpty)
  require(parts.present == 0 || !id.isEmpty)
  for span in [parts.org_id, parts.redirect_url, parts.repeated] { _ = range(span, of: text) }
}

/// An accepted URL is https, and after the service appends its parameters, they are not repeated.
private func checkRedirectURL(_ rest: [UInt8]) {
  guard String(validating: rest, as: UTF8.self) != nil else { return }
  for start in ["", "https://", "https://a.example/?"] {
    let url = Array(start.utf8) + rest
    var request = SessionRequest()
    guard request.set(.redirectURL, url.span) == DEEPIDV_OK else { continue }
    let scheme = url.prefix(8).map { $0 | 0x20 }
    require(scheme == Array("https://".utf8).map { $0 | 0x20 })
    require(url.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
    let host = url.dropFirst(8).prefix { !"/?#".utf8.contains($0) }
    require(host.allSatisfy { $0 < 0x80 && !"@%".utf8.contains($0) })
    let base = url.prefix { $0 != UInt8(ascii: "#") }
    let mark = base.contains(UInt8(ascii: "?")) ? "&" : "?"
    var redirect = deepidv_redirect()
    let back = base + Array("\(mark)session_id=s&status=success".utf8)
    require(parseRedirect(Array(back).span, into: &redirect) == DEEPIDV_OK)
    require(redirect.present & 7 == 3 && redirect.status == DEEPIDV_REDIRECT_SUCCESS)
  }
}

/// A value that is encoded, put into a URL, parsed and decoded is unchanged.
private func checkRoundTrip(_ value: [UInt8]) {
  let url = Array("https://yourapp.com/cb?\(encoded(value))=1&session_id=\(encoded(value))".utf8)
  var redirect = deepidv_redirect()
  let status = parseRedirect(url.span, into: &redirect)
  let isRepeated = value == Array("session_id".utf8)
  require(status == (isRepeated ? DEEPIDV_E_REPEATED : DEEPIDV_OK))
  if isRepeated { return }
  require(decoded(url[range(redirect.session_id, of: url)]) == value)
  require(written(url, redirect.session_id) == value)

  var span = deepidv_span()
  require(findParameter(url.span, named: value.span, into: &span) == DEEPIDV_OK)
  require(Array(url[range(span, of: url)]) == [UInt8(ascii: "1")])
}
