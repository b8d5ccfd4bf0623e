// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_redirect_parse")
public func deepidv_redirect_parse(
  _ url: UnsafePointer<CChar>?, _ url_len: Int, _ out: UnsafeMutablePointer<deepidv_redirect>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = deepidv_redirect()
  return returnStatus { () throws(Refusal) in
    try withInput(url, url_len) { url throws(Refusal) in
      try require(parseRedirect(url, into: &out.pointee))
    }
  }
}

@implementation @_cdecl("deepidv_redirect_describe")
public func deepidv_redirect_describe(
  _ url: UnsafePointer<CChar>?, _ url_len: Int, _ out: UnsafeMutablePointer<CChar>?,
  _ capacity: Int, _ out_len: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  returnText(out, capacity, out_len) { text throws(Refusal) in
    try withInput(url, url_len) { url throws(Refusal) in
      let status: deepidv_status
      do throws(BufferError) { status = try describeRedirect(url, into: &text) } catch {
        throw Refusal(error == .full ? DEEPIDV_E_TOO_LONG : DEEPIDV_E_NOMEM)
      }
      try require(status)
    }
  }
}

@implementation @_cdecl("deepidv_redirect_matches")
public func deepidv_redirect_matches(
  _ url: UnsafePointer<CChar>?, _ url_len: Int, _ redirect: UnsafePointer<deepidv_redirect>?,
  _ session_id: UnsafePointer<CChar>?, _ session_id_len: Int
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    guard let redirect else { throw Refusal(DEEPIDV_E_NULL) }
    try withInput(url, url_len) { url throws(Refusal) in
      try withInput(session_id, session_id_len) { expected throws(Refusal) in
        try require(redirectMatches(url, redirect.pointee.session_id, expected))
      }
    }
  }
}

@implementation @_cdecl("deepidv_redirect_param")
public func deepidv_redirect_param(
  _ url: UnsafePointer<CChar>?, _ url_len: Int, _ name: UnsafePointer<CChar>?, _ name_len: Int,
  _ out: UnsafeMutablePointer<deepidv_span>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = deepidv_span()
  return returnStatus { () throws(Refusal) in
    try withInput(url, url_len) { url throws(Refusal) in
      try withInput(name, name_len) { name throws(Refusal) in
        try require(findParameter(url, named: name, into: &out.pointee))
      }
    }
  }
}

@implementation @_cdecl("deepidv_redirect_next_param")
public func deepidv_redirect_next_param(
  _ url: UnsafePointer<CChar>?, _ url_len: Int, _ param: UnsafeMutablePointer<deepidv_param>?
) -> deepidv_status {
  guard let param else { return DEEPIDV_E_NULL }
  var next = param.pointee
  param.pointee = deepidv_param()
  return returnStatus { () throws(Refusal) in
    try withInput(url, url_len) { url throws(Refusal) in
      try require(nextParameter(url, &next))
      param.pointee = next
    }
  }
}

@implementation @_cdecl("deepidv_session_url_parse")
public func deepidv_session_url_parse(
  _ url: UnsafePointer<CChar>?, _ url_len: Int, _ out: UnsafeMutablePointer<deepidv_session_url>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = deepidv_session_url()
  return returnStatus { () throws(Refusal) in
    try withInput(url, url_len) { url throws(Refusal) in
      try require(parseSessionURL(url, into: &out.pointee))
    }
  }
}

@implementation @_cdecl("deepidv_span_decode")
public func deepidv_span_decode(
  _ url: UnsafePointer<CChar>?, _ url_len: Int, _ span: UnsafePointer<deepidv_span>?,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_len: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  out_len?.pointee = 0
  return returnStatus { () throws(Refusal) in
    guard let span, let out else { throw Refusal(DEEPIDV_E_NULL) }
    guard capacity >= 0 else { throw Refusal(DEEPIDV_E_LENGTH) }
    let memory = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt8.self)
    var decoded = UnsafeMutableBufferPointer(start: memory, count: capacity).mutableSpan
    var length = 0
    defer { out_len?.pointee = length }
    try withInput(url, url_len) { url throws(Refusal) in
      try require(decodeSpan(url, span.pointee, into: &decoded, length: &length))
    }
  }
}
