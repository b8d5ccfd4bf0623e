/// HTML source text.
///
/// Interpolated values are escaped unless they are markup: `"<p>\(name)</p>" as Markup` cannot
/// inject a tag from `name`.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  private(set) var source: String

  init(stringLiteral source: String) { self.source = source }

  init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { source += literal }

    mutating func appendInterpolation(_ text: String) { source += Markup.escape(text) }

    mutating func appendInterpolation(_ markup: Markup) { source += markup.source }

    mutating func appendInterpolation(_ parts: [Markup]) {
      source += parts.map(\.source).joined(separator: "\n")
    }
  }

  /// Escapes text for element content and for quoted attribute values.
  ///
  /// Control characters are not allowed in HTML, not even escaped, so they become U+FFFD.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n": escaped.unicodeScalars.append(scalar)
      case _ where scalar.properties.generalCategory == .control: escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
