import ABI

/// Prints Tests/abi/layout.c, which checks values, sizes and offsets with a compiler.
///
/// It takes the address of every function, so that it links only if the library exports all of them.
struct LayoutTest: Printer {
  let path = "Tests/abi/layout.c"

  func print(_ interface: Interface) -> String {
    var lines = Comment.block([
      generatedNotice, "",
      "Compiles if every constant, size and offset matches the table, links if the library",
      "exports every function, and succeeds if the library has the ABI version of the header.",
    ])
    lines += [
      "", "#include <stddef.h>", "#include <stdio.h>", "", "#include \"deepidv.h\"", "",
      "#if defined __STDC_VERSION__ && __STDC_VERSION__ >= 201112L",
      "#define CHECK(name, condition) _Static_assert(condition, #name)",
      "#else",
      "#define CHECK(name, condition) typedef char check_##name[(condition) ? 1 : -1]",
      "#endif", "",
      "CHECK(status, sizeof(deepidv_status) == 4 && (deepidv_status)-1 < 0);",
      "CHECK(nts, DEEPIDV_NTS == (size_t)-1);",
      "CHECK(abi_major, DEEPIDV_ABI_MAJOR == \(interface.abi.major));",
      "CHECK(abi_minor, DEEPIDV_ABI_MINOR == \(interface.abi.minor));",
    ]
    for group in interface.constants {
      lines.append("")
      lines += group.constants.map { "CHECK(\($0.name), \($0.name) == \($0.value));" }
    }
    for structure in interface.structures { lines += checks(structure, interface) }
    return (lines + program(interface)).file
  }

  private func checks(_ structure: Structure, _ interface: Interface) -> [String] {
    guard let layout = interface.layout(of: structure) else { return [] }
    let name = structure.name
    return ["", "CHECK(\(name), sizeof(\(name)) == \(layout.size));"]
      + zip(structure.cMembers.map(\.name), layout.offsets).map { member, offset in
        // Two underscores, because a struct may have the name of a member of another one.
        "CHECK(\(name)__\(member), offsetof(\(name), \(member)) == \(offset));"
      }
  }

  private func program(_ interface: Interface) -> [String] {
    let functions = interface.functions
    return [
      "", "typedef void (*function)(void);", "",
      "/* Visible, so that the compiler keeps every address. */",
      "extern const function deepidv_exports[\(functions.count)];", "",
      "const function deepidv_exports[\(functions.count)] = {",
    ] + functions.map { "  (function)\($0.name)," }
      + [
        "};", "", "int main(void)", "{",
        "  const unsigned long expected = DEEPIDV_ABI_MAJOR * 65536UL + DEEPIDV_ABI_MINOR;",
        "  const unsigned long loaded = deepidv_abi_version();",
        "  size_t i;", "",
        "  for (i = 0; i < sizeof(deepidv_exports) / sizeof(deepidv_exports[0]); i++) {",
        "    if (!deepidv_exports[i]) {",
        "      fprintf(stderr, \"layout: export %lu is missing\\n\", (unsigned long)i);",
        "      return 1;", "    }", "  }",
        "  if (loaded != expected) {",
        "    fprintf(stderr, \"layout: loaded ABI %lu, compiled for %lu\\n\", loaded, expected);",
        "    return 1;", "  }", "  return 0;", "}",
      ]
  }
}
