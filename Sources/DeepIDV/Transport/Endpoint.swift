import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// Where the service is, and what all requests to it have in common.
final class Endpoint {
  /// The URL of sessions.
  let parsedURL: OpaquePointer
  let requests: HTTPRequestWriter
  /// Whether the service is connected to without TLS, which the base URL's rule allows on this machine, and for the
  /// hosts that are listed for it.
  private(set) var isPlain = false
  /// Whether connections to other machines are refused, whatever the name resolves to.
  private(set) var isBoundToMachine = false

  private init(_ url: OpaquePointer, _ requests: consuming HTTPRequestWriter) {
    parsedURL = url
    self.requests = requests
  }

  static func make(_ settings: borrowing Settings) throws(Refusal) -> Endpoint {
    guard let url = curl_url() else { throw Refusal(DEEPIDV_E_NOMEM) }
    do throws(BufferError) {
      return Endpoint(url, try parse(settings, into: url))
    } catch {
      curl_url_cleanup(url)
      throw Refusal(DEEPIDV_E_NOMEM)
    }
  }

  deinit { curl_url_cleanup(parsedURL) }

  /// Adds settings from the environment, and throws if options contradict each other.
  func finish(_ settings: inout Settings) throws(Refusal) {
    let parts = URLParts(parsedURL)
    isPlain = parts.scheme(is: "http")
    if isPlain {
      let mayBePlain = Settings.withText(of: settings.allowedHosts) { hosts in
        isBoundToMachine = parts.host { !isListed(host: $0, in: hosts) } ?? true
        return parts.mayBePlain(hosts)
      }
      guard mayBePlain else { throw Refusal(DEEPIDV_E_SCHEME) }
      // The API key would pass through the proxy unencrypted, and for the proxy, localhost is itself.
      if settings.hasProxy { throw Refusal(DEEPIDV_E_HTTP_PROXY) }
    } else {
      let status = parts.host { host in
        returnStatus { () throws(Refusal) in try settings.readCommonEnvironment(host: host) }
      }
      try require(status ?? DEEPIDV_E_URL)
    }
    if let file = settings.caFile.text, !isTrustFile(file) { throw Refusal(DEEPIDV_E_CA_FILE) }
  }

  /// Parses the URL of sessions.
  private static func parse(
    _ settings: borrowing Settings, into url: OpaquePointer
  ) throws(BufferError) -> HTTPRequestWriter {
    var text = ByteBuffer(byteLimit: 8192)
    try append(settings.baseURL, to: &text)
    try text.append("/v1/sessions")
    try text.append(0)
    guard curl_url_set(url, CURLUPART_URL, text.text, 0) == CURLUE_OK else { throw .outOfMemory }
    let parts = URLParts(url)
    text.removeAll()
    try parts.append(CURLUPART_PATH, to: &text)
    var host = ByteBuffer(byteLimit: 8192)
    try parts.append(CURLUPART_HOST, to: &host)
    try parts.append(CURLUPART_PORT, after: ":", to: &host)
    var apiKey = ByteBuffer(byteLimit: 8192)
    try append(settings.apiKey, to: &apiKey)
    var userAgent = ByteBuffer(byteLimit: 8192)
    try append(settings.userAgent, to: &userAgent)
    if settings.userAgent.count > 1 { try userAgent.append(UInt8(ascii: " ")) }
    try userAgent.append("libdeepidv/")
    try userAgent.append(libraryVersion)
    return try HTTPRequestWriter(path: text, host: host, apiKey: apiKey, userAgent: userAgent)
  }

  /// Appends an option's text without its NUL.
  private static func append(
    _ option: borrowing ByteBuffer, to text: inout ByteBuffer
  ) throws(BufferError) {
    try option.withSpan { option throws(BufferError) in
      if !option.isEmpty { try text.append(option.part(0, option.count - 1)) }
    }
  }
}

extension Buffer where Element == UInt8 {
  /// The contents as a C string; they must end with a NUL.
  var text: UnsafePointer<CChar>? {
    address.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
  }
}
