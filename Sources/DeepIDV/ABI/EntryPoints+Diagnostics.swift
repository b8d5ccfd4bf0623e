// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_client_stats")
public func deepidv_client_stats(
  _ client: OpaquePointer?, _ out: UnsafeMutablePointer<deepidv_stats>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = deepidv_stats()
  return returnStatus { () throws(Refusal) in
    try Client.usable(client).statistics.read(into: &out.pointee)
  }
}

@implementation @_cdecl("deepidv_client_describe")
public func deepidv_client_describe(
  _ client: OpaquePointer?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ out_len: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  returnText(out, capacity, out_len) { text throws(Refusal) in
    let statistics = try Client.usable(client).statistics
    do throws(BufferError) { try statistics.describe(into: &text) } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
  }
}

@implementation @_cdecl("deepidv_client_next_log")
public func deepidv_client_next_log(
  _ client: OpaquePointer?, _ out: UnsafeMutablePointer<deepidv_log>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = deepidv_log()
  return returnStatus { () throws(Refusal) in
    guard let record = try Client.usable(client).takeLog() else { throw Refusal(DEEPIDV_E_EMPTY) }
    out.pointee = record
  }
}
