import CDeepIDV
import CPlatform
import DeepIDVCore

/// Calls `body` with the bytes of a text that a caller passed as pointer and length.
///
/// `size_t` is imported as a signed `Int`: more than half the address space is negative here, and -1 is
/// `DEEPIDV_NTS`.
@inline(__always)
func withInput<Output>(
  _ text: UnsafePointer<CChar>?, _ length: Int,
  _ body: (Span<UInt8>) throws(Refusal) -> Output
) throws(Refusal) -> Output {
  guard let text else { throw Refusal(DEEPIDV_E_NULL) }
  let count = length == -1 ? cplatform_strlen(text) : length
  guard count >= 0 else { throw Refusal(DEEPIDV_E_LENGTH) }
  let bytes = UnsafeBufferPointer(
    start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: count)
  return try body(bytes.span)
}

/// Calls `body` with the bytes of a text, or with nil for NULL.
func withOptionalInput<Output>(
  _ text: UnsafePointer<CChar>?, _ length: Int,
  _ body: (Span<UInt8>?) throws(Refusal) -> Output
) throws(Refusal) -> Output {
  guard text != nil else { return try body(nil) }
  return try withInput(text, length) { text throws(Refusal) in try body(text) }
}

/// Calls `body` with the bytes of a text that ends with a NUL.
func withInput<Output>(_ text: UnsafePointer<CChar>, _ body: (Span<UInt8>) -> Output) -> Output {
  let bytes = UnsafeBufferPointer(
    start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self),
    count: cplatform_strlen(text))
  return body(bytes.span)
}

/// Returns a literal as a C string; every literal ends with a NUL.
func cString(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.start).assumingMemoryBound(to: CChar.self)
}

/// Returns a constant text, and its length through `outLength`.
func returnText(
  _ text: StaticString?, _ outLength: UnsafeMutablePointer<Int>? = nil
) -> UnsafePointer<CChar>? {
  outLength?.pointee = text?.count ?? 0
  guard let text else { return nil }
  return cString(text)
}
