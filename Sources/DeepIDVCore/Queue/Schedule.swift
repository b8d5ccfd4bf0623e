/// Objects that rest until a time, the earliest first: a binary heap.
public struct Schedule<Element: AnyObject> {
  private var heap: [(time: UInt64, element: Element)] = []

  /// Makes an empty schedule.
  public init() {}

  /// When the first of them is due; `.max` if none rests.
  public var nextTime: UInt64 { heap.first?.time ?? .max }

  /// Lets an object rest.
  public mutating func insert(_ element: Element, until time: UInt64) {
    heap.append((time: time, element: element))
    var child = heap.count - 1
    while child > 0, heap[child].time < heap[(child - 1) / 2].time {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the first of those that are due.
  public mutating func popDue(at now: UInt64) -> Element? {
    guard let first = heap.first, first.time <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while let child = earlierChild(of: parent), heap[child].time < heap[parent].time {
      heap.swapAt(child, parent)
      parent = child
    }
    return first.element
  }

  private func earlierChild(of parent: Int) -> Int? {
    let left = parent * 2 + 1
    guard left < heap.count else { return nil }
    let right = left + 1
    return right < heap.count && heap[right].time < heap[left].time ? right : left
  }
}
