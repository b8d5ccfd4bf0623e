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
    var child = heap.count &- 1
    while child > 0, swapIfEarlier(child, than: (child &- 1) / 2) { child = (child &- 1) / 2 }
  }

  /// Removes and returns the first object that is due, or nil.
  public mutating func popDue(at now: UInt64) -> Element? {
    guard let first = heap.first, first.time <= now else { return nil }
    heap.removeUnordered(at: 0)
    var parent = 0
    while let child = earlierChild(of: parent), swapIfEarlier(child, than: parent) {
      parent = child
    }
    return first.element
  }

  private mutating func swapIfEarlier(_ child: Int, than parent: Int) -> Bool {
    guard let lower = heap.at(child), let upper = heap.at(parent), lower.time < upper.time else {
      return false
    }
    heap.replace(at: child, with: upper)
    heap.replace(at: parent, with: lower)
    return true
  }

  private func earlierChild(of parent: Int) -> Int? {
    let left = parent &* 2 &+ 1
    let right = left &+ 1
    guard let one = heap.at(left) else { return nil }
    guard let other = heap.at(right), other.time < one.time else { return left }
    return right
  }
}
