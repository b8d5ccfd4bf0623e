import Testing

@testable import DeepIDVCore

/// Iterating over members and elements, however much of them the caller reads.
@Suite struct JSONObjectTests {
  struct Answer: Equatable {
    var id = ""
    var url = ""
    var links: [String] = []
    var error: JSONError?
  }

  @Test func anAnswer() {
    let answer = read(
      #"""
      {"meta":{"id":"no","links":[{"href":"no"}]},"\u0069d":"sess_abc","links":[{"rel":"a","href":"1"},
      7,{"href":"2","x":[[{}]]},[{"href":"no"}],{}],"session_url":"https://x\/y","z":[1,[2,{"id":3}]]}
      """#)
    #expect(answer == Answer(id: "sess_abc", url: "https://x/y", links: ["1", "2"]))
  }

  @Test(arguments: ["{}", #"{"id":null}"#, #"{"id":{"id":"no"}}"#, #"{"links":{"href":"no"}}"#])
  func anAnswerWithoutWhatIsLookedFor(_ document: String) {
    #expect(read(document) == Answer())
  }

  @Test func somethingElseThanAnObject() {
    for document in ["[]", "1", #""id""#, "null", #"[{"id":"no"}]"#] {
      #expect(read(document) == Answer())
    }
  }

  @Test func aMalformedAnswerKeepsWhatCameBefore() {
    let answer = read(#"{"id":"a","links":[{"href":"1"},{"href":}]}"#)
    let error = JSONError(.unexpectedByte, at: 40)
    #expect(answer == Answer(id: "a", links: ["1"], error: error))
    #expect(read(#"{"id":"a"}}"#).error == JSONError(.trailingBytes, at: 10))
    #expect(read(#"{"id":"a","#).error == JSONError(.unexpectedEnd, at: 10))
    #expect(read(#"{"links":[1,]}"#).error == JSONError(.unexpectedByte, at: 12))
    #expect(read(#"{"links":["#).error == JSONError(.unexpectedEnd, at: 10))
    #expect(read("").error == JSONError(.unexpectedEnd, at: 0))
  }

  @Test func everyPrefixOfAnAnswer() {
    let bytes = Array(#"{"a":[{"b":1}],"links":[{"href":"1"},[2]],"id":"x"}"#.utf8)
    for length in bytes.indices {
      #expect(read(Array(bytes[..<length])).error != nil)
    }
    #expect(read(bytes) == Answer(id: "x", links: ["1"]))
  }

  @Test func everySingleByteChanged() {
    var bytes = Array(#"{"a":[{"b":1}],"links":[{"href":"1"},[2]],"id":"x"}"#.utf8)
    for index in bytes.indices {
      let original = bytes[index]
      for byte in UInt8.min...UInt8.max {
        bytes[index] = byte
        // Iterating over members and reading piece by piece find the same error.
        #expect(read(bytes).error == jsonFailure(bytes))
      }
      bytes[index] = original
    }
  }

  @Test func aValueReadInPart() throws {
    let bytes = Array(#"{"a":{"x":[1,{"y":[2]}],"z":0},"b":1}"#.utf8)
    for steps in 0..<14 {
      var reader = JSONReader()
      let entered = reader.readObject(in: bytes.span)
      let object = try #require(entered)
      #expect(reader.nextMember(of: object, in: bytes.span)?.equals("a", in: bytes.span) == true)
      for _ in 0..<min(steps, 13) { _ = reader.next(in: bytes.span) }
      #expect(reader.depth >= 1)
      #expect(reader.nextMember(of: object, in: bytes.span)?.equals("b", in: bytes.span) == true)
      #expect(reader.nextMember(of: object, in: bytes.span) == nil)
      #expect(reader.nextMember(of: object, in: bytes.span) == nil)
      #expect(reader.finish(in: bytes.span) == nil)
    }
  }

  @Test func elements() {
    #expect(integers("[]") == [])
    #expect(integers("[1]") == [1])
    #expect(integers("[ 1 , 2,3 ]") == [1, 2, 3])
    #expect(integers(#"[1,"x",[9],{"a":9},null,true,2]"#) == [1, 2])
    #expect(integers("{}") == nil)
    #expect(integers("[1,]") == [1])
    #expect(integers("[1 2]") == [1])
    #expect(integers("[,1]") == [])
  }

  @Test func arrayWalkedAfterItsEnd() throws {
    let bytes = Array("[[1],{\"a\":1,\"b\":2}]".utf8)
    var reader = JSONReader()
    let outer = reader.readArray(in: bytes.span)
    let first = try reader.nextElement(of: #require(outer), in: bytes.span)
    #expect(first)
    let array = reader.readArray(in: bytes.span)
    let inner = try #require(array)
    while reader.nextElement(of: inner, in: bytes.span) {}
    #expect(reader.nextElement(of: inner, in: bytes.span) == false)
    #expect(try reader.nextElement(of: #require(outer), in: bytes.span) == true)
    let entered = reader.readObject(in: bytes.span)
    let object = try #require(entered)
    _ = reader.nextMember(of: object, in: bytes.span)
    // An object at the depth of the array is not mistaken for it.
    #expect(reader.nextElement(of: inner, in: bytes.span) == false)
    #expect(reader.nextMember(of: object, in: bytes.span)?.equals("b", in: bytes.span) == true)
    #expect(reader.finish(in: bytes.span) == nil)
  }

  @Test func readingWhatDoesNotComeReadsNothing() {
    let bytes = Array("[1]".utf8)
    var reader = JSONReader()
    #expect(reader.readObject(in: bytes.span) == nil)
    #expect(reader.readString(in: bytes.span) == nil)
    #expect(reader.position == 0)
    #expect(reader.readArray(in: bytes.span) != nil)
    #expect(reader.readArray(in: bytes.span) == nil)
    #expect(reader.position == 1)
  }

  @Test(arguments: [
    ("id", 0), (#"\u0069\u0064"#, 0), ("idv_id", 1), ("expires_in_hours", 2),
    (String(repeating: "x", count: 127), 3),
    ("", nil), ("Id", nil), ("i", nil), ("idv_ie", nil), (#"id\u0000"#, nil), (#"\u0000"#, nil),
    ("d", nil), ("expires_in_hour", nil), (#"idv_id\u0010expires"#, nil),
    (String(repeating: "x", count: 126), nil), (String(repeating: "x", count: 128), nil),
    (String(repeating: "x", count: 256 + 127), nil), (String(repeating: "x", count: 100_000), nil),
  ])
  func names(_ name: String, _ row: Int?) {
    let names = JSONNames(
      """
      \u{02}id\u{06}idv_id\u{10}expires_in_hours\u{7F}\
      xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
      xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      """)
    let bytes = Array("{\"other\":[{\"id\":1}],\"\(name)\":2}".utf8)
    var reader = JSONReader()
    let entered = reader.readObject(in: bytes.span)
    guard let object = entered else { return }
    #expect(reader.nextMember(of: object, among: names, in: bytes.span) == row)
    if row != nil { #expect(reader.nextMember(of: object, among: names, in: bytes.span) == nil) }
    #expect(reader.finish(in: bytes.span) == nil)
  }
}

// MARK: Typical use

extension JSONObjectTests {
  private func read(_ document: String) -> Answer { read(Array(document.utf8)) }

  private func read(_ bytes: [UInt8]) -> Answer {
    var answer = Answer()
    var reader = JSONReader()
    if let object = reader.readObject(in: bytes.span) {
      while let name = reader.nextMember(of: object, in: bytes.span) {
        if name.equals("links", in: bytes.span) {
          answer.links = readLinks(from: &reader, in: bytes)
        } else if name.equals("id", in: bytes.span) {
          if let text = reader.readString(in: bytes.span) { answer.id = unescaped(text, in: bytes) }
        } else if name.equals("session_url", in: bytes.span) {
          if let text = reader.readString(in: bytes.span) {
            answer.url = unescaped(text, in: bytes)
          }
        }
      }
    }
    answer.error = reader.finish(in: bytes.span)
    return answer
  }

  private func readLinks(from reader: inout JSONReader, in bytes: [UInt8]) -> [String] {
    var links: [String] = []
    guard let array = reader.readArray(in: bytes.span) else { return [] }
    while reader.nextElement(of: array, in: bytes.span) {
      guard let link = reader.readObject(in: bytes.span) else { continue }
      while let name = reader.nextMember(of: link, in: bytes.span) {
        guard name.equals("href", in: bytes.span), let text = reader.readString(in: bytes.span)
        else { continue }
        links.append(unescaped(text, in: bytes))
      }
    }
    return links
  }

  private func integers(_ document: String) -> [Int64]? {
    let bytes = Array(document.utf8)
    var reader = JSONReader()
    guard let array = reader.readArray(in: bytes.span) else { return nil }
    var integers: [Int64] = []
    while reader.nextElement(of: array, in: bytes.span) {
      guard case .number(let number) = reader.next(in: bytes.span),
        case .value(let value) = number.integer(in: bytes.span)
      else { continue }
      integers.append(value)
    }
    return integers
  }
}
