import ABI

/// Prints Sources/DeepIDV/Generated/LibraryTexts.swift: the constant texts that the library returns.
struct LibraryTexts: Printer {
  let path = "Sources/DeepIDV/Generated/LibraryTexts.swift"

  func print(_ interface: Interface) -> String {
    let statuses = interface.statuses
    var lines = [
      "// \(generatedNotice)", "", "import DeepIDVCore", "", "/// The library's version.",
      "var libraryVersion: StaticString { \"\(interface.version.text)\" }", "",
    ]
    lines += table(
      "statusNames", "The macro name of each status, such as `DEEPIDV_OK`.",
      statuses.map { ($0.value, $0.name) }, otherwise: "DEEPIDV_E_?")
    lines.append("")
    lines += table(
      "statusTexts", "What each status means, in one or two English sentences.",
      statuses.map { ($0.value, $0.doc) }, otherwise: "Unknown status.")
    let verdicts = interface.constants.first { $0.name == "verdict" }?.constants ?? []
    lines.append("")
    lines += table(
      "verdictNames", "The macro name of each verdict, such as `DEEPIDV_VERDICT_VERIFIED`.",
      verdicts.map { ($0.value, $0.name) }, otherwise: "DEEPIDV_VERDICT_?")
    return lines.file
  }

  /// A table for `ConstantTexts`.
  ///
  /// It is not inlined, because each caller would have its own copy.
  private func table(
    _ name: String, _ summary: String, _ texts: [(number: Int64, text: String)], otherwise: String
  ) -> [String] {
    let rows = texts.map { number, text in
      let digits = String(number)
      return String(repeating: "0", count: 3 - digits.count) + digits + text
    }
    var lines = [
      "/// \(summary)", "@inline(never)", "func \(name)() -> ConstantTexts {", "  ConstantTexts(",
      "    \"\"\"",
    ]
    lines += (rows + ["???" + otherwise]).map { "    \($0.quoted)\\0\\" }
    return lines + ["", "    \"\"\")", "}"]
  }
}
