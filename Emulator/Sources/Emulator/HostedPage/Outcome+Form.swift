import Foundation

/// The fields of a form that a browser has posted (`application/x-www-form-urlencoded`).
struct Form: Equatable {
  private let fields: [String: String]

  /// Nil if a name or value is not properly encoded.
  init?(body: Data) {
    var fields: [String: String] = [:]
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decodeForm(parts[0]),
        let value = PercentEncoding.decodeForm(parts.count > 1 ? parts[1] : Data())
      else { return nil }
      // The first of a name counts, as everywhere else where a form is read once.
      if fields[name] == nil { fields[name] = value }
    }
    self.fields = fields
  }

  subscript(name: String) -> String? { fields[name] }
}

extension Outcome {
  /// The outcome that a form chooses, or nil if it chooses none.
  ///
  /// A success has no reason, whatever was sent; a failure must give one; leaving has the usual one
  /// unless another is named.
  init?(form: Form) {
    let reason = form["reason"]
    switch form["outcome"].flatMap(Status.init) {
    case .success:
      self = .success
    case .failed:
      guard let reason = reason.flatMap({ Reason($0) }) else { return nil }
      self = .failed(reason)
    case .abandoned:
      guard let reason = reason.map({ Reason($0) }) ?? .userCancelled else { return nil }
      self = .abandoned(reason)
    case nil:
      return nil
    }
  }
}
