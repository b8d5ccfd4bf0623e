/// An object being read, so that its members can be walked.
///
///     guard let object = reader.readObject(in: bytes) else { … }
///     while let name = reader.nextMember(of: object, in: bytes) {
///       if name.equals("id", in: bytes) { id = reader.readString(in: bytes) }
///     }
///     if let error = reader.finish(in: bytes) { … }
///
/// A value that is not read, or only in part, is skipped.
public struct JSONObject: Sendable {
  fileprivate let depth: Int
}

/// An array being read, so that its elements can be walked in the same way as an object's members.
public struct JSONArray: Sendable {
  fileprivate let depth: Int
}

extension JSONReader {
  /// Enters the object that comes next.
  ///
  /// If something else comes next, reads nothing and returns nil.
  public mutating func readObject(in bytes: Span<UInt8>) -> JSONObject? {
    read(beginningWith: UInt8(ascii: "{"), in: bytes) ? JSONObject(depth: depth) : nil
  }

  /// Enters the array that comes next.
  ///
  /// If something else comes next, reads nothing and returns nil.
  public mutating func readArray(in bytes: Span<UInt8>) -> JSONArray? {
    read(beginningWith: UInt8(ascii: "["), in: bytes) ? JSONArray(depth: depth) : nil
  }

  /// Reads the string that comes next.
  ///
  /// If something else comes next, reads nothing and returns nil.
  public mutating func readString(in bytes: Span<UInt8>) -> JSONText? {
    read(beginningWith: UInt8(ascii: "\""), in: bytes) ? text : nil
  }

  @inline(never)
  private mutating func read(beginningWith first: UInt8, in bytes: Span<UInt8>) -> Bool {
    stepToValue(beginningWith: first, in: bytes) && step(in: bytes) != .failure
  }

  /// Reads the value that comes next, of a container only the beginning.
  ///
  /// Only the value of a member is read so.
  ///
  /// - Returns: Where it is; if it is no string, only where it begins.
  mutating func readValue(in bytes: Span<UInt8>) -> JSONText {
    if nextByte(in: bytes) == UInt8(ascii: "\"") { return readText(in: bytes) ? text : .none }
    let start = position
    _ = step(in: bytes)
    return JSONText(from: start, to: start, marks: JSONText.otherValue)
  }

  /// Steps to the value of the next member, whatever was read of the one before.
  ///
  /// - Returns: The member's name, or nil at the end of the object and after a failure.
  @inline(never)
  public mutating func nextMember(of object: JSONObject, in bytes: Span<UInt8>) -> JSONText? {
    stepToMember(of: object, in: bytes) ? text : nil
  }

  /// Steps to the value of the next member whose name is in a table.
  ///
  /// - Returns: The row of the name, or nil at the end of the object and after a failure.
  @inline(never)
  public mutating func nextMember(
    of object: JSONObject, among names: JSONNames, in bytes: Span<UInt8>
  ) -> Int? {
    while stepToMember(of: object, in: bytes) {
      if let row = names.row(of: text, in: bytes) { return row }
    }
    return nil
  }

  /// Steps to the next element, whatever was read of the one before.
  ///
  /// - Returns: Whether there is one: not at the end of the array, and not after a failure.
  @inline(never)
  public mutating func nextElement(of array: JSONArray, in bytes: Span<UInt8>) -> Bool {
    leaveValue(at: array.depth, in: bytes)
    guard depth == array.depth, !isInObject else { return false }
    return stepToElement(in: bytes)
  }

  /// Reads all that is left, so that the whole document has been checked.
  ///
  /// - Returns: What is wrong with the document, or nil.
  public mutating func finish(in bytes: Span<UInt8>) -> JSONError? {
    while expectation != .nothing { _ = step(in: bytes) }
    return failure
  }

  /// Steps to the next member, whose name is then ``text``.
  @inline(__always)
  private mutating func stepToMember(of object: JSONObject, in bytes: Span<UInt8>) -> Bool {
    leaveValue(at: object.depth, in: bytes)
    return depth == object.depth && step(in: bytes) == .key
  }

  /// Moves past the value of a member or element at a depth, however much of it was read.
  @inline(__always)
  private mutating func leaveValue(at level: Int, in bytes: Span<UInt8>) {
    if depth == level, expectation == .value { _ = step(in: bytes) }
    while depth > level, expectation != .nothing { _ = step(in: bytes) }
  }
}
