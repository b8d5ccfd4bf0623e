extension Interface {
  /// Problems in the prose: characters that a C comment cannot hold, and unknown names.
  func proseProblems() -> [String] {
    prose.flatMap { place, text in
      characterProblems(text).map { "\(place): \($0)" }
        + mentions(text).filter { !isKnown($0) }.map {
          "\(place): mentions \($0), which does not exist"
        }
    }
  }

  /// Every text of the table, with its place.
  private var prose: [(place: String, text: String)] {
    var result = conventions.flatMap { [($0.title, $0.title), ($0.title, $0.text)] }
    result += handles.map { ($0.name, $0.doc) }
    for group in constants {
      result += [(group.name, group.title), (group.name, group.doc)]
      result += group.constants.flatMap { [($0.name, $0.doc), ($0.name, $0.word ?? "")] }
    }
    for structure in structures {
      result.append((structure.name, structure.doc))
      result += structure.fields.map { ("\(structure.name).\($0.name)", $0.doc) }
    }
    for family in families {
      result += [(family.title, family.title), (family.title, family.doc)]
    }
    for function in functions {
      let own =
        [function.summary, function.discussion, function.returns.doc ?? "", function.source ?? ""]
        + function.parameters.map(\.doc)
      result += own.map { (function.name, $0) }
    }
    return result
  }

  private func characterProblems(_ text: String) -> [String] {
    var problems: [String] = []
    if !text.utf8.allSatisfy({ (32...126).contains($0) }) {
      problems.append("a character outside printable ASCII")
    }
    for sequence in ["/*", "*/", "??", "  "] where text.contains(sequence) {
      problems.append("\"\(sequence)\" in its text")
    }
    if text.hasPrefix(" ") || text.hasSuffix(" ") { problems.append("a space at an end") }
    return problems
  }

  /// The names with our prefix in a text.
  ///
  /// A function is mentioned with parentheses.
  private func mentions(_ text: String) -> [String] {
    text.split(separator: " ").compactMap { word in
      guard let start = word.firstIndex(where: { $0.isLetter }) else { return nil }
      let rest = word[start...]
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      guard name.hasPrefix("deepidv_") || name.hasPrefix("DEEPIDV_") else { return nil }
      return rest.dropFirst(name.count).hasPrefix("()") ? "\(name)()" : String(name)
    }
  }

  private func isKnown(_ mention: String) -> Bool {
    if mention.hasSuffix("()") { return functions.contains { "\($0.name)()" == mention } }
    if mention.hasPrefix("deepidv_") {
      return mention == "deepidv_status" || handles.contains { $0.name == mention }
        || structures.contains { $0.name == mention }
    }
    if mention == "DEEPIDV_NTS" { return true }
    let macros = constants.flatMap(\.constants).map(\.name)
    if mention.hasSuffix("_") { return macros.contains { $0.hasPrefix(mention) } }
    return macros.contains(mention) || isVariable(mention)
  }

  /// Whether it is the environment variable of an option.
  private func isVariable(_ mention: String) -> Bool {
    let key = mention.dropFirst("DEEPIDV_".count).lowercased()
    return functions.contains { $0.name == "deepidv_config_set_\(key)" }
  }
}
