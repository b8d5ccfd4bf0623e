import CDeepIDV

/// Reads the contract's result parameters out of a redirect, in one pass and without allocating.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_TOO_LONG` or `DEEPIDV_E_REPEATED`.
@_noAllocation
public func parseRedirect(_ text: Span<UInt8>, into out: inout deepidv_redirect) -> deepidv_status {
  out = deepidv_redirect()
  guard text.count < Int(UInt32.max) else { return DEEPIDV_E_TOO_LONG }

  let query = locateQuery(text)
  if query.end < text.count {
    out.present |= UInt32(DEEPIDV_HAS_FRAGMENT)
    out.fragment = span(ByteRange(query.end + 1, text.count))
  }

  var status = DEEPIDV_OK
  var pairs = FormPairs(query)
  while let pair = pairs.next(in: text) {
    let bit = resultParameter(text, pair.name)
    if bit == 0 { continue }
    if out.present & bit != 0 {
      // Which of two values counts is a matter of taste, and so of attack: say it, and keep the first.
      if status == DEEPIDV_OK { out.repeated = span(pair.value) }
      status = DEEPIDV_E_REPEATED
      continue
    }
    out.present |= bit
    switch Int32(bit) {
    case DEEPIDV_HAS_SESSION_ID: out.session_id = span(pair.value)
    case DEEPIDV_HAS_STATUS:
      out.status_text = span(pair.value)
      out.status = redirectStatus(text, pair.value)
    default:
      out.reason_text = span(pair.value)
      out.reason = redirectReason(text, pair.value)
    }
  }
  out.facts = facts(out)
  return status
}

/// Compares a redirect's session id with the one the host stored.
///
/// Every byte of the claim is looked at whatever the first ones are, so that the time does not tell how
/// much of a guess was right. An empty id matches nothing.
@_noAllocation
public func redirectMatches(
  _ text: Span<UInt8>, _ claimed: deepidv_span, _ expected: Span<UInt8>
) -> deepidv_status {
  guard let range = byteRange(of: claimed, within: text.count) else { return DEEPIDV_E_RANGE }
  let expectedCount = expected.count
  guard expectedCount > 0 else { return DEEPIDV_E_MISMATCH }
  var difference: UInt8 = 0
  var count = 0
  var index = range.start
  while index < range.end {
    let (byte, next) = decodedByte(text, at: index, before: range.end)
    difference |= byte ^ expected[count < expectedCount ? count : 0]
    count += 1
    index = next
  }
  return difference == 0 && count == expectedCount ? DEEPIDV_OK : DEEPIDV_E_MISMATCH
}

/// The bytes of a span, if it lies inside a text of so many bytes.
@_noAllocation
public func byteRange(of span: deepidv_span, within count: Int) -> ByteRange? {
  let start = Int(span.offset)
  let end = start + Int(span.length)
  return end <= count ? ByteRange(start, end) : nil
}

@_noAllocation
private func span(_ range: ByteRange) -> deepidv_span {
  deepidv_span(
    offset: UInt32(truncatingIfNeeded: range.start),
    length: UInt32(truncatingIfNeeded: range.end - range.start))
}

/// Combinations that the contract does not foresee.
@_noAllocation
private func facts(_ redirect: deepidv_redirect) -> UInt32 {
  var facts: Int32 = redirect.session_id.length == 0 ? DEEPIDV_FACT_NO_SESSION_ID : 0
  let reasoned = redirect.reason != DEEPIDV_REASON_NONE
  switch redirect.status {
  case DEEPIDV_REDIRECT_SUCCESS where reasoned:
    facts |= DEEPIDV_FACT_SUCCESS_WITH_REASON
  case DEEPIDV_REDIRECT_FAILED where !reasoned:
    facts |= DEEPIDV_FACT_FAILED_WITHOUT_REASON
  case DEEPIDV_REDIRECT_ABANDONED where redirect.reason != DEEPIDV_REASON_USER_CANCELLED:
    facts |= DEEPIDV_FACT_ABANDONED_OTHERWISE
  default: break
  }
  return UInt32(bitPattern: facts)
}
