import ABI

/// The mdoc (manual page language) parts that all pages share.
enum Manual {
  /// The first lines of a page, up to its title.
  static func opening(_ title: String, section: Int, _ version: Version) -> [String] {
    [
      ".\\\" \(generatedNotice)", ".Dd \(version.date)",
      ".Dt \(title.uppercased()) \(section)", ".Os libdeepidv \(version.text)",
    ]
  }

  /// The LIBRARY section.
  static let library = [".Sh LIBRARY", "deepidv library (libdeepidv, \\-ldeepidv)"]

  /// Prose with one sentence per line and our names marked up.
  ///
  /// A function on another page becomes a cross-reference.
  static func prose(_ text: String, here: [Function]) -> [String] {
    var lines: [String] = []
    var line: [String] = []
    func end() {
      if !line.isEmpty {
        lines += Layout.wrap(line.joined(separator: " "), width: 80).map(protected)
      }
      line = []
    }
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if let marked = mark(word, here: here) {
        end()
        lines.append(marked)
      } else {
        line.append(escaped(String(word)))
        if word.firstMatch(of: /[^.][.!?]\)?$/) != nil { end() }
      }
    }
    end()
    return lines
  }

  /// One of our names as a macro, with the punctuation around it; nil for any other word.
  private static func mark(_ word: Substring, here: [Function]) -> String? {
    let pattern = /(\(?)((?:deepidv|DEEPIDV)_\w*[A-Za-z0-9])(\(\))?([.,;:)]*)/
    guard let (_, before, name, call, after) = word.wholeMatch(of: pattern)?.output else {
      return nil
    }
    let own = here.contains { $0.name == name }
    let macro =
      switch (call != nil, name.first == "D") {
      case (true, _): own ? "Fn \(name)" : "Xr \(name) 3"
      case (_, true): "Dv \(name)"
      case (_, false): "Vt \(name)"
      }
    let words = macro.split(separator: " ")
    return
      ([".\(words[0])"] + [String(before)] + words.dropFirst().map(String.init)
      + after.map { String($0) }).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// A text escaped for mdoc.
  static func escaped(_ text: String) -> String { text.replacing("\\", with: "\\e") }

  /// A line escaped so that it does not start with a command.
  private static func protected(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
  }

  /// A list of terms, each with its text; `widest` sets the column.
  static func list(_ items: [(term: String, text: [String])], widest: String) -> [String] {
    [".Bl -tag -width \"\(widest)\" -compact"]
      + items.flatMap { [".It \($0.term)"] + $0.text } + [".El"]
  }

  /// A list of constants with their values.
  static func constants(_ some: [Constant]) -> [String] {
    let widest = some.map(\.name).max { $0.count < $1.count } ?? ""
    return list(
      some.map { constant in
        let word = constant.word.map { "\"\($0)\": " } ?? ""
        return (
          "Dv \(constant.name)", prose("(\(constant.value)) \(word)\(constant.doc)", here: [])
        )
      }, widest: widest)
  }

  /// The SEE ALSO section, in the usual order.
  static func references(_ interface: Interface, without path: String, _ others: [String])
    -> [String]
  {
    let pages = interface.families.map(ManualPage.init).filter { $0.path != path }
    let all = pages.map { ("3", $0.name) }.sorted { $0.1 < $1.1 } + others.map { ("7", $0) }
    return [".Sh SEE ALSO"]
      + all.enumerated().map { index, page in
        ".Xr \(page.1) \(page.0)" + (index == all.count - 1 ? "" : " ,")
      }
  }
}
