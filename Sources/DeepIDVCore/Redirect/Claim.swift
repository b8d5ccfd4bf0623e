import CDeepIDV

/// Checks whether a redirect can be the one that the service created for a session.
///
/// Its session id has to be the expected one. Where it has none by the contract's name, the one by the name that a
/// guide of the vendor's has counts; beside the contract's it is a parameter of the caller's own. What the redirect
/// says of how the session went is not looked at: only the service knows.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_MISMATCH`, `DEEPIDV_E_REPEATED` or `DEEPIDV_E_TOO_LONG`.
public func checkClaim(_ text: Span<UInt8>, of expected: Span<UInt8>) -> deepidv_status {
  var redirect = deepidv_redirect()
  let parsed = parseRedirect(text, into: &redirect)
  guard parsed == DEEPIDV_OK else { return parsed }
  var claimed = redirect.session_id
  if redirect.present & UInt32(DEEPIDV_HAS_SESSION_ID) == 0 {
    guard redirect.present & UInt32(DEEPIDV_HAS_OTHER_SESSION_ID) != 0 else {
      return DEEPIDV_E_MISMATCH
    }
    claimed = redirect.other_session_id
  }
  return redirectMatches(text, claimed, expected)
}
