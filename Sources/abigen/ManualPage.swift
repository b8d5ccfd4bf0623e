import ABI

/// Prints man/….3: the manual page of one family of functions.
///
/// `make install` installs a link to it for every function and object of the family.
struct ManualPage: Printer {
  private let family: Family

  init(_ family: Family) { self.family = family }

  var path: String { "man/\(name).3" }

  /// The object of the family, or else its first function.
  var name: String { handle ?? family.functions[0].name }

  private var handle: String? {
    let free = family.functions.first { $0.name.hasSuffix("_free") }
    return free.map { String($0.name.dropLast("_free".count)) }
  }

  func print(_ interface: Interface) -> String {
    let names = (handle.map { [$0] } ?? []) + family.functions.map(\.name)
    var lines = Manual.opening(name, section: 3, interface.version)
    lines.append(".Sh NAME")
    lines += names.enumerated().map { ".Nm \($1)" + ($0 == names.count - 1 ? "" : " ,") }
    lines.append(".Nd libdeepidv: \(family.title.lowercased())")
    lines += Manual.library + [".Sh SYNOPSIS", ".In deepidv.h"]
    lines += family.functions.flatMap(declaration)
    lines += [".Sh DESCRIPTION"] + prose(family.doc)
    lines += family.functions.flatMap { function($0, interface) }
    lines += structures(interface)
    lines += statuses(interface)
    lines += Manual.references(interface, without: path, ["deepidv"])
    return lines.file
  }

  private func prose(_ text: String) -> [String] { Manual.prose(text, here: family.functions) }

  private func declaration(_ function: Function) -> [String] {
    let parameters = function.cParameters.map { ".Fa \"\($0.text)\"" }
    return [".Ft \"\(function.returns.cType)\"", ".Fo \(function.name)"]
      + (parameters.isEmpty ? [".Fa void"] : parameters) + [".Fc"]
  }

  private func function(_ function: Function, _ interface: Interface) -> [String] {
    var lines = [".Ss \(function.name)"] + prose(function.summary)
    if !function.discussion.isEmpty { lines += [".Pp"] + prose(function.discussion) }
    let items = function.parameters.flatMap(items)
    if !items.isEmpty {
      let widest = function.cParameters.map(\.name).max { $0.count < $1.count } ?? ""
      lines += [".Pp"] + Manual.list(items, widest: "\(widest)xx")
    }
    if let doc = function.returns.doc { lines += [".Pp"] + prose("Returns \(doc).") }
    if function.returns.isStatus {
      let statuses = ["OK"] + interface.sorted(function.statuses)
      lines += [".Pp"] + prose("Returns \(statuses.joined(separator: ", ")).")
    }
    let source = function.source.map { " Contract: \($0)." } ?? ""
    return lines + [".Pp"]
      + prose("Threads: \(function.threads.rawValue). Since \(function.since).\(source)")
  }

  /// One item per parameter in C.
  private func items(_ parameter: Parameter) -> [(term: String, text: [String])] {
    let facts = [parameter.ownership.shortWord, parameter.optional ? "may be NULL" : ""]
      .filter { !$0.isEmpty }.joined(separator: ", ")
    let free = parameter.ownership.free.map { "; free it with \($0)()" } ?? ""
    let own = prose((facts.isEmpty ? "" : "(\(facts)) ") + parameter.doc + free)
    return [("Fa \(parameter.name)", own)]
      + (parameter.companion.map { [("Fa \($0.name)", prose($0.doc))] } ?? [])
  }

  /// The open structs that the functions of the family take, each with the constants of its members.
  private func structures(_ interface: Interface) -> [String] {
    interface.structures.filter { takes($0) }.flatMap { structure in
      var lines = [".Ss struct \(structure.name)"] + prose(structure.doc) + [".Pp"]
      let members = structure.cMembers.map { member in
        (term: "Fa \(member.name)", text: prose("(\(member.wholeType)) \(member.doc)"))
      }
      let widest = structure.cMembers.map(\.name).max { $0.count < $1.count } ?? ""
      lines += Manual.list(members, widest: "\(widest)xx")
      for group in interface.constants where holds(structure, group) {
        lines += [".Pp"] + prose("\(group.title). \(group.doc)") + [".Pp"]
        lines += Manual.constants(group.constants)
      }
      return lines
    }
  }

  private func takes(_ structure: Structure) -> Bool {
    family.functions.flatMap(\.parameters).contains { parameter in
      switch parameter.kind {
      case .structure(structure.name), .constStructure(structure.name): true
      default: false
      }
    }
  }

  /// Whether the text of a member names the constants, such as `DEEPIDV_HAS_...`.
  private func holds(_ structure: Structure, _ group: ConstantGroup) -> Bool {
    structure.fields.contains { field in
      guard let match = field.doc.firstMatch(of: /(DEEPIDV_[A-Z_]+_)\.\.\./) else { return false }
      return group.constants.allSatisfy { $0.name.hasPrefix(match.output.1) }
    }
  }

  /// The statuses that the functions of this page return, with their meanings.
  private func statuses(_ interface: Interface) -> [String] {
    let answered = Set(family.functions.flatMap(\.statuses).map { "DEEPIDV_\($0)" })
    let some = interface.statuses.filter { answered.contains($0.name) }
    return some.isEmpty ? [] : [".Sh ERRORS"] + Manual.constants(some)
  }
}
