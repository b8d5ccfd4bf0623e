extension Reference {
  /// A paragraph.
  func wrap(_ text: String) -> [String] { Layout.wrap(text, width: 100) }

  /// A table whose columns, except the last, are aligned in the source.
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

  /// The text with our names as code and functions as links.
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

  /// The section about abi/deepidv.abi.json.
  var machineReadable: [[String]] {
    [
      ["## Machine-readable: abi/deepidv.abi.json"],
      wrap(
        """
        The same interface as one JSON object, for authors of bindings. `format` is 1; it changes \
        when the meaning of a key changes. Keys without a value are omitted.
        """),
      table(
        ["Key", "Value"],
        [
          [
            "`version`, `abi`, `soname`",
            "library version, interface version, and SONAME",
          ],
          ["`typedefs`", "names of C types and their definitions"],
          ["`nul_terminated`", "the length to pass for a NUL-terminated text"],
          [
            "`constants`",
            "groups of constants, each with `name`, `value`, `doc`, and `word` if the service has a word for it",
          ],
          ["`handles`", "opaque objects, with the function that frees them in `free`"],
          [
            "`structures`",
            "`size`, `alignment`, and `fields`, one per member in C, with `type`, `count` of elements, `offset`, `size`",
          ],
          [
            "`functions`",
            "`family`, `summary`, `discussion`, `returns`, `parameters`, `statuses`, `threads`, `since`, `contract`",
          ],
        ]),
      wrap(
        """
        `parameters` has one entry per parameter in C: `name`, `type`, `direction` (`in` or `out`), and for \
        pointers `ownership` (`borrowed`, `copied`, `owned`, `consumed`), `nullable`, and for `owned` the \
        function that frees the object, `free`. The length or capacity of a pointer has the name of the \
        pointer in `length_of` or `capacity_of`. Texts in structs use the same keys.
        """),
    ]
  }
}
