import ABI

/// Tests/abi/shadow.c: the interface with empty bodies.
///
/// Compiled with debugging information it shows abidiff every type, which the library itself,
/// written in Swift, does not.
struct Shadow: Printer {
  let path = "Tests/abi/shadow.c"

  func print(_ interface: Interface) -> String {
    var lines = Comment.block([
      generatedNotice, "", "Empty bodies, so that abidiff sees every type of the interface:",
      "cc -g -shared -fPIC -Iinclude -o shadow.so Tests/abi/shadow.c",
    ])
    lines += ["", "#include \"deepidv.h\""]
    for function in interface.functions {
      let parameters = function.cParameters
      lines += [""] + definition(function) + ["{"]
      lines += parameters.map { "  (void)\($0.name);" }
      if case .nothing = function.returns {} else { lines.append("  return 0;") }
      lines.append("}")
    }
    return lines.file
  }

  private func definition(_ function: Function) -> [String] {
    var lines = Header().declaration(function)
    lines[lines.count - 1].removeLast()
    return lines
  }
}
