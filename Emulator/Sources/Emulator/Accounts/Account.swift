/// The organisation that the API keys belong to: who may call, how fast, and what is left to spend.
actor Account {
  /// What the account says to a call, before anything else of it is looked at.
  enum Admission: Equatable {
    case admitted
    case unknownKey
    case tooManyRequests
  }

  private var buckets: [String: TokenBucket]
  private var balance: Int

  init(settings: Settings) {
    let full = TokenBucket(rate: settings.rate, burst: settings.burst)
    buckets = Dictionary(settings.apiKeys.map { ($0, full) }) { first, _ in first }
    balance = settings.tokens
  }

  /// Checks the key and takes one call from its bucket.
  func admit(apiKey: String?, at now: Duration) -> Admission {
    // Taking and putting back one bucket costs nothing for a handful of keys, and an unknown key
    // leaves no trace, so that a flood of them cannot grow the table.
    guard let apiKey, var bucket = buckets[apiKey] else { return .unknownKey }
    let taken = bucket.take(at: now)
    buckets[apiKey] = bucket
    return taken ? .admitted : .tooManyRequests
  }

  /// Spends one token of the balance, which is the price of one session; false if there is none.
  func spendToken() -> Bool {
    guard balance > 0 else { return false }
    balance -= 1
    return true
  }
}
