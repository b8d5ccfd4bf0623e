// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import CPlatform
import DeepIDVCore

/// The keys that a caller has added.
final class StateKeysHandle: HandleObject {
  static var magic: UInt64 { 0x6465_6570_6b65_7973 }

  var keys = StateKeys()
}

@implementation @_cdecl("deepidv_state_keys_new")
public func deepidv_state_keys_new(
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  returnHandle(out) { StateKeysHandle() }
}

@implementation @_cdecl("deepidv_state_keys_free")
public func deepidv_state_keys_free(_ handle: OpaquePointer?) {
  _ = freeHandle(handle, StateKeysHandle.self)
}

@implementation @_cdecl("deepidv_state_keys_add")
public func deepidv_state_keys_add(
  _ keys: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ key_len: Int
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let handle = try object(keys, StateKeysHandle.self)
    try withInput(key, key_len) { key throws(Refusal) in try require(handle.keys.add(key)) }
  }
}

@implementation @_cdecl("deepidv_state_new")
public func deepidv_state_new(
  _ keys: OpaquePointer?, _ context: UnsafePointer<CChar>?, _ context_len: Int,
  _ lifetime_s: UInt32, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ out_len: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  returnText(out, capacity, out_len) { text throws(Refusal) in
    let handle = try object(keys, StateKeysHandle.self)
    try withInput(context, context_len) { context throws(Refusal) in
      var nonce = [16 of UInt8](repeating: 0)
      var unfilled = nonce.mutableSpan
      let isRandom = unfilled.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { cplatform_random_bytes($0, bytes.count) != 0 } ?? false
      }
      guard isRandom else { throw Refusal(DEEPIDV_E_SYSTEM) }
      try require(
        makeState(
          handle.keys, context: context, lifetime: Int64(lifetime_s), now: cplatform_wall_seconds(),
          nonce: nonce.span, to: &text))
    }
  }
}

@implementation @_cdecl("deepidv_redirect_url_with_state")
public func deepidv_redirect_url_with_state(
  _ url: UnsafePointer<CChar>?, _ url_len: Int, _ state: UnsafePointer<CChar>?, _ state_len: Int,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_len: UnsafeMutablePointer<Int>?
) -> deepidv_status {
  returnText(out, capacity, out_len) { text throws(Refusal) in
    try withInput(url, url_len) { url throws(Refusal) in
      try withInput(state, state_len) { state throws(Refusal) in
        try require(checkRedirectURL(url))
        try require(addState(state, to: url, into: &text))
        try require(text.withSpan { checkRedirectURL($0) })
      }
    }
  }
}

@implementation @_cdecl("deepidv_state_verify")
public func deepidv_state_verify(
  _ keys: OpaquePointer?, _ redirect: UnsafePointer<CChar>?, _ redirect_len: Int,
  _ context: UnsafePointer<CChar>?, _ context_len: Int
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let handle = try object(keys, StateKeysHandle.self)
    try withInput(redirect, redirect_len) { redirect throws(Refusal) in
      try withInput(context, context_len) { context throws(Refusal) in
        try require(
          verifyState(redirect, handle.keys, context: context, now: cplatform_wall_seconds()))
      }
    }
  }
}

/// Checks a URL by the rules of a request's redirect URL.
private func checkRedirectURL(_ url: Span<UInt8>) -> deepidv_status {
  checkText(url, for: .redirectURL)
}
