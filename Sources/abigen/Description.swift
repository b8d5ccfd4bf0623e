import ABI

/// Prints abi/deepidv.abi.json: the table as data, for bindings in other languages.
///
/// The reference, abi.md, documents its keys, and abi/deepidv.abi.schema.json describes them for validators.
struct Description: Printer {
  let path = "abi/deepidv.abi.json"

  func print(_ interface: Interface) -> String {
    let abi = interface.abi
    return JSON.object([
      ("format", .number(2)),
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
      ("constants", .array(interface.constants.map { group($0, interface) })),
      ("handles", .array(interface.handles.map { handle($0, interface) })),
      ("structures", .array(interface.structures.map { structure($0, interface) })),
      (
        "functions",
        .array(
          interface.families.flatMap { family in
            family.functions.map { function($0, family.title, interface) }
          })
      ),
      ("options", .array(interface.functions.compactMap(option))),
      ("request_fields", .array(interface.functions.compactMap(requestField))),
    ]).lines().file
  }

  private func group(_ group: ConstantGroup, _ interface: Interface) -> JSON {
    .object([
      ("group", .text(group.name)), ("kind", .text(group.kind.word)),
      ("prefix", .text(group.prefix)), ("title", .text(group.title)), ("doc", .text(group.doc)),
      ("used_by", .array(interface.uses(of: group).map { .text($0) })),
      ("constants", .array(group.constants.map(constant))),
    ])
  }

  private func constant(_ constant: Constant) -> JSON {
    .object(
      [("name", .text(constant.name)), ("value", .number(Int(constant.value)))]
        + optional("word", constant.word) + optional("class", constant.status?.rawValue)
        + optional("repeat", constant.repeats?.rawValue) + [("doc", .text(constant.doc))])
  }

  private func handle(_ handle: Handle, _ interface: Interface) -> JSON {
    .object([
      ("name", .text(handle.name)), ("free", .text(handle.free)),
      ("created_by", .array(interface.creators(of: handle).map { .text($0) })),
      ("doc", .text(handle.doc)),
    ])
  }

  private func structure(_ structure: Structure, _ interface: Interface) -> JSON {
    guard let layout = interface.layout(of: structure) else { return .object([]) }
    let fields = structure.cMembers.enumerated().map { index, member in
      JSON.object(
        [
          ("name", .text(member.name)), ("type", .text(member.type)),
          ("count", .number(member.count)), ("offset", .number(layout.offsets[index])),
          ("size", .number(layout.sizes[index])),
        ] + meaning(member.meaning)
          + (member.encoding.map { text in
            [
              ("ownership", .text("borrowed")), ("nullable", .bool(true)),
              ("encoding", .text(text.rawValue)),
            ]
          } ?? [])
          + optional("length_of", member.lengthOf) + [("doc", .text(member.doc))])
    }
    return .object([
      ("name", .text(structure.name)), ("size", .number(layout.size)),
      ("alignment", .number(layout.alignment)), ("doc", .text(structure.doc)),
      ("fields", .array(fields)),
    ])
  }

  private func function(_ function: Function, _ family: String, _ interface: Interface) -> JSON {
    let statuses = ["OK"] + interface.sorted(function.statuses)
    return .object(
      [
        ("name", .text(function.name)), ("family", .text(family)),
        ("summary", .text(function.summary)),
      ]
        + optional("discussion", function.discussion.isEmpty ? nil : function.discussion)
        + optional("method_of", function.methodOf) + optional("submit_of", function.submitOf)
        + [
          ("blocks", .bool(function.blocks)), ("returns", returned(function)),
          ("parameters", .array(function.parameters.flatMap(parameters))),
        ]
        + (function.returns.isStatus
          ? [("statuses", .array(statuses.map { .text("DEEPIDV_\($0)") }))] : [])
        + (function.answers.isEmpty
          ? []
          : [("answers", .array(function.answers.map { .text("DEEPIDV_\($0)") }))])
        + [("threads", .text(function.threads.rawValue)), ("since", .text(function.since))]
        + optional("contract", function.source))
  }

  private func returned(_ function: Function) -> JSON {
    let result = function.returns
    var members: [(String, JSON)] = [("type", .text(result.cType))] + meaning(result.meaning)
    if function.returnsData { members.append(("data", .bool(true))) }
    if case .text(_, let lifetime, let encoding, let nullable) = result {
      members += [
        ("ownership", .text("borrowed")), ("lifetime", .text(lifetime.word)),
        ("nullable", .bool(nullable)), ("encoding", .text(encoding.rawValue)),
      ]
    }
    return .object(members + optional("doc", result.doc))
  }

  /// One object per parameter in C.
  private func parameters(_ parameter: Parameter) -> [JSON] {
    let types = parameter.cParameters
    var own: [(String, JSON)] = [
      ("name", .text(types[0].name)), ("type", .text(types[0].type)),
      ("direction", .text(parameter.direction.rawValue)),
    ]
    own += meaning(parameter.meaning)
    if parameter.ownership != .value {
      own.append(("ownership", .text(parameter.ownership.shortWord)))
      own += optional("free", parameter.ownership.free)
      own.append(("nullable", .bool(parameter.optional)))
    }
    if parameter.kind.hasText { own.append(("encoding", .text(parameter.encoding.rawValue))) }
    // Texts that are returned this way are constants of the library.
    if case .outText = parameter.kind { own.append(("lifetime", .text(Lifetime.constant.word))) }
    if let limit = parameter.limit { own.append(("max_bytes", .number(limit))) }
    own += optional("length_of", parameter.lengthOf)
    own.append(("doc", .text(parameter.doc)))
    guard let companion = parameter.companion else { return [.object(own)] }
    let role = parameter.direction == .output ? "capacity_of" : "length_of"
    return [
      .object(own),
      .object([
        ("name", .text(companion.name)), ("type", .text("size_t")), ("direction", .text("in")),
        (role, .text(parameter.name)), ("doc", .text(companion.doc)),
      ]),
    ]
  }

  private func option(_ function: Function) -> JSON? {
    guard let option = function.option, let value = function.parameters.last else { return nil }
    var members: [(String, JSON)] = [("key", .text(option.key)), ("setter", .text(function.name))]
    members += self.value(value)
    switch option.standard {
    case .required: members.append(("required", .bool(true)))
    case .value(let text, _):
      let isNumber = !value.kind.isText
      members += [
        ("required", .bool(false)),
        ("default", isNumber ? .number(Int(text) ?? 0) : .text(text)),
      ]
    case .unset: members.append(("required", .bool(false)))
    }
    return .object(members + [("environment", .text(option.variable))])
  }

  private func requestField(_ function: Function) -> JSON? {
    guard let field = function.field, let value = function.parameters.last else { return nil }
    return .object(
      [
        ("name", .text(field.name)), ("alias", .text(field.alias)),
        ("setter", .text(function.name)),
      ] + self.value(value) + [("required", .bool(field.required))])
  }

  /// What a setter accepts.
  private func value(_ parameter: Parameter) -> [(String, JSON)] {
    let type = parameter.kind.isText ? "text" : parameter.meaning == .boolean ? "boolean" : "number"
    return [("type", .text(type))]
      + (parameter.limit.map { [("max_bytes", .number($0))] } ?? [])
      + (type == "number" ? meaning(parameter.meaning) : [])
  }

  private func meaning(_ meaning: Meaning) -> [(String, JSON)] {
    switch meaning {
    case .any: []
    case .range(let range):
      [("min", .number(Int(range.lowerBound))), ("max", .number(Int(range.upperBound)))]
    case .boolean: [("boolean", .bool(true))]
    case .constants(let group): [("constants", .text(group))]
    }
  }

  private func optional(_ key: String, _ text: String?) -> [(String, JSON)] {
    text.map { [(key, .text($0))] } ?? []
  }
}
