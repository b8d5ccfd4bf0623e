import Testing

@testable import DeepIDVCore

@Suite struct OperationPolicyTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func createdIsTheEnd() {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    expect(next(&policy, .created), .end)
  }

  @Test func refusedIsTheEndUnlessItWasForTheRate() {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    expect(next(&policy, .rejected, isThrottled: true), .requeue)
    expect(next(&policy, .rejected, isThrottled: true), .requeue)
    expect(next(&policy, .rejected, isThrottled: true, at: 60 * Self.second), .end)
    expect(next(&policy, .rejected), .end)
  }

  @Test(arguments: [Outcome.notSent, .notProcessed])
  func whatWasNotExecutedIsSentAgainThreeTimes(_ outcome: Outcome) {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    for _ in 0..<3 {
      guard case .send(let time) = next(&policy, outcome, at: 7) else {
        Issue.record("not sent again")
        return
      }
      #expect(time >= 7)
      #expect(time < 6 * Self.second)
    }
    expect(next(&policy, outcome), .end)
  }

  @Test func nothingIsSentAgainAfterTheDeadline() {
    var policy = OperationPolicy(.search, deadline: 10)
    expect(next(&policy, .notSent, at: 10, random: .max), .end)
  }

  @Test func anEmptyBudgetEndsIt() {
    var budget = RetryBudget()
    while budget.spend(afterTimeout: true) != nil {}
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    let next = policy.attempted(
      .notSent, isThrottled: false, isTimeout: false, budget: &budget, at: 0, random: 0)
    #expect(next == .end)
  }

  @Test func anUnknownCreateIsNeverSentAgain() {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    var next = next(&policy, .unknown)
    var now: UInt64 = 0
    var looks = 0
    while case .search(let time) = next {
      #expect(time > now)
      now = time
      looks += 1
      next = policy.searched(.none, at: now, random: .max)
    }
    #expect(next == .end)
    #expect(looks >= 5)
    #expect(now < 60 * Self.second)
  }

  @Test func anUnknownCreateThatCannotBeLookedForEnds() {
    var policy = OperationPolicy(.search, canSearch: false, deadline: 60 * Self.second)
    expect(next(&policy, .unknown), .end)
  }

  @Test(arguments: [OperationPolicy.Found.one, .several])
  func whatIsFoundEndsIt(_ found: OperationPolicy.Found) {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    _ = next(&policy, .unknown)
    expect(policy.searched(found, at: 1, random: 0), .end)
  }

  @Test func aQuestionIsAskedAgain() {
    var policy = OperationPolicy(.resend, deadline: 60 * Self.second)
    for _ in 0..<3 {
      guard case .send = next(&policy, .unknown) else {
        Issue.record("not asked again")
        return
      }
    }
    expect(next(&policy, .unknown), .end)
  }

  @Test func anUnknownDecisionIsNeverSentAgain() {
    var policy = OperationPolicy(.settle, deadline: 60 * Self.second)
    guard case .search(let first) = next(&policy, .unknown) else {
      Issue.record("not looked for")
      return
    }
    #expect(first < Self.second)
    guard case .search(let second) = policy.searched(.none, at: first, random: 0) else {
      Issue.record("looked for once only")
      return
    }
    #expect(second > first)
    expect(policy.searched(.one, at: second, random: 0), .end)
    expect(next(&policy, .rejected), .end)
  }

  /// The times of all looks of a wait, each answered at once.
  private func looks(within seconds: UInt64, random: UInt64) -> [UInt64] {
    var policy = OperationPolicy(.poll, deadline: seconds * Self.second)
    var times: [UInt64] = []
    while times.count < 10_000,
      case .search(let time) = policy.searched(.none, at: times.last ?? 0, random: random)
    {
      times.append(time)
    }
    return times
  }

  @Test(arguments: [0, 1 << 63, UInt64.max])
  func aWaitLooksEverMoreRarely(_ random: UInt64) {
    for seconds: UInt64 in [3, 10, 60, 600, 86_400] {
      let times = looks(within: seconds, random: random)
      // The last look is a second before the end, or so little earlier that one more is not worth it.
      let last = (seconds - 1) * Self.second
      #expect((last - Self.second / 4...last).contains(times.last ?? 0))
      let pauses = zip([0] + times, times).map { $1 - $0 }
      for (pause, next) in zip(pauses, pauses.dropFirst().dropLast()) { #expect(pause <= next) }
      #expect(pauses.allSatisfy { $0 <= 36 * Self.second })
      #expect(pauses.allSatisfy { $0 >= Self.second / 4 })
      #expect(times.count <= 8 + Int(seconds / 24))
    }
  }

  /// There is no time for a second look.
  @Test(arguments: [UInt64(0), 1, 1_000_000_000, 1_200_000_000])
  func aShortWaitLooksOnce(_ deadline: UInt64) {
    var policy = OperationPolicy(.poll, deadline: deadline)
    expect(policy.searched(.none, at: 0, random: .max), .end)
  }

  @Test func whatIsWaitedForEndsAWait() {
    var policy = OperationPolicy(.poll, deadline: 60 * Self.second)
    expect(policy.searched(.one, at: 0, random: 0), .end)
    expect(next(&policy, .rejected), .end)
    expect(next(&policy, .rejected, isThrottled: true), .requeue)
  }

  @Test func noQuestionUsesUpAWait() {
    let policy = OperationPolicy(.poll, deadline: 3600 * Self.second)
    #expect(policy.attemptDeadline(from: 7) == 7 + 30 * Self.second)
    #expect(policy.attemptDeadline(from: 3590 * Self.second) == 3600 * Self.second)
    #expect(policy.attemptDeadline(from: 3700 * Self.second) == 3600 * Self.second)
  }

  @Test func aCreateLeavesTimeToLookForIt() {
    let deadline = 50 * Self.second
    #expect(
      OperationPolicy(.search, deadline: deadline).attemptDeadline(from: 0) == 30
        * Self.second)
    #expect(
      OperationPolicy(.search, canSearch: false, deadline: deadline).attemptDeadline(from: 0)
        == deadline)
    #expect(
      OperationPolicy(.settle, deadline: deadline).attemptDeadline(from: 0) == 30 * Self.second)
    #expect(OperationPolicy(.resend, deadline: deadline).attemptDeadline(from: 0) == deadline)
    #expect(
      OperationPolicy(.search, deadline: 5).attemptDeadline(from: 9) == 5)
  }

  @Test func anAbsentSessionIsCreated() {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    policy.searchFirst(until: 0, at: 5)
    expect(policy.searched(.absent, at: 9, random: 0), .send(at: 9))
    // From now on it is as if nothing had been searched for.
    expect(next(&policy, .created), .end)
    _ = next(&policy, .unknown)
    guard case .search = policy.searched(.absent, at: 20, random: 0) else {
      Issue.record("sent twice")
      return
    }
  }

  @Test(arguments: [OperationPolicy.Found.one, .several])
  func nothingIsSentIfThereIsOne(_ found: OperationPolicy.Found) {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    policy.searchFirst(until: 0, at: 0)
    expect(policy.searched(found, at: 1, random: 0), .end)
  }

  /// A search that was not answered, or not to the end, is made again until the deadline, and nothing is sent.
  @Test func nothingIsSentWithoutAnAnswer() {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    policy.searchFirst(until: 0, at: 0)
    var now: UInt64 = 0
    var next = policy.searched(.none, at: now, random: 0)
    while case .search(let time) = next {
      #expect(time > now)
      now = time
      next = policy.searched(.none, at: now, random: .max)
    }
    #expect(next == .end)
  }

  @Test func aRefusedSearchIsNotRepeatedBeforeSending() {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    policy.searchFirst(until: 0, at: 0)
    expect(policy.searched(.none, isRefused: true, at: 0, random: 0), .end)
    // What was sent may be there, whatever the service says now.
    policy = OperationPolicy(.search, deadline: 60 * Self.second)
    _ = next(&policy, .unknown)
    let next = policy.searched(.none, isRefused: true, at: 0, random: 0)
    #expect(next != .end)
  }

  @Test func nothingIsSentAfterTheDeadlineThoughAbsent() {
    var policy = OperationPolicy(.search, deadline: 10)
    policy.searchFirst(until: 0, at: 0)
    expect(policy.searched(.absent, at: 10, random: 0), .end)
  }

  /// Only a search that began when the earlier create had settled proves that it was not executed.
  @Test func aRepeatIsSentAfterItHasSettled() {
    let settled = 3 * Self.second + 1
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    policy.searchFirst(until: settled, at: 0)
    var now: UInt64 = 0
    var searches = 0
    var next = policy.searched(.absent, at: now, random: .max)
    while case .search(let time) = next {
      // It is not late either.
      #expect(time <= settled)
      searches += 1
      now = time
      next = policy.searched(.absent, at: now + 1, random: .max)
    }
    #expect(searches == 3)
    #expect(now == settled)
    #expect(next == .send(at: settled + 1))
  }

  @Test func aSearchThatBeganBeforeItHadSettledProvesNothing() {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    policy.searchFirst(until: 100, at: 99)
    var next = policy.searched(.absent, at: 5000, random: 0)
    #expect(next != .send(at: 5000))
    policy.searchFirst(until: 100, at: 100)
    next = policy.searched(.absent, at: 5000, random: 0)
    #expect(next == .send(at: 5000))
  }

  @Test func whatAnotherSendsIsNeverSent() {
    var policy = OperationPolicy(.search, deadline: 60 * Self.second)
    policy.searchFirst(until: .max, at: 0)
    var now: UInt64 = 0
    var next = policy.searched(.absent, at: now, random: 0)
    while case .search(let time) = next {
      now = time
      next = policy.searched(.absent, at: now, random: 0)
    }
    #expect(next == .end)
    #expect(now > 20 * Self.second)
  }

  /// #expect cannot hold a call that changes its argument.
  private func expect(
    _ next: OperationPolicy.Next, _ expected: OperationPolicy.Next,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(next == expected, sourceLocation: location)
  }

  private func next(
    _ policy: inout OperationPolicy, _ outcome: Outcome, isThrottled: Bool = false,
    at now: UInt64 = 0,
    random: UInt64 = 1 << 63
  ) -> OperationPolicy.Next {
    var budget = RetryBudget()
    return policy.attempted(
      outcome, isThrottled: isThrottled, isTimeout: false, budget: &budget, at: now,
      random: random)
  }
}
