#if !Embedded
  import DeepIDVCore

  /// Writes down what the reader finds in a document.
  struct Dump {
    private var reader = JSONReader()
    private var lines = ["accept"]

    /// What is found piece by piece.
    static func pieces(of document: Span<UInt8>) -> String {
      var dump = Dump()
      while true {
        let token = dump.reader.next(in: document)
        guard token != .end, dump.reader.failure == nil else { return dump.finish(document) }
        dump.note(token, in: document)
      }
    }

    /// What is found by walking members and elements.
    static func walk(of document: Span<UInt8>) -> String {
      var dump = Dump()
      dump.walkValue(in: document)
      return dump.finish(document)
    }

    private mutating func finish(_ document: Span<UInt8>) -> String {
      if let error = reader.finish(in: document) {
        return "refuse \(error.reason) \(error.position)"
      }
      return lines.joined(separator: "\n")
    }

    private mutating func walkValue(in document: Span<UInt8>) {
      if let object = reader.readObject(in: document) {
        note(.beginObject, in: document)
        while let name = reader.nextMember(of: object, in: document) {
          note(.key(name), in: document)
          walkValue(in: document)
        }
        note(.endObject, in: document)
      } else if let array = reader.readArray(in: document) {
        note(.beginArray, in: document)
        while reader.nextElement(of: array, in: document) { walkValue(in: document) }
        note(.endArray, in: document)
      } else {
        note(reader.next(in: document), in: document)
      }
    }

    private mutating func note(_ token: JSONToken, in document: Span<UInt8>) {
      switch token {
      case .beginObject: lines.append("{")
      case .endObject: lines.append("}")
      case .beginArray: lines.append("[")
      case .endArray: lines.append("]")
      case .key(let text): lines.append("key \(hexadecimal(unescaped(text, in: document)))")
      case .string(let text):
        let bytes = unescaped(text, in: document)
        lines.append("string \(hexadecimal(bytes)) \(written(bytes))")
      case .number(let number): lines.append("number \(shown(number, in: document))")
      case .bool(let value): lines.append(value ? "true" : "false")
      case .null: lines.append("null")
      case .end, .failure: break
      }
    }
  }

  // MARK: Values

  extension Dump {
    private func unescaped(_ text: JSONText, in document: Span<UInt8>) -> [UInt8] {
      var buffer = ByteBuffer(byteLimit: text.length)
      do throws(BufferError) {
        try text.append(to: &buffer, in: document)
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

    private func shown(_ number: JSONNumber, in document: Span<UInt8>) -> String {
      let bytes = (number.offset..<number.end).map { document[$0] }
      let text = String(decoding: bytes, as: UTF8.self)
      switch number.integer(in: document) {
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
#endif
