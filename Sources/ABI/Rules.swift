extension Interface {
  /// The problems in the table, one sentence each.
  ///
  /// Nothing is generated from a table with problems.
  package func problems() -> [String] {
    functions.flatMap(problems) + handles.flatMap(problems) + constants.flatMap(problems)
      + structures.flatMap(problems) + families.flatMap(problems) + nameProblems()
      + statusProblems() + bindingProblems() + proseProblems()
  }

  /// All minor versions of the current major version, oldest first.
  package var knownVersions: [String] {
    let first = abi.major == 0 ? 1 : 0
    guard first <= abi.minor else { return [] }
    return (first...abi.minor).map { "\(abi.major).\($0)" }
  }

  private func problems(of handle: Handle) -> [String] {
    var problems: [String] = []
    if !handle.doc.isSentence { problems.append("\(handle.name): its text is not a sentence") }
    guard let free = functions.first(where: { $0.name == handle.free }) else {
      return problems + ["\(handle.name): there is no \(handle.free)"]
    }
    guard case .nothing = free.returns, free.parameters.count == 1,
      let parameter = free.parameters.first, case .handle(handle.name) = parameter.kind,
      parameter.ownership == .consumed, parameter.optional
    else {
      return problems + ["\(handle.free): must consume one \(handle.name) and return nothing"]
    }
    return problems
  }

  private func problems(of group: ConstantGroup) -> [String] {
    var problems: [String] = []
    if group.title.isEmpty || !group.doc.isSentence {
      problems.append("constants \(group.name): title or text is missing")
    }
    for (index, constant) in group.constants.enumerated() {
      let earlier = group.constants.prefix(index)
      if !constant.doc.isSentence {
        problems.append("\(constant.name): its text is not a sentence")
      }
      if Int32(exactly: constant.value) == nil {
        problems.append("\(constant.name): the value does not fit 32 bits")
      }
      if earlier.contains(where: { $0.value == constant.value }) {
        problems.append("\(constant.name): the value \(constant.value) is already used")
      }
      if let word = constant.word, earlier.contains(where: { $0.word == word }) {
        problems.append("\(constant.name): the word \(word) is already used")
      }
    }
    return problems
  }

  private func problems(of structure: Structure) -> [String] {
    let name = structure.name
    var problems: [String] = []
    if !structure.doc.isSentence { problems.append("\(name): its text is not a sentence") }
    for field in structure.fields where field.doc.isEmpty {
      problems.append("\(name).\(field.name): it has no text")
    }
    problems += repeated(structure.cMembers.map(\.name)).map {
      "\(name).\($0): the name is already used"
    }
    guard let layout = layout(of: structure) else {
      return problems + ["\(name): the type of a member is not declared before it"]
    }
    if layout.size == 0 { problems.append("\(name): it is empty") }
    if layout.padding > 0 { problems.append("\(name): \(layout.padding) bytes of hidden padding") }
    return problems
  }

  private func problems(of family: Family) -> [String] {
    family.title.isEmpty || !family.doc.isSentence || family.functions.isEmpty
      ? ["functions \(family.title): title, text or functions are missing"] : []
  }

  private func nameProblems() -> [String] {
    let macros = constants.flatMap(\.constants).map(\.name)
    let names = handles.map(\.name) + structures.map(\.name) + functions.map(\.name)
    return repeated(macros + names).map { "\($0): the name is already used" }
      + names.filter { !$0.isName(prefix: "deepidv_", letters: "a"..."z") }
      .map { "\($0): must begin with deepidv_ and be in lower case" }
      + macros.filter { !$0.isName(prefix: "DEEPIDV_", letters: "A"..."Z") }
      .map { "\($0): must begin with DEEPIDV_ and be in upper case" }
  }

  private func statusProblems() -> [String] {
    let used = Set(functions.flatMap(\.statuses).map { "DEEPIDV_\($0)" })
    return statuses.filter { $0.value != 0 && !used.contains($0.name) }
      .map { "\($0.name): no function returns it" }
  }

  func repeated(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }
  }
}

extension String {
  /// Whether it ends with a full stop.
  var isSentence: Bool { count > 1 && last == "." }

  /// Whether it is an identifier with our prefix.
  func isName(prefix: String, letters: ClosedRange<Character>) -> Bool {
    hasPrefix(prefix) && count > prefix.count
      && allSatisfy { letters.contains($0) || ("0"..."9").contains($0) || $0 == "_" }
  }
}
