import ABI

/// Prints include/deepidv.h, which is also the documentation for people.
struct Header: Printer {
  let path = "include/deepidv.h"

  /// The width of prose.
  ///
  /// The columns of constants may use up to `lineWidth`.
  static let proseWidth = 88
  static let lineWidth = 96

  func print(_ interface: Interface) -> String {
    var sections = [opening(interface), conventions(interface), preamble(interface)]
    sections.append(banner("Constants"))
    sections += interface.constants.map(constants)
    sections.append(banner("Objects"))
    sections += interface.handles.map(handle)
    sections.append(banner("Structures"))
    sections.append(
      prose(
        "The caller allocates these structs, so their members are public and their layout never changes."
      ))
    sections += interface.structures.map(structure)
    for family in interface.families {
      sections.append(banner(family.title))
      sections.append(prose(family.doc))
      sections += family.functions.map { function($0, interface) }
    }
    sections.append(["#ifdef __cplusplus", "}", "#endif", "", "#endif /* DEEPIDV_H */"])
    return sections.joined(separator: [""]).file
  }

  private func preamble(_ interface: Interface) -> [String] {
    let version = interface.version
    let abi = interface.abi
    return [
      "#ifndef DEEPIDV_H", "#define DEEPIDV_H", "", "#include <stddef.h>", "#include <stdint.h>",
      "", "#if defined UINTPTR_MAX && UINTPTR_MAX <= 0xFFFFFFFF",
      "#error \"libdeepidv does not support 32-bit platforms\"", "#endif", "", "#ifdef __cplusplus",
      "extern \"C\" {", "#endif", "",
      "/* The version of this header; deepidv_version() returns that of the loaded library. */",
    ]
      + definitions([
        ("DEEPIDV_VERSION_TEXT", "\"\(version.text)\"", ""),
        ("DEEPIDV_VERSION_MAJOR", "\(version.major)", ""),
        ("DEEPIDV_VERSION_MINOR", "\(version.minor)", ""),
        ("DEEPIDV_VERSION_PATCH", "\(version.patch)", ""),
        ("DEEPIDV_ABI_MAJOR", "\(abi.major)", ""),
        ("DEEPIDV_ABI_MINOR", "\(abi.minor)", ""),
      ]) + [
        "", "/** Pass as the length of a NUL-terminated text. */",
        "#define DEEPIDV_NTS ((size_t)-1)",
        "", "/** DEEPIDV_OK or a DEEPIDV_E_ constant. */", "typedef int32_t deepidv_status;",
      ]
  }

  private func banner(_ title: String) -> [String] {
    let start = "/* ---- \(title) "
    return [start + String(repeating: "-", count: Header.proseWidth - start.count - 3) + " */"]
  }

  private func prose(_ text: String) -> [String] {
    Comment.block(Layout.wrap(text, width: Header.proseWidth - 3))
  }

  private func constants(_ group: ConstantGroup) -> [String] {
    let heading = Comment.block(
      [group.title, ""] + Layout.wrap(group.doc, width: Header.proseWidth - 3))
    let rows = group.constants.map { constant in
      (
        constant.name, constant.value < 0 ? "(\(constant.value))" : "\(constant.value)",
        (constant.word.map { "\"\($0)\": " } ?? "") + constant.doc
      )
    }
    // A value after a gap that is a multiple of ten starts a new block, as in the table.
    var result = heading
    var previous: Int64?
    for (constant, definition) in zip(group.constants, definitionGroups(rows)) {
      if let previous, constant.value > previous + 1, constant.value % 10 == 0 {
        result.append("")
      }
      result += definition
      previous = constant.value
    }
    return result
  }

  private func definitions(_ rows: [(String, String, String)]) -> [String] {
    definitionGroups(rows).flatMap { $0 }
  }

  /// `#define NAME value /* comment */` in columns.
  ///
  /// A comment that does not fit there precedes it: some generators of bindings read only the line itself.
  private func definitionGroups(_ rows: [(String, String, String)]) -> [[String]] {
    let nameWidth = rows.map(\.0.count).max() ?? 0
    let isText = rows.contains { $0.1.hasPrefix("\"") }
    let valueWidth = rows.map(\.1.count).max() ?? 0
    return rows.map { name, value, comment in
      let padded = isText ? value : Layout.padStart(value, valueWidth)
      let start = "#define \(Layout.pad(name, nameWidth)) \(padded)"
      if comment.isEmpty { return [start] }
      let whole = trailing(start + "  ", comment)
      if whole.count == 1 { return whole }
      return trailing("", comment) + [start]
    }
  }

  private func trailing(_ start: String, _ comment: String) -> [String] {
    var lines = Layout.hang(start + "/* ", comment, width: Header.lineWidth - 3)
    lines[lines.count - 1] += " */"
    return lines
  }

  private func handle(_ handle: Handle) -> [String] {
    Comment.documentation(Layout.wrap(handle.doc, width: Header.proseWidth - 3)) + [
      "typedef struct \(handle.name) \(handle.name);"
    ]
  }

  private func structure(_ structure: Structure) -> [String] {
    let members = structure.cMembers
    let names = members.map { "\($0.name)\($0.suffix);" }
    let typeWidth = members.map(\.declarator.count).max() ?? 0
    let nameWidth = names.map(\.count).max() ?? 0
    var lines = Comment.documentation(
      Layout.wrap(structure.doc, width: Header.proseWidth - 3))
    lines.append("typedef struct \(structure.name) {")
    for (member, name) in zip(members, names) {
      let type = Layout.pad(member.declarator, typeWidth)
      lines += trailing("  \(type)\(Layout.pad(name, nameWidth)) ", member.doc)
    }
    return lines + ["} \(structure.name);"]
  }
}
