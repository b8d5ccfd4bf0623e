extension Reference {
  /// A paragraph.
  func wrap(_ text: String) -> [String] { Layout.wrap(text, width: 100) }

  /// A table with its columns aligned in the source, except the last.
  func table(_ titles: [String], _ rows: [[String]]) -> [String] {
    let cells = ([titles] + rows).map { row in row.map { $0.replacing("|", with: "\\|") } }
    let widths = titles.indices.dropLast().map { column in
      cells.map { $0[column].count }.max() ?? 0
    }
    let lines = cells.map { row in
      let columns = row.dropLast().enumerated().map { Layout.pad($0.element, widths[$0.offset]) }
      return "| " + (columns + row.suffix(1)).joined(separator: " | ") + " |"
    }
    let rule = "|" + titles.map { _ in " --- |" }.joined()
    return [lines[0], rule] + lines.dropFirst()
  }

  /// The text with the names of ours as code, and the functions as links.
  func linked(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: /(deepidv|DEEPIDV)_/) {
      result += rest[..<start.lowerBound]
      rest = rest[start.lowerBound...]
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      rest = rest.dropFirst(name.count)
      if rest.hasPrefix("()") {
        result += "[`\(name)()`](#\(name))"
        rest = rest.dropFirst(2)
      } else {
        result += "`\(name)`"
      }
    }
    return result + rest
  }

  /// How the same facts are read by a program.
  var machineReadable: [[String]] {
    [
      ["## For programs: abi/deepidv.abi.json"],
      wrap(
        """
        The same facts as one JSON object, for those who write bindings. `format` is 1; it changes \
        if a key changes its meaning. Keys that are not needed are left out.
        """),
      table(
        ["Key", "Holds"],
        [
          [
            "`version`, `abi`, `soname`",
            "of the library, of its interface, and the name it is loaded by",
          ],
          ["`typedefs`", "names of C types and what they stand for"],
          ["`nul_terminated`", "the length that says that a text ends at its NUL"],
          [
            "`constants`",
            "groups; each constant with `name`, `value`, `doc`, and the service's `word` for it",
          ],
          ["`handles`", "opaque objects with the function that ends them, `free`"],
          [
            "`structures`",
            "`size`, `alignment`, and `fields`, one per member of C, with `type`, `count` of elements, `offset`, `size`; of what holds a pointer where a pointer has 64 bits",
          ],
          [
            "`functions`",
            "`family`, `summary`, `discussion`, `returns`, `parameters`, `statuses`, `threads`, `since`, `contract`",
          ],
        ]),
      wrap(
        """
        A parameter is one of C: `name`, `type`, `direction` (`in` or `out`), and if it is a pointer \
        `ownership` (`borrowed`, `copied`, `owned`, `consumed`), `nullable`, and for `owned` the \
        function that ends the object, `free`. A number that belongs to a pointer names it in \
        `length_of` or `capacity_of`. A text in a struct is described likewise.
        """),
    ]
  }
}
