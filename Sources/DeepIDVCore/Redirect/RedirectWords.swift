import CDeepIDV
import CPlatform

/// The `DEEPIDV_HAS_` bit of a parameter; 0 if it is none that says how a session went.
@_noAllocation @inline(__always)
func resultParameter(_ text: Span<UInt8>, _ pair: FormPair) -> Int32 {
  // What it is once decoded is asked only where that may be something else.
  if pair.hasEscapeInName { return escapedResultParameter(text, pair.name) }
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
private func escapedResultParameter(_ text: Span<UInt8>, _ name: ByteRange) -> Int32 {
  if decodes(text, name, to: "status") { return DEEPIDV_HAS_STATUS }
  if decodes(text, name, to: "reason") { return DEEPIDV_HAS_REASON }
  if decodes(text, name, to: "session_id") { return DEEPIDV_HAS_SESSION_ID }
  if decodes(text, name, to: "sessionId") { return DEEPIDV_HAS_OTHER_SESSION_ID }
  return 0
}

/// The code of a status.
///
/// The contract's words are lower case, and no other spelling is one of them.
@_noAllocation @inline(never)
func redirectStatus(_ text: Span<UInt8>, _ value: ByteRange) -> Int32 {
  if value.isEmpty { return DEEPIDV_REDIRECT_NONE }
  if means(text, value, "success") { return DEEPIDV_REDIRECT_SUCCESS }
  if means(text, value, "failed") { return DEEPIDV_REDIRECT_FAILED }
  if means(text, value, "abandoned") { return DEEPIDV_REDIRECT_ABANDONED }
  if means(text, value, "SUBMITTED") { return DEEPIDV_REDIRECT_SUBMITTED }
  return DEEPIDV_REDIRECT_OTHER
}

/// The code of a reason.
@_noAllocation @inline(never)
func redirectReason(_ text: Span<UInt8>, _ value: ByteRange) -> Int32 {
  if value.isEmpty { return DEEPIDV_REASON_NONE }
  if means(text, value, "document_unreadable") { return DEEPIDV_REASON_DOCUMENT_UNREADABLE }
  if means(text, value, "face_mismatch") { return DEEPIDV_REASON_FACE_MISMATCH }
  if means(text, value, "session_expired") { return DEEPIDV_REASON_SESSION_EXPIRED }
  if means(text, value, "internal_error") { return DEEPIDV_REASON_INTERNAL_ERROR }
  if means(text, value, "user_cancelled") { return DEEPIDV_REASON_USER_CANCELLED }
  if means(text, value, "unknown") { return DEEPIDV_REASON_UNKNOWN }
  return DEEPIDV_REASON_OTHER
}

/// Whether a range is this word, as it is or percent-encoded.
@_noAllocation @inline(__always)
private func means(_ text: Span<UInt8>, _ range: ByteRange, _ word: StaticString) -> Bool {
  // What is as long as the word and has an escape is not the word; what is shorter cannot have one.
  if range.count <= word.utf8CodeUnitCount {
    return range.count == word.utf8CodeUnitCount ? text.has(word, at: range.start) : false
  }
  return decodes(text, range, to: word)
}

/// Whether the percent-encoded range means exactly this word.
@_noAllocation @inline(never)
func decodes(_ text: Span<UInt8>, _ range: ByteRange, to word: StaticString) -> Bool {
  decodes(
    text, range,
    to: unsafe UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount).span)
}

/// Whether the percent-encoded range means exactly these bytes.
@_noAllocation @inline(never)
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

extension Span where Element == UInt8 {
  /// Whether a word stands at an index, as it is.
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
