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

  /// Whether it is a text, which may always be NULL.
  package var isText: Bool {
    if case .text = self { return true }
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
    case .uint64: "uint64_t"
    case .structure(let name): name
    case .text: "const char *"
    }
  }

  /// The number of elements of the member.
  package var count: Int {
    if case .words(let count) = self { return count }
    return 1
  }
}
