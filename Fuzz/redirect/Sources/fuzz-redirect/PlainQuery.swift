/// The reference parser: splits a query byte by byte into arrays.
struct PlainQuery {
  private(set) var pairs: [(name: Range<Int>, value: Range<Int>)] = []
  private(set) var fragment: Range<Int>?
  private var names: [[UInt8]] = []
  private(set) var isJoinedTwice = false

  init(_ text: [UInt8]) {
    let end = text.firstIndex(of: UInt8(ascii: "#")) ?? text.count
    if end < text.count { fragment = (end + 1)..<text.count }
    let start = PlainQuery.start(in: text[..<end])
    split(text, start..<end)
    guard let joint = joint(in: text, start..<end) else { return }
    pairs = []
    split(text, start..<joint)
    split(text, (joint + 1)..<end)
    isJoinedTwice = true
  }

  private mutating func split(_ text: [UInt8], _ query: Range<Int>) {
    let end = query.upperBound
    var start = query.lowerBound
    while start < end {
      let stop = text[start..<end].firstIndex(of: UInt8(ascii: "&")) ?? end
      if stop > start {
        let equals = text[start..<stop].firstIndex(of: UInt8(ascii: "=")) ?? stop
        pairs.append((start..<equals, min(equals + 1, stop)..<stop))
      }
      start = stop + 1
    }
    names = pairs.map { decoded(text[$0.name]) }
  }

  /// The last question mark before the name of a parameter that is missing otherwise.
  private func joint(in text: [UInt8], _ query: Range<Int>) -> Int? {
    let status = values(of: Array("status".utf8)).first.map { decoded(text[$0]) }
    let isOver = ["success", "SUBMITTED"].contains { Array($0.utf8) == status }
    var missing = ["session_id", "status", "reason", "sessionId"].map { Array($0.utf8) }
    missing = missing.filter { values(of: $0).isEmpty }
    if isOver { missing.removeAll { $0 == Array("reason".utf8) } }
    if !missing.contains(Array("session_id".utf8)) {
      missing.removeAll { $0 == Array("sessionId".utf8) }
    }
    return query.last { index in
      guard text[index] == UInt8(ascii: "?") else { return false }
      let rest = text[(index + 1)..<query.upperBound].prefix(64)
      guard let stop = rest.firstIndex(where: { "=&".utf8.contains($0) }) else { return false }
      return text[stop] == UInt8(ascii: "=") && missing.contains(decoded(rest[..<stop]))
    }
  }

  /// The values of the parameters with a name, in order, not decoded.
  func values(of name: [UInt8]) -> [Range<Int>] {
    zip(names, pairs).filter { $0.0 == name }.map { $0.1.value }
  }

  /// The start of the query.
  private static func start(in text: ArraySlice<UInt8>) -> Int {
    let question = text.firstIndex(of: UInt8(ascii: "?"))
    if isURLOrPath(text) { return question.map { $0 + 1 } ?? text.count }
    let pair = text.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "&") } ?? text.count
    if let question, question < pair { return question + 1 }
    return 0
  }

  private static func isURLOrPath(_ text: ArraySlice<UInt8>) -> Bool {
    let scheme = text.prefix { byte in
      let character = Character(UnicodeScalar(byte))
      return character.isASCII && (character.isLetter || character.isNumber)
        || "+-.".contains(character)
    }
    return text.first == UInt8(ascii: "/")
      || !scheme.isEmpty && text.dropFirst(scheme.count).starts(with: "://".utf8)
  }
}

/// Decodes percent-encoding byte by byte.
func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  var index = text.startIndex
  while index < text.endIndex {
    let byte = text[index]
    index += 1
    guard byte == UInt8(ascii: "%"), index + 1 < text.endIndex,
      let high = digit(text[index]), let low = digit(text[index + 1])
    else {
      result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      continue
    }
    result.append(high * 16 + low)
    index += 2
  }
  return result
}

private func digit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  default: nil
  }
}
