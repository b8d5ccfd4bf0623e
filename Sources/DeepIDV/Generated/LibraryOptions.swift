// Generated from Sources/ABI by abigen (make abi). Do not edit.

/// An option of a config.
///
/// Its key is also the end of its setter's name.
enum Option: UInt32 {
  case apiKey
  case baseURL
  case timeoutMS
  case connectTimeoutMS
  case maxInFlight
  case rateLimit
  case rateBurst
  case connectionReuse
  case makeExternalID
  case repeatGuard
  case settleMS
  case caFile
  case proxy
  case userAgent
  case allowHTTPHosts
  case logLevel
  case useEnvironment

  /// Its row of the table.
  var row: Row {
    switch self {
    case .apiKey:
      Row(
        key: "api_key", variable: "DEEPIDV_API_KEY",
        content: .text(limit: 512))
    case .baseURL:
      Row(
        key: "base_url", variable: "DEEPIDV_BASE_URL",
        content: .text(limit: 2048))
    case .timeoutMS:
      Row(
        key: "timeout_ms", variable: "DEEPIDV_TIMEOUT_MS",
        content: .number(1...86_400_000))
    case .connectTimeoutMS:
      Row(
        key: "connect_timeout_ms", variable: "DEEPIDV_CONNECT_TIMEOUT_MS",
        content: .number(1...86_400_000))
    case .maxInFlight:
      Row(
        key: "max_in_flight", variable: "DEEPIDV_MAX_IN_FLIGHT",
        content: .number(1...1_000_000))
    case .rateLimit:
      Row(
        key: "rate_limit", variable: "DEEPIDV_RATE_LIMIT",
        content: .number(0...10_000))
    case .rateBurst:
      Row(
        key: "rate_burst", variable: "DEEPIDV_RATE_BURST",
        content: .number(1...10_000))
    case .connectionReuse:
      Row(
        key: "connection_reuse", variable: "DEEPIDV_CONNECTION_REUSE",
        content: .number(0...1))
    case .makeExternalID:
      Row(
        key: "make_external_id", variable: "DEEPIDV_MAKE_EXTERNAL_ID",
        content: .number(0...1))
    case .repeatGuard:
      Row(
        key: "repeat_guard", variable: "DEEPIDV_REPEAT_GUARD",
        content: .number(0...1))
    case .settleMS:
      Row(
        key: "settle_ms", variable: "DEEPIDV_SETTLE_MS",
        content: .number(1...86_400_000))
    case .caFile:
      Row(
        key: "ca_file", variable: "DEEPIDV_CA_FILE",
        content: .text(limit: 4095))
    case .proxy:
      Row(
        key: "proxy", variable: "DEEPIDV_PROXY",
        content: .text(limit: 2048))
    case .userAgent:
      Row(
        key: "user_agent", variable: "DEEPIDV_USER_AGENT",
        content: .text(limit: 256))
    case .allowHTTPHosts:
      Row(
        key: "allow_http_hosts", variable: "DEEPIDV_ALLOW_HTTP_HOSTS",
        content: .text(limit: 2048))
    case .logLevel:
      Row(
        key: "log_level", variable: "DEEPIDV_LOG_LEVEL",
        content: .number(0...4))
    case .useEnvironment:
      Row(
        key: "use_environment", variable: "DEEPIDV_USE_ENVIRONMENT",
        content: .number(0...1))
    }
  }
}

/// The default values of the options that have one.
enum OptionDefault {
  static var baseURL: StaticString { "https://api.deepidv.com" }
  static var timeoutMS: UInt32 { 25_000 }
  static var connectTimeoutMS: UInt32 { 5000 }
  static var maxInFlight: UInt32 { 10_000 }
  static var rateLimit: UInt32 { 25 }
  static var rateBurst: UInt32 { 35 }
  static var connectionReuse: Bool { true }
  static var makeExternalID: Bool { true }
  static var repeatGuard: Bool { true }
  static var settleMS: UInt32 { 120_000 }
  static var logLevel: UInt32 { 0 }
  static var useEnvironment: Bool { false }
}
