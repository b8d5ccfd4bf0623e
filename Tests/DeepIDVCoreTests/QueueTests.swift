import Testing

@testable import DeepIDVCore

private final class Item {
  let value: Int
  init(_ value: Int) { self.value = value }
}

@Suite struct QueueTests {
  @Test func fifoKeepsTheOrderWhileItGrows() {
    var fifo = Fifo<Item>()
    var next = 0
    var expected = 0
    for round in 0..<200 {
      for _ in 0..<(round % 7 + 1) {
        fifo.append(Item(next))
        next += 1
      }
      for _ in 0..<(round % 5) {
        #expect(fifo.first?.value == expected)
        let popped = fifo.popFirst()
        #expect(popped?.value == expected)
        expected += 1
      }
    }
    #expect(fifo.count == next - expected)
    while let item = fifo.popFirst() {
      #expect(item.value == expected)
      expected += 1
    }
    #expect(expected == next)
    #expect(fifo.isEmpty)
    #expect(fifo.first == nil)
  }

  /// At every start in the ring, and for every removed element.
  @Test(arguments: 0..<16, [0, 0b1, 0b1000_0000, 0b1010_0110, 0b1111_1111])
  func fifoWithoutSome(_ start: Int, _ gone: Int) {
    var fifo = Fifo<Item>()
    for _ in 0..<start { fifo.append(Item(-1)) }
    for _ in 0..<start { _ = fifo.popFirst() }
    for value in 0..<8 { fifo.append(Item(value)) }
    var asked: [Int] = []
    fifo.removeAll { item in
      asked.append(item.value)
      return gone >> item.value & 1 == 1
    }
    #expect(asked == Array(0..<8))
    let left = (0..<8).filter { gone >> $0 & 1 == 0 }
    #expect(fifo.count == left.count)
    for value in 8..<40 { fifo.append(Item(value)) }
    for value in left + Array(8..<40) {
      let popped = fifo.popFirst()
      #expect(popped?.value == value)
    }
    #expect(fifo.popFirst() == nil)
  }

  @Test func numbersAreGivenOutOnce() {
    var table = OperationTable<Item>()
    let first = table.insert(Item(1)) ?? 0
    let second = table.insert(Item(2)) ?? 0
    #expect(first != second)
    table.remove(first)
    let third = table.insert(Item(3)) ?? 0
    #expect(third != first)
    #expect(table.find(first) == nil)
    #expect(table.find(second)?.value == 2)
    #expect(table.find(third)?.value == 3)
    #expect(table.find(0) == nil)
    #expect(table.find(.max) == nil)
    table.remove(first)
    #expect(table.count == 2)
  }

  @Test func fullTable() {
    var table = OperationTable<Item>()
    let item = Item(0)
    var kept = 0
    while table.insert(item) != nil, kept <= OperationTable<Item>.capacity { kept += 1 }
    #expect(kept == OperationTable<Item>.capacity)
  }

  @Test func whatIsPutBackComesFirst() {
    var fifo = Fifo<Item>()
    for value in 0..<40 { fifo.append(Item(value)) }
    for value in [-1, -2] { fifo.prepend(Item(value)) }
    var values: [Int] = []
    while let item = fifo.popFirst() { values.append(item.value) }
    #expect(values == [-2, -1] + Array(0..<40))
  }

  @Test(arguments: 0..<40) func oneIsTakenOutOfItsTurn(taken: Int) {
    var fifo = Fifo<Item>()
    // Moves the start of the ring.
    for value in 0..<13 { fifo.append(Item(value)) }
    while fifo.popFirst() != nil {}
    let items = (0..<40).map { Item($0) }
    for item in items { fifo.append(item) }
    fifo.remove(items[taken])
    fifo.remove(items[taken])
    fifo.remove(Item(taken))
    fifo.append(Item(40))
    var values: [Int] = []
    while let item = fifo.popFirst() { values.append(item.value) }
    #expect(values == (0...40).filter { $0 != taken })
    fifo.remove(items[taken])
    #expect(fifo.isEmpty)
  }

  @Test func theEarliestIsDueFirst() {
    var schedule = Schedule<Item>()
    #expect(schedule.nextTime == .max)
    var times = (0..<300).map { UInt64($0 * 7919 % 1000) }
    for time in times { schedule.insert(Item(Int(time)), dueAt: time) }
    times.sort()
    #expect(schedule.nextTime == times.first)
    let early = schedule.popDue(at: 0)
    #expect(early?.value == 0)
    var taken: [UInt64] = [0]
    while let item = schedule.popDue(at: 500) { taken.append(UInt64(item.value)) }
    #expect(taken == times.filter { $0 <= 500 })
    while let item = schedule.popDue(at: .max) { taken.append(UInt64(item.value)) }
    #expect(taken == times)
  }
}
