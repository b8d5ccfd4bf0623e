// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_client_new")
public func deepidv_client_new(
  _ config: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  answerHandle(out) { () throws(Refusal) in try Client.make(try object(config, Config.self)) }
}

@implementation @_cdecl("deepidv_client_close")
public func deepidv_client_close(_ client: OpaquePointer?) -> deepidv_status {
  answer { () throws(Refusal) in try Client.usable(client).close() }
}

@implementation @_cdecl("deepidv_client_free")
public func deepidv_client_free(_ handle: OpaquePointer?) {
  guard let client = takeHandle(handle, Client.self) else { return }
  // In a forked child the worker's memory and the parent's connections are left as they are.
  if client.isOfThisProcess { client.shutDown() }
}

@implementation @_cdecl("deepidv_client_fd")
public func deepidv_client_fd(_ client: OpaquePointer?) -> Int32 {
  (try? Client.usable(client))?.descriptor ?? -1
}

@implementation @_cdecl("deepidv_client_next")
public func deepidv_client_next(
  _ client: OpaquePointer?, _ out_event: UnsafeMutablePointer<deepidv_event>?,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  out_event?.pointee = deepidv_event()
  out_result?.pointee = nil
  return answer { () throws(Refusal) in
    guard let out_event, let out_result else { throw Refusal(DEEPIDV_E_NULL) }
    let client = try Client.usable(client)
    var slot = try HandleSlot()
    let operation = try client.takeEnded()
    guard let result = operation.result else { throw Refusal(DEEPIDV_E_EMPTY) }
    out_event.pointee.op = operation.number
    out_event.pointee.tag = operation.tag
    out_event.pointee.status = result.status
    out_event.pointee.kind = UInt32(DEEPIDV_EVENT_SESSION_CREATE)
    out_result.pointee = slot.fill(result)
  }
}

@implementation @_cdecl("deepidv_client_wait")
public func deepidv_client_wait(_ client: OpaquePointer?, _ timeout_ms: Int32) -> deepidv_status {
  answer { () throws(Refusal) in try Client.usable(client).waitForEnded(timeoutMS: timeout_ms) }
}

@implementation @_cdecl("deepidv_client_cancel")
public func deepidv_client_cancel(_ client: OpaquePointer?, _ op: UInt64) -> deepidv_status {
  answer { () throws(Refusal) in try Client.usable(client).cancel(op) }
}

@implementation @_cdecl("deepidv_session_create")
public func deepidv_session_create(
  _ client: OpaquePointer?, _ request: OpaquePointer?,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  out_result?.pointee = nil
  var status = DEEPIDV_OK
  let refused = answer { () throws(Refusal) in
    guard let out_result else { throw Refusal(DEEPIDV_E_NULL) }
    let client = try Client.usable(client)
    let handle = try object(request, RequestHandle.self)
    var slot = try HandleSlot()
    let result: OperationResult
    if let missing = handle.request.firstMissing {
      result = OperationResult(DEEPIDV_E_REQUIRED, cause: DEEPIDV_E_REQUIRED, field: missing)
    } else {
      let gate = try Lock.make()
      result = try client.run(try createOperation(handle, client, tag: 0, gate: gate), gate)
    }
    out_result.pointee = slot.fill(result)
    status = result.status
  }
  return refused == DEEPIDV_OK ? status : refused
}

@implementation @_cdecl("deepidv_session_create_submit")
public func deepidv_session_create_submit(
  _ client: OpaquePointer?, _ request: OpaquePointer?, _ tag: UInt64,
  _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  out_op?.pointee = 0
  return answer { () throws(Refusal) in
    let client = try Client.usable(client)
    let handle = try object(request, RequestHandle.self)
    if handle.request.firstMissing != nil { throw Refusal(DEEPIDV_E_REQUIRED) }
    let operation = try createOperation(handle, client, tag: tag, gate: nil)
    try client.submit(operation)
    out_op?.pointee = operation.number
  }
}

private func createOperation(
  _ handle: RequestHandle, _ client: Client, tag: UInt64, gate: Lock?
) throws(Refusal) -> Operation {
  do throws(BufferError) {
    return Operation(
      body: try handle.request.body(), tag: tag, timeoutMS: client.settings.timeoutMS,
      gate: gate)
  } catch {
    throw Refusal(DEEPIDV_E_NOMEM)
  }
}
