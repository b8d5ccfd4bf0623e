import Testing

@testable import Emulator

@Suite struct TokenBucketTests {
  /// What a fresh bucket answers to calls at these milliseconds.
  private func answers(rate: Double, burst: Int, at times: [Int]) -> [Bool] {
    var bucket = TokenBucket(rate: rate, burst: burst)
    return times.map { bucket.take(at: .milliseconds($0)) }
  }

  private func admitted(rate: Double, burst: Int, at times: [Int]) -> Int {
    answers(rate: rate, burst: burst, at: times).count { $0 }
  }

  @Test func burstThenRate() {
    let burst = [Int](repeating: 100_000, count: 35)
    let rest = answers(rate: 25, burst: 35, at: burst + [100_000, 100_039, 100_040, 100_040])
    #expect(rest.prefix(35).allSatisfy { $0 })
    #expect(rest.dropFirst(35) == [false, false, true, false])
  }

  @Test func oneSecondBringsBackTheRate() {
    let empty = [Int](repeating: 0, count: 35)
    #expect(admitted(rate: 25, burst: 35, at: empty + Array(1...1000)) == 35 + 25)
  }

  @Test func neverMoreThanTheBurst() {
    let aDayLater = [Int](repeating: 86_400_000, count: 100)
    #expect(admitted(rate: 25, burst: 35, at: [0] + aDayLater) == 1 + 35)
  }

  @Test func aClockThatGoesBackGivesNothing() {
    #expect(
      answers(rate: 1, burst: 1, at: [10_000, 5_000, 10_999, 11_000])
        == [true, false, false, true])
  }

  @Test func slowRate() {
    #expect(
      answers(rate: 0.5, burst: 1, at: [0, 1_000, 1_999, 2_000]) == [true, false, false, true])
  }

  @Test func zeroRateIsNoLimit() {
    #expect(admitted(rate: 0, burst: 1, at: [Int](repeating: 0, count: 1000)) == 1000)
  }
}

@Suite struct AccountTests {
  private func account(rate: Double = 1, burst: Int = 2, tokens: Int = 1) throws -> Account {
    let address = try #require(ListenAddress(host: "127.0.0.1", port: 0))
    return Account(
      settings: Settings(
        address: address, apiKeys: ["one", "two", "one"], workflows: [], tokens: tokens, rate: rate,
        burst: burst, organization: "org"))
  }

  @Test func unknownKeys() async throws {
    let account = try account()
    #expect(await account.admit(apiKey: nil, at: .zero) == .unknownKey)
    #expect(await account.admit(apiKey: "", at: .zero) == .unknownKey)
    #expect(await account.admit(apiKey: "ONE", at: .zero) == .unknownKey)
  }

  @Test func eachKeyHasItsOwnBucketAndUser() async throws {
    let account = try account()
    let one = Account.Admission.admitted(Account.Caller(userID: "user_sender1"))
    let two = Account.Admission.admitted(Account.Caller(userID: "user_sender2"))
    #expect(await account.admit(apiKey: "one", at: .zero) == one)
    #expect(await account.admit(apiKey: "one", at: .zero) == one)
    #expect(await account.admit(apiKey: "one", at: .zero) == .tooManyRequests)
    #expect(await account.admit(apiKey: "two", at: .zero) == two)
    #expect(await account.admit(apiKey: "one", at: .seconds(1)) == one)
  }

  @Test func balance() async throws {
    let account = try account(tokens: 2)
    #expect(await account.spendToken())
    #expect(await account.spendToken())
    #expect(await !account.spendToken())
  }
}
