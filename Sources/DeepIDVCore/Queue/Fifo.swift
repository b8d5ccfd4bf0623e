/// Objects that wait in the order in which they came.
///
/// A ring, because a linked list of a hundred thousand objects is freed by as deep a recursion.
public struct Fifo<Element: AnyObject> {
  private var ring: [Element?] = []
  private var head = 0
  /// How many wait.
  public private(set) var count = 0

  /// Makes an empty queue.
  public init() {}

  /// Whether none waits.
  public var isEmpty: Bool { count == 0 }

  /// The one that has waited longest.
  public var first: Element? { count > 0 ? ring[head] : nil }

  /// Adds one at the end.
  public mutating func append(_ element: Element) {
    if count == ring.count { grow() }
    ring[(head + count) % ring.count] = element
    count += 1
  }

  /// Puts one back to the head.
  public mutating func prepend(_ element: Element) {
    if count == ring.count { grow() }
    head = (head + ring.count - 1) % ring.count
    ring[head] = element
    count += 1
  }

  /// Takes the one that has waited longest.
  public mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = ring[head]
    ring[head] = nil
    head = (head + 1) % ring.count
    count -= 1
    return element
  }

  /// Takes one out of its turn; nothing happens if it does not wait.
  ///
  /// The search begins with the one that came last: who takes out of turn mostly takes what has just come.
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

  /// Removes those that are to go, which it asks of each, from the one that has waited longest.
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
