/// The settings of the emulator.
public struct Settings: Sendable {
  /// The address to listen on.
  public var address: ListenAddress
  /// The accounts with their keys.
  public var accounts: [Account]
  /// The existing workflows.
  public var workflows: [String] = ["wf_abc123"]
  /// The number of sessions each account can create.
  public var tokens = 1_000_000
  /// Calls per second and key; 0 for no limit.
  public var rate = 25.0
  /// The burst of calls per key.
  public var burst = 35
  /// Calls per day and account; 0 for no limit.
  public var daily = 10_000
  /// The webhook endpoints of the command line.
  public var webhooks: [Webhook] = []
  /// Whether the certificates of webhook endpoints are checked.
  public var checksCertificates = true
  /// The readings of the open questions.
  var readings = Readings()
  /// The host names, besides those of this computer, that requests may be for.
  public var allowedHosts: [Authority] = []
  /// The origin of all links; nil for the host that a request is for.
  public var publicURL: Origin?
  /// The origins whose scripts may call the API.
  public var allowedOrigins: [Origin] = []
  /// The file that stores all state across restarts; nil for memory only.
  public var stateFile: String?

  /// A webhook endpoint.
  public struct Webhook: Sendable {
    let url: String
    let secret: String

    /// Nil if the URL is invalid, or if the secret is invalid in a header.
    public init?(url: String, secret: String) {
      guard Endpoint(url: url, secret: secret) != nil else { return nil }
      self.url = url
      self.secret = secret
    }
  }

  /// Creates default settings.
  public init(address: ListenAddress, accounts: [Account]) {
    self.address = address
    self.accounts = accounts
  }

  /// Sets the readings from choices in the form `NAME=VALUE`.
  public mutating func choose(_ choices: [String]) throws(UnknownReading) {
    readings = try Readings(choices: choices)
  }
}
