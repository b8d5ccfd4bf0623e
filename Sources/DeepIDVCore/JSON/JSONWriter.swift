import CPlatform

/// Writes a JSON document into a buffer of its own, without white space.
///
/// It adds the commas. The caller has to end every object and write one value for each member. After an error the
/// document is incomplete.
public struct JSONWriter: ~Copyable {
  private var buffer: ByteBuffer
  private var needsComma = false

  /// Creates an empty document of at most `byteLimit` bytes.
  public init(byteLimit: Int) {
    buffer = ByteBuffer(byteLimit: byteLimit)
  }

  /// Returns the document.
  public consuming func finish() -> ByteBuffer { buffer }

  /// Allocates memory for `count` more bytes.
  public mutating func reserve(_ count: Int) throws(BufferError) { try buffer.reserve(count) }

  /// Begins an object.
  public mutating func beginObject() throws(BufferError) {
    try separate()
    try buffer.append(UInt8(ascii: "{"))
    needsComma = false
  }

  /// Ends the innermost object.
  public mutating func endObject() throws(BufferError) {
    try buffer.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Begins an array.
  public mutating func beginArray() throws(BufferError) {
    try separate()
    try buffer.append(UInt8(ascii: "["))
    needsComma = false
  }

  /// Ends the innermost array.
  public mutating func endArray() throws(BufferError) {
    try buffer.append(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Begins a member, whose value is to be written next.
  ///
  /// - Parameter name: Written as it is: without a quote, a backslash or a control character.
  public mutating func member(_ name: StaticString) throws(BufferError) {
    try name.withSpan { name throws(BufferError) in
      try buffer.append(quoted: name, afterComma: needsComma, beforeColon: true)
    }
    needsComma = false
  }

  /// Writes a string from its UTF-8 bytes, and escapes only what JSON requires.
  @inline(never)
  public mutating func string(_ bytes: Span<UInt8>) throws(BufferError) {
    var index = bytes.firstSpecial(CPLATFORM_NOT_PLAIN_IN_JSON, from: 0)
    if index == bytes.count {
      try buffer.append(quoted: bytes, afterComma: needsComma, beforeColon: false)
      needsComma = true
      return
    }
    try separate()
    try buffer.append(UInt8(ascii: "\""))
    var start = 0
    while let byte = bytes.at(index) {
      if byte.needsJSONEscape {
        try buffer.append(bytes.part(start, index))
        try escape(byte)
        start = index &+ 1
      }
      index = bytes.firstSpecial(CPLATFORM_NOT_PLAIN_IN_JSON, from: index &+ 1)
    }
    try buffer.append(bytes.part(start, bytes.count))
    try buffer.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes an integer.
  public mutating func integer(_ number: Int64) throws(BufferError) {
    try separate()
    try buffer.append(decimal: number)
    needsComma = true
  }

  /// Writes `null`.
  public mutating func null() throws(BufferError) {
    try separate()
    try buffer.append("null")
    needsComma = true
  }

  /// Writes `true` or `false`.
  public mutating func bool(_ value: Bool) throws(BufferError) {
    try separate()
    try buffer.append(value ? "true" : "false")
    needsComma = true
  }
}

extension JSONWriter {
  private mutating func separate() throws(BufferError) {
    if needsComma { try buffer.append(UInt8(ascii: ",")) }
  }

  private mutating func escape(_ byte: UInt8) throws(BufferError) {
    switch byte {
    case UInt8(ascii: "\""): try buffer.append("\\\"")
    case UInt8(ascii: "\\"): try buffer.append("\\\\")
    case 0x08: try buffer.append("\\b")
    case 0x09: try buffer.append("\\t")
    case 0x0A: try buffer.append("\\n")
    case 0x0C: try buffer.append("\\f")
    case 0x0D: try buffer.append("\\r")
    default:
      try buffer.append("\\u00")
      try buffer.append(UInt8.hexDigit(byte >> 4))
      try buffer.append(UInt8.hexDigit(byte & 0x0F))
    }
  }
}

extension UInt8 {
  /// Whether a JSON string holds this byte only as an escape.
  @inline(__always)
  fileprivate var needsJSONEscape: Bool {
    self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\")
  }
}
