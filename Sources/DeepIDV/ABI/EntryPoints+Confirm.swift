// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_redirect_confirm")
public func deepidv_redirect_confirm(
  _ client: OpaquePointer?, _ redirect: UnsafePointer<CChar>?, _ redirect_len: Int,
  _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  run(client, out_result) { _, context throws(Refusal) in
    .accepted(
      try confirm(
        redirect, length: redirect_len, sessionID: session_id, length: session_id_len, context))
  }
}

@implementation @_cdecl("deepidv_redirect_confirm_submit")
public func deepidv_redirect_confirm_submit(
  _ client: OpaquePointer?, _ redirect: UnsafePointer<CChar>?, _ redirect_len: Int,
  _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int, _ tag: UInt64,
  _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  submit(client, tag, out_op) { _, context throws(Refusal) in
    try confirm(
      redirect, length: redirect_len, sessionID: session_id, length: session_id_len, context)
  }
}

@implementation @_cdecl("deepidv_verdict_name")
public func deepidv_verdict_name(_ verdict: Int32) -> UnsafePointer<CChar>? {
  LentText(verdictNames(), for: verdict).start
}

private func confirm(
  _ redirect: UnsafePointer<CChar>?, length redirectLength: Int,
  sessionID id: UnsafePointer<CChar>?, length idLength: Int, _ context: OperationContext
) throws(Refusal) -> Operation {
  try withInput(redirect, redirectLength) { redirect throws(Refusal) in
    try withInput(id, idLength) { id throws(Refusal) in
      try Operation.confirm(redirect, sessionID: id, context)
    }
  }
}
