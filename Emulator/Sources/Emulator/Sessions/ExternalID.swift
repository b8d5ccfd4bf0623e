/// The caller's own reference, compared byte for byte.
///
/// Comparing as `String` would make two Unicode spellings of `é` equal.
struct ExternalID: Hashable, Sendable {
  private let utf8: [UInt8]

  init(_ text: String) { utf8 = Array(text.utf8) }

  var text: String { String(decoding: utf8, as: UTF8.self) }
}

extension Session {
  var externalID: ExternalID? { request.externalID.map(ExternalID.init) }
}
