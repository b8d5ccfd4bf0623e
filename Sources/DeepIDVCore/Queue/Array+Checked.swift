extension Array {
  /// The element at an index, or nil if the index is out of range.
  @inline(__always)
  public func at(_ index: Int) -> Element? {
    guard index >= 0, index < count else { return nil }
    return unsafe withUnsafeBufferPointer { unsafe $0[index] }
  }

  /// Replaces the element at an index; does nothing if the index is out of range.
  ///
  /// An assignment to `self[index]` keeps its own check, which ends the process.
  @inline(__always)
  public mutating func replace(at index: Int, with element: Element) {
    guard index >= 0, index < count else { return }
    unsafe withUnsafeMutableBufferPointer { unsafe $0[index] = element }
  }

  /// Removes and returns the element at an index, or returns nil if the index is out of range.
  public mutating func take(at index: Int) -> Element? {
    guard let taken = at(index) else { return nil }
    var place = index
    while let next = at(place &+ 1) {
      replace(at: place, with: next)
      place &+= 1
    }
    _ = popLast()
    return taken
  }

  /// Removes the elements for which `mustGo` returns true.
  public mutating func removeEach(where mustGo: (Element) -> Bool) {
    var kept = 0
    var place = 0
    while let element = at(place) {
      place &+= 1
      if mustGo(element) { continue }
      replace(at: kept, with: element)
      kept &+= 1
    }
    while count > kept { _ = popLast() }
  }

  /// Removes the element at an index and puts the last one into its place; does nothing if the index is out of range.
  @inline(__always)
  public mutating func removeUnordered(at index: Int) {
    guard index < count, let last = popLast() else { return }
    replace(at: index, with: last)
  }
}
