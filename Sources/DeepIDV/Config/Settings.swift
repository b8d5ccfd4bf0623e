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
  var timeoutMS: UInt32 = 60_000
  var connectTimeoutMS: UInt32 = 5_000
  var maxInFlight: UInt32 = 10_000
  /// Requests a second; 0 is no limit.
  ///
  /// The service's own limits are the defaults.
  var rateLimit: UInt32 = 25
  var rateBurst: UInt32 = 35
  /// Whether creates use connections again; by default they do.
  ///
  /// A create on a connection of its own costs half a millisecond of processor time and more for the TLS
  /// handshake, and two round trips; one on a kept connection 0.2 ms and none.
  /// Under faults as hostile as the tests can make them, 52 % of the creates then end unknown instead of 48 %,
  /// for a peer may close just as the request leaves; twice executed is none either way.
  var reusesConnections = true
  var makesExternalIDs = true

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
    timeoutMS = other.timeoutMS
    connectTimeoutMS = other.connectTimeoutMS
    maxInFlight = other.maxInFlight
    rateLimit = other.rateLimit
    rateBurst = other.rateBurst
    reusesConnections = other.reusesConnections
    makesExternalIDs = other.makesExternalIDs
  }

  /// Whether both are to share one limiter.
  func isPacedLike(_ other: borrowing Settings) -> Bool {
    guard rateLimit == other.rateLimit, rateBurst == other.rateBurst else { return false }
    return apiKey.withSpan { key in other.apiKey.withSpan { key.equals($0) } }
      && baseURL.withSpan { url in other.baseURL.withSpan { url.equals($0) } }
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
