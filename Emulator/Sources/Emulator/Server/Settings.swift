/// How the emulator is set up.
public struct Settings: Sendable {
  /// Where to listen.
  public var address: ListenAddress
  /// Who may call.
  public var accounts: [Account]
  /// The workflows that exist; a session may name one of them or none.
  public var workflows: [String] = ["wf_abc123"]
  /// How many sessions each account can pay for.
  public var tokens = 1_000_000
  /// Calls a second for each key; zero for no limit.
  public var rate = 25.0
  /// Calls at once for each key.
  public var burst = 35
  /// Calls a day for each account; zero for no limit.
  public var daily = 10_000
  /// Where webhooks go from the start.
  public var webhooks: [Webhook] = []
  /// Whether the certificates of webhook endpoints are checked.
  public var checksCertificates = true
  /// How the questions are read that the public documents leave open.
  var readings = Readings()
  /// The file that keeps everything from one start to the next; nil for memory only.
  public var stateFile: String?

  /// An endpoint that is there from the start.
  public struct Webhook: Sendable {
    let url: String
    let secret: String

    /// Nil if the URL leads nowhere, or the secret cannot stand in a header.
    public init?(url: String, secret: String) {
      guard Endpoint(url: url, secret: secret) != nil else { return nil }
      self.url = url
      self.secret = secret
    }
  }

  /// The usual settings.
  public init(address: ListenAddress, accounts: [Account]) {
    self.address = address
    self.accounts = accounts
  }

  /// Takes choices in the form `NAME=VALUE`.
  public mutating func choose(_ choices: [String]) throws(UnknownReading) {
    readings = try Readings(choices: choices)
  }
}
