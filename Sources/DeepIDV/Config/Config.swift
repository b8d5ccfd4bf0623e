import CDeepIDV
import CPlatform
import DeepIDVCore

/// The options that a caller sets.
final class Config: HandleObject {
  static var magic: UInt64 { 0x6465_6570_636f_6e66 }

  var settings: Settings

  init(_ settings: consuming Settings) { self.settings = settings }

  /// Sets an option from a text; a number is in decimal.
  func set(_ option: Option, _ value: Span<UInt8>) throws(Refusal) {
    switch option.row.content {
    case .text(let limit):
      try check(value, for: option, limit: limit)
      try store(value, as: option)
    case .number:
      if option == .logLevel, let level = logLevel(value) { return try set(option, level) }
      guard case .value(let number) = value.decimal(), let number = UInt32(exactly: number) else {
        throw Refusal(DEEPIDV_E_RANGE)
      }
      try set(option, number)
    }
  }

  /// Sets an option to a number.
  func set(_ option: Option, _ value: UInt32) throws(Refusal) {
    guard case .number(let range) = option.row.content, range.contains(value) else {
      throw Refusal(DEEPIDV_E_RANGE)
    }
    switch option {
    case .timeoutMS: settings.values.timeoutMS = value
    case .connectTimeoutMS: settings.values.connectTimeoutMS = value
    case .maxInFlight: settings.values.maxInFlight = value
    case .rateLimit: settings.values.rateLimit = value
    case .rateBurst: settings.values.rateBurst = value
    case .connectionReuse: settings.values.reusesConnections = value == 1
    case .makeExternalID: settings.values.makesExternalIDs = value == 1
    case .repeatGuard: settings.values.guardsRepeats = value == 1
    case .settleMS: settings.values.settleMS = value
    case .logLevel: settings.values.logLevel = value
    case .useEnvironment: settings.values.usesEnvironment = value == 1
    case .apiKey, .baseURL, .caFile, .proxy, .userAgent, .allowHTTPHosts: break
    }
  }

  /// Returns the log level that a word names, or nil.
  private func logLevel(_ word: Span<UInt8>) -> UInt32? {
    switch word {
    case "off": UInt32(DEEPIDV_LEVEL_OFF)
    case "error": UInt32(DEEPIDV_LEVEL_ERROR)
    case "warning": UInt32(DEEPIDV_LEVEL_WARNING)
    case "info": UInt32(DEEPIDV_LEVEL_INFO)
    case "debug": UInt32(DEEPIDV_LEVEL_DEBUG)
    default: nil
    }
  }

  /// Sets every option whose environment variable is set.
  ///
  /// - Parameter refused: The option whose value is invalid, if there is one.
  func readEnvironment(refused: inout Option?) throws(Refusal) {
    // It decides whether the base URL is valid.
    try readEnvironment(.allowHTTPHosts, &refused)
    var candidate = Option(rawValue: 0)
    while let option = candidate {
      candidate = option.next
      if option != .allowHTTPHosts { try readEnvironment(option, &refused) }
    }
    refused = nil
  }

  private func readEnvironment(_ option: Option, _ refused: inout Option?) throws(Refusal) {
    guard let value = cplatform_environment(cString(option.row.variable)) else { return }
    refused = option
    try withInput(value, -1) { value throws(Refusal) in try set(option, value) }
  }

  private func check(_ value: Span<UInt8>, for option: Option, limit: Int) throws(Refusal) {
    switch option {
    case .apiKey, .baseURL, .caFile: if value.isEmpty { throw Refusal(DEEPIDV_E_REQUIRED) }
    default: break
    }
    try require(checkText(value, limit: limit))
    switch option {
    case .apiKey: try requireHeaderText(value, from: 0x21)
    case .userAgent: try requireHeaderText(value, from: 0x20)
    case .baseURL: try settings.requireBaseURL(value)
    case .proxy: if !value.isEmpty { try require(checkURL(value, for: .proxy)) }
    case .allowHTTPHosts: try require(checkHostList(value))
    default: break
    }
  }

  /// Requires printable ASCII: a carriage return and a line feed in a header's value would begin another header.
  private func requireHeaderText(_ value: Span<UInt8>, from lowest: UInt8) throws(Refusal) {
    guard value.allSatisfy({ $0 >= lowest && $0 <= 0x7E }) else { throw Refusal(DEEPIDV_E_CONTROL) }
  }

  private func store(_ value: Span<UInt8>, as option: Option) throws(Refusal) {
    switch option {
    case .apiKey: try Settings.replace(&settings.apiKey, with: value)
    case .baseURL:
      // The paths of the API begin with a slash.
      var count = value.count
      while count > 0, value[count - 1] == UInt8(ascii: "/") { count -= 1 }
      try Settings.replace(&settings.baseURL, with: value.part(0, count))
    case .caFile: try Settings.replace(&settings.caFile, with: value)
    case .proxy: try Settings.replace(&settings.proxy, with: value)
    case .userAgent: try Settings.replace(&settings.userAgent, with: value)
    case .allowHTTPHosts: try Settings.replace(&settings.allowedHosts, with: value)
    default: break
    }
  }
}
