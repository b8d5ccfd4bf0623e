// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

/// A request that a caller fills in.
final class RequestHandle: HandleObject {
  static var magic: UInt64 { 0x6465_6570_7265_7175 }

  var request = SessionRequest()
  /// Whether a session with its external id is searched for before one is created.
  var isSearchedFirst = false
  /// The caller's trace, of which the create is a part.
  var trace: TraceParent?

  /// Throws if a required field is missing.
  ///
  /// - Parameters:
  ///   - isSearchedFirst: Whether it needs an external id that can be searched for.
  ///   - refused: The first field that is missing or too long.
  func requireComplete(isSearchedFirst: Bool, refused: inout Field?) throws(Refusal) {
    refused = request.firstMissing(isSearchedFirst: isSearchedFirst)
    if refused != nil { throw Refusal(DEEPIDV_E_REQUIRED) }
    guard isSearchedFirst, request.length(of: .externalID) > longestIDInURL else { return }
    refused = .externalID
    throw Refusal(DEEPIDV_E_TOO_LONG)
  }
}

@implementation @_cdecl("deepidv_session_request_new")
public func deepidv_session_request_new(_ out: UnsafeMutablePointer<OpaquePointer?>?)
  -> deepidv_status
{
  returnHandle(out) { RequestHandle() }
}

@implementation @_cdecl("deepidv_session_request_free")
public func deepidv_session_request_free(_ handle: OpaquePointer?) {
  _ = freeHandle(handle, RequestHandle.self)
}

@implementation @_cdecl("deepidv_session_request_set_json")
public func deepidv_session_request_set_json(
  _ request: OpaquePointer?, _ json: UnsafePointer<CChar>?, _ json_len: Int,
  _ out_field: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
  _ out_offset: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  out_field?.pointee = nil
  out_offset?.pointee = 0
  return returnStatus { () throws(Refusal) in
    let handle = try object(request, RequestHandle.self)
    try withInput(json, json_len) { json throws(Refusal) in
      if json.count > 1 << 20 { throw Refusal(DEEPIDV_E_TOO_LONG) }
      do throws(JSONRefusal) {
        handle.request = try SessionRequest(json: json)
      } catch {
        out_field?.pointee = returnText(error.field?.name)
        out_offset?.pointee = error.offset
        throw Refusal(error.status)
      }
    }
  }
}

@implementation @_cdecl("deepidv_session_request_set_first_name")
public func deepidv_session_request_set_first_name(
  _ request: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status { set(request, .firstName, value, value_len) }

@implementation @_cdecl("deepidv_session_request_set_last_name")
public func deepidv_session_request_set_last_name(
  _ request: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status { set(request, .lastName, value, value_len) }

@implementation @_cdecl("deepidv_session_request_set_email")
public func deepidv_session_request_set_email(
  _ request: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status { set(request, .email, value, value_len) }

@implementation @_cdecl("deepidv_session_request_set_phone")
public func deepidv_session_request_set_phone(
  _ request: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status { set(request, .phone, value, value_len) }

@implementation @_cdecl("deepidv_session_request_set_external_id")
public func deepidv_session_request_set_external_id(
  _ request: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status { set(request, .externalID, value, value_len) }

@implementation @_cdecl("deepidv_session_request_set_send_email_invite")
public func deepidv_session_request_set_send_email_invite(
  _ request: OpaquePointer?, _ value: Int32
) -> deepidv_status { set(request, .sendEmailInvite, value) }

@implementation @_cdecl("deepidv_session_request_set_send_phone_invite")
public func deepidv_session_request_set_send_phone_invite(
  _ request: OpaquePointer?, _ value: Int32
) -> deepidv_status { set(request, .sendPhoneInvite, value) }

@implementation @_cdecl("deepidv_session_request_set_workflow_id")
public func deepidv_session_request_set_workflow_id(
  _ request: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status { set(request, .workflowID, value, value_len) }

@implementation @_cdecl("deepidv_session_request_set_redirect_url")
public func deepidv_session_request_set_redirect_url(
  _ request: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status { set(request, .redirectURL, value, value_len) }

@implementation @_cdecl("deepidv_session_request_set_expires_in_hours")
public func deepidv_session_request_set_expires_in_hours(
  _ request: OpaquePointer?, _ hours: UInt32
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let handle = try object(request, RequestHandle.self)
    try require(handle.request.set(.expiresInHours, Int64(hours)))
  }
}

@implementation @_cdecl("deepidv_session_request_set_search_first")
public func deepidv_session_request_set_search_first(
  _ request: OpaquePointer?, _ value: Int32
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let handle = try object(request, RequestHandle.self)
    guard value == 0 || value == 1 else { throw Refusal(DEEPIDV_E_RANGE) }
    handle.isSearchedFirst = value == 1
  }
}

@implementation @_cdecl("deepidv_session_request_set_traceparent")
public func deepidv_session_request_set_traceparent(
  _ request: OpaquePointer?, _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let handle = try object(request, RequestHandle.self)
    try withInput(value, value_len) { text throws(Refusal) in
      let trace = TraceParent(text)
      guard trace != nil || text.isEmpty else { throw Refusal(DEEPIDV_E_TRACEPARENT) }
      handle.trace = trace
    }
  }
}

@implementation @_cdecl("deepidv_session_request_validate")
public func deepidv_session_request_validate(
  _ request: OpaquePointer?, _ out_field: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> deepidv_status {
  out_field?.pointee = nil
  return returnStatus { () throws(Refusal) in
    var refused: Field?
    defer { out_field?.pointee = returnText(refused?.name) }
    let handle = try object(request, RequestHandle.self)
    try handle.requireComplete(isSearchedFirst: handle.isSearchedFirst, refused: &refused)
  }
}

private func set(
  _ request: OpaquePointer?, _ field: Field, _ value: UnsafePointer<CChar>?, _ length: Int
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let handle = try object(request, RequestHandle.self)
    try withInput(value, length) { value throws(Refusal) in
      try require(handle.request.set(field, value))
    }
  }
}

private func set(_ request: OpaquePointer?, _ field: Field, _ value: Int32) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let handle = try object(request, RequestHandle.self)
    guard value == 0 || value == 1 else { throw Refusal(DEEPIDV_E_RANGE) }
    try require(handle.request.set(field, value == 1))
  }
}
