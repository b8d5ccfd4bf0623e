import ABI

/// Prints abi.md: the reference, with an entry per function.
struct Reference: Printer {
  let path = "abi.md"

  func print(_ interface: Interface) -> String {
    let version = interface.version.text
    var parts: [[String]] = [
      ["<!-- \(generatedNotice) -->"],
      ["# The C interface of libdeepidv \(version)"],
      wrap(
        """
        Everything here is declared in `deepidv.h`, ABI version \(interface.abi.text). The conventions, which \
        apply to every function, come first, then the constants and objects, then the functions by topic.
        """),
      contents(interface),
      ["## Conventions"],
    ]
    parts += interface.conventions.map { wrap("**\($0.title).** \(linked($0.text))") }
    parts += [["## Constants"]]
    for group in interface.constants { parts += constants(group) }
    parts += [["## Objects"], objects(interface), ["## Structures"]]
    for structure in interface.structures { parts += self.structure(structure, interface) }
    for family in interface.families {
      parts += [["## \(family.title)"], wrap(linked(family.doc))]
      for function in family.functions { parts += self.function(function, interface) }
    }
    parts += machineReadable
    return parts.joined(separator: [""]).file
  }

  private func contents(_ interface: Interface) -> [String] {
    interface.families.map { family in
      let names = family.functions.map { "[\($0.name.dropFirst(8))](#\($0.name))" }
      return "- **\(family.title)**: " + names.joined(separator: ", ")
    }.flatMap {
      Layout.wrap($0, width: 100).enumerated().map {
        $0.offset == 0 ? $0.element : "  " + $0.element
      }
    }
  }

  private func constants(_ group: ConstantGroup) -> [[String]] {
    let hasWords = group.constants.contains { $0.word != nil }
    let rows = group.constants.map { constant in
      ["`\(constant.name)`", "\(constant.value)"]
        + (hasWords ? [constant.word.map { "`\($0)`" } ?? ""] : []) + [linked(constant.doc)]
    }
    let titles = ["Constant", "Value"] + (hasWords ? ["Word"] : []) + ["Meaning"]
    return [["### \(group.title)"], wrap(linked(group.doc)), table(titles, rows)]
  }

  private func objects(_ interface: Interface) -> [String] {
    table(
      ["Object", "Meaning", "Freed by"],
      interface.handles.map { ["`\($0.name)`", linked($0.doc), linked("\($0.free)()")] })
  }

  private func structure(_ structure: Structure, _ interface: Interface) -> [[String]] {
    guard let layout = interface.layout(of: structure) else { return [] }
    let rows = zip(structure.cMembers, layout.offsets).map { member, offset in
      ["`\(member.name)`", "`\(member.wholeType)`", "\(offset)", linked(member.doc)]
    }
    return [
      ["### \(structure.name)"],
      wrap(
        "\(linked(structure.doc)) \(layout.size) bytes, aligned to \(layout.alignment)."),
      table(["Member", "Type", "Offset", "Meaning"], rows),
    ]
  }

  private func function(_ function: Function, _ interface: Interface) -> [[String]] {
    var parts = [
      ["### \(function.name)"], ["```c"] + Header().declaration(function) + ["```"],
      wrap(linked(function.summary)),
    ]
    if !function.discussion.isEmpty { parts.append(wrap(linked(function.discussion))) }
    let rows = function.parameters.flatMap { parameter -> [[String]] in
      let free = parameter.ownership.free.map { "; free it with \($0)()" } ?? ""
      let facts = [parameter.ownership.shortWord, parameter.optional ? "may be NULL" : ""]
      let own = [
        "`\(parameter.name)`", facts.filter { !$0.isEmpty }.joined(separator: ", "),
        linked(parameter.doc + free),
      ]
      return [own] + (parameter.companion.map { [["`\($0.name)`", "", linked($0.doc)]] } ?? [])
    }
    if !rows.isEmpty { parts.append(table(["Parameter", "Ownership", "Meaning"], rows)) }
    if function.returns.isStatus {
      let statuses = interface.sorted(function.statuses).map { "`\($0)`" }
      parts.append(wrap("Returns: `OK`, " + statuses.joined(separator: ", ") + "."))
    } else if let doc = function.returns.doc {
      parts.append(wrap("Returns: \(linked(doc))."))
    }
    let source = function.source.map { " Contract: \(linked($0))." } ?? ""
    parts.append(wrap("Threads: \(function.threads.rawValue). Since \(function.since).\(source)"))
    return parts
  }
}
