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

  @Test func aCreateLeavesTimeToLookForIt() {
    let deadline = 50 * Self.second
    #expect(
      OperationPolicy(.search, deadline: deadline).attemptDeadline(from: 0) == 30
        * Self.second)
    #expect(
      OperationPolicy(.search, canSearch: false, deadline: deadline).attemptDeadline(from: 0)
        == deadline)
    #expect(OperationPolicy(.resend, deadline: deadline).attemptDeadline(from: 0) == deadline)
    #expect(
      OperationPolicy(.search, deadline: 5).attemptDeadline(from: 9) == 5)
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
