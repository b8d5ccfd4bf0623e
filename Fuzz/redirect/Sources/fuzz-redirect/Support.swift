import CDeepIDV
import DeepIDVCore

let statuses: [(word: String, code: Int32)] = [
  ("success", DEEPIDV_REDIRECT_SUCCESS), ("failed", DEEPIDV_REDIRECT_FAILED),
  ("abandoned", DEEPIDV_REDIRECT_ABANDONED), ("SUBMITTED", DEEPIDV_REDIRECT_SUBMITTED),
]

let reasons: [(word: String, code: Int32)] = [
  ("document_unreadable", DEEPIDV_REASON_DOCUMENT_UNREADABLE),
  ("face_mismatch", DEEPIDV_REASON_FACE_MISMATCH),
  ("session_expired", DEEPIDV_REASON_SESSION_EXPIRED),
  ("internal_error", DEEPIDV_REASON_INTERNAL_ERROR),
  ("user_cancelled", DEEPIDV_REASON_USER_CANCELLED), ("unknown", DEEPIDV_REASON_UNKNOWN),
]

/// The code of a known value; 0 if empty, -1 if unknown.
func code(of word: [UInt8], in known: [(word: String, code: Int32)]) -> Int32 {
  if word.isEmpty { return 0 }
  return known.first { Array($0.word.utf8) == word }?.code ?? -1
}

/// The range of a span, which must be inside the text.
func range(_ span: deepidv_span, of text: [UInt8]) -> Range<Int> {
  let start = Int(span.offset)
  let end = start + Int(span.length)
  require(end <= text.count)
  return start..<end
}

/// Encodes all bytes except letters and digits, and a space as `+`.
func encoded(_ value: [UInt8]) -> String {
  value.map { byte in
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
    case 0x20: "+"
    default: (byte < 0x10 ? "%0" : "%") + String(byte, radix: 16, uppercase: byte & 1 == 0)
    }
  }.joined()
}

/// Decodes a span with the library, into a buffer of the exact size; a smaller one must be refused.
func written(_ text: [UInt8], _ span: deepidv_span) -> [UInt8] {
  var room = [UInt8](repeating: 0xAA, count: Int(span.length) + 1)
  var length = 0
  var target = room.mutableSpan
  let status = decodeSpan(text.span, span, into: &target, length: &length)
  require([DEEPIDV_OK, DEEPIDV_E_NUL, DEEPIDV_E_UTF8].contains(status))
  require(length < room.count && room[length] == 0)

  var tight = [UInt8](repeating: 0xAA, count: length)
  var needed = 0
  var tightTarget = tight.mutableSpan
  require(
    decodeSpan(text.span, span, into: &tightTarget, length: &needed) == DEEPIDV_E_BUFFER
      && needed == length)
  require(tight.allSatisfy { $0 == 0xAA })
  return Array(room[..<length])
}

func require(_ holds: Bool, _ place: StaticString = #fileID, _ line: Int = #line) {
  if !holds { fatalError("broken: \(place) \(line)") }
}
