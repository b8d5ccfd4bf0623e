// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_result_free")
public func deepidv_result_free(_ handle: OpaquePointer?) {
  _ = takeHandle(handle, OperationResult.self)
}

@implementation @_cdecl("deepidv_result_status")
public func deepidv_result_status(_ result: OpaquePointer?) -> deepidv_status {
  status(of: result) { $0.status }
}

@implementation @_cdecl("deepidv_result_cause")
public func deepidv_result_cause(_ result: OpaquePointer?) -> deepidv_status {
  status(of: result) { $0.cause }
}

@implementation @_cdecl("deepidv_result_http_status")
public func deepidv_result_http_status(_ result: OpaquePointer?) -> Int32 {
  opened(result)?.httpStatus ?? 0
}

@implementation @_cdecl("deepidv_result_message")
public func deepidv_result_message(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  guard let opened = opened(result), opened.status != DEEPIDV_OK else {
    return answerText(nil, out_len)
  }
  guard let message = opened.failure.message else {
    return answerText(statusText(opened.cause), out_len)
  }
  return opened.failure.texts.text(message, out_len)
}

@implementation @_cdecl("deepidv_result_field")
public func deepidv_result_field(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  answerText(opened(result)?.field?.name, out_len)
}

@implementation @_cdecl("deepidv_result_api_code")
public func deepidv_result_api_code(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { failureText(result, out_len) { $0.failure.code } }

@implementation @_cdecl("deepidv_result_hint_count")
public func deepidv_result_hint_count(_ result: OpaquePointer?) -> UInt32 {
  UInt32(clamping: opened(result)?.failure.hints.count ?? 0)
}

@implementation @_cdecl("deepidv_result_hint")
public func deepidv_result_hint(
  _ result: OpaquePointer?, _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { failureText(result, out_len) { $0.failure.hints.at(Int(index)) } }

@implementation @_cdecl("deepidv_result_attempts")
public func deepidv_result_attempts(_ result: OpaquePointer?) -> UInt32 {
  opened(result)?.attempts ?? 0
}

@implementation @_cdecl("deepidv_result_elapsed_us")
public func deepidv_result_elapsed_us(_ result: OpaquePointer?) -> UInt64 {
  opened(result)?.elapsedMicroseconds ?? 0
}

@implementation @_cdecl("deepidv_result_json")
public func deepidv_result_json(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  guard let opened = opened(result) else { return answerText(nil, out_len) }
  return text(opened.body, out_len)
}

@implementation @_cdecl("deepidv_result_session_id")
public func deepidv_result_session_id(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { sessionText(result, out_len) { $0.ofTheSession { $0.id } } }

@implementation @_cdecl("deepidv_result_session_url")
public func deepidv_result_session_url(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { sessionText(result, out_len) { $0.ofTheSession { $0.url } } }

@implementation @_cdecl("deepidv_result_external_id")
public func deepidv_result_external_id(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  guard let opened = opened(result) else { return answerText(nil, out_len) }
  if let said = opened.ofTheSession({ $0.externalID }) {
    return opened.answer.texts.text(said, out_len)
  }
  return text(opened.externalID, out_len)
}

@implementation @_cdecl("deepidv_result_expires_at")
public func deepidv_result_expires_at(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { sessionText(result, out_len) { $0.ofTheSession { $0.expiresAt } } }

@implementation @_cdecl("deepidv_result_session_count")
public func deepidv_result_session_count(_ result: OpaquePointer?) -> UInt32 {
  UInt32(clamping: opened(result)?.answer.sessions.count ?? 0)
}

@implementation @_cdecl("deepidv_result_session_id_at")
public func deepidv_result_session_id_at(
  _ result: OpaquePointer?, _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  sessionText(result, out_len) { $0.answer.sessions.at(Int(index))?.id }
}

@implementation @_cdecl("deepidv_result_session_status")
public func deepidv_result_session_status(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { sessionText(result, out_len) { $0.ofTheSession { $0.status } } }

@implementation @_cdecl("deepidv_result_session_progress")
public func deepidv_result_session_progress(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { sessionText(result, out_len) { $0.ofTheSession { $0.progress } } }

@implementation @_cdecl("deepidv_result_verdict")
public func deepidv_result_verdict(_ result: OpaquePointer?) -> Int32 {
  opened(result)?.verdict ?? DEEPIDV_VERDICT_UNKNOWN
}

@implementation @_cdecl("deepidv_result_next_token")
public func deepidv_result_next_token(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { sessionText(result, out_len) { $0.answer.nextToken } }

@implementation @_cdecl("deepidv_result_reconciled")
public func deepidv_result_reconciled(_ result: OpaquePointer?) -> Int32 {
  opened(result)?.isReconciled == true ? 1 : 0
}

@implementation @_cdecl("deepidv_result_reconcile_token")
public func deepidv_result_reconcile_token(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  guard let opened = opened(result) else { return answerText(nil, out_len) }
  return text(opened.reconcileToken, out_len)
}

@implementation @_cdecl("deepidv_result_retry_after_ms")
public func deepidv_result_retry_after_ms(_ result: OpaquePointer?) -> UInt64 {
  opened(result)?.retryAfterMS ?? 0
}

@implementation @_cdecl("deepidv_result_link_count")
public func deepidv_result_link_count(_ result: OpaquePointer?) -> UInt32 {
  UInt32(clamping: opened(result)?.answer.links.count ?? 0)
}

@implementation @_cdecl("deepidv_result_link")
public func deepidv_result_link(
  _ result: OpaquePointer?, _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { sessionText(result, out_len) { $0.answer.links.at(Int(index))?.url } }

@implementation @_cdecl("deepidv_result_link_rel")
public func deepidv_result_link_rel(
  _ result: OpaquePointer?, _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { sessionText(result, out_len) { $0.answer.links.at(Int(index))?.rel } }

/// The result behind a handle, or nil for NULL and for another object.
private func opened(_ result: OpaquePointer?) -> OperationResult? {
  try? object(result, OperationResult.self)
}

/// A text of what the service said of sessions.
private func sessionText(
  _ result: OpaquePointer?, _ outLength: UnsafeMutablePointer<Int>?,
  _ range: (OperationResult) -> ByteRange?
) -> UnsafePointer<CChar>? {
  guard let opened = opened(result) else { return answerText(nil, outLength) }
  return opened.answer.texts.text(range(opened), outLength)
}

/// A text of what the service said of a failure.
private func failureText(
  _ result: OpaquePointer?, _ outLength: UnsafeMutablePointer<Int>?,
  _ range: (OperationResult) -> ByteRange?
) -> UnsafePointer<CChar>? {
  guard let opened = opened(result) else { return answerText(nil, outLength) }
  return opened.failure.texts.text(range(opened), outLength)
}

/// A text that has its NUL with it; NULL if it is empty.
private func text(
  _ text: borrowing ByteBuffer, _ outLength: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  outLength?.pointee = max(0, text.count - 1)
  return text.isEmpty ? nil : text.text
}

private func status(
  of result: OpaquePointer?, _ read: (OperationResult) -> deepidv_status
) -> deepidv_status {
  do throws(Refusal) { return read(try object(result, OperationResult.self)) } catch {
    return error.status
  }
}

extension AnswerTexts {
  /// A text for C; it lives as long as these texts.
  fileprivate borrowing func text(
    _ range: ByteRange?, _ outLength: UnsafeMutablePointer<Int>?
  ) -> UnsafePointer<CChar>? {
    outLength?.pointee = range?.count ?? 0
    guard let range, let address else { return nil }
    return UnsafeRawPointer(address + range.start).assumingMemoryBound(to: CChar.self)
  }
}
