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
  if capacity > 0 { out.pointee = 0 }
  let memory = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt8.self)
  return read(
    path, path_len, of: result,
    to: .string(UnsafeMutableBufferPointer(start: memory, count: capacity), length: out_len))
}

@implementation @_cdecl("deepidv_result_int")
public func deepidv_result_int(
  _ result: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ path_len: Int,
  _ out: UnsafeMutablePointer<Int64>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = 0
  return read(path, path_len, of: result, to: .integer(out))
}

@implementation @_cdecl("deepidv_result_bool")
public func deepidv_result_bool(
  _ result: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ path_len: Int,
  _ out: UnsafeMutablePointer<Int32>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = 0
  return read(path, path_len, of: result, to: .bool(out))
}

/// Where a caller wants a value, and so of which type it has to be.
private enum Destination {
  case string(UnsafeMutableBufferPointer<UInt8>, length: UnsafeMutablePointer<Int>?)
  case integer(UnsafeMutablePointer<Int64>)
  case bool(UnsafeMutablePointer<Int32>)

  func take(_ value: JSONToken, of document: Span<UInt8>) -> deepidv_status {
    switch (self, value) {
    case (.string(let out, let outLength), .string(let text)):
      var copied = out.mutableSpan
      var length = 0
      let status = text.write(to: &copied, length: &length, in: document)
      outLength?.pointee = length
      return status
    case (.integer(let out), .number(let number)):
      switch number.integer(in: document) {
      case .value(let integer): out.pointee = integer
      case .overflow: return DEEPIDV_E_RANGE
      case .notAnInteger: return DEEPIDV_E_TYPE
      }
    case (.bool(let out), .bool(let bool)): out.pointee = bool ? 1 : 0
    default: return DEEPIDV_E_TYPE
    }
    return DEEPIDV_OK
  }
}

/// Reads the value at a path of a result's response.
private func read(
  _ path: UnsafePointer<CChar>?, _ length: Int, of result: OpaquePointer?,
  to destination: Destination
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let result = try object(result, OperationResult.self)
    try withInput(path, length) { path throws(Refusal) in
      let status = result.responseBody.withSpan { body in
        // It ends with a NUL, or is empty.
        let document = body.part(0, max(0, body.count &- 1))
        do throws(JSONPathFault) {
          return destination.take(try JSONPath.find(path, in: document), of: document)
        } catch {
          return error.status
        }
      }
      try require(status)
    }
  }
}
