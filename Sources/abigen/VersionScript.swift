import ABI

/// Prints deepidv.map: the exported symbols, with one version node per minor version of the interface.
struct VersionScript: Printer {
  let path = "deepidv.map"

  func print(_ interface: Interface) -> String {
    var lines = ["/* \(generatedNotice) */"]
    var previous: String?
    for version in interface.knownVersions {
      let names = interface.functions.filter { $0.since == version }.map(\.name)
      if names.isEmpty { continue }
      lines += ["", "DEEPIDV_\(version) {", "  global:"]
      lines += names.map { "    \($0);" }
      if let previous {
        lines.append("} DEEPIDV_\(previous);")
      } else {
        lines += ["  local:", "    *;", "};"]
      }
      previous = version
    }
    return lines.file
  }
}
