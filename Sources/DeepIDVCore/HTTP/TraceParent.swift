/// The value of a `traceparent` header, version 00.
///
/// https://www.w3.org/TR/trace-context/#traceparent-header
public struct TraceParent: Sendable {
  private let bytes: [55 of UInt8]

  /// Reads `00-TRACE-PARENT-FLAGS`, in lower-case hexadecimal; nil if it is not that, or an id is zero.
  public init?(_ text: Span<UInt8>) {
    guard text.count == 55, text[0] == UInt8(ascii: "0"), text[1] == UInt8(ascii: "0") else {
      return nil
    }
    var bytes = [55 of UInt8](repeating: 0)
    // Whether the trace, and the parent, have a digit other than 0.
    var isTrace = false
    var isParent = false
    for index in text.indices {
      let byte = text[index]
      switch index {
      case 2, 35, 52: guard byte == UInt8(ascii: "-") else { return nil }
      default:
        guard byte.asciiHexValue != nil, byte < UInt8(ascii: "A") || byte > UInt8(ascii: "F") else {
          return nil
        }
        if byte != UInt8(ascii: "0") {
          if index < 35 { isTrace = true } else if index < 52 { isParent = true }
        }
      }
      bytes[index] = byte
    }
    guard isTrace, isParent else { return nil }
    self.bytes = bytes
  }

  /// Adds the header.
  func appendHeader(to request: inout ByteBuffer) throws(BufferError) {
    try request.append("traceparent: ")
    try request.append(bytes.span)
    try request.append("\r\n")
  }
}
