import CDeepIDV

/// As many bytes as a context may have: as a cookie.
public let longestContext = 4096

/// As many seconds as a state may last: a year.
let longestLifetime: Int64 = 31_536_000

/// Writes a state, or returns the status for why not.
///
/// - Parameters:
///   - lifetime: The seconds until it expires.
///   - now: Seconds since 1970.
///   - nonce: 16 bytes that nobody can guess.
public func makeState(
  _ keys: borrowing StateKeys, context: Span<UInt8>, lifetime: Int64, now: Int64,
  nonce: Span<UInt8>, to text: inout ByteBuffer
) -> deepidv_status {
  guard lifetime >= 1, lifetime <= longestLifetime else { return DEEPIDV_E_RANGE }
  if context.isEmpty { return DEEPIDV_E_REQUIRED }
  if context.count > longestContext { return DEEPIDV_E_TOO_LONG }
  if nonce.count != 16 { return DEEPIDV_E_LENGTH }
  do throws(StateFault) {
    let state = try RedirectState(keys, context: context, expiry: now &+ lifetime, nonce: nonce)
    do throws(BufferError) { try state.write(to: &text) } catch { return DEEPIDV_E_NOMEM }
    return DEEPIDV_OK
  } catch {
    return error.status
  }
}

/// Returns what is wrong with a state, which may be in a redirect or by itself.
///
/// A redirect that has a state has a `=`, and a state has none.
///
/// - Parameter now: Seconds since 1970.
public func verifyState(
  _ text: Span<UInt8>, _ keys: borrowing StateKeys, context: Span<UInt8>, now: Int64
) -> deepidv_status {
  if context.isEmpty || keys.count == 0 { return DEEPIDV_E_REQUIRED }
  if context.count > longestContext { return DEEPIDV_E_TOO_LONG }
  var range = ByteRange(0, text.count)
  if text.indices.contains(where: { text[$0] == UInt8(ascii: "=") }) {
    var value = deepidv_span()
    let found = findParameter(text, named: "state", into: &value)
    guard found == DEEPIDV_OK, let place = byteRange(of: value, within: text.count) else {
      return found == DEEPIDV_E_ABSENT ? DEEPIDV_E_STATE : found
    }
    range = ByteRange(place.start, endOfState(text, place))
  }
  do throws(StateFault) {
    try RedirectState(text, range).check(keys, context: context, now: now)
    return DEEPIDV_OK
  } catch {
    return error.status
  }
}

/// Where a state ends in the value of its parameter.
///
/// A second `?` that joined a session id ends it, also where the id is repeated further on and so is not missing
/// without it. Only that very id: a caller's own URL cannot have known it.
private func endOfState(_ text: Span<UInt8>, _ value: ByteRange) -> Int {
  let question = UInt8(ascii: "?")
  let end = text.firstIndex(of: question, or: question, from: value.start, before: value.end)
  guard end < value.end, let pair = joinedPair(text, namedAt: end + 1, before: value.end) else {
    return value.end
  }
  var redirect = deepidv_redirect()
  guard parseRedirect(text, into: &redirect) == DEEPIDV_OK else { return value.end }
  let id =
    switch resultParameter(text, pair) {
    case DEEPIDV_HAS_SESSION_ID: redirect.session_id
    case DEEPIDV_HAS_OTHER_SESSION_ID: redirect.other_session_id
    default: deepidv_span()
    }
  let isRepeated = id.length > 0 && decodeAlike(text, pair.value, ByteRange(id))
  return isRepeated ? end : value.end
}

/// Writes a redirect URL with a state in its query, or returns the status for why not.
///
/// A parameter that the service adds to it, or a state of its own, would come back twice.
///
/// - Parameter url: An absolute URL.
public func addState(
  _ state: Span<UInt8>, to url: Span<UInt8>, into result: inout ByteBuffer
) -> deepidv_status {
  do throws(StateFault) { _ = try RedirectState(state, ByteRange(0, state.count)) } catch {
    return error.status
  }
  // One that needs decoding is a piece of a query, and not a state yet.
  if state.count != 96 { return DEEPIDV_E_STATE }
  var value = deepidv_span()
  if hasServiceParameter(url)
    || findParameter(url, named: "state", into: &value) != DEEPIDV_E_ABSENT
  {
    return DEEPIDV_E_REPEATED
  }
  do throws(BufferError) {
    let (hash, mark) = (UInt8(ascii: "#"), UInt8(ascii: "?"))
    let end = url.firstIndex(of: hash, or: hash, from: 0, before: url.count)
    let question = url.firstIndex(of: mark, or: mark, from: 0, before: end)
    try result.append(url.part(0, end))
    if question == end {
      try result.append(UInt8(ascii: "?"))
    } else if question &+ 1 < end, url.at(end &- 1) != UInt8(ascii: "&") {
      try result.append(UInt8(ascii: "&"))
    }
    try result.append("state=")
    try result.append(state)
    // The fragment, which a server never sees, stays at the end.
    try result.append(url.part(end, url.count))
  } catch {
    return DEEPIDV_E_NOMEM
  }
  return DEEPIDV_OK
}

/// Finds a parameter by a name of the source code.
private func findParameter(
  _ text: Span<UInt8>, named name: StaticString, into value: inout deepidv_span
) -> deepidv_status {
  name.withSpan { findParameter(text, named: $0, into: &value) }
}
