// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_session_update_status")
public func deepidv_session_update_status(
  _ client: OpaquePointer?, _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int,
  _ decision: Int32, _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  run(client, out_result) { _, context throws(Refusal) in
    .accepted(try updateStatus(session_id, session_id_len, decision, context))
  }
}

@implementation @_cdecl("deepidv_session_update_status_submit")
public func deepidv_session_update_status_submit(
  _ client: OpaquePointer?, _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int,
  _ decision: Int32, _ tag: UInt64, _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  submit(client, tag, out_op) { _, context throws(Refusal) in
    try updateStatus(session_id, session_id_len, decision, context)
  }
}

@implementation @_cdecl("deepidv_session_wait")
public func deepidv_session_wait(
  _ client: OpaquePointer?, _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int,
  _ timeout_ms: UInt32, _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  run(client, out_result) { _, context throws(Refusal) in
    .accepted(try wait(session_id, session_id_len, timeout_ms, context))
  }
}

@implementation @_cdecl("deepidv_session_wait_submit")
public func deepidv_session_wait_submit(
  _ client: OpaquePointer?, _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int,
  _ timeout_ms: UInt32, _ tag: UInt64, _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  submit(client, tag, out_op) { _, context throws(Refusal) in
    try wait(session_id, session_id_len, timeout_ms, context)
  }
}

private func updateStatus(
  _ id: UnsafePointer<CChar>?, _ length: Int, _ decision: Int32, _ context: OperationContext
) throws(Refusal) -> Operation {
  try withInput(id, length) { id throws(Refusal) in
    try Operation.updateStatus(id, decision, context)
  }
}

private func wait(
  _ id: UnsafePointer<CChar>?, _ length: Int, _ timeoutMS: UInt32, _ context: OperationContext
) throws(Refusal) -> Operation {
  try withInput(id, length) { id throws(Refusal) in
    try Operation.wait(id, timeoutMS: timeoutMS, context)
  }
}
