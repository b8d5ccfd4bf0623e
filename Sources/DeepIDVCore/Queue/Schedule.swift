/// Objects that are due at a time, the earliest first: a binary heap.
public struct Schedule<Element: AnyObject> {
  private var heap: [(time: UInt64, element: Element)] = []

  /// Creates an empty schedule.
  public init() {}

  /// When the first object is due; `.max` if there is none.
  public var nextTime: UInt64 { heap.first?.time ?? .max }

  /// Adds an object that is due at a time.
  public mutating func insert(_ element: Element, dueAt time: UInt64) {
    heap.append((time: time, element: element))
    var child = heap.count - 1
    while child > 0, heap[child].time < heap[(child - 1) / 2].time {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the first object that is due, or nil.
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
