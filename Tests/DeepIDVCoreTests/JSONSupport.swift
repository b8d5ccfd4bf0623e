import Testing

@testable import DeepIDVCore

/// A document, and the error that the reader must report.
///
/// In the notation `<E9>` is that byte, and `^` marks the byte at which an invalid document
/// is wrong.
struct JSONCase: Sendable, CustomTestStringConvertible {
  let notation: String
  let reason: JSONError.Reason?

  static func accept(_ notation: String) -> JSONCase { JSONCase(notation: notation, reason: nil) }

  static func refuse(_ notation: String, _ reason: JSONError.Reason) -> JSONCase {
    JSONCase(notation: notation, reason: reason)
  }

  var testDescription: String { String(notation.prefix(60)) }

  var bytes: [UInt8] { parsed.bytes }

  var failure: JSONError? { reason.map { JSONError($0, at: parsed.mark ?? -1) } }

  private var parsed: (bytes: [UInt8], mark: Int?) {
    var bytes: [UInt8] = []
    var mark: Int?
    var rest = Array(notation.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "^"): mark = bytes.count
      case UInt8(ascii: "<"):
        bytes.append(UInt8(String(decoding: rest.prefix(2), as: Unicode.UTF8.self), radix: 16) ?? 0)
        rest = rest.dropFirst(3)
      default: bytes.append(byte)
      }
    }
    return (bytes, mark)
  }
}

/// Returns a document's error, or nil; also checks that further calls return the same.
func jsonFailure(_ bytes: [UInt8]) -> JSONError? {
  var reader = JSONReader()
  let failure = reader.finish(in: bytes.span)
  let last = failure.map { JSONToken.failure($0) } ?? .end
  for _ in 0..<3 {
    #expect(reader.next(in: bytes.span) == last)
  }
  #expect(reader.failure == failure)
  return failure
}

/// A document as a text with every token, strings unescaped.
func jsonEvents(_ document: String) -> String {
  jsonEvents(Array(document.utf8))
}

func jsonEvents(_ bytes: [UInt8]) -> String {
  var reader = JSONReader()
  var events: [String] = []
  while true {
    let token = reader.next(in: bytes.span)
    switch token {
    case .beginObject: events.append("{")
    case .endObject: events.append("}")
    case .beginArray: events.append("[")
    case .endArray: events.append("]")
    case .key(let text): events.append(unescaped(text, in: bytes) + ":")
    case .string(let text): events.append("'" + unescaped(text, in: bytes) + "'")
    case .number(let number):
      events.append(String(decoding: bytes[number.offset..<number.end], as: Unicode.UTF8.self))
    case .bool(let value): events.append(value ? "true" : "false")
    case .null: events.append("null")
    case .end: return events.joined(separator: " ")
    case .failure(let error): return "\(error.reason) at \(error.position)"
    }
  }
}

func unescaped(_ text: JSONText, in bytes: [UInt8]) -> String {
  String(decoding: unescapedBytes(text, in: bytes), as: Unicode.UTF8.self)
}

func unescapedBytes(_ text: JSONText, in bytes: [UInt8]) -> [UInt8] {
  var buffer = ByteBuffer(byteLimit: .max)
  try? text.append(to: &buffer, in: bytes.span)
  return buffer.array
}

extension Buffer {
  /// A copy of the contents.
  var array: [Element] {
    withSpan { span in span.indices.map { span[$0] } }
  }
}
