import CDeepIDV

/// Reads the contract's result parameters out of a redirect, without allocating.
///
/// In one pass, and in three where a parameter is missing and a second `?` may have joined it.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_TOO_LONG` or `DEEPIDV_E_REPEATED`.
@_noAllocation @_optimize(speed)
public func parseRedirect(_ text: Span<UInt8>, into out: inout deepidv_redirect) -> deepidv_status {
  out = deepidv_redirect()
  guard text.count <= maximumTextCount else { return DEEPIDV_E_TOO_LONG }
  let start = locateQuery(text)
  var repeats = Repeats()
  var end = readParameters(text, from: start, before: text.count, into: &out, &repeats)
  let missing = missingParameters(out)
  var joined: Int32 = 0
  if missing != 0 {
    let joint = locateJoint(text, start, end, missing)
    if joint < end {
      joined = DEEPIDV_FACT_JOINED_TWICE
      out = deepidv_redirect()
      repeats = Repeats()
      _ = readParameters(text, from: start, before: joint, into: &out, &repeats)
      end = readParameters(text, from: joint &+ 1, before: text.count, into: &out, &repeats)
    }
  }
  if end < text.count {
    out.present |= UInt32(bitPattern: DEEPIDV_HAS_FRAGMENT)
    out.fragment = span(ByteRange(end + 1, text.count))
  }
  let hasID = out.present & UInt32(bitPattern: DEEPIDV_HAS_SESSION_ID) != 0
  let equal = repeats.isEqual || !hasID && repeats.isOtherEqual
  out.facts = facts(out, joined | (equal ? DEEPIDV_FACT_REPEATED_EQUAL : 0))
  guard let repeated = repeats.first ?? (hasID ? nil : repeats.other) else { return DEEPIDV_OK }
  out.repeated = span(repeated)
  return DEEPIDV_E_REPEATED
}

/// Which parameters have come more than once.
///
/// The second `sessionId` by itself, since it is passed over where there is a `session_id`.
struct Repeats {
  /// The first value that differs from the one before it.
  var first: ByteRange?
  var other: ByteRange?
  /// Whether there was one that does not.
  var isEqual = false
  var isOtherEqual = false

  @_noAllocation
  init() {}

  @_noAllocation @inline(never)
  fileprivate mutating func add(
    _ value: ByteRange, _ bit: Int32, _ text: Span<UInt8>, _ out: deepidv_redirect
  ) {
    let isOther = bit == DEEPIDV_HAS_OTHER_SESSION_ID
    let earlier =
      switch bit {
      case DEEPIDV_HAS_SESSION_ID: out.session_id
      case DEEPIDV_HAS_STATUS: out.status_text
      case DEEPIDV_HAS_REASON: out.reason_text
      default: out.other_session_id
      }
    let isEqual = decodeAlike(text, ByteRange(earlier), value)
    switch (isOther, isEqual) {
    case (false, true): self.isEqual = true
    case (true, true): isOtherEqual = true
    // Parsers disagree about which of two values counts, which attacks use: flag it, and keep the first.
    case (false, false): first = first ?? value
    case (true, false): other = other ?? value
    }
  }
}

/// Reads the parameters of a part of the text, and returns where the query ends.
@_noAllocation @_optimize(speed) @inline(never)
func readParameters(
  _ text: Span<UInt8>, from start: Int, before limit: Int, into out: inout deepidv_redirect,
  _ repeats: inout Repeats
) -> Int {
  var present = Int32(bitPattern: out.present)
  var isUTF8 = true
  var pairs = FormPairs(start, before: limit)
  while let pair = pairs.inlinedNext(in: text) {
    let bit = resultParameter(text, pair)
    if bit == 0 { continue }
    if present & bit != 0 {
      repeats.add(pair.value, bit, text, out)
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
  out.present = UInt32(bitPattern: present)
  if !isUTF8 { out.facts |= UInt32(bitPattern: DEEPIDV_FACT_NOT_UTF8) }
  return min(pairs.position, limit)
}

/// Whether the value has to be looked at: it is unusual, or not all of it is known.
@_noAllocation @inline(__always)
private func mayNotBeUTF8(_ pair: FormPair) -> Bool {
  pair.unusualInValue != 0 || pair.value.count > SIMDBlock.count
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
    difference |= byte ^ (expected.at(count < expectedCount ? count : 0) ?? 0)
    count &+= 1
    index = next
  }
  return difference == 0 && count == expectedCount ? DEEPIDV_OK : DEEPIDV_E_MISMATCH
}

/// The bytes of a span, if it lies inside a text of `count` bytes.
@_noAllocation
public func byteRange(of span: deepidv_span, within count: Int) -> ByteRange? {
  let start = Int(span.offset)
  let end = start + Int(span.length)
  return end <= count ? ByteRange(start, end) : nil
}

extension ByteRange {
  /// The bytes of a span that this library has made.
  @_noAllocation
  init(_ span: deepidv_span) {
    self.init(Int(span.offset), Int(span.offset) &+ Int(span.length))
  }
}

/// A range of a text that is not too long.
@_noAllocation @inline(__always)
func span(_ range: ByteRange) -> deepidv_span {
  deepidv_span(
    offset: UInt32(truncatingIfNeeded: range.start),
    length: UInt32(truncatingIfNeeded: range.end &- range.start))
}

/// Combinations that the contract does not foresee.
@_noAllocation @inline(__always)
private func facts(_ redirect: deepidv_redirect, _ others: Int32) -> UInt32 {
  var facts = Int32(bitPattern: redirect.facts) | others
  if redirect.session_id.length == 0 { facts |= DEEPIDV_FACT_NO_SESSION_ID }
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
  return UInt32(bitPattern: facts)
}
