import CDeepIDV

/// Says whether a redirect can be the one that the service made for a session.
///
/// Every session id that it carries has to be the expected one, by the contract's name and by the other one
/// that the vendor's guides have. What it says of how the session went is not looked at: only the service knows.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_MISMATCH`, `DEEPIDV_E_REPEATED` or `DEEPIDV_E_TOO_LONG`.
public func checkClaim(_ text: Span<UInt8>, of expected: Span<UInt8>) -> deepidv_status {
  var redirect = deepidv_redirect()
  let parsed = parseRedirect(text, into: &redirect)
  guard parsed == DEEPIDV_OK else { return parsed }
  switch QueryParameter("sessionId", in: text) {
  case .repeated: return DEEPIDV_E_REPEATED
  case .once(let value):
    let span = deepidv_span(
      offset: UInt32(truncatingIfNeeded: value.start),
      length: UInt32(truncatingIfNeeded: value.count))
    let other = redirectMatches(text, span, expected)
    let isAlone = redirect.present & UInt32(DEEPIDV_HAS_SESSION_ID) == 0
    if other != DEEPIDV_OK || isAlone { return other }
  case .absent: break
  }
  return redirectMatches(text, redirect.session_id, expected)
}
