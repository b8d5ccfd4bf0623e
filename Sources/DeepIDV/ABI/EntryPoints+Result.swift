// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_result_free")
public func deepidv_result_free(_ handle: OpaquePointer?) {
  _ = freeHandle(handle, OperationResult.self)
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
  resultObject(result)?.httpStatus ?? 0
}

@implementation @_cdecl("deepidv_result_message")
public func deepidv_result_message(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.message } }

@implementation @_cdecl("deepidv_result_field")
public func deepidv_result_field(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { LentText($0.field?.name) } }

@implementation @_cdecl("deepidv_result_api_code")
public func deepidv_result_api_code(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.failureText($0.failure.code) } }

@implementation @_cdecl("deepidv_result_request_id")
public func deepidv_result_request_id(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { LentText($0.requestID) } }

@implementation @_cdecl("deepidv_result_hint_count")
public func deepidv_result_hint_count(_ result: OpaquePointer?) -> UInt32 {
  UInt32(clamping: resultObject(result)?.failure.hints.count ?? 0)
}

@implementation @_cdecl("deepidv_result_hint")
public func deepidv_result_hint(
  _ result: OpaquePointer?, _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  text(result, out_len) { $0.failureText($0.failure.hints.at(Int(index))) }
}

@implementation @_cdecl("deepidv_result_attempts")
public func deepidv_result_attempts(_ result: OpaquePointer?) -> UInt32 {
  resultObject(result)?.attempts ?? 0
}

@implementation @_cdecl("deepidv_result_elapsed_us")
public func deepidv_result_elapsed_us(_ result: OpaquePointer?) -> UInt64 {
  resultObject(result)?.elapsedMicroseconds ?? 0
}

@implementation @_cdecl("deepidv_result_json")
public func deepidv_result_json(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.json } }

@implementation @_cdecl("deepidv_result_describe")
public func deepidv_result_describe(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  text(result, out_len) { result in
    result.description.read { () throws(BufferError) in try result.describe() }
  }
}

@implementation @_cdecl("deepidv_result_session")
public func deepidv_result_session(
  _ result: OpaquePointer?, _ out: UnsafeMutablePointer<deepidv_session>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = deepidv_session()
  return returnStatus { () throws(Refusal) in
    try object(result, OperationResult.self).read(into: &out.pointee)
  }
}

@implementation @_cdecl("deepidv_result_session_id")
public func deepidv_result_session_id(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.sessionID } }

@implementation @_cdecl("deepidv_result_session_url")
public func deepidv_result_session_url(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.sessionURL } }

@implementation @_cdecl("deepidv_result_external_id")
public func deepidv_result_external_id(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.knownExternalID } }

@implementation @_cdecl("deepidv_result_expires_at")
public func deepidv_result_expires_at(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.expiresAt } }

@implementation @_cdecl("deepidv_result_session_count")
public func deepidv_result_session_count(_ result: OpaquePointer?) -> UInt32 {
  UInt32(clamping: resultObject(result)?.answer.sessions.count ?? 0)
}

@implementation @_cdecl("deepidv_result_session_id_at")
public func deepidv_result_session_id_at(
  _ result: OpaquePointer?, _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  text(result, out_len) { $0.sessionText($0.answer.sessions.at(Int(index))?.id) }
}

@implementation @_cdecl("deepidv_result_session_record_at")
public func deepidv_result_session_record_at(
  _ result: OpaquePointer?, _ index: UInt32, _ out: UnsafeMutablePointer<deepidv_span>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = deepidv_span()
  return status(of: result) { result in
    guard let record = result.answer.sessions.at(Int(index))?.record else {
      return DEEPIDV_E_ABSENT
    }
    // A body has less than 4 GiB.
    out.pointee = deepidv_span(
      offset: UInt32(truncatingIfNeeded: record.start),
      length: UInt32(truncatingIfNeeded: record.count))
    return DEEPIDV_OK
  }
}

@implementation @_cdecl("deepidv_result_session_status")
public func deepidv_result_session_status(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.sessionStatus } }

@implementation @_cdecl("deepidv_result_session_progress")
public func deepidv_result_session_progress(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.sessionProgress } }

@implementation @_cdecl("deepidv_result_verdict")
public func deepidv_result_verdict(_ result: OpaquePointer?) -> Int32 {
  resultObject(result)?.verdict ?? DEEPIDV_VERDICT_UNKNOWN
}

@implementation @_cdecl("deepidv_result_next_token")
public func deepidv_result_next_token(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { $0.sessionText($0.answer.nextToken) } }

@implementation @_cdecl("deepidv_result_reconciled")
public func deepidv_result_reconciled(_ result: OpaquePointer?) -> Int32 {
  resultObject(result)?.reconciled ?? 0
}

@implementation @_cdecl("deepidv_result_found")
public func deepidv_result_found(_ result: OpaquePointer?) -> Int32 {
  resultObject(result)?.found ?? 0
}

@implementation @_cdecl("deepidv_result_reconcile_token")
public func deepidv_result_reconcile_token(
  _ result: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(result, out_len) { LentText($0.reconcileToken) } }

@implementation @_cdecl("deepidv_result_retry_after_ms")
public func deepidv_result_retry_after_ms(_ result: OpaquePointer?) -> UInt64 {
  resultObject(result)?.retryAfterMS ?? 0
}

@implementation @_cdecl("deepidv_result_facts")
public func deepidv_result_facts(_ result: OpaquePointer?) -> UInt32 {
  resultObject(result)?.facts ?? 0
}

@implementation @_cdecl("deepidv_result_link_count")
public func deepidv_result_link_count(_ result: OpaquePointer?) -> UInt32 {
  resultObject(result)?.linkCount ?? 0
}

@implementation @_cdecl("deepidv_result_link")
public func deepidv_result_link(
  _ result: OpaquePointer?, _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  text(result, out_len) { $0.sessionText($0.answer.links.at(Int(index))?.url) }
}

@implementation @_cdecl("deepidv_result_link_rel")
public func deepidv_result_link_rel(
  _ result: OpaquePointer?, _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  text(result, out_len) { $0.sessionText($0.answer.links.at(Int(index))?.rel) }
}

/// Returns the result of a handle, or nil for NULL and for another kind of handle.
private func resultObject(_ result: OpaquePointer?) -> OperationResult? {
  try? object(result, OperationResult.self)
}

/// Returns a text of a result; none for NULL and for another kind of handle.
private func text(
  _ result: OpaquePointer?, _ outLength: UnsafeMutablePointer<Int>?,
  _ read: (OperationResult) -> LentText
) -> UnsafePointer<CChar>? {
  let text = resultObject(result).map(read) ?? LentText()
  outLength?.pointee = text.count
  return text.start
}

private func status(
  of result: OpaquePointer?, _ read: (OperationResult) -> deepidv_status
) -> deepidv_status {
  do throws(Refusal) { return read(try object(result, OperationResult.self)) } catch {
    return error.status
  }
}
