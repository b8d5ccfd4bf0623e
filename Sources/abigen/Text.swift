/// Layout of prose and columns, shared by all printers.
enum Layout {
  /// Breaks a text at its spaces into lines of at most `width` characters.
  ///
  /// A longer word is not broken.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Breaks a text into lines, of which the first starts with a label and the others are indented.
  static func hang(_ label: String, _ text: String, width: Int) -> [String] {
    let indent = String(repeating: " ", count: label.count)
    let lines = wrap(text, width: width - label.count)
    guard let first = lines.first else { return [trimmed(label)] }
    return [label + first] + lines.dropFirst().map { indent + $0 }
  }

  /// Formats rows as columns, two spaces apart.
  ///
  /// Only the last column is wrapped.
  static func table(_ rows: [[String]], indent: Int, width: Int) -> [String] {
    let columns = (rows.map(\.count).max() ?? 1) - 1
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.flatMap { row -> [String] in
      var label = String(repeating: " ", count: indent)
      for column in 0..<columns where widths[column] > 0 {
        label += pad(row[column], widths[column] + 2)
      }
      return hang(label, row[columns], width: width)
    }
  }

  /// Pads a text with spaces at the end.
  static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Pads a text with spaces at the start.
  static func padStart(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Removes trailing spaces.
  static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// A C comment of several lines.
enum Comment {
  /// A plain comment.
  static func block(_ lines: [String]) -> [String] { frame("/*", lines) }

  /// A comment that tools attach to the declaration below it.
  static func documentation(_ lines: [String]) -> [String] { frame("/**", lines) }

  private static func frame(_ opening: String, _ lines: [String]) -> [String] {
    if let line = lines.first, lines.count == 1, line.count <= 80 {
      return ["\(opening) \(line) */"]
    }
    return [opening] + lines.map { Layout.trimmed(" * \($0)") } + [" */"]
  }
}

extension Sequence<String> {
  /// The lines as a file.
  var file: String { joined(separator: "\n") + "\n" }
}

/// The notice at the top of every generated file.
let generatedNotice = "Generated from Sources/ABI by abigen (make abi). Do not edit."
