import Testing

@testable import Emulator

@Suite struct RedirectURLTests {
  @Test(
    arguments: [
      "https://yourapp.com", "https://yourapp.com/verify-callback", "HTTPS://YourApp.com/",
      "https://yourapp.com:8443/a?b=c&d=%2F#e", "https://localhost:3000/", "https://127.0.0.1/",
      "https://[::1]:8443/", "https://a_b.example/", "https://yourapp.com./",
      "https://yourapp.com:/",
      "https://yourapp.com?x", "https://yourapp.com#x", "https://yourapp.com/@user",
      "https://yourapp.com/<a>{id}\"|^`", "https://yourapp.com/é?é#é", "https://yourapp.com/%",
      "https://yourapp.com/%2", "https://a/%zz", "https://a/#b#c", "https://127.1/",
      "https://0x7f.0.0.1/", "https://4294967295/", "https://0x.example/", "https://a.0x7g/",
      "https://xn--bcher-kva.example/", "https://1.2.3.4./",
    ])
  func accepted(text: String) {
    #expect(RedirectURL(text)?.text == text)
  }

  @Test(
    arguments: [
      "", "yourapp.com", "http://yourapp.com", "javascript:alert(1)", "https:", "https://",
      "https:///path", "https:yourapp.com", "https:/yourapp.com", "//yourapp.com",
      "https://user@yourapp.com/", "https://user:pass@yourapp.com/", "https://@yourapp.com/",
      "https://yourapp.com\\@evil.example/", "https://yourapp.com/\r\nSet-Cookie: a=b",
      "https://yourapp.com/\n", "https://yourapp.com/a b", " https://yourapp.com/",
      "https://yourapp.com/\u{0}", "https://yourapp.com/\u{7f}", "https://{app}.example/",
      "https://your%20app.com/", "https://bücher.example/", "https://256.0.0.1/", "https://a.1/",
      "https://1.2.3.4.5/", "https://08/", "https://4294967296/", "https://0x100000000/",
      "https://xn--/", "https://xn--abc-/", "https://yourapp.com:+1/",
      "https://yourapp.com:port/", "https://yourapp.com:65536/", "https://yourapp.com:0/",
      "https://a:1:2/", "https://[::1/", "https://[yourapp.com]/", "https://[::1]x/", "https://[]/",
      "https://.example/", "https://a..example/", "https://-/",
    ])
  func refused(text: String) {
    #expect(RedirectURL(text) == nil)
  }

  @Test func authority() {
    #expect(RedirectURL("https://yourapp.com:8443/a")?.authority == "yourapp.com:8443")
  }
}

@Suite struct RedirectTargetTests {
  private func target(_ url: String, _ outcome: Outcome) throws -> String {
    let redirect = try #require(RedirectURL(url))
    return RedirectTarget.url(redirect, sessionID: "sess_abc", outcome: outcome)
  }

  @Test func documentedExamples() throws {
    let url = "https://yourapp.com/verify-callback"
    #expect(try target(url, .success) == "\(url)?session_id=sess_abc&status=success")
    #expect(
      try target(url, .failed(.documentUnreadable))
        == "\(url)?session_id=sess_abc&status=failed&reason=document_unreadable")
    #expect(
      try target(url, .abandoned())
        == "\(url)?session_id=sess_abc&status=abandoned&reason=user_cancelled")
  }

  @Test(
    arguments: [
      ("https://a.example", "https://a.example?", ""),
      ("https://a.example/?", "https://a.example/?", ""),
      ("https://a.example/?b=c", "https://a.example/?b=c&", ""),
      ("https://a.example/?b=c&", "https://a.example/?b=c&", ""),
      ("https://a.example/#top", "https://a.example/?", "#top"),
      ("https://a.example/?b=c#top", "https://a.example/?b=c&", "#top"),
      ("https://a.example/#/route?b=c", "https://a.example/?", "#/route?b=c"),
      ("https://a.example/#", "https://a.example/?", "#"),
      ("https://a.example/é?é#é", "https://a.example/%C3%A9?%C3%A9&", "#%C3%A9"),
      ("https://a.example/?u=https%3A%2F%2Fb", "https://a.example/?u=https%3A%2F%2Fb&", ""),
    ])
  func joining(url: String, before: String, after: String) throws {
    #expect(try target(url, .success) == "\(before)session_id=sess_abc&status=success\(after)")
  }
}

@Suite struct PercentEncodingTests {
  @Test func onlyUnreservedCharactersAreKept() {
    #expect(PercentEncoding.encode("AZaz09-._~") == "AZaz09-._~")
    #expect(
      PercentEncoding.encode("https://a/?b=c d+é") == "https%3A%2F%2Fa%2F%3Fb%3Dc%20d%2B%C3%A9")
  }

  @Test func formDecoding() {
    #expect(PercentEncoding.decodeForm("a+b%20c%2Bd%c3%A9".utf8) == "a b c+dé")
    #expect(PercentEncoding.decodeForm("%".utf8) == nil)
    #expect(PercentEncoding.decodeForm("%4".utf8) == nil)
    #expect(PercentEncoding.decodeForm("%g0".utf8) == nil)
    #expect(PercentEncoding.decodeForm("%ff".utf8) == nil)
  }
}
