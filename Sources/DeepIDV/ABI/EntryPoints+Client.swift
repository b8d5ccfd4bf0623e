// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import CPlatform
import DeepIDVCore

@implementation @_cdecl("deepidv_client_new")
public func deepidv_client_new(
  _ config: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  // It reads files and opens descriptors, which are cancellation points.
  let state = cplatform_cancel_disable()
  defer { cplatform_cancel_restore(state) }
  return returnHandle(out) { () throws(Refusal) in
    try Client.make(try object(config, Config.self))
  }
}

@implementation @_cdecl("deepidv_client_close")
public func deepidv_client_close(_ client: OpaquePointer?) -> deepidv_status {
  returnStatus { () throws(Refusal) in try Client.usable(client).close() }
}

@implementation @_cdecl("deepidv_client_free")
public func deepidv_client_free(_ handle: OpaquePointer?) {
  // It closes connections, and frees memory after that.
  let state = cplatform_cancel_disable()
  defer { cplatform_cancel_restore(state) }
  guard let client = freeHandle(handle, Client.self) else { return }
  // In a forked child, the worker's memory and the parent's connections are not touched.
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
  returnCompletion(client, out_event, out_result) { client throws(Refusal) in
    try client.takeEnded()
  }
}

@implementation @_cdecl("deepidv_client_take")
public func deepidv_client_take(
  _ client: OpaquePointer?, _ op: UInt64, _ timeout_ms: Int32,
  _ out_event: UnsafeMutablePointer<deepidv_event>?,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  returnCompletion(client, out_event, out_result) { client throws(Refusal) in
    let deadline = Client.deadline(afterMS: timeout_ms)
    guard let operation = try client.take(op, before: deadline) else {
      throw Refusal(DEEPIDV_E_TIMEOUT)
    }
    return operation
  }
}

@implementation @_cdecl("deepidv_client_wait")
public func deepidv_client_wait(_ client: OpaquePointer?, _ timeout_ms: Int32) -> deepidv_status {
  returnStatus { () throws(Refusal) in try Client.usable(client).waitForEnded(timeoutMS: timeout_ms)
  }
}

@implementation @_cdecl("deepidv_client_grant")
public func deepidv_client_grant(
  _ client: OpaquePointer?, _ permits: UInt32, _ lease_ms: UInt32, _ timeout_ms: Int32,
  _ out_missing: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  out_missing?.pointee = 0
  return returnStatus { () throws(Refusal) in
    let missing = try Client.usable(client).grant(
      permits, leaseMS: lease_ms, timeoutMS: timeout_ms)
    out_missing?.pointee = missing
  }
}

@implementation @_cdecl("deepidv_client_cancel")
public func deepidv_client_cancel(_ client: OpaquePointer?, _ op: UInt64) -> deepidv_status {
  returnStatus { () throws(Refusal) in try Client.usable(client).cancel(op) }
}

/// Returns a completion through the out parameters; `take` removes its operation from the client.
private func returnCompletion(
  _ client: OpaquePointer?, _ out_event: UnsafeMutablePointer<deepidv_event>?,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?,
  _ take: (Client) throws(Refusal) -> Operation
) -> deepidv_status {
  out_event?.pointee = deepidv_event()
  out_result?.pointee = nil
  return returnStatus { () throws(Refusal) in
    guard let out_event, let out_result else { throw Refusal(DEEPIDV_E_NULL) }
    let client = try Client.usable(client)
    // Allocated first: the completion must not be lost because memory has run out.
    var slot = try HandleSlot()
    let operation = try take(client)
    guard let result = operation.guarded.phase.completion else { throw Refusal(DEEPIDV_E_EMPTY) }
    out_event.pointee.op = operation.guarded.number
    out_event.pointee.tag = operation.tag
    out_event.pointee.status = result.status
    out_event.pointee.kind = UInt32(bitPattern: operation.kind.row.event)
    out_result.pointee = slot.fill(result)
  }
}
