import CDeepIDV
import CPlatform

/// Lends the bytes of a text that a caller passed as pointer and length.
///
/// `size_t` arrives as a signed `Int`: what would be more than half the address space is negative here,
/// and -1 is `DEEPIDV_NTS`.
@inline(__always)
func withInput<Answer>(
  _ text: UnsafePointer<CChar>?, _ length: Int,
  _ body: (Span<UInt8>) throws(Refusal) -> Answer
) throws(Refusal) -> Answer {
  guard let text else { throw Refusal(DEEPIDV_E_NULL) }
  let count = length == -1 ? cplatform_strlen(text) : length
  guard count >= 0 else { throw Refusal(DEEPIDV_E_LENGTH) }
  let bytes = UnsafeBufferPointer(
    start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: count)
  return try body(bytes.span)
}

/// Lends the bytes of a text that may be NULL.
func withOptionalInput<Answer>(
  _ text: UnsafePointer<CChar>?, _ length: Int,
  _ body: (Span<UInt8>?) throws(Refusal) -> Answer
) throws(Refusal) -> Answer {
  guard text != nil else { return try body(nil) }
  return try withInput(text, length) { text throws(Refusal) in try body(text) }
}

/// Lends the bytes of a text of libcurl's, which ends with a NUL.
func withInput<Answer>(_ text: UnsafePointer<CChar>, _ body: (Span<UInt8>) -> Answer) -> Answer {
  let bytes = UnsafeBufferPointer(
    start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self),
    count: cplatform_strlen(text))
  return body(bytes.span)
}

/// A text of the source code as C reads it; every literal ends with a NUL.
func cString(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Answers a constant text with its length.
func returnText(
  _ text: StaticString?, _ outLength: UnsafeMutablePointer<Int>? = nil
) -> UnsafePointer<CChar>? {
  outLength?.pointee = text?.utf8CodeUnitCount ?? 0
  guard let text else { return nil }
  return cString(text)
}
