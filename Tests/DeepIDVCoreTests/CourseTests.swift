import Testing

@testable import DeepIDVCore

@Suite struct CourseTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func createdIsTheEnd() {
    var course = Course(.create(canLook: true), deadline: 60 * Self.second)
    expect(next(&course, .created), .end)
  }

  @Test func refusedIsTheEndUnlessItWasForTheRate() {
    var course = Course(.create(canLook: true), deadline: 60 * Self.second)
    expect(next(&course, .rejected, isThrottled: true), .requeue)
    expect(next(&course, .rejected, isThrottled: true), .requeue)
    expect(next(&course, .rejected, isThrottled: true, at: 60 * Self.second), .end)
    expect(next(&course, .rejected), .end)
  }

  @Test(arguments: [Outcome.notSent, .notProcessed])
  func whatWasNotExecutedIsSentAgainThreeTimes(_ outcome: Outcome) {
    var course = Course(.create(canLook: true), deadline: 60 * Self.second)
    for _ in 0..<3 {
      guard case .send(let time) = next(&course, outcome, at: 7) else {
        Issue.record("not sent again")
        return
      }
      #expect(time >= 7)
      #expect(time < 6 * Self.second)
    }
    expect(next(&course, outcome), .end)
  }

  @Test func nothingIsSentAgainAfterTheDeadline() {
    var course = Course(.create(canLook: true), deadline: 10)
    expect(next(&course, .notSent, at: 10, random: .max), .end)
  }

  @Test func anEmptyBudgetEndsIt() {
    var budget = RetryBudget()
    while budget.spend(afterTimeout: true) != nil {}
    var course = Course(.create(canLook: true), deadline: 60 * Self.second)
    let next = course.attempted(
      .notSent, isThrottled: false, isTimeout: false, budget: &budget, at: 0, random: 0)
    #expect(next == .end)
  }

  @Test func anUnknownCreateIsNeverSentAgain() {
    var course = Course(.create(canLook: true), deadline: 60 * Self.second)
    var next = next(&course, .unknown)
    var now: UInt64 = 0
    var looks = 0
    while case .look(let time) = next {
      #expect(time > now)
      now = time
      looks += 1
      next = course.looked(.none, at: now, random: .max)
    }
    #expect(next == .end)
    #expect(looks >= 5)
    #expect(now < 60 * Self.second)
  }

  @Test func anUnknownCreateThatCannotBeLookedForEnds() {
    var course = Course(.create(canLook: false), deadline: 60 * Self.second)
    expect(next(&course, .unknown), .end)
  }

  @Test(arguments: [Course.Found.one, .several])
  func whatIsFoundEndsIt(_ found: Course.Found) {
    var course = Course(.create(canLook: true), deadline: 60 * Self.second)
    _ = next(&course, .unknown)
    expect(course.looked(found, at: 1, random: 0), .end)
  }

  @Test func aQuestionIsAskedAgain() {
    var course = Course(.read, deadline: 60 * Self.second)
    for _ in 0..<3 {
      guard case .send = next(&course, .unknown) else {
        Issue.record("not asked again")
        return
      }
    }
    expect(next(&course, .unknown), .end)
  }

  @Test func aCreateLeavesTimeToLookForIt() {
    let deadline = 50 * Self.second
    #expect(
      Course(.create(canLook: true), deadline: deadline).attemptDeadline(from: 0) == 30
        * Self.second)
    #expect(
      Course(.create(canLook: false), deadline: deadline).attemptDeadline(from: 0) == deadline)
    #expect(Course(.read, deadline: deadline).attemptDeadline(from: 0) == deadline)
    #expect(
      Course(.create(canLook: true), deadline: 5).attemptDeadline(from: 9) == 5)
  }

  /// #expect cannot hold a call that changes its argument.
  private func expect(
    _ next: Course.Next, _ expected: Course.Next, at location: SourceLocation = #_sourceLocation
  ) {
    #expect(next == expected, sourceLocation: location)
  }

  private func next(
    _ course: inout Course, _ outcome: Outcome, isThrottled: Bool = false, at now: UInt64 = 0,
    random: UInt64 = 1 << 63
  ) -> Course.Next {
    var budget = RetryBudget()
    return course.attempted(
      outcome, isThrottled: isThrottled, isTimeout: false, budget: &budget, at: now,
      random: random)
  }
}
