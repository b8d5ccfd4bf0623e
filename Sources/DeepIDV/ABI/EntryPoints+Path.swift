// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_result_string")
public func deepidv_result_string(
  _ result: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ path_len: Int,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_len: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  out_len?.pointee = 0
  guard let out else { return DEEPIDV_E_NULL }
  guard capacity >= 0 else { return DEEPIDV_E_LENGTH }
  let memory = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt8.self)
  return find(path, path_len, of: result) { value, document in
    guard case .string(let text) = value else { return DEEPIDV_E_TYPE }
    var copied = UnsafeMutableBufferPointer(start: memory, count: capacity).mutableSpan
    var length = 0
    let status = text.write(to: &copied, length: &length, in: document)
    out_len?.pointee = length
    return status
  }
}

@implementation @_cdecl("deepidv_result_int")
public func deepidv_result_int(
  _ result: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ path_len: Int,
  _ out: UnsafeMutablePointer<Int64>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = 0
  return find(path, path_len, of: result) { value, document in
    guard case .number(let number) = value else { return DEEPIDV_E_TYPE }
    switch number.integer(in: document) {
    case .value(let integer):
      out.pointee = integer
      return DEEPIDV_OK
    case .overflow: return DEEPIDV_E_RANGE
    case .notAnInteger: return DEEPIDV_E_TYPE
    }
  }
}

@implementation @_cdecl("deepidv_result_bool")
public func deepidv_result_bool(
  _ result: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ path_len: Int,
  _ out: UnsafeMutablePointer<Int32>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = 0
  return find(path, path_len, of: result) { value, _ in
    guard case .bool(let bool) = value else { return DEEPIDV_E_TYPE }
    out.pointee = bool ? 1 : 0
    return DEEPIDV_OK
  }
}

/// Reads the value at a path of a result's response.
private func find(
  _ path: UnsafePointer<CChar>?, _ length: Int, of result: OpaquePointer?,
  _ read: (JSONToken, Span<UInt8>) -> deepidv_status
) -> deepidv_status {
  answer { () throws(Refusal) in
    let result = try object(result, OperationResult.self)
    try withInput(path, length) { path throws(Refusal) in
      let status = result.responseBody.withSpan { body in
        // It ends with a NUL, or is empty.
        let document = body.extracting(first: max(0, body.count - 1))
        do throws(JSONPathFault) {
          return read(try JSONPath.find(path, in: document), document)
        } catch {
          return error.status
        }
      }
      try require(status)
    }
  }
}
