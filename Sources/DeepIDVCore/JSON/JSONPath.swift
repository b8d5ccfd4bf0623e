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
    guard isWellFormed(path) else { throw JSONPathFault(DEEPIDV_E_PATH) }
    if document.isEmpty { throw JSONPathFault(DEEPIDV_E_ABSENT) }
    var reader = JSONReader()
    if reader.finish(in: document) != nil { throw JSONPathFault(DEEPIDV_E_JSON) }
    reader = JSONReader()
    var start = 0
    while start <= path.count {
      let end = endOfName(path, from: start)
      try step(&reader, path.extracting(start..<end), in: document)
      start = end &+ 1
    }
    let value = reader.next(in: document)
    // The service writes null for what is not there.
    if value == .null { throw JSONPathFault(DEEPIDV_E_ABSENT) }
    return value
  }

  /// Whether no name is empty, and every backslash escapes a dot or a backslash.
  private static func isWellFormed(_ path: Span<UInt8>) -> Bool {
    var isAtStart = true
    var index = 0
    while let byte = path.at(index) {
      switch byte {
      case UInt8(ascii: "."):
        if isAtStart { return false }
        isAtStart = true
      case UInt8(ascii: "\\"):
        index &+= 1
        guard let escaped = path.at(index),
          escaped == UInt8(ascii: ".") || escaped == UInt8(ascii: "\\")
        else { return false }
        isAtStart = false
      default: isAtStart = false
      }
      index &+= 1
    }
    return !isAtStart
  }

  private static func endOfName(_ path: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while let byte = path.at(index), byte != UInt8(ascii: ".") {
      index &+= byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index, path.count)
  }

  /// Steps into the container that comes next, to the value with a name.
  private static func step(
    _ reader: inout JSONReader, _ name: Span<UInt8>, in document: Span<UInt8>
  ) throws(JSONPathFault) {
    if let object = reader.readObject(in: document) {
      var found: JSONReader?
      while let member = reader.nextMember(of: object, in: document) {
        guard isName(name, of: member.text, in: document) else { continue }
        if found != nil { throw JSONPathFault(DEEPIDV_E_JSON_DUPLICATE) }
        found = reader
      }
      guard let found else { throw JSONPathFault(DEEPIDV_E_ABSENT) }
      reader = found
    } else if let array = reader.readArray(in: document) {
      var index: UInt64
      switch name.decimal() {
      case .value(let value): index = value
      case .overflow: index = .max
      case .invalid: throw JSONPathFault(DEEPIDV_E_TYPE)
      }
      while reader.nextElement(of: array, in: document) {
        if index == 0 { return }
        index &-= 1
      }
      throw JSONPathFault(DEEPIDV_E_ABSENT)
    } else {
      throw JSONPathFault(reader.next(in: document) == .null ? DEEPIDV_E_ABSENT : DEEPIDV_E_TYPE)
    }
  }

  /// Whether a name of the path is that of a member.
  private static func isName(
    _ name: Span<UInt8>, of text: JSONText, in document: Span<UInt8>
  ) -> Bool {
    var index = 0
    var isSame = true
    text.forEachPiece(in: document) { piece in
      for place in piece.indices {
        if name.at(index) == UInt8(ascii: "\\") { index &+= 1 }
        isSame = isSame && name.at(index) == piece[place]
        index &+= 1
      }
    }
    return isSame && index == name.count
  }
}

/// Why a path leads to no value that can be read.
public struct JSONPathFault: Error {
  /// The status that says it.
  public var status: deepidv_status

  init(_ status: deepidv_status) { self.status = status }
}

extension JSONText {
  /// Writes the text, unescaped and NUL-terminated.
  ///
  /// - Parameter length: How many bytes the text has without its NUL, whether they fit or not.
  public func write(
    to out: inout MutableSpan<UInt8>, length: inout Int, in document: Span<UInt8>
  ) -> deepidv_status {
    var needed = 0
    forEachPiece(in: document) { piece in needed &+= piece.count }
    length = needed
    guard needed < out.count else { return DEEPIDV_E_BUFFER }
    var status = DEEPIDV_OK
    var position = 0
    forEachPiece(in: document) { piece in
      for index in piece.indices where position < needed {
        if piece[index] == 0 { status = DEEPIDV_E_NUL }
        out[position] = piece[index]
        position &+= 1
      }
    }
    out[needed] = 0
    return status
  }
}
