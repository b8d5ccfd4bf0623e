import CDeepIDV

/// The `DEEPIDV_HAS_` bit of a parameter's name; 0 if it is not one of the contract's.
@_noAllocation
func resultParameter(_ text: Span<UInt8>, _ name: ByteRange) -> UInt32 {
  if decodes(text, name, to: "status") { return UInt32(DEEPIDV_HAS_STATUS) }
  if decodes(text, name, to: "reason") { return UInt32(DEEPIDV_HAS_REASON) }
  if decodes(text, name, to: "session_id") { return UInt32(DEEPIDV_HAS_SESSION_ID) }
  return 0
}

/// The code of a status.
///
/// The contract's words are lower case, and no other spelling is one of them.
@_noAllocation
func redirectStatus(_ text: Span<UInt8>, _ value: ByteRange) -> Int32 {
  if value.start == value.end { return DEEPIDV_REDIRECT_NONE }
  if decodes(text, value, to: "success") { return DEEPIDV_REDIRECT_SUCCESS }
  if decodes(text, value, to: "failed") { return DEEPIDV_REDIRECT_FAILED }
  if decodes(text, value, to: "abandoned") { return DEEPIDV_REDIRECT_ABANDONED }
  return DEEPIDV_REDIRECT_OTHER
}

/// The code of a reason.
@_noAllocation
func redirectReason(_ text: Span<UInt8>, _ value: ByteRange) -> Int32 {
  if value.start == value.end { return DEEPIDV_REASON_NONE }
  if decodes(text, value, to: "document_unreadable") { return DEEPIDV_REASON_DOCUMENT_UNREADABLE }
  if decodes(text, value, to: "face_mismatch") { return DEEPIDV_REASON_FACE_MISMATCH }
  if decodes(text, value, to: "session_expired") { return DEEPIDV_REASON_SESSION_EXPIRED }
  if decodes(text, value, to: "internal_error") { return DEEPIDV_REASON_INTERNAL_ERROR }
  if decodes(text, value, to: "user_cancelled") { return DEEPIDV_REASON_USER_CANCELLED }
  if decodes(text, value, to: "unknown") { return DEEPIDV_REASON_UNKNOWN }
  return DEEPIDV_REASON_OTHER
}

/// Whether the percent-encoded range means exactly this word.
@_noAllocation
private func decodes(_ text: Span<UInt8>, _ range: ByteRange, to word: StaticString) -> Bool {
  var index = range.start
  var position = 0
  while index < range.end {
    guard position < word.utf8CodeUnitCount else { return false }
    let (byte, next) = decodedByte(text, at: index, before: range.end)
    guard unsafe byte == word.utf8Start[position] else { return false }
    index = next
    position += 1
  }
  return position == word.utf8CodeUnitCount
}
