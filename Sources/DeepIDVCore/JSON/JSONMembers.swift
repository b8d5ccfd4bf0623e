// The members of an object that are looked for, as the positions of their values: one for each name of a table.

extension JSONReader {
  /// Reads the object that comes next; anything else has no members.
  ///
  /// A repeated member's value is the first, unless a later one is a text of some length.
  ///
  /// - Parameter values: ``JSONText/none`` for each name, which is replaced.
  /// - Returns: Whether one of them is repeated.
  @inline(never)
  mutating func readMembers(
    _ names: JSONNames, in document: Span<UInt8>, into values: inout MutableSpan<JSONText>
  ) -> Bool {
    guard let object = readObject(in: document) else { return false }
    var isRepeated = false
    while let row = nextMember(of: object, among: names, in: document) {
      let value = readValue(in: document)
      guard row >= 0, row < values.count else { continue }
      let isFirst = values[row].isNone
      if !isFirst { isRepeated = true }
      if isFirst || value.length > 0 { values[row] = value }
    }
    return isRepeated
  }
}

extension Span where Element == JSONText {
  private func value(_ row: Int) -> JSONText {
    guard row >= 0, row < count else { return .none }
    return unsafe self[unchecked: row]
  }

  /// The text of a member, or nil if it has none.
  func text(_ row: Int) -> JSONText? {
    let value = value(row)
    return value.isText && !value.isNone ? value : nil
  }

  /// The text of a member, or nil if it has none or an empty one.
  func nonemptyText(_ row: Int) -> JSONText? {
    let value = value(row)
    return value.length > 0 ? value : nil
  }

  /// A reader before the value of a member, or nil if there is no such member.
  func reader(_ row: Int) -> JSONReader? {
    let value = value(row)
    if value.isNone { return nil }
    // A text begins after its quote.
    return JSONReader(at: value.isText ? value.offset &- 1 : value.offset)
  }
}
