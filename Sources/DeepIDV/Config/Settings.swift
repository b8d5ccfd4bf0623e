import CDeepIDV
import DeepIDVCore

/// How a client reaches the service: checked values, ready for libcurl.
struct Settings: ~Copyable {
  // Texts end with a NUL. An empty buffer is an option that was not set.
  var apiKey = Self.text()
  var baseURL = Self.text()
  var caFile = Self.text()
  var proxy = Self.text()
  var userAgent = Self.text()
  /// Hosts that may be spoken to without TLS, beside this machine.
  var allowedHosts = Self.text()
  /// A directory of trusted certificates, which only the environment can name.
  var caDirectory = Self.text()
  /// Servers that fork their workers kill one that is silent for 30 seconds, as gunicorn does: a create that is
  /// killed leaves no token to find its session by.
  var timeoutMS: UInt32 = 25_000
  var connectTimeoutMS: UInt32 = 5_000
  var maxInFlight: UInt32 = 10_000
  /// Requests a second; 0 is no limit.
  ///
  /// The service's own limits are the defaults.
  var rateLimit = UInt32(Limiter.defaultRate)
  var rateBurst = UInt32(Limiter.defaultBurst)
  /// Whether creates use connections again; by default they do.
  ///
  /// A create on a connection of its own costs half a millisecond of processor time and more for the TLS
  /// handshake, and two round trips; one on a kept connection 0.2 ms and none.
  /// Under faults as hostile as the tests can make them, 52 % of the creates then end unknown instead of 48 %,
  /// for a peer may close just as the request leaves; twice executed is none either way.
  var reusesConnections = true
  var makesExternalIDs = true
  /// Whether a create that is equal to one whose outcome is unknown is searched for before it is sent.
  var guardsRepeats = true
  /// How long the service may take to execute what has reached it: what is executed at all is executed while its
  /// client waits, and no gateway waits for two minutes.
  var settleMS: UInt32 = 120_000
  /// Whether the variables are read that are not only this library's.
  var usesEnvironment = false
  var unread: UnreadVariables = []

  init() throws(Refusal) {
    try Self.replace(&baseURL, with: "https://api.deepidv.com")
  }

  /// A copy of its own for a client.
  init(copying other: borrowing Settings) throws(Refusal) {
    try Self.copy(other.apiKey, to: &apiKey)
    try Self.copy(other.baseURL, to: &baseURL)
    try Self.copy(other.caFile, to: &caFile)
    try Self.copy(other.proxy, to: &proxy)
    try Self.copy(other.userAgent, to: &userAgent)
    try Self.copy(other.allowedHosts, to: &allowedHosts)
    timeoutMS = other.timeoutMS
    connectTimeoutMS = other.connectTimeoutMS
    maxInFlight = other.maxInFlight
    rateLimit = other.rateLimit
    rateBurst = other.rateBurst
    reusesConnections = other.reusesConnections
    makesExternalIDs = other.makesExternalIDs
    guardsRepeats = other.guardsRepeats
    settleMS = other.settleMS
    usesEnvironment = other.usesEnvironment
  }

  var hasProxy: Bool { proxy.count > 1 }

  /// Refuses what is no base URL.
  func requireBaseURL(_ url: Span<UInt8>) throws(Refusal) {
    try require(
      Self.withText(of: allowedHosts) { hosts in checkURL(url, for: .service, plainHosts: hosts) })
  }

  /// Lends a text without its NUL.
  static func withText<Answer>(
    of option: borrowing ByteBuffer, _ body: (Span<UInt8>) -> Answer
  ) -> Answer {
    option.withSpan { option in body(option.extracting(first: max(0, option.count - 1))) }
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
