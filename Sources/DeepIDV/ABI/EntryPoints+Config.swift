// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CDeepIDV
import DeepIDVCore

@implementation @_cdecl("deepidv_config_new")
public func deepidv_config_new(_ out: UnsafeMutablePointer<OpaquePointer?>?) -> deepidv_status {
  returnHandle(out) { () throws(Refusal) in Config(try Settings()) }
}

@implementation @_cdecl("deepidv_config_free")
public func deepidv_config_free(_ handle: OpaquePointer?) {
  _ = freeHandle(handle, Config.self)
}

@implementation @_cdecl("deepidv_config_set")
public func deepidv_config_set(
  _ config: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ name_len: Int,
  _ value: UnsafePointer<CChar>?, _ value_len: Int
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let config = try object(config, Config.self)
    let option = try withInput(name, name_len) { Option.named($0) }
    guard let option else { throw Refusal(DEEPIDV_E_KEY) }
    try withInput(value, value_len) { value throws(Refusal) in try config.set(option, value) }
  }
}

@implementation @_cdecl("deepidv_config_key")
public func deepidv_config_key(
  _ index: UInt32, _ out_len: UnsafeMutablePointer<Int>?
) -> UnsafePointer<CChar>? {
  returnText(Option(rawValue: index)?.row.key, out_len)
}

@implementation @_cdecl("deepidv_config_set_api_key")
public func deepidv_config_set_api_key(
  _ config: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ key_len: Int
) -> deepidv_status { set(config, .apiKey, key, key_len) }

@implementation @_cdecl("deepidv_config_set_base_url")
public func deepidv_config_set_base_url(
  _ config: OpaquePointer?, _ url: UnsafePointer<CChar>?, _ url_len: Int
) -> deepidv_status { set(config, .baseURL, url, url_len) }

@implementation @_cdecl("deepidv_config_set_timeout_ms")
public func deepidv_config_set_timeout_ms(
  _ config: OpaquePointer?, _ timeout_ms: UInt32
) -> deepidv_status { set(config, .timeoutMS, timeout_ms) }

@implementation @_cdecl("deepidv_config_set_connect_timeout_ms")
public func deepidv_config_set_connect_timeout_ms(
  _ config: OpaquePointer?, _ timeout_ms: UInt32
) -> deepidv_status { set(config, .connectTimeoutMS, timeout_ms) }

@implementation @_cdecl("deepidv_config_set_max_in_flight")
public func deepidv_config_set_max_in_flight(
  _ config: OpaquePointer?, _ count: UInt32
) -> deepidv_status { set(config, .maxInFlight, count) }

@implementation @_cdecl("deepidv_config_set_rate_limit")
public func deepidv_config_set_rate_limit(
  _ config: OpaquePointer?, _ per_second: UInt32
) -> deepidv_status { set(config, .rateLimit, per_second) }

@implementation @_cdecl("deepidv_config_set_rate_burst")
public func deepidv_config_set_rate_burst(
  _ config: OpaquePointer?, _ count: UInt32
) -> deepidv_status { set(config, .rateBurst, count) }

@implementation @_cdecl("deepidv_config_set_connection_reuse")
public func deepidv_config_set_connection_reuse(
  _ config: OpaquePointer?, _ value: UInt32
) -> deepidv_status { set(config, .connectionReuse, value) }

@implementation @_cdecl("deepidv_config_set_make_external_id")
public func deepidv_config_set_make_external_id(
  _ config: OpaquePointer?, _ value: UInt32
) -> deepidv_status { set(config, .makeExternalID, value) }

@implementation @_cdecl("deepidv_config_set_repeat_guard")
public func deepidv_config_set_repeat_guard(
  _ config: OpaquePointer?, _ value: UInt32
) -> deepidv_status { set(config, .repeatGuard, value) }

@implementation @_cdecl("deepidv_config_set_settle_ms")
public func deepidv_config_set_settle_ms(
  _ config: OpaquePointer?, _ settle_ms: UInt32
) -> deepidv_status { set(config, .settleMS, settle_ms) }

@implementation @_cdecl("deepidv_config_set_log_level")
public func deepidv_config_set_log_level(
  _ config: OpaquePointer?, _ level: UInt32
) -> deepidv_status { set(config, .logLevel, level) }

@implementation @_cdecl("deepidv_config_set_ca_file")
public func deepidv_config_set_ca_file(
  _ config: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ path_len: Int
) -> deepidv_status { set(config, .caFile, path, path_len) }

@implementation @_cdecl("deepidv_config_set_proxy")
public func deepidv_config_set_proxy(
  _ config: OpaquePointer?, _ url: UnsafePointer<CChar>?, _ url_len: Int
) -> deepidv_status { set(config, .proxy, url, url_len) }

@implementation @_cdecl("deepidv_config_set_user_agent")
public func deepidv_config_set_user_agent(
  _ config: OpaquePointer?, _ text: UnsafePointer<CChar>?, _ text_len: Int
) -> deepidv_status { set(config, .userAgent, text, text_len) }

@implementation @_cdecl("deepidv_config_set_allow_http_hosts")
public func deepidv_config_set_allow_http_hosts(
  _ config: OpaquePointer?, _ hosts: UnsafePointer<CChar>?, _ hosts_len: Int
) -> deepidv_status { set(config, .allowHTTPHosts, hosts, hosts_len) }

@implementation @_cdecl("deepidv_config_set_use_environment")
public func deepidv_config_set_use_environment(
  _ config: OpaquePointer?, _ value: UInt32
) -> deepidv_status { set(config, .useEnvironment, value) }

@implementation @_cdecl("deepidv_config_from_env")
public func deepidv_config_from_env(
  _ config: OpaquePointer?, _ out_key: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> deepidv_status {
  out_key?.pointee = nil
  var refused: Option?
  let status = returnStatus { () throws(Refusal) in
    try object(config, Config.self).readEnvironment(refused: &refused)
  }
  out_key?.pointee = returnText(refused?.row.key)
  return status
}

private func set(
  _ config: OpaquePointer?, _ option: Option, _ text: UnsafePointer<CChar>?, _ length: Int
) -> deepidv_status {
  returnStatus { () throws(Refusal) in
    let config = try object(config, Config.self)
    try withInput(text, length) { text throws(Refusal) in try config.set(option, text) }
  }
}

private func set(_ config: OpaquePointer?, _ option: Option, _ number: UInt32) -> deepidv_status {
  returnStatus { () throws(Refusal) in try object(config, Config.self).set(option, number) }
}
