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
  public var first: Element? { self[0] }

  /// Adds an object at the end.
  public mutating func append(_ element: Element) {
    if count == ring.count { grow() }
    self[count] = element
    count &+= 1
  }

  /// Adds an object at the head.
  public mutating func prepend(_ element: Element) {
    if count == ring.count { grow() }
    head &-= 1
    self[0] = element
    count &+= 1
  }

  /// Removes and returns the oldest object.
  public mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = self[0]
    self[0] = nil
    head &+= 1
    count &-= 1
    return element
  }

  /// Removes an object from anywhere in the queue; does nothing if it is not there.
  ///
  /// The search begins at the end: an object that is removed out of turn was mostly added last.
  public mutating func remove(_ element: Element) {
    var place = count &- 1
    while place >= 0, self[place] !== element { place &-= 1 }
    guard place >= 0 else { return }
    while place < count &- 1 {
      self[place] = self[place &+ 1]
      place &+= 1
    }
    self[place] = nil
    count &-= 1
  }

  /// Removes the objects for which `mustGo` returns true, asking from the oldest on.
  public mutating func removeAll(where mustGo: (Element) -> Bool) {
    var kept = 0
    var place = 0
    while place < count {
      let element = self[place]
      self[place] = nil
      place &+= 1
      guard let element, !mustGo(element) else { continue }
      self[kept] = element
      kept &+= 1
    }
    count = kept
  }

  /// The object at a place of the queue.
  ///
  /// The size of the ring is a power of two, so that a mask makes an index of any number.
  private subscript(place: Int) -> Element? {
    get { ring.at((head &+ place) & (ring.count &- 1)) ?? nil }
    set { ring.replace(at: (head &+ place) & (ring.count &- 1), with: newValue) }
  }

  private mutating func grow() {
    let size = max(16, ring.count &* 2)
    var larger: [Element?] = []
    larger.reserveCapacity(size)
    var place = 0
    while place < count {
      larger.append(self[place])
      place &+= 1
    }
    while larger.count < size { larger.append(nil) }
    ring = larger
    head = 0
  }
}
