import CDeepIDV

/// The way to a value of a document: names and indexes with dots between them, as in `session_record.uploads.selfie`
/// or `links.0.href`.
///
/// `\.` is a dot in a name, and `\\` a backslash.
public enum JSONPath {
  /// How many bytes a path may have.
  public static var longest: Int { 1024 }

  /// Finds the value at a path.
  ///
  /// The whole document is checked on the way, and that no name on the way occurs twice: which of two values
  /// is meant would be a guess.
  ///
  /// - Returns: The first piece of the value, never an end; or throws the status that says why there is none.
  public static func find(
    _ path: Span<UInt8>, in document: Span<UInt8>
  ) throws(JSONPathFault) -> JSONToken {
    guard path.count <= longest else { throw JSONPathFault(DEEPIDV_E_TOO_LONG) }
    var name = Name()
    var position = 0
    while position <= path.count { try name.read(path, from: &position) }
    if document.isEmpty { throw JSONPathFault(DEEPIDV_E_ABSENT) }
    var reader = JSONReader()
    if reader.finish(in: document) != nil { throw JSONPathFault(DEEPIDV_E_JSON) }
    reader = JSONReader()
    position = 0
    while position <= path.count {
      try name.read(path, from: &position)
      try step(&reader, to: name.bytes.span.part(0, name.count), in: document)
    }
    let value = reader.next(in: document)
    // The service writes null for what is not there.
    if case .null = value { throw JSONPathFault(DEEPIDV_E_ABSENT) }
    return value
  }

  /// A name of a path, without its escapes.
  private struct Name {
    var bytes = [1024 of UInt8](repeating: 0)
    var count = 0

    /// Reads the name that begins at a position, and steps over the dot behind it.
    @inline(never)
    mutating func read(_ path: Span<UInt8>, from position: inout Int) throws(JSONPathFault) {
      count = 0
      while var byte = path.at(position), byte != UInt8(ascii: ".") {
        if byte == UInt8(ascii: "\\") {
          position &+= 1
          byte = path.at(position) ?? 0
          guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: "\\") else {
            throw JSONPathFault(DEEPIDV_E_PATH)
          }
        }
        // No path is longer than this.
        if count < bytes.count { unsafe bytes[unchecked: count] = byte }
        count &+= 1
        position &+= 1
      }
      position &+= 1
      if count == 0 || count > bytes.count { throw JSONPathFault(DEEPIDV_E_PATH) }
    }
  }

  /// Steps into the container that comes next, to the value with a name.
  @inline(never)
  private static func step(
    _ reader: inout JSONReader, to name: Span<UInt8>, in document: Span<UInt8>
  ) throws(JSONPathFault) {
    if let object = reader.readObject(in: document) {
      var found: JSONReader?
      while let member = reader.nextMember(of: object, in: document) {
        guard member.equals(name, in: document) else { continue }
        if found != nil { throw JSONPathFault(DEEPIDV_E_JSON_DUPLICATE) }
        found = reader
      }
      guard let found else { throw JSONPathFault(DEEPIDV_E_ABSENT) }
      reader = found
    } else if let array = reader.readArray(in: document) {
      var left: UInt64
      switch name.decimal() {
      case .value(let index): left = index
      case .overflow: left = .max
      case .invalid: throw JSONPathFault(DEEPIDV_E_TYPE)
      }
      while reader.nextElement(of: array, in: document) {
        if left == 0 { return }
        left &-= 1
      }
      throw JSONPathFault(DEEPIDV_E_ABSENT)
    } else {
      if case .null = reader.next(in: document) { throw JSONPathFault(DEEPIDV_E_ABSENT) }
      throw JSONPathFault(DEEPIDV_E_TYPE)
    }
  }
}

/// Why a path leads to no value that can be read.
public struct JSONPathFault: Error {
  /// The status that says it.
  public var status: deepidv_status

  init(_ status: deepidv_status) { self.status = status }
}

extension JSONText {
  /// Writes the text, unescaped and NUL-terminated; an empty one if there is not enough room.
  ///
  /// - Parameter length: How many bytes the text has without its NUL, whether they fit or not.
  public func write(
    to out: inout MutableSpan<UInt8>, length: inout Int, in document: Span<UInt8>
  ) -> deepidv_status {
    var status = DEEPIDV_OK
    var count = 0
    _ = forEachPiece(in: document) { piece in
      for index in piece.indices {
        out.set(count, to: piece[index])
        if piece[index] == 0 { status = DEEPIDV_E_NUL }
        count &+= 1
      }
      return true
    }
    length = count
    if count < out.count {
      out.set(count, to: 0)
      return status
    }
    if !out.isEmpty { out[0] = 0 }
    return DEEPIDV_E_BUFFER
  }
}
