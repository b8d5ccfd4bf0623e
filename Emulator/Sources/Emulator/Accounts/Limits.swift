import Foundation

/// The accepted keys, and the limits of calls per second and per day.
struct Limits: Sendable {
  /// The result of checking a call's key and rate.
  enum Admission: Equatable, Sendable {
    case admitted(Caller)
    case missingKey
    case unknownKey
    /// Too many calls per second or per day; `retryAfter` is in seconds.
    case tooManyRequests(retryAfter: Int)
  }

  private var keys: [String: (caller: Caller, bucket: TokenBucket)] = [:]
  private var days: [String: (day: Int, calls: Int)] = [:]
  /// Calls per day and organisation; 0 for no limit.
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

  /// Checks the key, and counts one call toward its rate and its organisation's daily limit.
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

  /// The number of calls of an organisation since midnight UTC, by the emulator's clock.
  func callsToday(_ organization: String, at now: Date) -> Int {
    let day = Int(now.timeIntervalSince1970.rounded(.down)) / 86_400
    guard let counted = days[organization], counted.day == day else { return 0 }
    return counted.calls
  }

  /// Lets the buckets refill from the current time after the clock was moved back.
  ///
  /// Otherwise they would not refill until the clock reaches the old time again.
  mutating func clockWentBack() {
    for key in keys.keys { keys[key]?.bucket.restart() }
  }
}
