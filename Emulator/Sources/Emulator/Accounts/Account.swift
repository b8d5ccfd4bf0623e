/// An organisation and its API keys.
public struct Account: Sendable {
  /// The id, which is the `oid` in session URLs.
  public var organization: String
  /// The accepted keys.
  public var keys: [Key]

  /// An API key.
  public struct Key: Sendable, Equatable {
    /// The value of the `x-api-key` header.
    public var text: String
    /// Whether the key returns canned data and rejects writes.
    public var isTest: Bool

    /// Creates a key without validation; the command line validates it.
    public init(_ text: String, isTest: Bool = false) {
      self.text = text
      self.isTest = isTest
    }
  }

  /// Creates an account without validation; the command line validates it.
  public init(organization: String, keys: [Key]) {
    self.organization = organization
    self.keys = keys
  }
}

/// The user that an API key belongs to.
struct Caller: Equatable, Sendable {
  let userID: String
  let organization: String
  var isTest = false
}
