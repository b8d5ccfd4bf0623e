// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

/// The secrets that a caller has handed over.
final class WebhookSecretsHandle: HandleObject {
  static var magic: UInt64 { 0x6465_6570_7768_736b }

  var secrets = WebhookSecrets()
}

/// A verified event.
final class WebhookHandle: HandleObject {
  static var magic: UInt64 { 0x6465_6570_7768_6f6b }

  var webhook = Webhook()

  /// All of it as JSON, once somebody has read that.
  let description = LazyText()
}

@implementation @_cdecl("deepidv_webhook_secrets_new")
public func deepidv_webhook_secrets_new(
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  returnHandle(out) { WebhookSecretsHandle() }
}

@implementation @_cdecl("deepidv_webhook_secrets_free")
public func deepidv_webhook_secrets_free(_ handle: OpaquePointer?) {
  _ = freeHandle(handle, WebhookSecretsHandle.self)
}

@implementation @_cdecl("deepidv_webhook_secrets_add")
public func deepidv_webhook_secrets_add(
  _ secrets: OpaquePointer?, _ secret: UnsafePointer<CChar>?, _ secret_len: Int
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let handle = try object(secrets, WebhookSecretsHandle.self)
    try withInput(secret, secret_len) { secret throws(Refusal) in
      try require(handle.secrets.add(secret))
    }
  }
}

@implementation @_cdecl("deepidv_webhook_open")
public func deepidv_webhook_open(
  _ secrets: OpaquePointer?, _ signature: UnsafePointer<CChar>?, _ signature_len: Int,
  _ body: UnsafePointer<CChar>?, _ body_len: Int, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> deepidv_status {
  returnHandle(out) { () throws(Refusal) in
    let handle = try object(secrets, WebhookSecretsHandle.self)
    let opened = WebhookHandle()
    try withInputOrEmpty(signature, signature_len) { signature throws(Refusal) in
      try withInput(body, body_len) { body throws(Refusal) in
        try require(opened.webhook.open(body, signature: signature, handle.secrets))
      }
    }
    return opened
  }
}

@implementation @_cdecl("deepidv_webhook_free")
public func deepidv_webhook_free(_ handle: OpaquePointer?) {
  _ = freeHandle(handle, WebhookHandle.self)
}

@implementation @_cdecl("deepidv_webhook_type")
public func deepidv_webhook_type(_ webhook: OpaquePointer?) -> Int32 {
  opened(webhook)?.webhook.type ?? 0
}

@implementation @_cdecl("deepidv_webhook_type_text")
public func deepidv_webhook_type_text(
  _ webhook: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  text(webhook, out_len) { $0.webhook.answer.eventType }
}

@implementation @_cdecl("deepidv_webhook_session")
public func deepidv_webhook_session(
  _ webhook: OpaquePointer?, _ out: UnsafeMutablePointer<deepidv_session>?
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = deepidv_session()
  return returnStatus { () throws(Refusal) in
    let handle = try object(webhook, WebhookHandle.self)
    handle.webhook.answer.read(into: &out.pointee)
    (out.pointee.json, out.pointee.json_len) = LentText(handle.webhook.body).parts
    out.pointee.verdict = handle.webhook.verdict
  }
}

@implementation @_cdecl("deepidv_webhook_verdict")
public func deepidv_webhook_verdict(_ webhook: OpaquePointer?) -> Int32 {
  opened(webhook)?.webhook.verdict ?? DEEPIDV_VERDICT_UNKNOWN
}

@implementation @_cdecl("deepidv_webhook_key")
public func deepidv_webhook_key(
  _ webhook: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(webhook, out_len) { LentText($0.webhook.key) } }

@implementation @_cdecl("deepidv_webhook_json")
public func deepidv_webhook_json(
  _ webhook: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? { text(webhook, out_len) { LentText($0.webhook.body) } }

@implementation @_cdecl("deepidv_webhook_describe")
public func deepidv_webhook_describe(
  _ webhook: OpaquePointer?, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  text(webhook, out_len) { opened in
    opened.description.read { () throws(BufferError) in try opened.webhook.describe() }
  }
}

@implementation @_cdecl("deepidv_webhook_supersedes")
public func deepidv_webhook_supersedes(
  _ key: UnsafePointer<CChar>?, _ key_len: Int, _ other: UnsafePointer<CChar>?, _ other_len: Int
) -> Int32 {
  let supersedes = try? withInputOrEmpty(key, key_len) { key throws(Refusal) in
    try withInputOrEmpty(other, other_len) { other throws(Refusal) in
      webhookSupersedes(key, other)
    }
  }
  return supersedes == true ? 1 : 0
}

/// The webhook behind a handle, or nil for NULL and for another object.
@inline(never)
private func opened(_ webhook: OpaquePointer?) -> WebhookHandle? {
  try? object(webhook, WebhookHandle.self)
}

/// A text of a webhook; absent for NULL and for another object.
private func text(
  _ webhook: OpaquePointer?, _ outLength: UnsafeMutablePointer<Int>?,
  _ read: (WebhookHandle) -> LentText
) -> UnsafePointer<CChar>? {
  let text = opened(webhook).map(read) ?? LentText()
  outLength?.pointee = text.count
  return text.start
}

/// Lends the bytes of a text that may be NULL, which is then empty.
private func withInputOrEmpty<Output>(
  _ text: UnsafePointer<CChar>?, _ length: Int,
  _ body: (Span<UInt8>) throws(Refusal) -> Output
) throws(Refusal) -> Output {
  guard text != nil else { return try body(Span()) }
  return try withInput(text, length, body)
}
