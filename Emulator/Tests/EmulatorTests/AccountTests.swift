import Foundation
import Testing

@testable import Emulator

@Suite struct TokenBucketTests {
  /// The results of a new bucket for calls at these times in milliseconds.
  private func results(rate: Double, burst: Int, at times: [Int]) -> [Bool] {
    var bucket = TokenBucket(rate: rate, burst: burst)
    return times.map { bucket.take(at: .milliseconds($0)) }
  }

  private func admitted(rate: Double, burst: Int, at times: [Int]) -> Int {
    results(rate: rate, burst: burst, at: times).count { $0 }
  }

  @Test func burstThenRate() {
    let burst = [Int](repeating: 100_000, count: 35)
    let rest = results(rate: 25, burst: 35, at: burst + [100_000, 100_039, 100_040, 100_040])
    #expect(rest.prefix(35).allSatisfy { $0 })
    #expect(rest.dropFirst(35) == [false, false, true, false])
  }

  @Test func oneSecondRefillsTheRate() {
    let empty = [Int](repeating: 0, count: 35)
    #expect(admitted(rate: 25, burst: 35, at: empty + Array(1...1000)) == 35 + 25)
  }

  @Test func neverMoreThanTheBurst() {
    let aDayLater = [Int](repeating: 86_400_000, count: 100)
    #expect(admitted(rate: 25, burst: 35, at: [0] + aDayLater) == 1 + 35)
  }

  @Test func noRefillWhenTheClockGoesBack() {
    #expect(
      results(rate: 1, burst: 1, at: [10_000, 5_000, 10_999, 11_000])
        == [true, false, false, true])
  }

  @Test func slowRate() {
    #expect(
      results(rate: 0.5, burst: 1, at: [0, 1_000, 1_999, 2_000]) == [true, false, false, true])
  }

  @Test func zeroRateIsNoLimit() {
    #expect(admitted(rate: 0, burst: 1, at: [Int](repeating: 0, count: 1000)) == 1000)
  }
}

@Suite struct LimitsTests {
  private func limits(rate: Double = 1, burst: Int = 2, daily: Int = 0) -> Limits {
    Limits(
      accounts: [
        Account(organization: "a", keys: [.init("one"), .init("two"), .init("one")]),
        Account(organization: "b", keys: [.init("three"), .init("test", isTest: true)]),
      ], rate: rate, burst: burst, daily: daily)
  }

  private func moment(_ seconds: Double) -> Clock.Moment {
    Clock.Moment(date: Date(timeIntervalSince1970: seconds), steady: .seconds(seconds))
  }

  private func caller(_ number: Int, _ organization: String, isTest: Bool = false)
    -> Limits.Admission
  {
    .admitted(
      Caller(userID: "user_sender\(number)", organization: organization, isTest: isTest))
  }

  @Test func keys() {
    var limits = limits()
    #expect(limits.admit(apiKey: nil, at: moment(0)) == .missingKey)
    #expect(limits.admit(apiKey: "", at: moment(0)) == .missingKey)
    #expect(limits.admit(apiKey: "ONE", at: moment(0)) == .unknownKey)
    #expect(limits.admit(apiKey: "three", at: moment(0)) == caller(3, "b"))
    #expect(limits.admit(apiKey: "test", at: moment(0)) == caller(4, "b", isTest: true))
  }

  @Test func eachKeyHasItsOwnBucketAndUser() {
    var limits = limits()
    #expect(limits.admit(apiKey: "one", at: moment(0)) == caller(1, "a"))
    #expect(limits.admit(apiKey: "one", at: moment(0)) == caller(1, "a"))
    #expect(limits.admit(apiKey: "one", at: moment(0)) == .tooManyRequests(retryAfter: 1))
    #expect(limits.admit(apiKey: "two", at: moment(0)) == caller(2, "a"))
    #expect(limits.admit(apiKey: "one", at: moment(1)) == caller(1, "a"))
  }

  @Test func theDailyLimitIsPerOrganization() {
    var limits = limits(rate: 0, daily: 3)
    let (evening, midnight) = (moment(86_399), moment(86_400))
    #expect(limits.admit(apiKey: "one", at: evening) == caller(1, "a"))
    #expect(limits.admit(apiKey: "two", at: evening) == caller(2, "a"))
    #expect(limits.admit(apiKey: "one", at: evening) == caller(1, "a"))
    #expect(limits.admit(apiKey: "two", at: evening) == .tooManyRequests(retryAfter: 1))
    #expect(limits.admit(apiKey: "three", at: evening) == caller(3, "b"))
    #expect(limits.callsToday("a", at: evening.date) == 3)
    #expect(limits.callsToday("a", at: midnight.date) == 0)
    #expect(limits.admit(apiKey: "two", at: midnight) == caller(2, "a"))
  }

  @Test func bucketsRefillAfterTheClockWasMovedBack() {
    var limits = limits(rate: 1, burst: 1)
    #expect(limits.admit(apiKey: "one", at: moment(1000)) == caller(1, "a"))
    #expect(limits.admit(apiKey: "one", at: moment(10)) == .tooManyRequests(retryAfter: 1))
    limits.clockWentBack()
    #expect(limits.admit(apiKey: "one", at: moment(10)) == .tooManyRequests(retryAfter: 1))
    #expect(limits.admit(apiKey: "one", at: moment(11)) == caller(1, "a"))
  }
}
