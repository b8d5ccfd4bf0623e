// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_session_create")
public func deepidv_session_create(
  _ client: OpaquePointer?, _ request: OpaquePointer?,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  run(client, out_result, .create, request)
}

@implementation @_cdecl("deepidv_session_create_submit")
public func deepidv_session_create_submit(
  _ client: OpaquePointer?, _ request: OpaquePointer?, _ tag: UInt64,
  _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  submit(client, tag, out_op, .create, request)
}

@implementation @_cdecl("deepidv_session_find_or_create")
public func deepidv_session_find_or_create(
  _ client: OpaquePointer?, _ request: OpaquePointer?,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  run(client, out_result, .findOrCreate, request)
}

@implementation @_cdecl("deepidv_session_find_or_create_submit")
public func deepidv_session_find_or_create_submit(
  _ client: OpaquePointer?, _ request: OpaquePointer?, _ tag: UInt64,
  _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  submit(client, tag, out_op, .findOrCreate, request)
}

@implementation @_cdecl("deepidv_session_retrieve")
public func deepidv_session_retrieve(
  _ client: OpaquePointer?, _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  run(client, out_result) { _, context throws(Refusal) in
    .accepted(try retrieve(session_id, session_id_len, context))
  }
}

@implementation @_cdecl("deepidv_session_retrieve_submit")
public func deepidv_session_retrieve_submit(
  _ client: OpaquePointer?, _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int,
  _ tag: UInt64, _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  submit(client, tag, out_op) { _, context throws(Refusal) in
    try retrieve(session_id, session_id_len, context)
  }
}

@implementation @_cdecl("deepidv_session_list")
public func deepidv_session_list(
  _ client: OpaquePointer?, _ external_id: UnsafePointer<CChar>?, _ external_id_len: Int,
  _ limit: UInt32, _ next_token: UnsafePointer<CChar>?, _ next_token_len: Int,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  run(client, out_result) { _, context throws(Refusal) in
    .accepted(
      try list(
        externalID: external_id, length: external_id_len, limit: limit, nextToken: next_token,
        length: next_token_len, context))
  }
}

@implementation @_cdecl("deepidv_session_list_submit")
public func deepidv_session_list_submit(
  _ client: OpaquePointer?, _ external_id: UnsafePointer<CChar>?, _ external_id_len: Int,
  _ limit: UInt32, _ next_token: UnsafePointer<CChar>?, _ next_token_len: Int, _ tag: UInt64,
  _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  submit(client, tag, out_op) { _, context throws(Refusal) in
    try list(
      externalID: external_id, length: external_id_len, limit: limit, nextToken: next_token,
      length: next_token_len, context)
  }
}

@implementation @_cdecl("deepidv_session_reconcile")
public func deepidv_session_reconcile(
  _ client: OpaquePointer?, _ token: UnsafePointer<CChar>?, _ token_len: Int,
  _ out_result: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  run(client, out_result) { _, context throws(Refusal) in
    .accepted(try reconcile(token, token_len, context))
  }
}

@implementation @_cdecl("deepidv_session_reconcile_submit")
public func deepidv_session_reconcile_submit(
  _ client: OpaquePointer?, _ token: UnsafePointer<CChar>?, _ token_len: Int, _ tag: UInt64,
  _ out_op: UnsafeMutablePointer<UInt64>?
) -> deepidv_status {
  submit(client, tag, out_op) { _, context throws(Refusal) in
    try reconcile(token, token_len, context)
  }
}

@implementation @_cdecl("deepidv_reconcile_token")
public func deepidv_reconcile_token(
  _ external_id: UnsafePointer<CChar>?, _ external_id_len: Int, _ sent_at_s: UInt64,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_len: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  returnText(out, capacity, out_len) { token throws(Refusal) in
    try withInput(external_id, external_id_len) { externalID throws(Refusal) in
      try require(ReconcileToken.check(sentAt: sent_at_s, externalID: externalID))
      do throws(BufferError) {
        try ReconcileToken.write(
          sentAt: Int64(truncatingIfNeeded: sent_at_s), externalID: externalID, to: &token)
      } catch {
        throw Refusal(DEEPIDV_E_NOMEM)
      }
    }
  }
}

// MARK: Blocking and queued

/// Whether a blocking call's arguments can be sent.
enum Admission {
  case accepted(Operation)
  /// They cannot, and the result has the reason.
  case refused(OperationResult)
}

/// Runs an operation, waits for its end, and returns the result through `out_result`.
@inline(never)
func run(
  _ client: OpaquePointer?, _ out_result: UnsafeMutablePointer<OpaquePointer?>?,
  _ admit: (borrowing Settings, OperationContext) throws(Refusal) -> Admission
) -> deepidv_status {
  out_result?.pointee = nil
  var status = DEEPIDV_OK
  let refused = returnStatus { () throws(Refusal) in
    guard let out_result else { throw Refusal(DEEPIDV_E_NULL) }
    let client = try Client.usable(client)
    // Allocated before anything is sent: a session must not be lost because memory has run out.
    var slot = try HandleSlot()
    let gate = try Operation.Gate.make { _ in nil }
    let context = OperationContext(
      delivery: .call(gate), timeoutMS: client.settings.values.timeoutMS)
    let result: OperationResult
    switch try admit(client.settings, context) {
    case .refused(let refusal): result = refusal
    case .accepted(let operation): result = try client.run(operation, waitingAt: gate)
    }
    out_result.pointee = slot.fill(result)
    status = result.status
  }
  return refused == DEEPIDV_OK ? status : refused
}

/// Submits an operation whose result the caller takes from the client later.
@inline(never)
func submit(
  _ client: OpaquePointer?, _ tag: UInt64, _ out_op: UnsafeMutablePointer<UInt64>?,
  _ make: (borrowing Settings, OperationContext) throws(Refusal) -> Operation
) -> deepidv_status {
  out_op?.pointee = 0
  return returnStatus { () throws(Refusal) in
    let client = try Client.usable(client)
    try requireMemory()
    let context = OperationContext(
      tag: tag, delivery: .queue, timeoutMS: client.settings.values.timeoutMS)
    let operation = try make(client.settings, context)
    let number = try client.submit(operation)
    out_op?.pointee = number
  }
}

// MARK: Arguments

/// Runs what may create a session; a field that is refused is named by the result.
private func run(
  _ client: OpaquePointer?, _ out_result: UnsafeMutablePointer<OpaquePointer?>?,
  _ kind: OperationKind, _ request: OpaquePointer?
) -> deepidv_status {
  run(client, out_result) { settings, context throws(Refusal) in
    var refused: Field?
    do throws(Refusal) {
      return .accepted(try create(request, kind, settings, context, refused: &refused))
    } catch {
      guard refused != nil else { throw error }
      let result = OperationResult(error.status, cause: error.status)
      result.field = refused
      return .refused(result)
    }
  }
}

private func submit(
  _ client: OpaquePointer?, _ tag: UInt64, _ out_op: UnsafeMutablePointer<UInt64>?,
  _ kind: OperationKind, _ request: OpaquePointer?
) -> deepidv_status {
  submit(client, tag, out_op) { settings, context throws(Refusal) in
    var refused: Field?
    return try create(request, kind, settings, context, refused: &refused)
  }
}

@inline(never)
private func create(
  _ request: OpaquePointer?, _ kind: OperationKind, _ settings: borrowing Settings,
  _ context: OperationContext, refused: inout Field?
) throws(Refusal) -> Operation {
  let handle = try object(request, RequestHandle.self)
  let searchesFirst = kind == .findOrCreate || handle.isSearchedFirst
  try handle.requireComplete(isSearchedFirst: searchesFirst, refused: &refused)
  let operation = try Operation.create(
    handle.request, as: kind, searchingFirst: searchesFirst, settings, context)
  operation.query.trace = handle.trace
  return operation
}

private func retrieve(
  _ id: UnsafePointer<CChar>?, _ length: Int, _ context: OperationContext
) throws(Refusal) -> Operation {
  try withInput(id, length) { id throws(Refusal) in try Operation.retrieve(id, context) }
}

@inline(never)
private func list(
  externalID: UnsafePointer<CChar>?, length externalIDLength: Int, limit: UInt32,
  nextToken: UnsafePointer<CChar>?, length nextTokenLength: Int, _ context: OperationContext
) throws(Refusal) -> Operation {
  try withOptionalInput(externalID, externalIDLength) { externalID throws(Refusal) in
    try withOptionalInput(nextToken, nextTokenLength) { nextToken throws(Refusal) in
      try Operation.list(externalID: externalID, limit: limit, nextToken: nextToken, context)
    }
  }
}

private func reconcile(
  _ token: UnsafePointer<CChar>?, _ length: Int, _ context: OperationContext
) throws(Refusal) -> Operation {
  try withInput(token, length) { token throws(Refusal) in try Operation.reconcile(token, context) }
}
