/// The organisation that the API keys belong to: who may call, how fast, and what is left to spend.
actor Account {
  /// What the account says to a call, before anything else of it is looked at.
  enum Admission: Equatable {
    case admitted(Caller)
    case unknownKey
    case tooManyRequests
  }

  /// The user that an API key stands for.
  struct Caller: Equatable, Sendable {
    let userID: String
  }

  private var keys: [String: (caller: Caller, bucket: TokenBucket)] = [:]
  private var balance: Int

  init(settings: Settings) {
    let full = TokenBucket(rate: settings.rate, burst: settings.burst)
    for key in settings.apiKeys where keys[key] == nil {
      keys[key] = (Caller(userID: "user_sender\(keys.count + 1)"), full)
    }
    balance = settings.tokens
  }

  /// Checks the key and takes one call from its bucket.
  func admit(apiKey: String?, at now: Duration) -> Admission {
    // An unknown key leaves no trace, so that a flood of them cannot grow the table.
    guard let apiKey, let caller = keys[apiKey]?.caller else { return .unknownKey }
    return keys[apiKey]?.bucket.take(at: now) == true ? .admitted(caller) : .tooManyRequests
  }

  /// Spends one token of the balance, which is the price of one session; false if there is none.
  func spendToken() -> Bool {
    guard balance > 0 else { return false }
    balance -= 1
    return true
  }
}
