// What several printers read off the table.

extension Interface {
  /// The statuses, which every call that can fail answers with.
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

extension Ownership {
  /// The word alone, without the function that ends the object.
  package var shortWord: String {
    if case .owned = self { return "owned" }
    return word
  }

  /// The function that ends the object, if the caller owns it.
  package var free: String? {
    if case .owned(let free) = self { return free }
    return nil
  }
}

extension Parameter {
  /// The length or the capacity that C has beside a pointer.
  package var companion: (name: String, doc: String)? {
    switch kind {
    case .text: ("\(name)_len", "bytes, or DEEPIDV_NTS")
    case .buffer: ("capacity", "bytes that \(name) has room for, its NUL included")
    default: nil
    }
  }
}

extension Result {
  /// Whether it answers a status.
  package var isStatus: Bool {
    if case .status = self { return true }
    return false
  }

  /// Whether it answers a text, which may always be NULL.
  package var isText: Bool {
    if case .text = self { return true }
    return false
  }

  /// The C type, ready for a name to follow.
  package var cDeclarator: String { cType.hasSuffix("*") ? cType : cType + " " }
}

extension FieldType {
  /// The C type of the member, or of its elements; of a text, of its pointer.
  package var cType: String {
    switch self {
    case .int32: "int32_t"
    case .uint32, .words: "uint32_t"
    case .uint64: "uint64_t"
    case .structure(let name): name
    case .text: "const char *"
    }
  }

  /// How many elements the member has.
  package var count: Int {
    if case .words(let count) = self { return count }
    return 1
  }
}
