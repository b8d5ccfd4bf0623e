/// How the emulator is set up.
///
/// The defaults are what the command line starts with.
public struct Settings: Sendable {
  /// Where to listen.
  public var address: ListenAddress
  /// The keys that are accepted; each has a rate limit of its own.
  public var apiKeys: [String]
  /// The workflows that exist; a session may name one of them or none.
  public var workflows: [String]
  /// How many sessions the account can pay for.
  public var tokens: Int
  /// Calls a second for each key; zero for no limit.
  public var rate: Double
  /// Calls at once for each key.
  public var burst: Int
  /// The organisation's id, which session URLs carry as `oid`.
  public var organization: String

  /// Nothing is checked here: the command line has.
  public init(
    address: ListenAddress, apiKeys: [String], workflows: [String], tokens: Int, rate: Double,
    burst: Int, organization: String
  ) {
    self.address = address
    self.apiKeys = apiKeys
    self.workflows = workflows
    self.tokens = tokens
    self.rate = rate
    self.burst = burst
    self.organization = organization
  }
}
