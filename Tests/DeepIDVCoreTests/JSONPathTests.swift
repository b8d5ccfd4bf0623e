import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct JSONPathTests {
  private static let document = #"""
    {"session_record": {"id": "sess_abc", "status": "VERIFIED", "uploads": {"id_front": true, "selfie": false},
      "location": null, "count": -7, "big": 9223372036854775808, "ratio": 1.5, "empty": "",
      "a.b": "dot", "c\\d": "backslash", "\u0065\u0301": "accent", "": "no name", "0": "zero",
      "steps": ["one", {"two": [3]}, [], null]},
     "links": [{"href": "https://a/", "rel": "a\u0000b"}, {"href": "\u20ac\"\ud83d\ude00"}]}
    """#

  @Test(arguments: [
    ("session_record.id", "'sess_abc'"), ("session_record.status", "'VERIFIED'"),
    ("session_record.uploads.id_front", "true"), ("session_record.uploads.selfie", "false"),
    ("session_record.uploads", "{"), ("session_record", "{"), ("links", "["), ("links.0", "{"),
    ("session_record.count", "-7"), ("session_record.big", "9223372036854775808"),
    ("session_record.ratio", "1.5"), ("session_record.empty", "''"),
    (#"session_record.a\.b"#, "'dot'"), (#"session_record.c\\d"#, "'backslash'"),
    ("session_record.e\u{301}", "'accent'"), ("session_record.0", "'zero'"),
    ("session_record.steps.0", "'one'"), ("session_record.steps.1.two.0", "3"),
    ("links.0.href", "'https://a/'"), ("links.1.href", "'\u{20AC}\"\u{1F600}'"),
  ])
  func found(_ path: String, _ value: String) throws {
    #expect(try self.value(path) == value)
  }

  @Test(arguments: [
    ("session_record.location", DEEPIDV_E_ABSENT), ("session_record.steps.3", DEEPIDV_E_ABSENT),
    ("session_record.location.city", DEEPIDV_E_ABSENT), ("nothing", DEEPIDV_E_ABSENT),
    ("session_record.Status", DEEPIDV_E_ABSENT), ("session_record.statu", DEEPIDV_E_ABSENT),
    ("session_record.status2", DEEPIDV_E_ABSENT), ("session_record.a.b", DEEPIDV_E_ABSENT),
    ("session_record.steps.4", DEEPIDV_E_ABSENT), ("session_record.steps.2.0", DEEPIDV_E_ABSENT),
    ("links.18446744073709551616", DEEPIDV_E_ABSENT), ("session_record.é", DEEPIDV_E_ABSENT),
    ("links.href", DEEPIDV_E_TYPE), ("links.-1", DEEPIDV_E_TYPE), ("links.0x0", DEEPIDV_E_TYPE),
    ("session_record.id.0", DEEPIDV_E_TYPE), ("session_record.uploads.selfie.x", DEEPIDV_E_TYPE),
    ("session_record.count.x", DEEPIDV_E_TYPE),
    ("", DEEPIDV_E_PATH), (".", DEEPIDV_E_PATH), (".a", DEEPIDV_E_PATH), ("a.", DEEPIDV_E_PATH),
    ("a..b", DEEPIDV_E_PATH), (#"\"#, DEEPIDV_E_PATH), (#"a\"#, DEEPIDV_E_PATH),
    (#"a\n"#, DEEPIDV_E_PATH), (#"a\\\"#, DEEPIDV_E_PATH), (#"nothing.\x"#, DEEPIDV_E_PATH),
  ])
  func absent(_ path: String, _ status: deepidv_status) {
    let error = #expect(throws: JSONPathFault.self) { try value(path) }
    #expect(error?.status == status)
  }

  @Test(arguments: [
    ("", DEEPIDV_E_ABSENT), ("<html>", DEEPIDV_E_JSON), (#"{"a":1"#, DEEPIDV_E_JSON),
    (#"{"a":1} {}"#, DEEPIDV_E_JSON), (#"{"a":1,"b":}"#, DEEPIDV_E_JSON),
    (#"{"a":1,"b":"\ud800"}"#, DEEPIDV_E_JSON), ("1", DEEPIDV_E_TYPE), ("null", DEEPIDV_E_ABSENT),
    ("[1]", DEEPIDV_E_TYPE), (#"{"a":1,"b":2,"a":3}"#, DEEPIDV_E_JSON_DUPLICATE),
    (#"{"a":1,"\u0061":1}"#, DEEPIDV_E_JSON_DUPLICATE),
  ])
  func badDocument(_ document: String, _ status: deepidv_status) {
    let error = #expect(throws: JSONPathFault.self) { try value("a", in: document) }
    #expect(error?.status == status)
  }

  /// What is not on the way may occur twice.
  @Test func duplicatesBesideTheWay() throws {
    let document = #"{"b":1,"a":{"c":{"x":1,"x":2}, "d":3},"b":2}"#
    #expect(try value("a.d", in: document) == "3")
    #expect(throws: JSONPathFault.self) { try value("a.c.x", in: document) }
  }

  @Test func limits() throws {
    let name = String(repeating: "a", count: JSONPath.longest)
    #expect(try value(name, in: #"{"\#(name)":7}"#) == "7")
    let error = #expect(throws: JSONPathFault.self) { try value(name + "a") }
    #expect(error?.status == DEEPIDV_E_TOO_LONG)
    // As deep as a document can be.
    let depth = JSONReader.depthLimit
    let deep =
      String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
    #expect(try value(Array(repeating: "a", count: depth).joined(separator: "."), in: deep) == "1")
    let deeper = #"{"a":"# + deep + "}"
    #expect(throws: JSONPathFault.self) { try value("a", in: deeper) }
  }

  /// A path of any bytes finds nothing that is not there, and a cut document is none.
  @Test func anyBytes() {
    var generator = SeededGenerator(11)
    let document = Array(Self.document.utf8)
    for _ in 0..<1000 {
      var path = Array("session_record.uploads.selfie".utf8)
      let place = Int(generator.next() % UInt64(path.count))
      path[place] = UInt8(truncatingIfNeeded: generator.next())
      let isChanged = path != Array("session_record.uploads.selfie".utf8)
      #expect(((try? JSONPath.find(path.span, in: document.span)) == nil) == isChanged)
    }
    for length in 0..<document.count {
      let cut = Array(document.prefix(length))
      #expect((try? JSONPath.find(Array("links".utf8).span, in: cut.span)) == nil)
    }
  }

  @Test func writing() throws {
    let document = Array(#"{"a":"\u20ac1","b":"x\u0000","c":""}"#.utf8)
    for (path, text, status) in [
      ("a", "\u{20AC}1", DEEPIDV_OK), ("b", "x\0", DEEPIDV_E_NUL), ("c", "", DEEPIDV_OK),
    ]
      as [(String, String, deepidv_status)]
    {
      let bytes = Array(text.utf8)
      guard case .string(let found) = try JSONPath.find(Array(path.utf8).span, in: document.span)
      else {
        Issue.record("no string")
        continue
      }
      for room in 0...bytes.count + 1 {
        var out = [UInt8](repeating: 0x7E, count: room)
        var span = out.mutableSpan
        var length = -1
        let seen = found.write(to: &span, length: &length, in: document.span)
        #expect(length == bytes.count)
        #expect(seen == (room > bytes.count ? status : DEEPIDV_E_BUFFER))
        if room > bytes.count {
          #expect(out == bytes + [0])
        } else {
          #expect(out.first ?? 0 == 0)
        }
      }
    }
  }

  private func value(_ path: String, in document: String = document) throws -> String {
    let (path, document) = (Array(path.utf8), Array(document.utf8))
    switch try JSONPath.find(path.span, in: document.span) {
    case .beginObject: return "{"
    case .beginArray: return "["
    case .string(let text): return "'" + unescaped(text, in: document) + "'"
    case .number(let number):
      return String(decoding: document[number.offset..<number.end], as: Unicode.UTF8.self)
    case .bool(let value): return value ? "true" : "false"
    case .null, .key, .endObject, .endArray, .end, .failure: return "not a value"
    }
  }
}
