import Testing

@testable import DeepIDVCore

/// Written documents, which the reader reads back as the same values.
@Suite struct JSONWriterTests {
  @Test func anObject() throws {
    var json = JSONWriter(byteLimit: 1000)
    try json.beginObject()
    try json.member("first_name")
    try json.string(Array("Zoë \"Z\"".utf8).span)
    try json.member("send_email_invite")
    try json.bool(false)
    try json.member("expires_in_hours")
    try json.integer(8760)
    try json.member("nested")
    try json.beginObject()
    try json.endObject()
    try json.member("last")
    try json.beginObject()
    try json.member("a")
    try json.bool(true)
    try json.endObject()
    try json.endObject()
    let expected =
      #"{"first_name":"Zoë \"Z\"","send_email_invite":false,"expires_in_hours":8760,"nested":{},"last":{"a":true}}"#
    #expect(json.finish().array == Array(expected.utf8))
  }

  @Test(arguments: [
    ("", #""""#), ("plain", #""plain""#), ("a\"b", #""a\"b""#), ("\\", #""\\""#), ("/", #""/""#),
    ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#), ("\0\u{1}\u{1F}", #""\u0000\u0001\u001f""#),
    ("\u{7F}", "\"\u{7F}\""), ("\u{2028}\u{2029}", "\"\u{2028}\u{2029}\""),
    ("é日😀", #""é日😀""#), ("\"", #""\"""#), ("\n\n", #""\n\n""#), ("x\ny", #""x\ny""#),
  ]) func escaping(_ text: String, _ written: String) throws {
    #expect(try string(Array(text.utf8)) == Array(written.utf8))
  }

  @Test func everyScalarRoundTrip() throws {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      guard value < 0x1_0000 || value % 61 == 0 || value & 0xFFFF >= 0xFFF0 else { continue }
      let text = Array("<\(Character(scalar))>".utf8)
      let document = try string(text)
      if read(document) != text { Issue.record("U+\(String(value, radix: 16))") }
    }
  }

  @Test func escapedAndUnescapedAgain() throws {
    let document = Array(#""\u0041\/\ud83d\ude00\u00e9\n\"\\\u0001""#.utf8)
    let text = try #require(read(document))
    #expect(try string(text) == Array("\"A/😀é\\n\\\"\\\\\\u0001\"".utf8))
    #expect(read(try string(text)) == text)
  }

  @Test(arguments: [0, 1, -1, 42, .max, .min] as [Int64]) func integer(_ number: Int64) throws {
    var json = JSONWriter(byteLimit: 100)
    try json.integer(number)
    #expect(json.finish().array == Array("\(number)".utf8))
  }

  @Test func everyLimitThatIsTooSmall() throws {
    let text = Array("é\n\u{1}abc".utf8)
    let full = try write(text, limit: 1000)
    for limit in 0..<full.count {
      #expect(throws: BufferError.full) { try write(text, limit: limit) }
    }
    #expect(try write(text, limit: full.count) == full)
  }

  @Test func fillsItsLimitExactly() throws {
    var json = JSONWriter(byteLimit: 5)
    try json.string(Array("abc".utf8).span)
    #expect(json.finish().array == Array("\"abc\"".utf8))
  }

  private func write(_ text: [UInt8], limit: Int) throws(BufferError) -> [UInt8] {
    var json = JSONWriter(byteLimit: limit)
    try json.beginObject()
    try json.member("a")
    try json.string(text.span)
    try json.member("b")
    try json.integer(-12)
    try json.member("c")
    try json.bool(true)
    try json.endObject()
    return json.finish().array
  }

  private func string(_ bytes: [UInt8]) throws(BufferError) -> [UInt8] {
    var json = JSONWriter(byteLimit: 10_000)
    try json.string(bytes.span)
    return json.finish().array
  }

  private func read(_ document: [UInt8]) -> [UInt8]? {
    var reader = JSONReader()
    guard let text = reader.readString(in: document.span), reader.finish(in: document.span) == nil
    else { return nil }
    return unescapedBytes(text, in: document)
  }
}
