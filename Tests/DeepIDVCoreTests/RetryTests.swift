import Testing

@testable import DeepIDVCore

@Suite struct RetryTests {
  @Test(arguments: [
    (Int.min, 200), (-1, 200), (0, 200), (1, 400), (2, 800), (3, 1600), (4, 3200), (5, 5000),
    (6, 5000), (63, 5000), (64, 5000), (Int.max, 5000),
  ])
  func delays(_ retries: Int, _ milliseconds: Int) {
    let most = UInt64(milliseconds) * millisecond
    #expect(Backoff.delay(afterRetries: retries, random: 0) == 0)
    #expect(Backoff.delay(afterRetries: retries, random: 1 << 63) == most / 2)
    #expect(Backoff.delay(afterRetries: retries, random: .max) == most)
  }

  @Test func delaysAreSpreadEvenly() {
    var generator = SeededGenerator(5)
    var counts = [0, 0, 0, 0]
    for _ in 0..<10_000 {
      let delay = Backoff.delay(afterRetries: 0, random: generator.next())
      counts[min(3, Int(delay / (50 * millisecond)))] += 1
    }
    #expect(counts.allSatisfy { abs($0 - 2500) < 200 })
  }

  @Test func budgetRunsOut() {
    var budget = RetryBudget()
    for _ in 0..<20 {
      let cost = budget.spend(afterTimeout: false)
      #expect(cost == 5)
    }
    #expect(budget.spend(afterTimeout: false) == nil)
    #expect(budget.balance == 0)
    budget.succeeded(afterSpending: 5)
    #expect(budget.spend(afterTimeout: true) == nil)
    #expect(budget.spend(afterTimeout: false) == 5)
  }

  @Test func timeoutsCostTwice() {
    var budget = RetryBudget()
    var retries = 0
    while budget.spend(afterTimeout: true) == 10 { retries += 1 }
    #expect(retries == 10)
  }

  @Test func successFillsIt() {
    var budget = RetryBudget()
    budget.succeeded(afterSpending: 0)
    #expect(budget.balance == 100)
    _ = budget.spend(afterTimeout: true)
    _ = budget.spend(afterTimeout: false)
    #expect(budget.balance == 85)
    budget.succeeded(afterSpending: 0)
    #expect(budget.balance == 86)
    budget.succeeded(afterSpending: 15)
    #expect(budget.balance == 100)
  }

  @Test(arguments: [Int.min, -1, 0, 1, 100, 101, Int.max])
  func anyRefund(_ spent: Int) {
    var budget = RetryBudget()
    while budget.spend(afterTimeout: false) != nil {}
    for _ in 0..<1000 { budget.succeeded(afterSpending: spent) }
    #expect(budget.balance == 100)
  }

  /// If nine in ten requests fail, few are retried.
  @Test func retriesStayFew() {
    var generator = SeededGenerator(9)
    var budget = RetryBudget()
    var retries = 0
    for _ in 0..<30_000 {
      if generator.next() % 10 == 0 {
        budget.succeeded(afterSpending: 0)
      } else if budget.spend(afterTimeout: false) != nil {
        retries += 1
      }
    }
    #expect(retries < 30_000 / 40)
  }
}
