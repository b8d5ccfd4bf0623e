import CDeepIDV
import CPlatform

/// The `DEEPIDV_HAS_` bit of a parameter; 0 for one that is not about the session's outcome.
@_noAllocation @inline(__always)
func resultParameter(_ text: Span<UInt8>, _ pair: FormPair) -> Int32 {
  // What it is once decoded is asked only where that may be something else.
  if pair.unusualInName != 0 { return escapedResultParameter(text, pair) }
  switch pair.name.count {
  case 6:
    if text.has("status", at: pair.name.start) { return DEEPIDV_HAS_STATUS }
    if text.has("reason", at: pair.name.start) { return DEEPIDV_HAS_REASON }
  case 9:
    if text.has("sessionId", at: pair.name.start) { return DEEPIDV_HAS_OTHER_SESSION_ID }
  case 10:
    if text.has("session_id", at: pair.name.start) { return DEEPIDV_HAS_SESSION_ID }
  default: break
  }
  return 0
}

@_noAllocation @inline(never)
private func escapedResultParameter(_ text: Span<UInt8>, _ pair: FormPair) -> Int32 {
  // A word is ASCII and has no `%`, so that whatever is unusual has to be an escape.
  switch pair.name.count &- 2 &* pair.unusualInName.nonzeroBitCount {
  case 6:
    if decodes(text, pair.name, to: "status") { return DEEPIDV_HAS_STATUS }
    if decodes(text, pair.name, to: "reason") { return DEEPIDV_HAS_REASON }
  case 9:
    if decodes(text, pair.name, to: "sessionId") { return DEEPIDV_HAS_OTHER_SESSION_ID }
  case 10:
    if decodes(text, pair.name, to: "session_id") { return DEEPIDV_HAS_SESSION_ID }
  default: break
  }
  return 0
}

/// A value that may be a word, as it is or percent-encoded.
private struct Candidate {
  let range: ByteRange
  let isEscaped: Bool
  /// How many bytes it has once decoded, if it is a word.
  ///
  /// A word is ASCII and has no `%`, so that whatever is unusual has to be an escape; and all of it is
  /// known, since no word is longer than a block, whatever of it is escaped.
  let count: Int

  @_noAllocation @inline(__always)
  init(_ pair: FormPair) {
    range = pair.value
    isEscaped = pair.unusualInValue != 0
    count = range.count &- (isEscaped ? 2 &* pair.unusualInValue.nonzeroBitCount : 0)
  }

  @_noAllocation @inline(__always)
  func means(_ word: StaticString, in text: Span<UInt8>) -> Bool {
    if count != word.utf8CodeUnitCount { return false }
    return isEscaped ? decodes(text, range, to: word) : text.has(word, at: range.start)
  }
}

/// The code of a status.
///
/// The contract's words are lower case, and no other spelling is one of them.
@_noAllocation @inline(__always)
func redirectStatus(_ text: Span<UInt8>, _ pair: FormPair) -> Int32 {
  if pair.value.count == 7, text.has("success", at: pair.value.start) {
    return DEEPIDV_REDIRECT_SUCCESS
  }
  return rareRedirectStatus(text, pair)
}

@_noAllocation @inline(never)
private func rareRedirectStatus(_ text: Span<UInt8>, _ pair: FormPair) -> Int32 {
  if pair.value.isEmpty { return DEEPIDV_REDIRECT_NONE }
  let value = Candidate(pair)
  if value.means("success", in: text) { return DEEPIDV_REDIRECT_SUCCESS }
  if value.means("failed", in: text) { return DEEPIDV_REDIRECT_FAILED }
  if value.means("abandoned", in: text) { return DEEPIDV_REDIRECT_ABANDONED }
  if value.means("SUBMITTED", in: text) { return DEEPIDV_REDIRECT_SUBMITTED }
  return DEEPIDV_REDIRECT_OTHER
}

/// The code of a reason.
@_noAllocation @inline(never)
func redirectReason(_ text: Span<UInt8>, _ pair: FormPair) -> Int32 {
  if pair.value.isEmpty { return DEEPIDV_REASON_NONE }
  let value = Candidate(pair)
  if value.means("document_unreadable", in: text) { return DEEPIDV_REASON_DOCUMENT_UNREADABLE }
  if value.means("face_mismatch", in: text) { return DEEPIDV_REASON_FACE_MISMATCH }
  if value.means("session_expired", in: text) { return DEEPIDV_REASON_SESSION_EXPIRED }
  if value.means("internal_error", in: text) { return DEEPIDV_REASON_INTERNAL_ERROR }
  if value.means("user_cancelled", in: text) { return DEEPIDV_REASON_USER_CANCELLED }
  if value.means("unknown", in: text) { return DEEPIDV_REASON_UNKNOWN }
  return DEEPIDV_REASON_OTHER
}

/// Whether the percent-encoded range means exactly this word.
@_noAllocation @inline(never)
func decodes(_ text: Span<UInt8>, _ range: ByteRange, to word: StaticString) -> Bool {
  decodes(text, range, to: unsafe word.bytes.span)
}

/// Whether the percent-encoded range means exactly these bytes.
@_noAllocation @_optimize(speed) @inline(never)
func decodes(_ text: Span<UInt8>, _ range: ByteRange, to wanted: Span<UInt8>) -> Bool {
  var index = range.start
  var position = 0
  while index < range.end {
    guard position < wanted.count else { return false }
    let (byte, next) = decodedByte(text, at: index, before: range.end)
    guard byte == wanted[position] else { return false }
    index = next
    position += 1
  }
  return position == wanted.count
}

/// Whether two percent-encoded ranges mean the same.
@_noAllocation @inline(never)
func decodeAlike(_ text: Span<UInt8>, _ one: ByteRange, _ other: ByteRange) -> Bool {
  var (left, right) = (one.start, other.start)
  while left < one.end {
    guard right < other.end else { return false }
    let (byte, next) = decodedByte(text, at: left, before: one.end)
    let (otherByte, otherNext) = decodedByte(text, at: right, before: other.end)
    guard byte == otherByte else { return false }
    (left, right) = (next, otherNext)
  }
  return right == other.end
}

extension Span where Element == UInt8 {
  /// Whether the text has exactly this word at an index.
  @_noAllocation @inline(__always)
  func has(_ word: StaticString, at index: Int) -> Bool {
    let size = word.utf8CodeUnitCount
    return unsafe withUnsafeBufferPointer { text in
      guard let start = text.baseAddress, index >= 0, text.count - index >= size else {
        return false
      }
      return unsafe cplatform_equal(start + index, word.utf8Start, size) != 0
    }
  }
}
