// Values that several printers derive from the table.

extension Interface {
  /// The statuses, which every function that can fail returns.
  package var statuses: [Constant] {
    constants.first { $0.name == "status" }?.constants ?? []
  }

  /// Names of statuses in the order of their codes.
  package func sorted(_ names: [String]) -> [String] {
    let codes = Dictionary(
      statuses.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    return names.sorted { codes["DEEPIDV_\($0)", default: 0] < codes["DEEPIDV_\($1)", default: 0] }
  }
}

extension Interface {
  /// The members, parameters and returned values that have constants of a group.
  package func uses(of group: ConstantGroup) -> [String] {
    let meaning = Meaning.constants(group.name)
    let members = structures.flatMap { structure in
      structure.fields.filter { $0.meaning == meaning }.map { "\(structure.name).\($0.name)" }
    }
    let parameters = functions.flatMap { function in
      function.parameters.filter { $0.meaning == meaning }.map { "\(function.name)(\($0.name))" }
    }
    let returned = functions.filter { $0.returns.meaning == meaning && !$0.returns.isStatus }
    return members + parameters + returned.map { "\($0.name)()" }
  }

  /// The functions that create objects of a kind.
  package func creators(of handle: Handle) -> [String] {
    functions.filter { function in
      function.parameters.contains { $0.newHandle == handle.name }
    }.map(\.name)
  }
}

extension Function {
  /// The kind of object that it is a method of: that of its first parameter.
  ///
  /// A function that creates an object from nothing but its options is not a method of the options.
  package var methodOf: String? {
    guard let handle = parameters.first?.handle else { return nil }
    let isConstructor = parameters.contains { $0.newHandle.map { "\($0)_new" == name } ?? false }
    return isConstructor ? nil : handle
  }
}

extension Function {
  /// Whether the status that it returns is what it was asked for, as with `deepidv_result_status()`.
  ///
  /// Such a function only reads an object, writes nothing, and cannot fail.
  package var returnsData: Bool {
    guard returns.isStatus, parameters.count == 1, case .constHandle = parameters[0].kind else {
      return false
    }
    return true
  }
}

extension ConstantGroup.Kind {
  /// The word for it in the description.
  package var word: String {
    switch self {
    case .statuses: "status"
    case .enumeration: "enum"
    case .flags: "flags"
    case .sizes: "size"
    }
  }
}

extension Parameter.Kind {
  /// Whether it is a text, of the caller or of the library, or a buffer for one.
  package var hasText: Bool {
    switch self {
    case .text, .buffer, .outText: true
    default: false
    }
  }
}

extension Ownership {
  /// The word without the function that frees the object.
  package var shortWord: String {
    if case .owned = self { return "owned" }
    return word
  }

  /// The function that frees the object, if the caller owns it.
  package var free: String? {
    if case .owned(let free) = self { return free }
    return nil
  }
}

extension Parameter {
  /// The length or capacity parameter that C has next to a pointer.
  package var companion: (name: String, doc: String)? {
    switch kind {
    case .text: ("\(name)_len", "its length in bytes, or DEEPIDV_NTS")
    case .buffer: ("capacity", "size of \(name) in bytes, with room for the NUL")
    default: nil
    }
  }
}

extension Result {
  /// Whether it is a status.
  package var isStatus: Bool {
    if case .status = self { return true }
    return false
  }

  /// The C type, formatted so that a name can follow.
  package var cDeclarator: String { cType.hasSuffix("*") ? cType : cType + " " }
}

extension FieldType {
  /// The C type of the member, of its elements, or of the pointer of a text.
  package var cType: String {
    switch self {
    case .int32: "int32_t"
    case .uint32, .words: "uint32_t"
    case .uint64, .counters: "uint64_t"
    case .structure(let name): name
    case .text: "const char *"
    }
  }

  /// The number of elements of the member.
  package var count: Int {
    switch self {
    case .words(let count), .counters(let count): count
    case .int32, .uint32, .uint64, .structure, .text: 1
    }
  }
}
