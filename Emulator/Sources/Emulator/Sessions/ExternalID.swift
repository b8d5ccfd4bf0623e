/// The caller's own reference, told apart byte for byte.
///
/// A `String` is not: two spellings of `é` are equal as strings, and two different references.
struct ExternalID: Hashable, Sendable {
  private let utf8: [UInt8]

  init(_ text: String) { utf8 = Array(text.utf8) }

  var text: String { String(decoding: utf8, as: UTF8.self) }
}

extension Session {
  var externalID: ExternalID? { request.externalID.map(ExternalID.init) }
}
