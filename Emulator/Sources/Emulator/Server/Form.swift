import Foundation

/// The fields of a form or of a query (`application/x-www-form-urlencoded`).
struct Form: Equatable {
  private let fields: [String: String]

  /// Nil if a name or value is not properly encoded.
  init?(query: String) { self.init(body: Data(query.utf8)) }

  /// Nil if a name or value is not properly encoded.
  init?(body: Data) {
    var fields: [String: String] = [:]
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decodeForm(parts[0]),
        let value = PercentEncoding.decodeForm(parts.count > 1 ? parts[1] : Data())
      else { return nil }
      // The first value of a repeated name wins.
      if fields[name] == nil { fields[name] = value }
    }
    self.fields = fields
  }

  subscript(name: String) -> String? { fields[name] }
}
