import DeepIDVCore

/// Writes down what the reader finds in a document.
struct Dump {
  private let document: [UInt8]
  private var reader = JSONReader()
  private var lines = ["accept"]

  init(_ document: [UInt8]) { self.document = document }

  /// Reads piece by piece.
  consuming func pieces() -> String {
    while true {
      switch reader.next(in: document.span) {
      case .end: return lines.joined(separator: "\n")
      case .failure(let error): return "refuse \(error.reason) \(error.position)"
      case let token: note(token)
      }
    }
  }

  /// Reads by walking members and elements.
  consuming func walk() -> String {
    walkValue()
    guard let error = reader.finish(in: document.span) else {
      return lines.joined(separator: "\n")
    }
    return "refuse \(error.reason) \(error.position)"
  }

  private mutating func walkValue() {
    if let object = reader.readObject(in: document.span) {
      note(.beginObject)
      while let name = reader.nextMember(of: object, in: document.span) {
        note(.key(name.text))
        walkValue()
      }
      note(.endObject)
    } else if let array = reader.readArray(in: document.span) {
      note(.beginArray)
      while reader.nextElement(of: array, in: document.span) { walkValue() }
      note(.endArray)
    } else {
      note(reader.next(in: document.span))
    }
  }

  private mutating func note(_ token: JSONToken) {
    switch token {
    case .beginObject: lines.append("{")
    case .endObject: lines.append("}")
    case .beginArray: lines.append("[")
    case .endArray: lines.append("]")
    case .key(let text): lines.append("key \(hexadecimal(unescaped(text)))")
    case .string(let text):
      let bytes = unescaped(text)
      lines.append("string \(hexadecimal(bytes)) \(written(bytes))")
    case .number(let number): lines.append("number \(shown(number))")
    case .bool(let value): lines.append(value ? "true" : "false")
    case .null: lines.append("null")
    case .end, .failure: break
    }
  }
}

// MARK: Values

extension Dump {
  private func unescaped(_ text: JSONText) -> [UInt8] {
    var buffer = ByteBuffer(byteLimit: text.length)
    do throws(BufferError) {
      try text.append(to: &buffer, in: document.span)
    } catch {
      fatalError("a text grew by unescaping")
    }
    return copy(buffer)
  }

  private func written(_ bytes: [UInt8]) -> String {
    var writer = JSONWriter(byteLimit: 6 * bytes.count + 2)
    do throws(BufferError) {
      try writer.string(bytes.span)
    } catch {
      fatalError("a text grew more than sixfold by escaping")
    }
    return String(decoding: copy(writer.finish()), as: UTF8.self)
  }

  private func shown(_ number: JSONNumber) -> String {
    let text = String(decoding: document[number.offset..<number.end], as: UTF8.self)
    switch number.integer(in: document.span) {
    case .value(let value): return "\(text) \(value)"
    case .overflow: return "\(text) overflow"
    case .notAnInteger: return "\(text) fraction"
    }
  }

  private func copy(_ buffer: borrowing ByteBuffer) -> [UInt8] {
    buffer.withSpan { bytes in bytes.indices.map { bytes[$0] } }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
