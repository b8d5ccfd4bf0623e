/// Objects that are found again by a number, each number given out once.
public struct OperationTable<Element: AnyObject> {
  /// A number holds its place in the low bits, so that looking it up takes no search.
  private static var placeBits: UInt64 { 20 }

  private var places: [(number: UInt64, element: Element?)] = []
  private var free: [Int] = []
  private var sequence: UInt64 = 0
  /// How many objects it holds.
  public private(set) var count = 0

  /// Makes an empty table.
  public init() {}

  /// As many as it can ever hold.
  public static var capacity: Int { 1 << placeBits }

  /// Keeps an object and answers its number, or nil when full.
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
    let number = sequence << Self.placeBits | UInt64(place)
    places[place] = (number, element)
    count += 1
    return number
  }

  /// The object with a number.
  public func find(_ number: UInt64) -> Element? {
    let place = Int(number & (1 << Self.placeBits - 1))
    guard place < places.count, places[place].number == number else { return nil }
    return places[place].element
  }

  /// Forgets the object with a number.
  public mutating func remove(_ number: UInt64) {
    let place = Int(number & (1 << Self.placeBits - 1))
    guard place < places.count, places[place].number == number, places[place].element != nil else {
      return
    }
    places[place] = (0, nil)
    free.append(place)
    count -= 1
  }
}
