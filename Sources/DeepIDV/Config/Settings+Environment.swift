import CDeepIDV
import CPlatform
import DeepIDVCore

/// Environment variables about how to reach the service that are set, but not read.
struct UnreadVariables: OptionSet {
  let rawValue: UInt8

  static let proxy = UnreadVariables(rawValue: 1)
  static let certificates = UnreadVariables(rawValue: 2)
}

extension Settings {
  /// Reads the variables that other programs use for https URLs too, or records which of them are set, but not read.
  ///
  /// An option overrides its variable, and `NO_PROXY`.
  mutating func readCommonEnvironment(host: Span<UInt8>) throws(Refusal) {
    // An empty option means no proxy.
    if proxy.isEmpty, let url = Self.variable("https_proxy", "HTTPS_PROXY"),
      !Self.isDirect(host: host)
    {
      if values.usesEnvironment { try setProxy(url) } else { unread.insert(.proxy) }
    }
    guard caFile.isEmpty else { return }
    let file = Self.variable("SSL_CERT_FILE")
    let directory = Self.variable("SSL_CERT_DIR")
    if file == nil, directory == nil { return }
    guard values.usesEnvironment else {
      unread.insert(.certificates)
      return
    }
    if let file { try Self.replacePath(&caFile, with: file) }
    if let directory { try Self.replacePath(&caDirectory, with: directory) }
  }

  /// Sets the proxy from the environment, where one without a scheme is an http proxy.
  private mutating func setProxy(_ variable: UnsafePointer<CChar>) throws(Refusal) {
    var url = ByteBuffer(byteLimit: 4096)
    try withInput(variable, -1) { text throws(Refusal) in
      try require(checkText(text, limit: 2048))
      var mark = 0
      while mark < text.count, !text.part(mark, mark &+ 3).equals("://") { mark &+= 1 }
      let hasScheme = mark < text.count
      do throws(BufferError) {
        if !hasScheme { try url.append("http://") }
        try url.append(text)
      } catch {
        throw Refusal(DEEPIDV_E_NOMEM)
      }
    }
    try url.withSpan { url throws(Refusal) in
      try require(checkURL(url, for: .proxy))
      try Self.replace(&proxy, with: url)
    }
  }

  private static func replacePath(
    _ path: inout ByteBuffer, with variable: UnsafePointer<CChar>
  ) throws(Refusal) {
    try withInput(variable, -1) { text throws(Refusal) in
      if text.count > 4095 { throw Refusal(DEEPIDV_E_TOO_LONG) }
      try replace(&path, with: text)
    }
  }

  private static func isDirect(host: Span<UInt8>) -> Bool {
    guard let list = variable("no_proxy", "NO_PROXY") else { return false }
    return withInput(list) { isReachedDirectly(host: host, noProxy: $0) }
  }

  /// Returns the first of the variables that is set and not empty.
  private static func variable(
    _ name: StaticString, _ other: StaticString? = nil
  ) -> UnsafePointer<CChar>? {
    if let value = cplatform_environment(cString(name)), value.pointee != 0 { return value }
    return other.flatMap { variable($0) }
  }
}
