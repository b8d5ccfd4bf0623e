extension Interface {
  /// The problems of a function.
  func problems(of function: Function) -> [String] {
    let own =
      textProblems(function) + statusProblems(function) + lendingProblems(function)
      + limitProblems(function)
      + repeated(function.cParameters.map(\.name)).map { "the parameter \($0) occurs twice" }
      + function.parameters.flatMap { parameter in
        (kindProblems(parameter) + ownershipProblems(parameter))
          .map { "\(parameter.name): \($0)" }
      }
    return own.map { "\(function.name): \($0)" }
  }

  private func textProblems(_ function: Function) -> [String] {
    var problems: [String] = []
    if !function.summary.isSentence { problems.append("the summary is not a sentence") }
    if !function.discussion.isEmpty && !function.discussion.isSentence {
      problems.append("the discussion does not end with a full stop")
    }
    if let doc = function.returns.doc, doc.isEmpty || doc.hasSuffix(".") {
      problems.append("the text of the returned value is missing or ends with a full stop")
    }
    for parameter in function.parameters where parameter.doc.isEmpty || parameter.doc.last == "." {
      problems.append("\(parameter.name): the text is missing or ends with a full stop")
    }
    if function.source?.isEmpty == true { problems.append("the section of the contract is empty") }
    if !knownVersions.contains(function.since) {
      problems.append("since \(function.since) is not a version up to \(abi.text)")
    }
    return problems
  }

  private func statusProblems(_ function: Function) -> [String] {
    let known = Set(statuses.map(\.name))
    var problems = repeated(function.statuses).map { "the status \($0) is listed twice" }
    for status in function.statuses where !known.contains("DEEPIDV_\(status)") {
      problems.append("there is no status \(status)")
    }
    if function.statuses.contains("OK") { problems.append("OK must not be listed") }
    if function.returns.isStatus && function.statuses.isEmpty {
      problems.append("returns a status but lists none")
    }
    if !function.returns.isStatus && !function.statuses.isEmpty {
      problems.append("lists statuses but does not return one")
    }
    return problems
  }

  /// A text in a struct must belong to an object, like a returned text.
  private func lendingProblems(_ function: Function) -> [String] {
    let hasObject = function.parameters.contains { parameter in
      if case .constHandle = parameter.kind { return true }
      return false
    }
    return hasObject
      ? []
      : function.parameters.compactMap { parameter in
        guard case .structure(let name) = parameter.kind,
          structures.contains(where: { $0.name == name && $0.hasTexts })
        else { return nil }
        return "\(parameter.name): its texts do not belong to an object"
      }
  }

  /// The library's tables of options and fields are generated from the limits.
  private func limitProblems(_ function: Function) -> [String] {
    guard function.option != nil || function.field != nil, let value = function.parameters.last
    else { return [] }
    return value.limit == nil && value.meaning == .any ? ["\(value.name): it has no limit"] : []
  }

  private func kindProblems(_ parameter: Parameter) -> [String] {
    switch parameter.kind {
    case .handle(let name), .constHandle(let name), .outHandle(let name):
      handles.contains { $0.name == name } ? [] : ["there is no object \(name)"]
    case .structure(let name), .constStructure(let name), .inoutStructure(let name):
      structures.contains { $0.name == name } ? [] : ["there is no struct \(name)"]
    case .int32, .uint32, .uint64, .text, .buffer, .outText, .outSize, .outInt32, .outInt64,
      .outUInt64:
      []
    }
  }

  private func ownershipProblems(_ parameter: Parameter) -> [String] {
    switch (parameter.kind, parameter.ownership) {
    case (.int32, .value), (.uint32, .value), (.uint64, .value):
      return parameter.optional ? ["a number cannot be NULL"] : []
    case (.outHandle(let name), .owned(let free)):
      guard handles.contains(where: { $0.name == name && $0.free == free }),
        functions.contains(where: { $0.name == free })
      else { return ["\(free) does not free a \(name)"] }
      return []
    case (.handle, .consumed), (.handle, .borrowed), (.constHandle, .borrowed),
      (.constHandle, .copied), (.structure, .borrowed), (.inoutStructure, .borrowed),
      (.constStructure, .borrowed),
      (.constStructure, .copied), (.text, .borrowed), (.text, .copied), (.buffer, .borrowed),
      (.outText, .borrowed), (.outSize, .borrowed), (.outInt32, .borrowed), (.outInt64, .borrowed),
      (.outUInt64, .borrowed):
      return []
    default:
      return [
        "it cannot be \(parameter.ownership.word.isEmpty ? "a value" : parameter.ownership.word)"
      ]
    }
  }
}
