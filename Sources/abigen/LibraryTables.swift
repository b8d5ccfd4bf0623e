import ABI

/// Prints Sources/DeepIDV/Generated/LibraryOptions.swift: the options of a config, with their keys, limits and defaults.
struct LibraryOptions: Printer {
  let path = "Sources/DeepIDV/Generated/LibraryOptions.swift"

  func print(_ interface: Interface) -> String {
    let rows = interface.functions.compactMap { function -> SwiftRow? in
      guard let option = function.option, let value = function.parameters.last else { return nil }
      return SwiftRow(
        name: option.key,
        lines: [
          "key: \"\(option.key)\", variable: \"\(option.variable)\",",
          "content: \(value.swiftRange.map { ".number(\($0))" } ?? value.swiftText))",
        ])
    }
    var lines = [
      "// \(generatedNotice)", "", "/// An option of a config.", "///",
      "/// Its key is also the end of its setter's name.", "enum Option: UInt32 {",
    ]
    lines += rows.map(\.declaration)
    lines += ["", "  /// Its row of the table.", "  var row: Row {", "    switch self {"]
    lines += rows.flatMap(\.text) + ["    }", "  }", "}", ""]
    lines += ["/// The default values of the options that have one.", "enum OptionDefault {"]
    return (lines + interface.functions.compactMap(standard) + ["}"]).file
  }

  private func standard(_ function: Function) -> String? {
    guard let option = function.option, let value = function.parameters.last,
      case .value(let text, _) = option.standard
    else { return nil }
    let (type, literal) =
      switch value.meaning {
      case .boolean: ("Bool", text == "1" ? "true" : "false")
      case .range: ("UInt32", Int64(text)?.swiftLiteral ?? text)
      default: ("StaticString", "\"\(text)\"")
      }
    return "  static var \(option.key.swiftName): \(type) { \(literal) }"
  }
}

/// Prints Sources/DeepIDVCore/Generated/LibraryFields.swift: the fields of a Create Session request, with their names and limits.
struct LibraryFields: Printer {
  let path = "Sources/DeepIDVCore/Generated/LibraryFields.swift"

  func print(_ interface: Interface) -> String {
    let setters = interface.functions.filter { $0.field != nil }
    let texts = setters.filter { $0.parameters.last?.kind.isText ?? false }
    let others = setters.filter { !($0.parameters.last?.kind.isText ?? false) }
    let rows = (texts + others).compactMap(row)
    var lines = [
      "// \(generatedNotice)", "", "/// A field of a Create Session request.",
      "public enum Field: Int, Sendable {",
      "  // Texts come first: their numbers are places in `SessionRequest`'s storage.",
    ]
    lines += rows.map(\.declaration)
    lines += [
      "", "  static let textCount = \(texts.count)", "  static let count = \(rows.count)", "",
      "  /// One value for each text.", "  typealias PerText<Value> = [\(texts.count) of Value]",
      "",
    ]
    lines += others.flatMap(range)
    lines += ["  /// Its row of the table.", "  var row: Row {", "    switch self {"]
    return (lines + rows.flatMap(\.text) + ["    }", "  }", "}"]).file
  }

  private func range(_ setter: Function) -> [String] {
    guard let field = setter.field, let value = setter.parameters.last, value.meaning != .boolean,
      let range = value.swiftRange
    else { return [] }
    return [
      "  /// The numbers that the field may be.",
      "  static var \(field.name.swiftName)Range: ClosedRange<Int64> { \(range) }", "",
    ]
  }

  private func row(_ setter: Function) -> SwiftRow? {
    guard let field = setter.field, let value = setter.parameters.last else { return nil }
    // The range of a number is apart: in the row, it would make the library larger.
    let number = value.meaning == .boolean ? ".flag" : ".number"
    let content = value.swiftRange == nil ? value.swiftText : number
    let required = field.required ? ", required: true" : ""
    return SwiftRow(
      name: field.name,
      lines: [
        "name: \"\(field.name)\", alias: \"\(field.alias)\",",
        "content: \(content)\(required))",
      ])
  }
}

/// Prints Sources/DeepIDV/Generated/LibraryCounters.swift: the counters of `deepidv_stats`, in order.
struct LibraryCounters: Printer {
  let path = "Sources/DeepIDV/Generated/LibraryCounters.swift"

  func print(_ interface: Interface) -> String {
    var counters: [String] = []
    var buckets = 0
    for field in Interface.statistics.fields {
      switch field.type {
      case .uint64: counters.append(field.name)
      case .counters(let count): buckets = count
      default: break
      }
    }
    var lines = [
      "// \(generatedNotice)", "",
      "/// A counter: its place in `deepidv_stats`, whose first members they are.",
      "enum Counter: Int {",
    ]
    lines += counters.map { "  case \($0.swiftName)" }
    lines += [
      "", "  static var count: Int { \(counters.count) }",
      "  /// How many counters of latencies follow them.",
      "  static var latencyCount: Int { \(buckets) }",
      "  /// The names of all, for JSON.", "  static var names: StaticString {", "    \"\"\"",
    ]
    lines.append(counters.map { "    \"\($0)\":" }.joined(separator: "\\\n"))
    lines += ["    \"\"\"", "  }", "}"]
    return lines.file
  }
}

/// A case of an enumeration in Swift, and the row of the table that it stands for.
private struct SwiftRow {
  /// The case, such as `baseURL`.
  var name: String
  /// The arguments of the row.
  var lines: [String]

  /// - Parameter name: The name in the table, such as `base_url`.
  init(name: String, lines: [String]) {
    self.name = name.swiftName
    self.lines = lines
  }

  var declaration: String { "  case \(name)" }
  var text: [String] {
    ["    case .\(name):", "      Row("] + lines.map { "        \($0)" }
  }
}

extension Parameter {
  /// The numbers that it may be, as Swift.
  fileprivate var swiftRange: String? {
    switch meaning {
    case .range(let range): "\(range.lowerBound.swiftLiteral)...\(range.upperBound.swiftLiteral)"
    case .boolean: "0...1"
    default: nil
    }
  }

  /// The `Content` of a text, as Swift.
  ///
  /// `Rules` finds a text without a limit before.
  fileprivate var swiftText: String { ".text(limit: \(Int64(limit ?? 0).swiftLiteral))" }
}

extension Int64 {
  /// Numbers of four digits have no separator, as in the rest of the code.
  fileprivate var swiftLiteral: String { magnitude < 10_000 ? String(self) : grouped(by: "_") }
}

extension String {
  /// A name of the table in the spelling of Swift, such as `baseURL` for `base_url`.
  fileprivate var swiftName: String {
    let acronyms: Set<Substring> = ["http", "id", "ms", "url"]
    let words = split(separator: "_")
    return words.dropFirst().reduce(String(words.first ?? "")) { name, word in
      if acronyms.contains(word) { return name + word.uppercased() }
      return name + word.prefix(1).uppercased() + word.dropFirst()
    }
  }
}
