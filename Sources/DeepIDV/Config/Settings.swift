import CDeepIDV
import DeepIDVCore

/// The options of a client, validated, in the form that libcurl expects.
struct Settings: ~Copyable {
  // Texts end with a NUL. An empty buffer means that the option was not set.
  var apiKey = Self.text()
  var baseURL = Self.text()
  var caFile = Self.text()
  var proxy = Self.text()
  var userAgent = Self.text()
  /// Hosts that can be connected to without TLS, besides this machine.
  var allowedHosts = Self.text()
  /// A directory of trusted certificates, which can only be set in the environment.
  var caDirectory = Self.text()
  var values = Values()
  var unread: UnreadVariables = []

  /// The numbers and flags, which are copied as one.
  struct Values {
    var timeoutMS = OptionDefault.timeoutMS
    var connectTimeoutMS = OptionDefault.connectTimeoutMS
    var maxInFlight = OptionDefault.maxInFlight
    /// Requests per second; 0 means no limit.
    var rateLimit = OptionDefault.rateLimit
    var rateBurst = OptionDefault.rateBurst
    /// Whether creates reuse connections.
    ///
    /// A create on a new connection costs half a millisecond of processor time or more for the TLS handshake, and two
    /// round trips; one on a kept connection costs 0.2 ms and none. In the hardest fault tests, 52 % of the creates end
    /// with an unknown outcome with reuse, and 48 % without, because a peer may close a connection just as the request
    /// is sent; none is executed twice in either case.
    var reusesConnections = OptionDefault.connectionReuse
    var makesExternalIDs = OptionDefault.makeExternalID
    /// Whether a create that equals one with an unknown outcome is searched for before it is sent.
    var guardsRepeats = OptionDefault.repeatGuard
    /// How long the service may take to execute a create: no gateway waits for longer.
    var settleMS = OptionDefault.settleMS
    /// The level up to which log records are kept.
    var logLevel = OptionDefault.logLevel
    /// Whether environment variables are read that are not specific to this library.
    var usesEnvironment = OptionDefault.useEnvironment
  }

  init() throws(Refusal) {
    try Self.replace(&baseURL, with: OptionDefault.baseURL)
  }

  /// Copies the options for a client.
  init(copying other: borrowing Settings) throws(Refusal) {
    try Self.copy(other.apiKey, to: &apiKey)
    try Self.copy(other.baseURL, to: &baseURL)
    try Self.copy(other.caFile, to: &caFile)
    try Self.copy(other.proxy, to: &proxy)
    try Self.copy(other.userAgent, to: &userAgent)
    try Self.copy(other.allowedHosts, to: &allowedHosts)
    values = other.values
  }

  var hasProxy: Bool { proxy.count > 1 }

  /// Throws unless a URL can be the base URL.
  func requireBaseURL(_ url: Span<UInt8>) throws(Refusal) {
    try require(
      Self.withText(of: allowedHosts) { hosts in checkURL(url, for: .service, plainHosts: hosts) })
  }

  /// Calls `body` with a text without its NUL.
  static func withText<Output>(
    of option: borrowing ByteBuffer, _ body: (Span<UInt8>) -> Output
  ) -> Output {
    option.withSpan { option in body(option.part(0, max(0, option.count &- 1))) }
  }

  private static func text() -> ByteBuffer { ByteBuffer(byteLimit: 8192) }

  private static func copy(_ text: borrowing ByteBuffer, to other: inout ByteBuffer) throws(Refusal)
  {
    do throws(BufferError) {
      try text.withSpan { bytes throws(BufferError) in try other.append(bytes) }
    } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
  }

  private static func replace(_ text: inout ByteBuffer, with value: StaticString) throws(Refusal) {
    try value.withSpan { bytes throws(Refusal) in try replace(&text, with: bytes) }
  }

  static func replace(_ text: inout ByteBuffer, with value: Span<UInt8>) throws(Refusal) {
    var new = Self.text()
    do throws(BufferError) {
      try new.append(value)
      try new.append(0)
    } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
    text = new
  }
}
