/// An organisation, the keys by which it calls, and what it can pay for.
public struct Account: Sendable {
  /// Its id, which session URLs carry as `oid`.
  public var organization: String
  /// The keys that are accepted.
  public var keys: [Key]

  /// An API key.
  public struct Key: Sendable, Equatable {
    /// As it stands in `x-api-key`.
    public var text: String
    /// Whether it answers canned data and refuses every write.
    public var isTest: Bool

    /// Nothing is checked here: the command line has.
    public init(_ text: String, isTest: Bool = false) {
      self.text = text
      self.isTest = isTest
    }
  }

  /// Nothing is checked here: the command line has.
  public init(organization: String, keys: [Key]) {
    self.organization = organization
    self.keys = keys
  }
}

/// The user that an API key stands for.
struct Caller: Equatable, Sendable {
  let userID: String
  let organization: String
  var isTest = false
}
