import Testing

@testable import DeepIDVCore

/// Strings: valid ones, invalid ones, and their contents.
@Suite struct JSONStringTests {
  @Test(arguments: wellFormed + malformed + encodings + surrogates) func verdict(_ row: JSONCase) {
    #expect(jsonFailure(row.bytes) == row.failure)
  }

  static let wellFormed: [JSONCase] = [
    .accept(#"["\u0060\u012a\u12AB"]"#), .accept(#"["\uD801\udc37"]"#),
    .accept(#"["\ud83d\ude39\ud83d\udc8d"]"#), .accept(#"["\"\\\/\b\f\n\r\t"]"#),
    .accept(#"["\\u0000"]"#), .accept(#"["\""]"#), .accept(#"["a/*b*/c/*d//e"]"#),
    .accept(#"["\\a"]"#), .accept(#"["\\n"]"#), .accept(#"["\u0012"]"#), .accept(#"["\uFFFF"]"#),
    .accept(#"["asd"]"#), .accept(#"[ "asd"]"#), .accept(#"["\uDBFF\uDFFF"]"#),
    .accept(#"["new\u00A0line"]"#), .accept("[\"<F4><8F><BF><BF>\"]"),
    .accept("[\"<EF><BF><BF>\"]"), .accept(#"["\u0000"]"#), .accept(#"["\u002c"]"#),
    .accept("[\"<CF><80>\"]"), .accept("[\"<F0><9B><BF><BF>\"]"), .accept(#"["asd "]"#),
    .accept(#"" ""#), .accept(#"["\uD834\uDd1e"]"#), .accept(#"["\u0821"]"#),
    .accept(#"["\u0123"]"#), .accept("[\"<E2><80><A8>\"]"), .accept("[\"<E2><80><A9>\"]"),
    .accept(#"["\u0061\u30af\u30EA\u30b9"]"#), .accept(#"["new\u000Aline"]"#),
    .accept("[\"<7F>\"]"), .accept(#"["\uA66D"]"#), .accept(#"["\u005C"]"#),
    .accept("[\"<E2><8D><82><E3><88><B4><E2><8D><82>\"]"), .accept(#"["\uDBFF\uDFFE"]"#),
    .accept(#"["\uD83F\uDFFE"]"#), .accept(#"["\u200B"]"#), .accept(#"["\u2064"]"#),
    .accept(#"["\uFDD0"]"#), .accept(#"["\uFFFE"]"#), .accept(#"["\u0022"]"#),
    .accept("[\"<E2><82><AC><F0><9D><84><9E>\"]"), .accept("[\"a<7F>a\"]"),
    .accept(#"["\u00e9\u00E9"]"#), .accept(#"["\\\\\\"]"#), .accept(#"["\\\""]"#),
    .accept("[\"<EF><BB><BF>\"]"), .accept(#"{"\u0061\"":"\\"}"#),
  ]

  static let malformed: [JSONCase] = [
    .refuse("[^<C3><A9>]", .unexpectedByte), .refuse("[\"^\\<00>\"]", .invalidEscape),
    .refuse(#"["^\x00"]"#, .invalidEscape), .refuse(#"["\\\"]^"#, .unexpectedEnd),
    .refuse("[\"^\\<09>\"]", .invalidEscape),
    .refuse("[\"^\\<F0><9F><8C><80>\"]", .invalidEscape),
    .refuse(#"["\"]^"#, .unexpectedEnd), .refuse(#"["^\u00A"]"#, .invalidEscape),
    .refuse(#"["^\u"]"#, .invalidEscape), .refuse(#"["^\u1"]"#, .invalidEscape),
    .refuse(#"["^\u12"]"#, .invalidEscape), .refuse(#"["^\a"]"#, .invalidEscape),
    .refuse(#"["^\0"]"#, .invalidEscape), .refuse(#"["^\'"]"#, .invalidEscape),
    .refuse(#"["^\uqqqq"]"#, .invalidEscape), .refuse("[\"^\\<E5>\"]", .invalidEscape),
    .refuse("[\"^\\u<E5>\"]", .invalidEscape), .refuse(#"["^\u12 4"]"#, .invalidEscape),
    .refuse(#"["^\u+123"]"#, .invalidEscape), .refuse(#"["^\u{41}"]"#, .invalidEscape),
    .refuse(#"["^\u00G0"]"#, .invalidEscape), .refuse(#"["^\UA66D"]"#, .invalidEscape),
    .refuse(#"["^\N"]"#, .invalidEscape), .refuse(#"["^\B"]"#, .invalidEscape),
    .refuse(#"[^\u0020"asd"]"#, .unexpectedByte), .refuse(#"[^\n]"#, .unexpectedByte),
    .refuse(#"^\u000A"""#, .unexpectedByte), .refuse(#""^"#, .unexpectedEnd),
    .refuse("[^'single quote']", .unexpectedByte), .refuse(#"["\^"#, .unexpectedEnd),
    .refuse(#"["\u^"#, .unexpectedEnd), .refuse(#"["\u0^"#, .unexpectedEnd),
    .refuse(#"["\u004^"#, .unexpectedEnd), .refuse(#"["\u0041^"#, .unexpectedEnd),
    .refuse("[\"a^<00>a\"]", .controlCharacter), .refuse("[\"new^<0A>line\"]", .controlCharacter),
    .refuse("[\"^<09>\"]", .controlCharacter), .refuse("[\"^<1F>\"]", .controlCharacter),
    .refuse("[\"^<0D>\"]", .controlCharacter), .refuse("{\"^<01>\":1}", .controlCharacter),
    .refuse(#"""^x"#, .trailingBytes), .refuse(#"["a"^"]"#, .unexpectedByte),
    .refuse(#"["abc^"#, .unexpectedEnd), .refuse(#"{"\u0061^"#, .unexpectedEnd),
  ]

  /// Invalid UTF-8 of every kind, reported where the sequence begins.
  static let encodings: [JSONCase] = [
    .refuse("[\"^<FF>\"]", .invalidUTF8), .refuse("[\"^<FE>\"]", .invalidUTF8),
    .refuse("[\"^<80>\"]", .invalidUTF8), .refuse("[\"^<BF>\"]", .invalidUTF8),
    .refuse("[\"^<81>\"]", .invalidUTF8), .refuse("[\"^<E9>\"]", .invalidUTF8),
    .refuse("[\"^<C0><AF>\"]", .invalidUTF8), .refuse("[\"^<C1><BF>\"]", .invalidUTF8),
    .refuse("[\"^<C0><80>\"]", .invalidUTF8), .refuse("[\"^<E0><80><AF>\"]", .invalidUTF8),
    .refuse("[\"^<E0><9F><BF>\"]", .invalidUTF8),
    .refuse("[\"^<F0><80><80><AF>\"]", .invalidUTF8),
    .refuse("[\"^<F0><8F><BF><BF>\"]", .invalidUTF8),
    .refuse("[\"^<FC><83><BF><BF><BF><BF>\"]", .invalidUTF8),
    .refuse("[\"^<FC><80><80><80><80><80>\"]", .invalidUTF8),
    .refuse("[\"^<F8><88><80><80><80>\"]", .invalidUTF8),
    .refuse("[\"^<E0><FF>\"]", .invalidUTF8), .refuse("[\"^<F4><BF><BF><BF>\"]", .invalidUTF8),
    .refuse("[\"^<F4><90><80><80>\"]", .invalidUTF8),
    .refuse("[\"^<F5><80><80><80>\"]", .invalidUTF8),
    .refuse("[\"^<ED><A0><80>\"]", .invalidUTF8), .refuse("[\"^<ED><BF><BF>\"]", .invalidUTF8),
    .refuse("[\"^<ED><A0><81><ED><B0><B7>\"]", .invalidUTF8),
    .refuse("[\"^<C3>\"]", .invalidUTF8), .refuse("[\"^<E2><82>\"]", .invalidUTF8),
    .refuse("[\"^<F0><9F><98>\"]", .invalidUTF8), .refuse("[\"^<C3>a\"]", .invalidUTF8),
    .refuse("[\"^<E2><82>a\"]", .invalidUTF8), .refuse("[\"^<C3><C3><A9>\"]", .invalidUTF8),
    .refuse("[\"<C3><A9>^<A9>\"]", .invalidUTF8), .refuse("[\"abcdefghijkl^<E9>\"]", .invalidUTF8),
    .refuse("[\"<E6><97><A5>^<D1>\"]", .invalidUTF8),
    .refuse("{\"^<FF>\":1}", .invalidUTF8), .refuse(#"{"a":"^<FF>"}"#, .invalidUTF8),
    // The first error is reported.
    .refuse("[\"^<FF>\\x\"]", .invalidUTF8), .refuse("[\"^<FF><0A>\"]", .invalidUTF8),
    .refuse("[\"^\\x<FF>\"]", .invalidEscape), .refuse("[\"^<0A><FF>\"]", .controlCharacter),
    .refuse("[\"^<FF>", .invalidUTF8), .refuse("[\"^<E2><82>", .invalidUTF8),
    .refuse("[\"<C3><A9>^", .unexpectedEnd),
    .accept("[\"<C2><80><DF><BF><E0><A0><80><ED><9F><BF><EE><80><80><F0><90><80><80>\"]"),
  ]

  static let surrogates: [JSONCase] = [
    .refuse(#"["^\uD800\"]"#, .loneSurrogate), .refuse(#"["\uD800^\u"]"#, .invalidEscape),
    .refuse(#"["\uD800^\u1"]"#, .invalidEscape), .refuse(#"["\uD800^\u1x"]"#, .invalidEscape),
    .refuse(#"["\uD834^\uDd"]"#, .invalidEscape), .refuse(#"["^\uD800\uD800\x"]"#, .loneSurrogate),
    .refuse(#"{"^\uDFAA":0}"#, .loneSurrogate), .refuse(#"["^\uDADA"]"#, .loneSurrogate),
    .refuse(#"["^\uD888\u1234"]"#, .loneSurrogate), .refuse(#"["^\uD800\n"]"#, .loneSurrogate),
    .refuse(#"["^\uDd1ea"]"#, .loneSurrogate), .refuse(#"["^\ud800"]"#, .loneSurrogate),
    .refuse(#"["^\uD800\uD800\n"]"#, .loneSurrogate), .refuse(#"["^\ud800abc"]"#, .loneSurrogate),
    .refuse(#"["^\uDd1e\uD834"]"#, .loneSurrogate), .refuse(#"["^\uDFAA"]"#, .loneSurrogate),
    .refuse(#"["^\uDC00\uDC00"]"#, .loneSurrogate), .refuse(#"["^\uDBFF\uE000"]"#, .loneSurrogate),
    .refuse(#"["^\uD800\\uDC00"]"#, .loneSurrogate),
    .refuse(#"["^\uD800 \uDC00"]"#, .loneSurrogate),
    .refuse(#"["\uD800\uDC00^\uDC00"]"#, .loneSurrogate),
    .refuse("[\"^\\uD800<ED><B0><80>\"]", .loneSurrogate),
    .refuse(#"["\uD83D^"#, .unexpectedEnd), .refuse(#"["\uD83D\^"#, .unexpectedEnd),
    .refuse(#"["\uD83D\u^"#, .unexpectedEnd), .refuse(#"["\uD83D\uDE0^"#, .unexpectedEnd),
    .accept(#"["\uD7FF\uE000"]"#), .accept(#"["\uD800\uDC00"]"#), .accept(#"["\uDBFF\uDFFF"]"#),
  ]

  @Test(arguments: [
    (#""""#, ""), (#""plain""#, "plain"), (#""\u0069d""#, "id"), (#""\"\\\/""#, "\"\\/"),
    (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"), (#""\u0000""#, "\0"), (#""a\u0000b""#, "a\0b"),
    (#""\u007F\u0080""#, "\u{7F}\u{80}"), (#""\u07FF\u0800""#, "\u{7FF}\u{800}"),
    (#""\uFFFF\uD800\uDC00""#, "\u{FFFF}\u{10000}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
    (#""\ud83d\ude00!""#, "\u{1F600}!"), (#""\\u0041""#, "\\u0041"), (#""\\\u0041""#, "\\A"),
    (#""é\u00e9é""#, "ééé"), (#""\u0061\u0062""#, "ab"), (#""x\n""#, "x\n"), (#""\nx""#, "\nx"),
    (#""日\u672c語""#, "日本語"),
  ]) func meaning(_ document: String, _ meaning: String) throws {
    let bytes = Array(document.utf8)
    let text = try #require(string(bytes))
    #expect(unescapedBytes(text, in: bytes) == Array(meaning.utf8))
    #expect(text.hasEscapes == document.contains("\\"))
    #expect(text.equals(Array(meaning.utf8).span, in: bytes.span) == true)
    #expect(text.equals(Array((meaning + "x").utf8).span, in: bytes.span) == false)
    #expect(text.equals(Array(("x" + meaning).utf8).span, in: bytes.span) == false)
    if meaning.isEmpty { return }
    #expect(text.equals(Array(meaning.utf8.dropLast()).span, in: bytes.span) == false)
    #expect(text.equals(Array(meaning.utf8.dropFirst()).span, in: bytes.span) == false)
  }

  @Test func everyScalarEscaped() throws {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 1) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      // All of the basic plane, and a part of the others.
      guard value < 0x1_0000 || value % 61 == 0 || value & 0xFFFF >= 0xFFF0 else { continue }
      let units = String(Character(scalar)).utf16.map { unit in
        "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count)
          + String(unit, radix: 16)
      }
      let bytes = Array("\"\(units.joined())\"".utf8)
      let text = string(bytes)
      let expected = Array(String(Character(scalar)).utf8)
      if text.map({ unescapedBytes($0, in: bytes) }) != expected {
        Issue.record("U+\(String(value, radix: 16))")
      }
    }
  }

  @Test func rangeIsWhatStandsBetweenTheQuotes() throws {
    let bytes = Array(#"{"name" : "a\tb"}"#.utf8)
    var reader = JSONReader()
    _ = reader.next(in: bytes.span)
    let key = JSONText(from: 2, to: 6, marks: 0)
    #expect(reader.next(in: bytes.span) == .key(key))
    let value = JSONText(from: 11, to: 15, marks: JSONText.escapes)
    #expect(reader.next(in: bytes.span) == .string(value))
    #expect(value.range(in: bytes.span) == ByteRange(11, 15))
  }

  @Test func comparisonWithAName() throws {
    let bytes = Array(#""\u0069\u0064""#.utf8)
    let text = try #require(string(bytes))
    #expect(text.equals("id", in: bytes.span) == true)
    #expect(text.equals("ide", in: bytes.span) == false)
    #expect(text.equals("i", in: bytes.span) == false)
    #expect(text.equals("", in: bytes.span) == false)
  }

  @Test func anotherDocumentThanTheTextCameFrom() throws {
    let bytes = Array(#""\u0069\ud83d\ude00 abcdef""#.utf8)
    let text = try #require(string(bytes))
    let backslashes = String(repeating: "\\", count: 30)
    for other in ["", "\"", "\"abc", #""\u00"#, #""\ud83d\ude0"#, backslashes] {
      let other = Array(other.utf8)
      #expect(text.range(in: other.span).end <= other.count)
      #expect(unescapedBytes(text, in: other).count <= text.length)
      #expect(text.equals("i", in: other.span) == false)
    }
  }

  @Test func unescapingStopsAtTheLimit() throws {
    let bytes = Array(#""abcdefgh\n""#.utf8)
    let text = try #require(string(bytes))
    for limit in 0..<9 {
      var buffer = ByteBuffer(byteLimit: limit)
      do throws(BufferError) {
        try text.append(to: &buffer, in: bytes.span)
        Issue.record("limit \(limit)")
      } catch {
        #expect(error == .full)
      }
      #expect(buffer.count <= limit)
    }
    var buffer = ByteBuffer(byteLimit: 9)
    try text.append(to: &buffer, in: bytes.span)
    #expect(buffer.array == Array("abcdefgh\n".utf8))
  }

  private func string(_ bytes: [UInt8]) -> JSONText? {
    var reader = JSONReader()
    return reader.readString(in: bytes.span)
  }
}
