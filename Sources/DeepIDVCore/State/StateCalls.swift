import CDeepIDV

/// As many bytes as a context may have: as a cookie.
public let longestContext = 4096

/// Writes a state, or says why not.
///
/// - Parameters:
///   - expiry: Seconds since 1970.
///   - nonce: 16 bytes that nobody can guess.
public func makeState(
  _ keys: borrowing StateKeys, context: Span<UInt8>, expiry: Int64, nonce: Span<UInt8>,
  to text: inout ByteBuffer
) -> deepidv_status {
  if context.isEmpty { return DEEPIDV_E_REQUIRED }
  if context.count > longestContext { return DEEPIDV_E_TOO_LONG }
  if nonce.count != 16 { return DEEPIDV_E_LENGTH }
  do throws(StateFault) {
    let state = try State(keys, context: context, expiry: expiry, nonce: nonce)
    do throws(BufferError) { try state.write(to: &text) } catch { return DEEPIDV_E_NOMEM }
    return DEEPIDV_OK
  } catch {
    return error.status
  }
}

/// Says what is wrong with the state of a redirect, or with one that stands by itself.
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
    range = place
  }
  do throws(StateFault) {
    try State(text, range).check(keys, context: context, now: now)
    return DEEPIDV_OK
  } catch {
    return error.status
  }
}

/// Writes a redirect URL with a state in its query, or says why not.
///
/// A parameter that the service adds to it, or a state of its own, would come back twice.
///
/// - Parameter url: An absolute URL.
public func addState(
  _ state: Span<UInt8>, to url: Span<UInt8>, into result: inout ByteBuffer
) -> deepidv_status {
  do throws(StateFault) { _ = try State(state, ByteRange(0, state.count)) } catch {
    return error.status
  }
  // One that needs decoding is a piece of a query, and not a state yet.
  if state.count != 96 { return DEEPIDV_E_STATE }
  let taken: [4 of StaticString] = ["state", "session_id", "status", "reason"]
  for index in taken.indices {
    var value = deepidv_span()
    let found = findParameter(url, named: taken[index], into: &value)
    if found != DEEPIDV_E_ABSENT { return DEEPIDV_E_REPEATED }
  }
  do throws(BufferError) {
    let (hash, mark) = (UInt8(ascii: "#"), UInt8(ascii: "?"))
    let end = url.firstIndex(of: hash, or: hash, from: 0, before: url.count)
    let question = url.firstIndex(of: mark, or: mark, from: 0, before: end)
    try result.append(url.extracting(first: end))
    if question == end {
      try result.append(UInt8(ascii: "?"))
    } else if question + 1 < end, url[end - 1] != UInt8(ascii: "&") {
      try result.append(UInt8(ascii: "&"))
    }
    try result.append("state=")
    try result.append(state)
    // The fragment, which a server never sees, stays at the end.
    try result.append(url.extracting(end..<url.count))
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
