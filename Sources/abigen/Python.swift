import ABI

/// Prints bindings/python/deepidv/_abi.py: the interface as ctypes declarations.
///
/// All names are those of C.
struct Python: Printer {
  let path = "bindings/python/deepidv/_abi.py"

  func print(_ interface: Interface) -> String {
    var lines = [
      "# \(generatedNotice)",
      "\"\"\"The C interface of libdeepidv as ctypes declarations, with its C names.\"\"\"", "",
      "from __future__ import annotations", "", "import ctypes", "from ctypes import (",
    ]
    lines += [
      "POINTER", "Structure", "c_char", "c_char_p", "c_int", "c_int32", "c_int64", "c_size_t",
      "c_uint32", "c_uint64",
    ].map { "    \($0)," }
    lines += [
      ")", "from typing import Any, Final", "",
      "from ._abi_version import NEEDED, check_version", "",
      "# Pass as the length of a NUL-terminated text.",
      "DEEPIDV_NTS: Final = ctypes.c_size_t(-1).value", "", "deepidv_status = c_int32",
    ]
    for group in interface.constants { lines += constants(group) }
    for handle in interface.handles { lines += self.handle(handle) }
    for structure in interface.structures { lines += self.structure(structure) }
    lines += sizes(interface) + pointerTypes(interface) + functions(interface) + Python.helpers
    return lines.file
  }

  private func constants(_ group: ConstantGroup) -> [String] {
    var lines = ["", "# \(group.title)."]
    lines += group.constants.map { "\($0.name): Final = \($0.value)" }
    let words = group.constants.compactMap { constant in
      constant.word.map { "    \(constant.name): \"\($0.quoted)\"," }
    }
    if !words.isEmpty {
      lines += ["", "# The words that the service uses for them."]
      lines += ["\(group.name.uppercased())_WORDS: Final[dict[int, str]] = {"] + words + ["}"]
    }
    return lines
  }

  private func handle(_ handle: Handle) -> [String] {
    ["", "", "class \(handle.name)(Structure):"] + docstring(handle.doc)
  }

  private func structure(_ structure: Structure) -> [String] {
    var lines = ["", "", "class \(structure.name)(Structure):"] + docstring(structure.doc) + [""]
    let types = structure.fields.flatMap { memberTypes($0.type) }
    let members = zip(structure.cMembers.map(\.name), types)
    lines += members.map { "    \($0): \($1.annotation)" }
    lines += ["", "    _fields_ = ("]
    lines += members.map { "        (\"\($0)\", \($1.type))," }
    return lines + ["    )"]
  }

  private func docstring(_ text: String) -> [String] {
    let end = text.firstRange(of: ". ")
    guard let end, text.count > 78 else { return ["    \"\"\"\(text)\"\"\""] }
    let rest = Layout.wrap(String(text[end.upperBound...]), width: 84)
    return ["    \"\"\"\(text[..<end.lowerBound]).", ""] + rest.map { "    \($0)" }
      + ["    \"\"\""]
  }

  private func sizes(_ interface: Interface) -> [String] {
    var lines = ["", "", "# The size of each struct."]
    lines.append("STRUCTURE_SIZES: Final[tuple[tuple[type[Structure], int], ...]] = (")
    for structure in interface.structures {
      lines.append("    (\(structure.name), \(interface.layout(of: structure)?.size ?? 0)),")
    }
    return lines + [")"]
  }

  private func pointerTypes(_ interface: Interface) -> [String] {
    [
      "",
      "# Pointer types, each created once: after another interpreter of the process has loaded ctypes,",
      "# POINTER() returns different types, which these functions refuse.",
    ] + pointers(interface).map { "\($0) = POINTER(\($0.dropFirst(2)))" }
  }

  private func functions(_ interface: Interface) -> [String] {
    var lines = ["", "# Name, restype, argtypes."]
    lines.append("FUNCTIONS: Final[tuple[tuple[str, Any, tuple[Any, ...]], ...]] = (")
    for function in interface.functions {
      let types = function.parameters.flatMap { argumentTypes($0.kind) }
      let arguments = "(" + types.joined(separator: ", ") + (types.count == 1 ? ",)" : ")")
      let parts = ["\"\(function.name)\"", resultType(function.returns), arguments]
      let line = "    (" + parts.joined(separator: ", ") + "),"
      if line.count <= 88 {
        lines.append(line)
      } else {
        lines += ["    ("] + parts.dropLast().map { "        \($0)," }
        if arguments.count + 9 <= 88 {
          lines.append("        \(arguments),")
        } else {
          lines += ["        ("] + types.map { "            \($0)," } + ["        ),"]
        }
        lines.append("    ),")
      }
    }
    return lines + [")"]
  }
}
