import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// What all exchanges of a client have in common, in the form that libcurl expects.
final class Endpoint {
  /// The URL of sessions, with a NUL.
  private(set) var url = ByteBuffer(byteLimit: 8192)
  /// The same URL, parsed once, which saves parsing it for each create.
  private(set) var parsedURL: OpaquePointer?
  /// Whether the service is connected to without TLS, which the base URL's rule allows on this machine, and for the
  /// hosts that are listed for it.
  private(set) var isPlain = false
  /// Whether connections to other machines are refused, whatever the name resolves to.
  private(set) var isBoundToMachine = false
  /// libcurl does not copy the list, so that it must outlive every transfer.
  private(set) var headers: UnsafeMutablePointer<curl_slist>?

  private init() {}

  static func make(_ settings: borrowing Settings) throws(Refusal) -> Endpoint {
    let endpoint = Endpoint()
    try endpoint.fill(settings)
    return endpoint
  }

  /// Adds settings from the environment, and throws if options contradict each other.
  func finish(_ settings: inout Settings) throws(Refusal) {
    guard let parsedURL else { throw Refusal(DEEPIDV_E_NOMEM) }
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

  private func fill(_ settings: borrowing Settings) throws(Refusal) {
    var apiKey = ByteBuffer(byteLimit: 8192)
    var userAgent = ByteBuffer(byteLimit: 8192)
    do throws(BufferError) {
      try Self.append(settings.baseURL, to: &url)
      try url.append("/v1/sessions")
      try url.append(0)
      try userAgent.append("User-Agent: ")
      try Self.append(settings.userAgent, to: &userAgent)
      if settings.userAgent.count > 1 { try userAgent.append(UInt8(ascii: " ")) }
      try userAgent.append("libdeepidv/")
      try userAgent.append(libraryVersion)
      try userAgent.append(0)
      try apiKey.append("x-api-key: ")
      try Self.append(settings.apiKey, to: &apiKey)
      try apiKey.append(0)
    } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
    parsedURL = curl_url()
    if parsedURL == nil || curl_url_set(parsedURL, CURLUPART_URL, url.text, 0) != CURLUE_OK {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
    try add(apiKey.text)
    // As a header: libcurl would format the option twice.
    try add(userAgent.text)
    try add(cString("Content-Type: application/json"))
    try add(cString("Accept: application/json"))
    // Otherwise libcurl waits a second for a 100, and sends the request again after a 417.
    try add(cString("Expect:"))
  }

  /// Returns the URL of an operation's exchange, with a NUL.
  func url(_ path: Exchange.Path, of operation: Operation) throws(BufferError) -> ByteBuffer {
    var url = ByteBuffer(byteLimit: 1 << 20)
    try self.url.withSpan { whole throws(BufferError) in
      try url.append(whole.extracting(first: max(0, whole.count - 1)))
    }
    try operation.withSubject(of: operation.driven.exchange) { subject throws(BufferError) in
      try operation.query.pageToken.withSpan { token throws(BufferError) in
        try path.append(to: &url, subject: subject, limit: operation.query.askedLimit, token: token)
      }
    }
    try url.append(0)
    return url
  }

  deinit {
    // curl_slist_free_all does not wipe memory, and one of the headers has the API key.
    var node = headers
    while let current = node {
      if let text = current.pointee.data { cplatform_explicit_bzero(text, cplatform_strlen(text)) }
      node = current.pointee.next
    }
    curl_slist_free_all(headers)
    curl_url_cleanup(parsedURL)
  }

  private func add(_ header: UnsafePointer<CChar>?) throws(Refusal) {
    guard let longer = curl_slist_append(headers, header) else { throw Refusal(DEEPIDV_E_NOMEM) }
    headers = longer
  }

  /// Appends an option's text without its NUL.
  private static func append(
    _ option: borrowing ByteBuffer, to text: inout ByteBuffer
  ) throws(BufferError) {
    try option.withSpan { option throws(BufferError) in
      if !option.isEmpty { try text.append(option.extracting(first: option.count - 1)) }
    }
  }
}

extension Buffer where Element == UInt8 {
  /// The contents as a C string; they must end with a NUL.
  var text: UnsafePointer<CChar>? {
    address.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
  }
}
