/// A JSON value whose members keep their order.
indirect enum JSON {
  case text(String)
  case number(Int)
  case bool(Bool)
  case array([JSON])
  case object([(String, JSON)])

  /// The value, on several lines if it does not fit into one line of `width` characters.
  func lines(indent: Int = 0, width: Int = 100) -> [String] {
    let short = oneLine
    if indent + short.count <= width { return [short] }
    switch self {
    case .text, .number, .bool:
      return [short]
    case .array(let values):
      return frame("[", values.map { $0.lines(indent: indent + 2, width: width - 1) }, "]")
    case .object(let members):
      let items = members.map { key, value -> [String] in
        let label = JSON.text(key).oneLine + ": "
        var lines = value.lines(indent: indent + 2 + label.count, width: width - 1)
        if lines.count > 1 { lines = value.lines(indent: indent + 2, width: width - 1) }
        lines[0] = label + lines[0]
        return lines
      }
      return frame("{", items, "}")
    }
  }

  private func frame(_ open: String, _ items: [[String]], _ close: String) -> [String] {
    var lines = [open]
    for (index, item) in items.enumerated() {
      lines += item.map { "  " + $0 }
      if index + 1 < items.count { lines[lines.count - 1] += "," }
    }
    return lines + [close]
  }

  private var oneLine: String {
    switch self {
    case .text(let text):
      "\"" + text.quoted + "\""
    case .number(let number):
      "\(number)"
    case .bool(let bool):
      bool ? "true" : "false"
    case .array(let values):
      "[" + values.map(\.oneLine).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\"\($0)\": \($1.oneLine)" }.joined(separator: ", ") + "}"
    }
  }
}

extension String {
  /// Printable ASCII, escaped for a literal of JSON, C, Python or Swift.
  var quoted: String {
    reduce(into: "") { result, character in
      if character == "\"" || character == "\\" { result.append("\\") }
      result.append(character)
    }
  }
}
