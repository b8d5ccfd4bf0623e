/// What a query has of one parameter.
enum QueryParameter: Equatable {
  case absent
  /// Its value, not decoded.
  case once(ByteRange)
  case repeated

  /// Looks for it in the query of a redirect.
  init(_ name: StaticString, in text: Span<UInt8>) {
    self = .absent
    var pairs = FormPairs(locateQuery(text))
    while let pair = pairs.next(in: text) {
      guard decodes(text, pair.name, to: name) else { continue }
      if self != .absent {
        self = .repeated
        return
      }
      self = .once(pair.value)
    }
  }
}

/// Whether the percent-encoded range means exactly this name.
private func decodes(_ text: Span<UInt8>, _ range: ByteRange, to name: StaticString) -> Bool {
  name.withSpan { name in
    var index = range.start
    var position = 0
    while index < range.end {
      let (byte, next) = decodedByte(text, at: index, before: range.end)
      guard name.at(position) == byte else { return false }
      index = next
      position += 1
    }
    return position == name.count
  }
}
