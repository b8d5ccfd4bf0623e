/// An object being read, so that its members can be walked.
///
///     guard let object = reader.readObject(in: bytes) else { … }
///     while let name = reader.nextMember(of: object, in: bytes) {
///       switch name {
///       case "id": id = reader.readString(in: bytes)
///       default: break
///       }
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
  @inline(never)
  public mutating func readObject(in bytes: Span<UInt8>) -> JSONObject? {
    guard stepToValue(beginningWith: UInt8(ascii: "{"), in: bytes),
      next(in: bytes) == .beginObject
    else { return nil }
    return JSONObject(depth: depth)
  }

  /// Enters the array that comes next.
  ///
  /// If something else comes next, reads nothing and returns nil.
  @inline(never)
  public mutating func readArray(in bytes: Span<UInt8>) -> JSONArray? {
    guard stepToValue(beginningWith: UInt8(ascii: "["), in: bytes),
      next(in: bytes) == .beginArray
    else { return nil }
    return JSONArray(depth: depth)
  }

  /// Reads the string that comes next.
  ///
  /// If something else comes next, reads nothing and returns nil.
  @inline(never)
  public mutating func readString(in bytes: Span<UInt8>) -> JSONText? {
    guard stepToValue(beginningWith: UInt8(ascii: "\""), in: bytes),
      case .string(let text) = next(in: bytes)
    else { return nil }
    return text
  }

  /// Steps to the value of the next member, whatever was read of the one before.
  ///
  /// - Returns: The member's name, or nil at the end of the object and after a failure.
  @inline(never)
  public mutating func nextMember(of object: JSONObject, in bytes: Span<UInt8>) -> JSONName? {
    leaveValue(at: object.depth, in: bytes)
    guard depth == object.depth, case .key(let text) = next(in: bytes) else { return nil }
    return JSONName(text, in: bytes)
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

  /// Skips the next value and everything in it.
  ///
  /// - Returns: Whether it did. It does not before a name or an end, nor after a failure.
  @discardableResult
  @inline(never)
  public mutating func skipValue(in bytes: Span<UInt8>) -> Bool {
    let level = depth
    var ahead = self
    switch ahead.next(in: bytes) {
    case .key, .endObject, .endArray, .end: return false
    default: self = ahead
    }
    leaveContainers(above: level, in: bytes)
    return failure == nil
  }

  /// Reads all that is left, so that the whole document has been checked.
  ///
  /// - Returns: What is wrong with the document, or nil.
  public mutating func finish(in bytes: Span<UInt8>) -> JSONError? {
    while expectation != .nothing { _ = next(in: bytes) }
    return failure
  }
}

extension JSONReader {
  /// Leaves what was entered since the depth was this one.
  private mutating func leaveContainers(above level: Int, in bytes: Span<UInt8>) {
    while depth > level, expectation != .nothing { _ = next(in: bytes) }
  }

  /// Moves past the value of a member or element, however much of it was read.
  private mutating func leaveValue(at level: Int, in bytes: Span<UInt8>) {
    leaveContainers(above: level, in: bytes)
    if depth == level, expectation == .value { skipValue(in: bytes) }
  }
}
