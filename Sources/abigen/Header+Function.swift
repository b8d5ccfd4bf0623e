import ABI

extension Header {
  /// A function with everything that a caller must know.
  func function(_ function: Function, _ interface: Interface) -> [String] {
    let width = Header.proseWidth - 3
    var parts = [Layout.wrap(function.summary, width: width)]
    if !function.discussion.isEmpty {
      parts.append(Layout.wrap(function.discussion, width: width))
    }
    if !function.parameters.isEmpty {
      let rows = function.parameters.flatMap(parameterRows)
      parts.append(Layout.table(rows, indent: 2, width: width))
    }
    parts.append(closing(function, interface, width: width))
    return Comment.documentation(Array(parts.joined(separator: [""]))) + declaration(function)
  }

  /// One row per parameter in C: name, ownership, meaning.
  private func parameterRows(_ parameter: Parameter) -> [[String]] {
    var word = parameter.ownership.shortWord
    if parameter.optional { word += word.isEmpty ? "may be NULL" : ", may be NULL" }
    var doc = parameter.doc
    if case .owned(let free) = parameter.ownership { doc += "; free it with \(free)()" }
    var rows = [[parameter.name, word, doc]]
    if let companion = parameter.companion {
      rows.append([companion.name, "", companion.doc])
    }
    return rows
  }

  private func closing(_ function: Function, _ interface: Interface, width: Int) -> [String] {
    var lines: [String] = []
    if function.returns.isStatus {
      let statuses = interface.sorted(function.statuses).joined(separator: ", ")
      lines += Layout.hang("Returns: ", "OK, " + statuses + ".", width: width)
    } else if let doc = function.returns.doc {
      lines += Layout.hang("Returns: ", doc + ".", width: width)
    }
    var facts = "Threads: \(function.threads.rawValue).  Since \(function.since)."
    if let source = function.source {
      let contract = "Contract: \(source)."
      if facts.count + 2 + contract.count > width {
        lines.append(facts)
        facts = contract
      } else {
        facts += "  " + contract
      }
    }
    return lines + [facts]
  }

  /// The declaration, on one line if it fits, otherwise with one parameter of the table per line.
  func declaration(_ function: Function) -> [String] {
    let start = "\(function.returns.cDeclarator)\(function.name)("
    let parameters = function.parameters.map { parameter in
      parameter.cParameters.map(\.text).joined(separator: ", ")
    }
    let line = start + (parameters.isEmpty ? "void" : parameters.joined(separator: ", ")) + ");"
    if line.count <= Header.lineWidth { return [line] }
    return [start] + parameters.dropLast().map { "    \($0)," }
      + parameters.suffix(1).map { "    \($0));" }
  }
}
