// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_version")
public func deepidv_version() -> UnsafePointer<CChar>? {
  returnText(libraryVersion)
}

@implementation @_cdecl("deepidv_abi_version")
public func deepidv_abi_version() -> UInt32 {
  UInt32(DEEPIDV_ABI_MAJOR) << 16 | UInt32(DEEPIDV_ABI_MINOR)
}

@implementation @_cdecl("deepidv_status_name")
public func deepidv_status_name(_ status: Int32) -> UnsafePointer<CChar>? {
  LentText(statusNames(), for: status).start
}

@implementation @_cdecl("deepidv_status_text")
public func deepidv_status_text(_ status: Int32) -> UnsafePointer<CChar>? {
  LentText(statusTexts(), for: status).start
}

@implementation @_cdecl("deepidv_libcurl_problem")
public func deepidv_libcurl_problem(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_len: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  returnText(out, capacity, out_len) { text throws(Refusal) in
    do throws(BufferError) { try Libcurl.appendProblem(to: &text) } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
  }
}
