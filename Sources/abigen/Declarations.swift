import ABI

/// Prints include/deepidv.cdef: the declarations without a preprocessor, for the FFI modules of LuaJIT, PHP and cffi.
///
/// Those parse C declarations, but neither `#define` nor `#include`. DEEPIDV_NTS is missing, because it does not fit into
/// an enumeration.
struct Declarations: Printer {
  let path = "include/deepidv.cdef"

  func print(_ interface: Interface) -> String {
    var sections = [["/* \(generatedNotice) */"], ["typedef int32_t deepidv_status;"]]
    sections.append(["enum {"] + interface.constants.flatMap(\.constants).map(constant) + ["};"])
    sections.append(interface.handles.map { "typedef struct \($0.name) \($0.name);" })
    sections += interface.structures.map(structure)
    sections += interface.families.map { $0.functions.map(function) }
    return sections.joined(separator: [""]).file
  }

  private func constant(_ constant: Constant) -> String {
    "  \(constant.name) = \(constant.value),"
  }

  private func structure(_ structure: Structure) -> [String] {
    let members = structure.cMembers.map { "  \($0.declarator)\($0.name)\($0.suffix);" }
    return ["typedef struct \(structure.name) {"] + members + ["} \(structure.name);"]
  }

  private func function(_ function: Function) -> String {
    let parameters = function.cParameters.map(\.text).joined(separator: ", ")
    return
      "\(function.returns.cDeclarator)\(function.name)(\(parameters.isEmpty ? "void" : parameters));"
  }
}
