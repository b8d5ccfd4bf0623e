import ABI

/// Prints abi/deepidv.abi.json: the table as data, for bindings in other languages.
///
/// The reference, abi.md, documents its keys.
struct Description: Printer {
  let path = "abi/deepidv.abi.json"

  func print(_ interface: Interface) -> String {
    let abi = interface.abi
    return JSON.object([
      ("format", .number(1)),
      ("generated", .text(generatedNotice)),
      ("library", .text("deepidv")),
      ("soname", .text("libdeepidv.so.\(abi.major)")),
      ("version", .text(interface.version.text)),
      (
        "abi",
        .object([
          ("major", .number(abi.major)), ("minor", .number(abi.minor)),
          ("number", .number(abi.number)),
        ])
      ),
      ("typedefs", .object([("deepidv_status", .text("int32_t"))])),
      (
        "nul_terminated",
        .object([
          ("name", .text("DEEPIDV_NTS")), ("type", .text("size_t")), ("value", .text("SIZE_MAX")),
        ])
      ),
      ("constants", .array(interface.constants.map(group))),
      ("handles", .array(interface.handles.map(handle))),
      ("structures", .array(interface.structures.map { structure($0, interface) })),
      (
        "functions",
        .array(
          interface.families.flatMap { family in
            family.functions.map { function($0, family.title, interface) }
          })
      ),
    ]).lines().file
  }

  private func group(_ group: ConstantGroup) -> JSON {
    .object([
      ("group", .text(group.name)), ("title", .text(group.title)), ("doc", .text(group.doc)),
      (
        "constants",
        .array(
          group.constants.map { constant in
            .object(
              [("name", .text(constant.name)), ("value", .number(Int(constant.value)))]
                + optional("word", constant.word) + [("doc", .text(constant.doc))])
          })
      ),
    ])
  }

  private func handle(_ handle: Handle) -> JSON {
    .object([
      ("name", .text(handle.name)), ("free", .text(handle.free)), ("doc", .text(handle.doc)),
    ])
  }

  private func structure(_ structure: Structure, _ interface: Interface) -> JSON {
    guard let layout = interface.layout(of: structure) else { return .object([]) }
    let fields = structure.cMembers.enumerated().map { index, member in
      // Every pointer in a struct is a text.
      let isText = member.type.hasSuffix("*")
      return JSON.object(
        [
          ("name", .text(member.name)), ("type", .text(member.type)),
          ("count", .number(member.count)), ("offset", .number(layout.offsets[index])),
          ("size", .number(layout.sizes[index])),
        ]
          + (isText ? [("ownership", .text("borrowed")), ("nullable", .bool(true))] : [])
          + optional("length_of", member.lengthOf) + [("doc", .text(member.doc))])
    }
    return .object([
      ("name", .text(structure.name)), ("size", .number(layout.size)),
      ("alignment", .number(layout.alignment)), ("doc", .text(structure.doc)),
      ("fields", .array(fields)),
    ])
  }

  private func function(_ function: Function, _ family: String, _ interface: Interface) -> JSON {
    let returns: [(String, JSON)] =
      [("type", .text(function.returns.cType))] + optional("doc", function.returns.doc)
      + (function.returns.isText
        ? [("ownership", .text("borrowed")), ("nullable", .bool(true))] : [])
    let statuses = ["OK"] + interface.sorted(function.statuses)
    return .object(
      [
        ("name", .text(function.name)), ("family", .text(family)),
        ("summary", .text(function.summary)),
      ]
        + optional("discussion", function.discussion.isEmpty ? nil : function.discussion)
        + [
          ("returns", .object(returns)),
          ("parameters", .array(function.parameters.flatMap(parameters))),
        ]
        + (function.returns.isStatus
          ? [("statuses", .array(statuses.map { .text("DEEPIDV_\($0)") }))] : [])
        + [("threads", .text(function.threads.rawValue)), ("since", .text(function.since))]
        + optional("contract", function.source))
  }

  /// One object per parameter in C.
  private func parameters(_ parameter: Parameter) -> [JSON] {
    let types = parameter.cParameters
    var own: [(String, JSON)] = [
      ("name", .text(types[0].name)), ("type", .text(types[0].type)),
      ("direction", .text(parameter.isOutput ? "out" : "in")),
    ]
    if parameter.ownership != .value {
      own.append(("ownership", .text(parameter.ownership.shortWord)))
      own += optional("free", parameter.ownership.free)
      own.append(("nullable", .bool(parameter.optional)))
    }
    own.append(("doc", .text(parameter.doc)))
    guard let companion = parameter.companion else { return [.object(own)] }
    let role = parameter.isOutput ? "capacity_of" : "length_of"
    return [
      .object(own),
      .object([
        ("name", .text(companion.name)), ("type", .text("size_t")), ("direction", .text("in")),
        (role, .text(parameter.name)), ("doc", .text(companion.doc)),
      ]),
    ]
  }

  private func optional(_ key: String, _ text: String?) -> [(String, JSON)] {
    text.map { [(key, .text($0))] } ?? []
  }
}
