import Testing

@testable import DeepIDVCore

/// Arrays, objects, literals and whitespace.
///
/// These tables and those of `JSONNumberTests` and `JSONStringTests` have a row for
/// every kind of case in the public collection JSONTestSuite. Where RFC 8259 leaves the choice to
/// the parser, the row is in `choices`.
@Suite struct JSONStructureTests {
  @Test(arguments: documents + arrays + objects + words) func verdict(_ row: JSONCase) {
    #expect(jsonFailure(row.bytes) == row.failure)
  }

  @Test(arguments: choices) func choice(_ row: JSONCase) {
    #expect(jsonFailure(row.bytes) == row.failure)
  }

  static let documents: [JSONCase] = [
    .accept("0"), .accept("-0.1"), .accept("null"), .accept("true"), .accept("false"),
    .accept(#""asd""#), .accept(#""""#), .accept("[]"), .accept("{}"),
    .accept(" \t\r\n[ \t\r\n] \t\r\n"), .accept("[true]<0A>"), .accept("null   "),
    .refuse("^", .unexpectedEnd),
    .refuse(" ^", .unexpectedEnd),
    .refuse("<0D><0A><09>^", .unexpectedEnd),
    .refuse("^<00>", .unexpectedByte),
    .refuse("[^<00>]", .unexpectedByte),
    .refuse("[1^<00>]", .unexpectedByte),
    .refuse("[]^<00>", .trailingBytes),
    .refuse("^<0C>[]", .unexpectedByte),
    .refuse("[^<0C>]", .unexpectedByte),
    .refuse("[^<0B>]", .unexpectedByte),
    .refuse("[]^<0B>", .trailingBytes),
    .refuse("^<C2><A0>[]", .unexpectedByte),
    .refuse("[^<E2><81><A0>]", .unexpectedByte),
    .refuse("^<E2><81><A0>", .unexpectedByte),
    .refuse("^<C3><A5>", .unexpectedByte),
    .refuse("^<E9>", .unexpectedByte),
    .refuse("^<FF>", .unexpectedByte),
    .refuse("^a<C3><A5>", .unexpectedByte),
    .refuse("^*", .unexpectedByte),
    .refuse("^abc", .unexpectedByte),
    .refuse("^'abc'", .unexpectedByte),
    .refuse("^`abc`", .unexpectedByte),
    .refuse("^<3C>.>", .unexpectedByte),
    .refuse("[^<3C>null>]", .unexpectedByte),
    .refuse("^]", .unexpectedByte),
    .refuse("^}", .unexpectedByte),
    .refuse("^,", .unexpectedByte),
    .refuse("^:", .unexpectedByte),
    .refuse("^//", .unexpectedByte),
    .refuse("^/**/[]", .unexpectedByte),
    .refuse("[]^//", .trailingBytes),
    .refuse("[^/* */]", .unexpectedByte),
    .refuse("^# x", .unexpectedByte),
    .refuse("1^]", .trailingBytes),
    .refuse("2^@", .trailingBytes),
    .refuse("1 ^2", .trailingBytes),
    .refuse(#"""^x"#, .trailingBytes),
    .refuse("[]^[]", .trailingBytes),
    .refuse("[1]^x", .trailingBytes),
    .refuse("[]^]", .trailingBytes),
    .refuse("[]^,", .trailingBytes),
    .refuse("{}^}", .trailingBytes),
    .refuse("[1]^#", .trailingBytes),
    .refuse("null^x", .trailingBytes),
    .refuse("true^false", .trailingBytes),
    .refuse("^<EF><BB>", .unexpectedByte),
    .refuse("^<EF>", .unexpectedByte),
    .refuse("^<EF><BB><BE>[]", .unexpectedByte),
    .refuse("<EF><BB><BF>^", .unexpectedEnd),
    .refuse("<EF><BB><BF>^<EF><BB><BF>[]", .unexpectedByte),
    .refuse(" ^<EF><BB><BF>[]", .unexpectedByte),
    .refuse("[]^<EF><BB><BF>", .trailingBytes),
    .refuse("[^<EF><BB><BF>]", .unexpectedByte),
  ]

  static let arrays: [JSONCase] = [
    .accept("[[]   ]"), .accept(#"[""]"#), .accept("[]<0A>"), .accept("[false]"),
    .accept(#"[null, 1, "1", {}]"#), .accept("[1<0A>]"), .accept(" [1]"), .accept("[2] "),
    .accept("[1,null,null,null,2]"), .accept("[[[[]]]]"), .accept("[[],[],[[],[]]]"),
    .accept("[{},{}]"), .accept("[ 1 , 2 ]"),
    .refuse("[1 ^true]", .unexpectedByte),
    .refuse("[^a<E5>]", .unexpectedByte),
    .refuse(#"[""^: 1]"#, .unexpectedByte),
    .refuse(#"[""]^,"#, .trailingBytes),
    .refuse("[^,1]", .unexpectedByte),
    .refuse("[1,^,2]", .unexpectedByte),
    .refuse(#"["x",^,]"#, .unexpectedByte),
    .refuse(#"["x"]^]"#, .trailingBytes),
    .refuse(#"["",^]"#, .unexpectedByte),
    .refuse(#"["x"^"#, .unexpectedEnd),
    .refuse("[^x", .unexpectedByte),
    .refuse("[3^[4]]", .unexpectedByte),
    .refuse("[^<FF>]", .unexpectedByte),
    .refuse("[1^:2]", .unexpectedByte),
    .refuse("[1^;2]", .unexpectedByte),
    .refuse("[^,]", .unexpectedByte),
    .refuse(#"[   ^, ""]"#, .unexpectedByte),
    .refuse("[\"a\",<0A>4<0A>,1,^", .unexpectedEnd),
    .refuse("[1,^]", .unexpectedByte),
    .refuse("[1,^,]", .unexpectedByte),
    .refuse("[\"^<0B>a\"<0C>]", .controlCharacter),
    .refuse("[^*]", .unexpectedByte),
    .refuse("[1,^", .unexpectedEnd),
    .refuse("[1, ^", .unexpectedEnd),
    .refuse("[1^", .unexpectedEnd),
    .refuse("[1,<0A>1<0A>,1^", .unexpectedEnd),
    .refuse("[{}^", .unexpectedEnd),
    .refuse("[^", .unexpectedEnd),
    .refuse("[ ^", .unexpectedEnd),
    .refuse("[1^}", .unexpectedByte),
    .refuse("[^}", .unexpectedByte),
    .refuse("[{^]", .unexpectedByte),
    .refuse("[1^{}]", .unexpectedByte),
    .refuse("[[]^[]]", .unexpectedByte),
    .refuse(#"["a"^"b"]"#, .unexpectedByte),
    .refuse("[^'", .unexpectedByte),
    .refuse("[^,", .unexpectedByte),
    .refuse("[{^", .unexpectedEnd),
    .refuse(#"["a^"#, .unexpectedEnd),
    .refuse(#"["a"^"#, .unexpectedEnd),
    .refuse(#"["asd]^"#, .unexpectedEnd),
    .refuse("[^(1)]", .unexpectedByte),
    .refuse("[^...]", .unexpectedByte),
  ]

  static let objects: [JSONCase] = [
    .accept(#"{"asd":"sdf"}"#), .accept(#"{"a":"b","a":"c"}"#), .accept(#"{"a":"b","a":"b"}"#),
    .accept("{}"), .accept(#"{"":0}"#), .accept(#"{"foo\u0000bar": 42}"#),
    .accept(#"{ "min": -1.0e+28, "max": 1.0e+28 }"#), .accept(#"{"a":[]}"#),
    .accept(#"{"title":"\u041f\u043e\u043b"}"#), .accept("{<0A>\"a\": \"b\"<0A>}"),
    .accept(#"{"a" : {"b" : {"c" : [1, {"d":null}]}} , "e":1}"#),
    .accept(#"{"x":[{"id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}], "id": "xxxxxx"}"#),
    .refuse("[\"x\", tru^th]", .unexpectedByte),
    .refuse(#"{^[: "x"}"#, .unexpectedByte),
    .refuse(#"{"x"^, null}"#, .unexpectedByte),
    .refuse(#"{"x":^:"b"}"#, .unexpectedByte),
    .refuse("{^<F0><9F><87><A8>}", .unexpectedByte),
    .refuse(#"{"a":"a" ^123}"#, .unexpectedByte),
    .refuse("{^key: 'value'}", .unexpectedByte),
    .refuse(#"{"^<B9>":"0",}"#, .invalidUTF8),
    .refuse(#"{"a" ^b}"#, .unexpectedByte),
    .refuse(#"{^:"b"}"#, .unexpectedByte),
    .refuse(#"{"a" ^"b"}"#, .unexpectedByte),
    .refuse(#"{"a":^"#, .unexpectedEnd),
    .refuse(#"{"a":^}"#, .unexpectedByte),
    .refuse(#"{"a"^"#, .unexpectedEnd),
    .refuse(#"{"a"^}"#, .unexpectedByte),
    .refuse("{^1:1}", .unexpectedByte),
    .refuse("{^9999E9999:1}", .unexpectedByte),
    .refuse("{^null:null,null:null}", .unexpectedByte),
    .refuse(#"{"id":0,^,,,,}"#, .unexpectedByte),
    .refuse("{^'a':0}", .unexpectedByte),
    .refuse(#"{"id":0,^}"#, .unexpectedByte),
    .refuse(#"{"a":"b"}^/**/"#, .trailingBytes),
    .refuse(#"{"a":"b"}^/**//"#, .trailingBytes),
    .refuse(#"{"a":"b"}^//"#, .trailingBytes),
    .refuse(#"{"a":"b"}^/"#, .trailingBytes),
    .refuse(#"{"a":"b",^,"c":"d"}"#, .unexpectedByte),
    .refuse(#"{^a: "b"}"#, .unexpectedByte),
    .refuse(#"{"a":"a^"#, .unexpectedEnd),
    .refuse(#"{ "foo" : "bar", "a" ^}"#, .unexpectedByte),
    .refuse(#"{"a":"b"}^#"#, .trailingBytes),
    .refuse(#"{"a":^/*comment*/"b"}"#, .unexpectedByte),
    .refuse(#"{"a": true} ^"x""#, .trailingBytes),
    .refuse(#"{"asd":"asd"^"#, .unexpectedEnd),
    .refuse(#"{"x": true,^"#, .unexpectedEnd),
    .refuse(#"{"":^"#, .unexpectedEnd),
    .refuse("{^", .unexpectedEnd),
    .refuse("{^]", .unexpectedByte),
    .refuse("{^,", .unexpectedByte),
    .refuse("{^[", .unexpectedByte),
    .refuse(#"{"a^"#, .unexpectedEnd),
    .refuse(#"{"a":1^]"#, .unexpectedByte),
    .refuse(#"{^{}:1}"#, .unexpectedByte),
    .refuse(#"{"a^\}"#, .invalidEscape),
    .refuse(#"{"a"^=1}"#, .unexpectedByte),
    .refuse(#"{"a":1 ^"b":2}"#, .unexpectedByte),
    .refuse(#"{"a":1^;"b":2}"#, .unexpectedByte),
    .refuse(#"{^,"a":1}"#, .unexpectedByte),
    .refuse(#"["^\{["\{["\{["\{"#, .invalidEscape),
  ]

  static let words: [JSONCase] = [
    .accept("[true, false, null]"),
    .refuse("[fals^]", .unexpectedByte), .refuse("[nul^]", .unexpectedByte),
    .refuse("[tru^]", .unexpectedByte), .refuse("[ false, nul^", .unexpectedEnd),
    .refuse("[ true, fals^", .unexpectedEnd), .refuse("[ false, tru^", .unexpectedEnd),
    .refuse("t^", .unexpectedEnd), .refuse("n^", .unexpectedEnd), .refuse("f^", .unexpectedEnd),
    .refuse("[^True]", .unexpectedByte), .refuse("[^NULL]", .unexpectedByte),
    .refuse("[t^RUE]", .unexpectedByte), .refuse("[true^r]", .unexpectedByte),
    .refuse("[n^one]", .unexpectedByte), .refuse("[^undefined]", .unexpectedByte),
    .refuse("[n^an]", .unexpectedByte), .refuse("[^NaN]", .unexpectedByte),
    .refuse("[^Infinity]", .unexpectedByte), .refuse("[^Inf]", .unexpectedByte),
    .refuse("[nu^<6B>l]", .unexpectedByte), .refuse("[tr<75>^<00>]", .unexpectedByte),
  ]

  static let choices: [JSONCase] = [
    // A byte order mark is skipped, as RFC 8259 allows.
    .accept("<EF><BB><BF>{}"),
    .accept("<EF><BB><BF> [1]"),
    // Other encodings are not detected.
    .refuse("^<FF><FE>[<00>]<00>", .unexpectedByte),
    .refuse("^<FE><FF><00>[<00>]", .unexpectedByte),
    .refuse("[^<00>]<00>", .unexpectedByte),
    .refuse("^<00>[<00>]", .unexpectedByte),
  ]
}

/// How deep a document may be nested.
@Suite struct JSONNestingTests {
  static let limit = JSONReader.depthLimit

  @Test(arguments: [1, 2, limit - 1, limit]) func depthWithinTheLimit(_ depth: Int) {
    #expect(jsonFailure(arrays(depth)) == nil)
    #expect(jsonFailure(objects(depth)) == nil)
  }

  @Test(arguments: [limit + 1, 128, 500, 10_000, 100_000]) func depthBeyondTheLimit(_ depth: Int) {
    #expect(jsonFailure(arrays(depth)) == JSONError(.tooDeep, at: Self.limit))
    #expect(jsonFailure(objects(depth)) == JSONError(.tooDeep, at: Self.limit * 5))
  }

  @Test func onlyOpeningBrackets() {
    let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
    #expect(jsonFailure(bytes) == JSONError(.tooDeep, at: Self.limit))
  }

  @Test func openedAndNeverClosed() {
    let bytes = Array(String(repeating: "[{\"\":", count: 50_000).utf8)
    #expect(jsonFailure(bytes) == JSONError(.tooDeep, at: Self.limit / 2 * 5))
  }

  @Test func mixedContainersAreToldApartOnEveryLevel() {
    for pattern in 0..<256 as Range<UInt64> {
      // The pattern eight times: 64 levels, an array for each 0 and an object for each 1.
      let levels = (0..<64).map { pattern >> UInt64($0 % 8) & 1 == 1 }
      let opening = levels.map { $0 ? "{\"k\":" : "[" }.joined()
      let closing = levels.reversed().map { $0 ? "}" : "]" }
      #expect(jsonFailure(Array((opening + "0" + closing.joined()).utf8)) == nil)
      var crossed = closing
      crossed[31] = crossed[31] == "]" ? "}" : "]"
      let error = JSONError(.unexpectedByte, at: opening.utf8.count + 1 + 31)
      #expect(jsonFailure(Array((opening + "0" + crossed.joined()).utf8)) == error)
    }
  }

  @Test func manySiblings() {
    let bytes = Array(("[" + String(repeating: "[[]],", count: 20_000) + "{}]").utf8)
    #expect(jsonFailure(bytes) == nil)
  }

  private func arrays(_ depth: Int) -> [UInt8] {
    Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
  }

  private func objects(_ depth: Int) -> [UInt8] {
    let opening = String(repeating: "{\"k\":", count: depth)
    return Array((opening + "1" + String(repeating: "}", count: depth)).utf8)
  }
}
