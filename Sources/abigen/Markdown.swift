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
        The same interface as one JSON object, for generators of bindings. `format` is 2; it changes \
        when the meaning of a key changes. Keys without a value are omitted. `deepidv.abi.schema.json` is its JSON \
        Schema. `deepidv.cdef` has only the declarations, for FFI modules that parse C but have no preprocessor.
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
            "groups of constants; see below",
          ],
          [
            "`handles`",
            "opaque objects, with the functions that create them in `created_by`, and the one that frees them in `free`",
          ],
          [
            "`structures`",
            "`size`, `alignment`, and `fields`, one per member in C, with `type`, `count` of elements, `offset`, `size`",
          ],
          [
            "`functions`",
            "`family`, `summary`, `discussion`, `method_of`, `submit_of`, `blocks`, `returns`, `parameters`, `statuses`, `answers`, `threads`, `since`, `contract`",
          ],
          [
            "`options`",
            "the keys of `deepidv_config_set()`: `setter`, `type` (`text`, `number`, `boolean`), limits, `required`, `default`, `environment`",
          ],
          [
            "`request_fields`",
            "the fields of a request: `alias` is the camelCase name in JSON; `setter`, `type`, limits, `required`",
          ],
        ]),
      wrap(
        """
        `method_of` is the object that a function is a method of: that of its first parameter. `submit_of` is the \
        blocking function whose operation it submits. With `blocks`, the function may wait, for the network or for \
        another operation: release the lock of your interpreter, if it has one. `answers` are the statuses of a \
        function that answer its question, such as "there is none"; with it, all others except `DEEPIDV_OK` are \
        failures. A returned status with `data` is what the function was asked for: the call itself does not fail.
        """),
      wrap(
        """
        `parameters` has one entry per parameter in C: `name`, `type`, `direction` (`in`, `out` or `inout`), and for \
        pointers `ownership` (`borrowed`, `copied`, `owned`, `consumed`), `nullable`, and for `owned` the \
        function that frees the object, `free`. The length or capacity of a pointer has the name of the \
        pointer in `length_of` or `capacity_of`; an output with `length_of` is where the function writes the length of \
        a buffer, or, if that is `return`, of the text that it returns. Returned values and members of structs use the \
        same keys.
        """),
      wrap(
        """
        What a value may be: `min` and `max`; `boolean` for 0 and 1; `constants` for a group of constants; for texts \
        `encoding` (`utf8`, `ascii`, or `bytes` for any) and `max_bytes`. `lifetime` of a returned text is `static`, or \
        the parameter with the object that the text belongs to.
        """),
      wrap(
        """
        A group of constants has a `kind` (`status`, `enum`, `flags`, `size`), the `prefix` of their names, and in \
        `used_by` the members, parameters and results that have such values. A constant has a `word` if the service has \
        one for it. A status has a `class`, from which a binding can derive its exceptions: `argument`, `system`, \
        `client`, `untrusted` (a state or a webhook), `outcome` (of a request that changes something), `service` (it \
        refused), `network` (no usable response), and `answer`, which most languages do not treat as an exception. \
        `repeat` says whether a create that ended with this status may be sent again: `safe`, or `never`, because a \
        session may exist. Without `repeat`, the create was refused, and would be again until something changes.
        """),
    ]
  }
}
