import ABI

/// Prints Sources/DeepIDV/Generated/LibraryTexts.swift: the constant texts that the library returns.
struct LibraryTexts: Printer {
  let path = "Sources/DeepIDV/Generated/LibraryTexts.swift"

  func print(_ interface: Interface) -> String {
    let statuses = interface.statuses
    var lines = [
      "// \(generatedNotice)", "", "/// The library's version.",
      "var libraryVersion: StaticString { \"\(interface.version.text)\" }", "",
    ]
    lines += function(
      "statusName", "The macro name of a status, such as `DEEPIDV_OK`.",
      statuses.map { ($0.value, $0.name) }, otherwise: "DEEPIDV_E_?")
    lines.append("")
    lines += function(
      "statusText", "What a status means, in one or two English sentences.",
      statuses.map { ($0.value, $0.doc) }, otherwise: "Unknown status.")
    let verdicts = interface.constants.first { $0.name == "verdict" }?.constants ?? []
    lines.append("")
    lines += function(
      "verdictName", "The macro name of a verdict, such as `DEEPIDV_VERDICT_VERIFIED`.",
      verdicts.map { ($0.value, $0.name) }, otherwise: "DEEPIDV_VERDICT_?")
    return lines.file
  }

  private func function(
    _ name: String, _ summary: String, _ cases: [(Int64, String)], otherwise: String
  ) -> [String] {
    var lines = [
      "/// \(summary)", "func \(name)(_ code: Int32) -> StaticString {", "  switch code {",
    ]
    for (value, text) in cases {
      lines += ["  case \(value):", "    \"\(text.quoted)\""]
    }
    return lines + ["  default:", "    \"\(otherwise)\"", "  }", "}"]
  }
}
