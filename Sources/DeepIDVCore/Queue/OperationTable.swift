/// Objects that are found by a number; no number is used twice.
public struct OperationTable<Element: AnyObject> {
  /// The low bits of a number are its place, so that finding it takes no search.
  private static var placeBits: UInt64 { 20 }

  private var places: [(number: UInt64, element: Element?)] = []
  private var free: [Int] = []
  private var sequence: UInt64 = 0
  /// The number of objects in it.
  public private(set) var count = 0

  /// Creates an empty table.
  public init() {}

  /// The most objects that it can hold.
  public static var capacity: Int { 1 << placeBits }

  /// Adds an object and returns its number, or nil if the table is full.
  public mutating func insert(_ element: Element) -> UInt64? {
    let place: Int
    if let reused = free.popLast() {
      place = reused
    } else {
      guard places.count < Self.capacity else { return nil }
      place = places.count
      places.append((0, nil))
    }
    sequence &+= 1
    let number = sequence << Self.placeBits | UInt64(truncatingIfNeeded: place)
    places.replace(at: place, with: (number, element))
    count &+= 1
    return number
  }

  /// Returns the object with a number, or nil.
  public func find(_ number: UInt64) -> Element? {
    let place = Int(number & (1 << Self.placeBits - 1))
    guard place < places.count, places[place].number == number else { return nil }
    return places[place].element
  }

  /// Removes the object with a number.
  public mutating func remove(_ number: UInt64) {
    let place = Int(number & (1 << Self.placeBits - 1))
    guard place < places.count, places[place].number == number, places[place].element != nil else {
      return
    }
    places.replace(at: place, with: (0, nil))
    free.append(place)
    count &-= 1
  }
}
