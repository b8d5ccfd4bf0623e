/// Future events, ordered by time, and by insertion if the times are equal.
struct Timeline<Event> {
  private var heap: [(time: Instant, number: Int, event: Event)] = []
  private var entries = 0

  mutating func add(_ event: Event, at time: Instant) {
    heap.append((time, entries, event))
    entries += 1
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next(before end: Instant) -> (time: Instant, event: Event)? {
    guard let first = heap.first, first.time < end else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if precedes(child, least) { least = child }
      }
      if least == parent { break }
      heap.swapAt(parent, least)
      parent = least
    }
    return (first.time, first.event)
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    (heap[left].time, heap[left].number) < (heap[right].time, heap[right].number)
  }
}
