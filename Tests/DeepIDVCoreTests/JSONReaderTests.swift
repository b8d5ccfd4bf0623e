import Testing

@testable import DeepIDVCore

/// The order of the tokens, and truncated or damaged documents.
@Suite struct JSONReaderTests {
  static let create = #"""
    {"id":"sess_abc","session_url":"https://verify.deepidv.com/session/1?oid=2&redirect_url=https%3A%2F%2F",
     "externalId":"caf\u00e9 \ud83d\ude00 é", "links":[{"rel":"self","href":"\/x"},{}], "n":[-0,1.5e+3,12],
     "expires_at" : null, "ok":true, "no":false}
    """#

  static let documents = [
    create, #"{"message":"Bad Request","hints":["phone must be E.164","é日😀"]}"#,
    "[1,2.5,-3e10,0]", #"[[[]],{"a":{"b":[null]}}]"#, #""\u0041\\\"\uD83D\uDE00""#,
    "\u{FEFF} { } ",
  ]

  @Test func pieces() {
    #expect(jsonEvents("[1,[],{}]") == "[ 1 [ ] { } ]")
    #expect(jsonEvents(#"{"a":"b","c":[null,true,false]}"#) == "{ a: 'b' c: [ null true false ] }")
    #expect(jsonEvents(#"{"a":{"a":1},"a":2}"#) == "{ a: { a: 1 } a: 2 }")
    #expect(jsonEvents(#" "\u0041" "#) == "'A'")
    #expect(jsonEvents("\u{FEFF}-0.5e1") == "-0.5e1")
    #expect(jsonEvents("[1 2]") == "unexpectedByte at 3")
  }

  @Test(arguments: documents) func everyPrefixIsRefused(_ document: String) {
    let bytes = Array(document.utf8)
    #expect(jsonFailure(bytes) == nil)
    let end = bytes.lastIndex { $0 != 0x20 } ?? 0
    for length in 0...end {
      #expect(jsonFailure(Array(bytes[..<length])) != nil)
    }
  }

  @Test(arguments: documents) func everySuffixIsAnswered(_ document: String) {
    let bytes = Array(document.utf8)
    for start in bytes.indices { _ = walk(Array(bytes[start...])) }
  }

  @Test(arguments: documents) func everySingleByteChanged(_ document: String) {
    var bytes = Array(document.utf8)
    for index in bytes.indices {
      let original = bytes[index]
      for byte in UInt8.min...UInt8.max {
        bytes[index] = byte
        let events = walk(bytes)
        if byte == original { #expect(events.last == .end) }
      }
      bytes[index] = original
    }
  }

  @Test(arguments: documents) func everyByteLeftOutOrDoubled(_ document: String) {
    let bytes = Array(document.utf8)
    for index in bytes.indices {
      var shorter = bytes
      shorter.remove(at: index)
      _ = walk(shorter)
      var longer = bytes
      longer.insert(bytes[index], at: index)
      _ = walk(longer)
    }
  }

  @Test func everyDocumentOfTwoBytes() {
    var accepted: Set<[UInt8]> = []
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max where walk([first, second]).last == .end {
        accepted.insert([first, second])
      }
    }
    var expected: Set<[UInt8]> = ["[]", "{}", "\"\""].reduce(into: []) { $0.insert(Array($1.utf8)) }
    for digit in UInt8(ascii: "0")...UInt8(ascii: "9") {
      expected.insert([UInt8(ascii: "-"), digit])
      for space in [0x20, 0x09, 0x0A, 0x0D] as [UInt8] {
        expected.formUnion([[digit, space], [space, digit]])
      }
      guard digit > UInt8(ascii: "0") else { continue }
      for last in UInt8(ascii: "0")...UInt8(ascii: "9") { expected.insert([digit, last]) }
    }
    #expect(accepted == expected)
  }

  /// Other bytes than before give wrong tokens, but no crash.
  @Test func bytesExchangedMeanwhile() {
    let bytes = Array(Self.create.utf8)
    let others = [[], [0x22], Array(bytes.reversed()), Array(bytes[..<40])] as [[UInt8]]
    for other in others {
      for steps in 0..<30 {
        var reader = JSONReader()
        for _ in 0..<steps { _ = reader.next(in: bytes.span) }
        _ = reader.finish(in: other.span)
        #expect(reader.depth <= JSONReader.depthLimit)
      }
    }
  }

  @Test func depthAndPosition() {
    let bytes = Array(#"[ {"a": 1} ] "#.utf8)
    var reader = JSONReader()
    var seen: [[Int]] = []
    while reader.next(in: bytes.span) != .end { seen.append([reader.depth, reader.position]) }
    #expect(seen == [[1, 1], [2, 3], [2, 7], [2, 9], [1, 10], [0, 12]])
    #expect(reader.position == bytes.count)
  }

  @Test func everyReasonHasItsSentence() {
    for value in 0..<9 as Range<UInt8> {
      let summary = JSONError.Reason(rawValue: value)?.summary
      #expect(summary?.utf8CodeUnitCount ?? 0 > 10)
    }
    #expect(JSONError.Reason(rawValue: 9) == nil)
  }

  /// Reads all tokens, texts and numbers.
  private func walk(_ bytes: [UInt8]) -> [JSONToken] {
    var reader = JSONReader()
    var tokens: [JSONToken] = []
    while true {
      let token = reader.next(in: bytes.span)
      tokens.append(token)
      switch token {
      case .key(let text), .string(let text):
        let unescaped = unescapedBytes(text, in: bytes)
        #expect(unescaped.count <= text.length)
        #expect(unescaped.span.firstInvalidUTF8() == nil)
      case .number(let number): _ = number.integer(in: bytes.span)
      case .end: return tokens
      case .failure(let error):
        #expect(0...bytes.count ~= error.position)
        return tokens
      default: break
      }
    }
  }
}
