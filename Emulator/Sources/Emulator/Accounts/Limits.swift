import Foundation

/// Who may call, how fast, and how often a day.
struct Limits: Sendable {
  /// The result of checking a call's key and rate.
  enum Admission: Equatable, Sendable {
    case admitted(Caller)
    case missingKey
    case unknownKey
    /// Of too many calls a second, or a day; how many seconds to wait.
    case tooManyRequests(retryAfter: Int)
  }

  private var keys: [String: (caller: Caller, bucket: TokenBucket)] = [:]
  private var days: [String: (day: Int, calls: Int)] = [:]
  /// Calls a day for each organisation; zero for no limit.
  let daily: Int

  init(accounts: [Account], rate: Double, burst: Int, daily: Int) {
    let full = TokenBucket(rate: rate, burst: burst)
    for account in accounts {
      for key in account.keys where keys[key.text] == nil {
        let caller = Caller(
          userID: "user_sender\(keys.count + 1)", organization: account.organization,
          isTest: key.isTest)
        keys[key.text] = (caller, full)
      }
    }
    self.daily = daily
  }

  /// Checks the key, and takes one call from its bucket and from its organisation's day.
  mutating func admit(apiKey: String?, at now: Clock.Moment) -> Admission {
    // Unknown keys are not stored, so a flood of them cannot grow the table.
    guard let apiKey, !apiKey.isEmpty else { return .missingKey }
    guard let caller = keys[apiKey]?.caller else { return .unknownKey }
    guard keys[apiKey]?.bucket.take(at: now.steady) == true else {
      return .tooManyRequests(retryAfter: keys[apiKey]?.bucket.wait ?? 1)
    }
    guard daily > 0 else { return .admitted(caller) }
    let seconds = Int(now.date.timeIntervalSince1970.rounded(.down))
    let calls = callsToday(caller.organization, at: now.date)
    guard calls < daily else { return .tooManyRequests(retryAfter: 86_400 - seconds % 86_400) }
    days[caller.organization] = (seconds / 86_400, calls + 1)
    return .admitted(caller)
  }

  /// How many calls an organisation has made on this day of the clock, which begins at midnight UTC.
  func callsToday(_ organization: String, at now: Date) -> Int {
    let day = Int(now.timeIntervalSince1970.rounded(.down)) / 86_400
    guard let counted = days[organization], counted.day == day else { return 0 }
    return counted.calls
  }

  /// Goes on from what the buckets hold, after somebody moved the clock back.
  ///
  /// Otherwise nothing would come back to them until the clock has caught up.
  mutating func clockWentBack() {
    for key in keys.keys { keys[key]?.bucket.restart() }
  }
}
