/// A queue of objects, first in, first out.
///
/// A ring buffer, because freeing a linked list of a hundred thousand objects recurses as deeply.
public struct Fifo<Element: AnyObject> {
  private var ring: [Element?] = []
  private var head = 0
  /// The number of objects in it.
  public private(set) var count = 0

  /// Creates an empty queue.
  public init() {}

  /// Whether it has no objects.
  public var isEmpty: Bool { count == 0 }

  /// The oldest object.
  public var first: Element? { count > 0 ? ring[head] : nil }

  /// Adds an object at the end.
  public mutating func append(_ element: Element) {
    if count == ring.count { grow() }
    ring[(head + count) % ring.count] = element
    count += 1
  }

  /// Adds an object at the head.
  public mutating func prepend(_ element: Element) {
    if count == ring.count { grow() }
    head = (head + ring.count - 1) % ring.count
    ring[head] = element
    count += 1
  }

  /// Removes and returns the oldest object.
  public mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = ring[head]
    ring[head] = nil
    head = (head + 1) % ring.count
    count -= 1
    return element
  }

  /// Removes an object from anywhere in the queue; does nothing if it is not there.
  ///
  /// The search begins at the end: an object that is removed out of turn was mostly added last.
  public mutating func remove(_ element: Element) {
    var place = count - 1
    while place >= 0, ring[(head + place) % ring.count] !== element { place -= 1 }
    guard place >= 0 else { return }
    while place < count - 1 {
      ring[(head + place) % ring.count] = ring[(head + place + 1) % ring.count]
      place += 1
    }
    ring[(head + place) % ring.count] = nil
    count -= 1
  }

  /// Removes the objects for which `mustGo` returns true, asking from the oldest on.
  public mutating func removeAll(where mustGo: (Element) -> Bool) {
    var kept = 0
    for index in 0..<count {
      guard let element = ring[(head + index) % ring.count] else { continue }
      ring[(head + index) % ring.count] = nil
      if mustGo(element) { continue }
      ring[(head + kept) % ring.count] = element
      kept += 1
    }
    count = kept
  }

  private mutating func grow() {
    var larger: [Element?] = []
    larger.reserveCapacity(max(16, ring.count * 2))
    for index in 0..<count { larger.append(ring[(head + index) % ring.count]) }
    while larger.count < max(16, ring.count * 2) { larger.append(nil) }
    ring = larger
    head = 0
  }
}
