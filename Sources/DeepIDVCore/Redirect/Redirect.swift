import CDeepIDV

/// Reads the contract's result parameters out of a redirect, in one pass and without allocating.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_TOO_LONG` or `DEEPIDV_E_REPEATED`.
@_noAllocation @_optimize(speed)
public func parseRedirect(_ text: Span<UInt8>, into out: inout deepidv_redirect) -> deepidv_status {
  out = deepidv_redirect()
  guard text.count <= maximumTextCount else { return DEEPIDV_E_TOO_LONG }

  var present: Int32 = 0
  var isUTF8 = true
  // Each by itself, since the second sessionId is passed over where there is a session_id.
  var repeated: ByteRange?
  var otherRepeated: ByteRange?
  var pairs = FormPairs(locateQuery(text))
  while let pair = pairs.inlinedNext(in: text) {
    let bit = resultParameter(text, pair)
    if bit == 0 { continue }
    if present & bit != 0 {
      // Which of two values counts is a matter of taste, and so of attack: say it, and keep the first.
      if bit == DEEPIDV_HAS_OTHER_SESSION_ID {
        otherRepeated = otherRepeated ?? pair.value
      } else {
        repeated = repeated ?? pair.value
      }
      continue
    }
    present |= bit
    switch bit {
    case DEEPIDV_HAS_SESSION_ID:
      out.session_id = span(pair.value)
      if mayNotBeUTF8(pair), !decodesToUTF8(text, pair.value) { isUTF8 = false }
    case DEEPIDV_HAS_STATUS:
      out.status_text = span(pair.value)
      out.status = redirectStatus(text, pair)
      if out.status == DEEPIDV_REDIRECT_OTHER {
        if mayNotBeUTF8(pair), !decodesToUTF8(text, pair.value) { isUTF8 = false }
      }
    case DEEPIDV_HAS_REASON:
      out.reason_text = span(pair.value)
      out.reason = redirectReason(text, pair)
      if out.reason == DEEPIDV_REASON_OTHER {
        if mayNotBeUTF8(pair), !decodesToUTF8(text, pair.value) { isUTF8 = false }
      }
    default:
      out.other_session_id = span(pair.value)
    }
  }
  if pairs.position < text.count {
    present |= DEEPIDV_HAS_FRAGMENT
    out.fragment = span(ByteRange(pairs.position + 1, text.count))
  }
  out.present = UInt32(bitPattern: present)
  out.facts = facts(out, isUTF8)
  if present & DEEPIDV_HAS_SESSION_ID == 0 { repeated = repeated ?? otherRepeated }
  guard let repeated else { return DEEPIDV_OK }
  out.repeated = span(repeated)
  return DEEPIDV_E_REPEATED
}

/// Whether the value has to be looked at: it is unusual, or not all of it is known.
@_noAllocation @inline(__always)
private func mayNotBeUTF8(_ pair: FormPair) -> Bool {
  pair.unusualInValue != 0 || pair.value.count > ByteBlock.count
}

/// The longest text of which every position is a number of 32 bits.
let maximumTextCount = Int(UInt32.max)

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

/// A range of a text that is not too long.
@_noAllocation @inline(__always)
func span(_ range: ByteRange) -> deepidv_span {
  deepidv_span(
    offset: UInt32(truncatingIfNeeded: range.start),
    length: UInt32(truncatingIfNeeded: range.end - range.start))
}

/// Combinations that the contract does not foresee.
@_noAllocation @inline(__always)
private func facts(_ redirect: deepidv_redirect, _ isUTF8: Bool) -> UInt32 {
  var facts: Int32 = redirect.session_id.length == 0 ? DEEPIDV_FACT_NO_SESSION_ID : 0
  let reasoned = redirect.reason != DEEPIDV_REASON_NONE
  switch redirect.status {
  case DEEPIDV_REDIRECT_SUCCESS where reasoned:
    facts |= DEEPIDV_FACT_SUCCESS_WITH_REASON
  case DEEPIDV_REDIRECT_FAILED where !reasoned:
    facts |= DEEPIDV_FACT_FAILED_WITHOUT_REASON
  case DEEPIDV_REDIRECT_ABANDONED where redirect.reason != DEEPIDV_REASON_USER_CANCELLED:
    facts |= DEEPIDV_FACT_ABANDONED_OTHERWISE
  case DEEPIDV_REDIRECT_SUBMITTED:
    facts |= DEEPIDV_FACT_OTHER_FORM
  default: break
  }
  let ids =
    Int32(bitPattern: redirect.present)
    & (DEEPIDV_HAS_SESSION_ID | DEEPIDV_HAS_OTHER_SESSION_ID)
  if ids == DEEPIDV_HAS_OTHER_SESSION_ID { facts |= DEEPIDV_FACT_OTHER_FORM }
  if !isUTF8 { facts |= DEEPIDV_FACT_NOT_UTF8 }
  return UInt32(bitPattern: facts)
}
