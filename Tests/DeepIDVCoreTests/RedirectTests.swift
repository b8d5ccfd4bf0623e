import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct RedirectTests {
  @Test(arguments: [
    ("https://yourapp.com/verify-callback?session_id=sess_abc&status=success", "sess_abc", 1, 0),
    (
      "https://yourapp.com/verify-callback?session_id=sess_abc&status=failed&reason=document_unreadable",
      "sess_abc", 2, 1
    ),
    (
      "https://yourapp.com/verify-callback?session_id=sess_abc&status=abandoned&reason=user_cancelled",
      "sess_abc", 3, 5
    ),
    ("/cb?reason=face_mismatch&status=failed&session_id=s", "s", 2, 2),
    ("?session_id=s&status=failed&reason=session_expired", "s", 2, 3),
    ("session_id=s&status=failed&reason=internal_error", "s", 2, 4),
    ("session_id=s&status=failed&reason=unknown", "s", 2, 6),
    ("session_id=s&status=failed&reason=new_reason", "s", 2, -1),
    ("cb?session_id=s&status=success", "s", 1, 0),
    ("myapp://cb?a=b&session_id=s&status=success#top?status=failed", "s", 1, 0),
    ("https://a.example/x=y?session_id=s&status=success", "s", 1, 0),
    ("%73ession_id=s&st%61tus=succes%73", "s", 1, 0),
    ("&&session_id=s&=x&flag&status=success&", "s", 1, 0),
    ("session_id=s&status=SUCCESS", "s", -1, 0),
    ("session_id=s&status=", "s", 0, 0),
    ("status=SUBMITTED&sessionId=abc123", "", 4, 0),
    ("https://a.example/status=success", "", 0, 0),
    ("session_id=s&next=https://a.example/?status=1&status=success", "s", 1, 0),
    ("next=https://a.example/?status=1?session_id=s&status=success", "s", 1, 0),
    ("next=/?status=1?status=failed&session_id=s&reason=unknown", "s", 2, 6),
    ("", "", 0, 0),
    ("?", "", 0, 0),
    ("#", "", 0, 0),
  ])
  func meaning(_ url: String, _ id: String, _ status: Int32, _ reason: Int32) {
    let redirect = parse(url)
    #expect(text(redirect.session_id, of: url) == id)
    #expect(redirect.status == status)
    #expect(redirect.reason == reason)
  }

  @Test func presence() {
    #expect(parse("session_id=&x=1").present == UInt32(DEEPIDV_HAS_SESSION_ID))
    #expect(
      parse("/?status=failed&reason=#").present
        == UInt32(DEEPIDV_HAS_STATUS | DEEPIDV_HAS_REASON | DEEPIDV_HAS_FRAGMENT))
    let url = "/?a=b#top"
    #expect(text(parse(url).fragment, of: url) == "top")
  }

  @Test(arguments: [
    ("session_id=s&status=success", 0),
    ("status=success", 1),
    ("session_id=s&status=success&reason=unknown", 2),
    ("session_id=s&status=success&reason=", 0),
    ("session_id=s&status=failed", 4),
    ("session_id=s&status=abandoned", 8),
    ("session_id=s&status=abandoned&reason=unknown", 8),
    ("session_id=s&status=other&reason=unknown", 0),
    ("sessionId=s&status=success", 17),
    ("session_id=s&status=SUBMITTED", 16),
    ("session_id=s&sessionId=t&status=success", 0),
    ("session_id=%C3%A9&status=%C3", 32),
    ("session_id=%E2%82&status=success", 32),
    ("session_id=s&status=failed&reason=%C3", 32),
    ("session_id=s&status=success&session_id=%73", 64),
    ("a=b?session_id=s&status=success", 128),
    ("a=b?status=success&session_id=s&session_id=s", 192),
  ])
  func facts(_ url: String, _ facts: UInt32) {
    #expect(parse(url).facts == facts)
  }

  @Test func repeatedParameter() {
    let url = "/cb?status=failed&session_id=a&%73tatus=success&session_id=b"
    var redirect = deepidv_redirect()
    let status = parseRedirect(Array(url.utf8).span, into: &redirect)
    #expect(status == DEEPIDV_E_REPEATED)
    #expect(redirect.status == DEEPIDV_REDIRECT_FAILED)
    #expect(text(redirect.session_id, of: url) == "a")
    #expect(text(redirect.repeated, of: url) == "success")
  }

  @Test func decodingToUTF8() {
    // Every sequence of two bytes, and those of three and four with every second byte.
    var sequences: [[UInt8]] = []
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        sequences.append([first, second])
        if first >= 0xE0 {
          sequences.append([first, second, 0x80])
          sequences.append([first, second, 0x80, 0xBF])
          sequences.append([first, second, 0x80, 0xC0])
        }
      }
    }
    for sequence in sequences {
      let escaped = sequence.flatMap {
        [UInt8(ascii: "%"), .hexDigit($0 >> 4), .hexDigit($0 & 15)]
      }
      #expect(
        decodesToUTF8(escaped.span, ByteRange(0, escaped.count))
          == (sequence.span.firstInvalidUTF8() == nil))
    }
  }

  @Test(arguments: [
    ("session_id=sess_abc", "sess_abc", true),
    ("session_id=sess%5Fabc", "sess_abc", true),
    ("session_id=a+b", "a b", true),
    ("session_id=sess_ab", "sess_abc", false),
    ("session_id=sess_abcd", "sess_abc", false),
    ("session_id=sess_abd", "sess_abc", false),
    ("session_id=", "sess_abc", false),
    ("session_id=", "", false),
    ("session_id=a", "", false),
    ("status=success", "sess_abc", false),
  ])
  func matching(_ url: String, _ id: String, _ matches: Bool) {
    let bytes = Array(url.utf8)
    let status = redirectMatches(bytes.span, parse(url).session_id, Array(id.utf8).span)
    #expect(status == (matches ? DEEPIDV_OK : DEEPIDV_E_MISMATCH))
  }

  @Test func matchingWithSpanOfAnotherText() {
    let span = deepidv_span(offset: 5, length: UInt32.max)
    #expect(redirectMatches([1, 2].span, span, [1].span) == DEEPIDV_E_RANGE)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a+b%20c", "a b c"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"),
    ("100%25", "100%"), ("%2541", "%41"), ("%C3%A9", "é"), ("", ""),
  ])
  func decoding(_ raw: String, _ meant: String) {
    var out = [UInt8](repeating: 0xAA, count: raw.utf8.count + 1)
    var length = 0
    let span = deepidv_span(offset: 0, length: UInt32(raw.utf8.count))
    var target = out.mutableSpan
    let status = decodeSpan(Array(raw.utf8).span, span, into: &target, length: &length)
    #expect(status == DEEPIDV_OK)
    #expect(String(decoding: out[..<length], as: UTF8.self) == meant)
    #expect(out[length] == 0)
  }

  @Test func decodingAPartOfATextWithoutEscapes() {
    let text = Array("%é%sess_abc%00é".utf8)
    var out = [UInt8](repeating: 7, count: 9)
    var length = 0
    let span = deepidv_span(offset: 4, length: 8)
    do {
      var target = out.mutableSpan
      #expect(decodeSpan(text.span, span, into: &target, length: &length) == DEEPIDV_OK)
    }
    #expect(length == 8)
    #expect(out == Array("sess_abc\0".utf8))
    var small = [UInt8](repeating: 7, count: 8)
    var target = small.mutableSpan
    #expect(decodeSpan(text.span, span, into: &target, length: &length) == DEEPIDV_E_BUFFER)
    #expect(length == 8)
    #expect(small == [UInt8](repeating: 7, count: 8))
  }

  @Test(arguments: [
    ("a\u{7F}", DEEPIDV_OK), ("a\u{1}", DEEPIDV_OK), ("é", DEEPIDV_OK), ("a%C3%A9", DEEPIDV_OK),
    ("a\0", DEEPIDV_E_NUL), ("%C3", DEEPIDV_E_UTF8), ("%00%C3", DEEPIDV_E_UTF8),
    ("%ED%A0%80", DEEPIDV_E_UTF8),
  ])
  func decodingSaysWhatIsWrong(_ raw: String, _ expected: deepidv_status) {
    var out = [UInt8](repeating: 7, count: 20)
    var length = 0
    let span = deepidv_span(offset: 0, length: UInt32(raw.utf8.count))
    var target = out.mutableSpan
    #expect(decodeSpan(Array(raw.utf8).span, span, into: &target, length: &length) == expected)
    // They are written nevertheless.
    #expect(out[0] != 7 && out[length] == 0)
  }

  @Test func decodingIntoTooLittleRoom() {
    var out: [UInt8] = [7, 7, 7]
    var length = 0
    var target = out.mutableSpan
    let span = deepidv_span(offset: 0, length: 5)
    let status = decodeSpan(Array("a%41b".utf8).span, span, into: &target, length: &length)
    #expect(status == DEEPIDV_E_BUFFER)
    #expect(length == 3)
    #expect(out == [7, 7, 7])
  }

  @Test func decodingSaysNUL() {
    var out = [UInt8](repeating: 7, count: 4)
    var length = 0
    var target = out.mutableSpan
    let span = deepidv_span(offset: 0, length: 5)
    let status = decodeSpan(Array("a%00b".utf8).span, span, into: &target, length: &length)
    #expect(status == DEEPIDV_E_NUL)
    #expect(out == [97, 0, 98, 0])
  }

  private func parse(_ url: String) -> deepidv_redirect {
    var redirect = deepidv_redirect()
    let status = parseRedirect(Array(url.utf8).span, into: &redirect)
    #expect(status == DEEPIDV_OK)
    return redirect
  }

  private func text(_ span: deepidv_span, of url: String) -> String {
    let bytes = Array(url.utf8)
    return String(decoding: bytes[Int(span.offset)..<Int(span.offset + span.length)], as: UTF8.self)
  }
}
