import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct RedirectURLTests {
  /// The first three are https inputs of the Web Platform Tests' URL data.
  @Test(arguments: [
    "https://foo:80/", "https://0x.0x.0", "https://example.com/\"quoted\"",
    "https://yourapp.com", "HTTPS://YourApp.com:8443/a?b=c#d", "https://yourapp.com./",
    "https://yourapp.com:/", "https://a_b.example/", "https://localhost:3000/a@b",
    "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://4294967295/",
    "https://1.2.3.4./", "https://0377.0.0.01/", "https://a.0x7g/", "https://0x.example/",
    "https://1.2.3.4.example/", "https://[::1]:8443/", "https://[::ffff:1.2.3.4]",
    "https://xn--bcher-kva.example/", "https://XN--N3H/", "https://ab--cd.example/",
    "https://a.example/é{id}?<\"^`{|}>é#é#b", "https://a.example/%", "https://a.example/%zz?%2",
    "https://a.example?x", "https://a.example#session_id=x",
    "https://a.example/?next=/x?status=1", "https://a.example/status=1?sessionId=1&Status=2",
  ])
  func accepted(_ url: String) {
    #expect(check(url) == DEEPIDV_OK)
  }

  /// Inputs of that data that the URL standard fails, or that have a host in another script or encoded.
  @Test(arguments: [
    "https:@/www.example.com", "https://\u{FFFD}", "https://%EF%BF%BD", "https://fa\u{DF}.ExAmPlE/",
    "https://example.com%80/", "https://example.com%A0/", "https://%e2%98%83",
    "https://0x100000000/test", "https://256.0.0.1/test", "https://%43%7C/", "https://[0::0::0]",
    "https://[0:.0]", "https://[0:0:]", "https://[0:1:2:3:4:5:6:7.0.0.0.1]",
    "https://[0:1.00.0.0.0]", "https://[0:1.290.0.0.0]", "https://[0:1.23.23]",
    "https://\u{FFFF}y", "https://a%C2%ADb/", "https://\u{AD}/", "https://%C2%AD/", "https://xn--/",
    "https:/example.com/", "https:example.com/",
  ])
  func refusedOfTheStandard(_ url: String) {
    #expect(check(url) == DEEPIDV_E_URL)
  }

  @Test(arguments: [
    ("", DEEPIDV_E_URL), ("https", DEEPIDV_E_URL), ("https://", DEEPIDV_E_URL),
    ("https:///", DEEPIDV_E_URL), ("://a.example", DEEPIDV_E_URL), ("//a.example", DEEPIDV_E_URL),
    ("https://a..example/", DEEPIDV_E_URL), ("https://.example/", DEEPIDV_E_URL),
    ("https://./", DEEPIDV_E_URL), ("https://-/", DEEPIDV_E_URL),
    ("https://a.example../", DEEPIDV_E_URL), ("https://{id}.example/", DEEPIDV_E_URL),
    ("https://a|b/", DEEPIDV_E_URL), ("https://a^b/", DEEPIDV_E_URL),
    ("https://<a>/", DEEPIDV_E_URL), ("https://a.example\\b", DEEPIDV_E_URL),
    ("https://a.example:0/", DEEPIDV_E_URL), ("https://a.example:65536/", DEEPIDV_E_URL),
    ("https://a.example:99999999999999999999/", DEEPIDV_E_URL), ("https://a:b/", DEEPIDV_E_URL),
    ("https://a:1:2/", DEEPIDV_E_URL), ("https://a.1/", DEEPIDV_E_URL),
    ("https://a.0x1/", DEEPIDV_E_URL), ("https://a.0x/", DEEPIDV_E_URL),
    ("https://08/", DEEPIDV_E_URL), ("https://1.2.3.4.5/", DEEPIDV_E_URL),
    ("https://1.2.3.256/", DEEPIDV_E_URL), ("https://1.2.65536/", DEEPIDV_E_URL),
    ("https://1.16777216/", DEEPIDV_E_URL), ("https://4294967296/", DEEPIDV_E_URL),
    ("https://99999999999999999999999/", DEEPIDV_E_URL), ("https://[::1/", DEEPIDV_E_URL),
    ("https://[::1]x/", DEEPIDV_E_URL), ("https://[]/", DEEPIDV_E_URL),
    ("https://[::1%25eth0]/", DEEPIDV_E_URL), ("https://[1.2.3.4]/", DEEPIDV_E_URL),
    ("https://xn--a-/", DEEPIDV_E_URL), ("https://xn--abc-/", DEEPIDV_E_URL),
    ("https://xn--_/", DEEPIDV_E_URL), ("https://xn--99999999/", DEEPIDV_E_URL),
    ("https://a.XN--.example/", DEEPIDV_E_URL),
    ("javascript:alert(1)", DEEPIDV_E_URL), ("data:text/html,x", DEEPIDV_E_URL),
    ("a.example/cb", DEEPIDV_E_URL), ("/cb", DEEPIDV_E_URL),
    ("https://a%2eexample/", DEEPIDV_E_URL),
    ("https://a.example\\@b.example/", DEEPIDV_E_URL),
    ("https://a.example@b.example/", DEEPIDV_E_USERINFO),
    ("https://a:b@c.example/", DEEPIDV_E_USERINFO),
    ("ftp://a.example/", DEEPIDV_E_SCHEME), ("myapp://verify", DEEPIDV_E_SCHEME),
    ("http://localhost/cb", DEEPIDV_E_SCHEME),
    ("javascript://a.example/%0aalert(1)", DEEPIDV_E_SCHEME),
    (" https://a.example/", DEEPIDV_E_CONTROL), ("https://a.example/\r\nX: y", DEEPIDV_E_CONTROL),
    ("https://a@b.example/", DEEPIDV_E_USERINFO), ("https://@b.example/", DEEPIDV_E_USERINFO),
    ("http://a@b.example/", DEEPIDV_E_USERINFO), ("http://a.example/", DEEPIDV_E_SCHEME),
    ("httpss://a.example/", DEEPIDV_E_SCHEME), ("httpx://a.example/", DEEPIDV_E_SCHEME),
    ("https://a.example/ ", DEEPIDV_E_CONTROL), ("https://a.example/\u{7F}", DEEPIDV_E_CONTROL),
    ("https://a.example/?session_id=x", DEEPIDV_E_REPEATED),
    ("https://a.example/?a=b&st%61tus", DEEPIDV_E_REPEATED),
    ("https://a.example/?a=b&reason=#c", DEEPIDV_E_REPEATED),
  ])
  func refused(_ url: String, _ status: deepidv_status) {
    #expect(check(url) == status)
  }

  /// Numbers at the limits, in every base: nothing traps, and larger ones are refused.
  @Test func lastNumbersOfAddresses() {
    for (parts, limit) in [(1, UInt64(1) << 32), (2, 1 << 24), (3, 1 << 16), (4, 1 << 8)] {
      let before = String(repeating: "0.", count: parts - 1)
      for (number, isGood) in [(limit - 1, true), (limit, false)] {
        for text in ["\(number)", "0x" + String(number, radix: 16), "0" + String(number, radix: 8)]
        {
          #expect((check("https://\(before)\(text)/") == DEEPIDV_OK) == isGood)
        }
      }
    }
  }

  /// The fast path for ordinary URLs gives the same result as the full check.
  @Test func ordinaryURLs() {
    var generator = SystemRandomNumberGenerator()
    let pieces = [
      "a", "Z", "0", "9", ".", "-", "/", "?", "#", ":", "xn--", "0x", "_", "é", "\\", "~", " ",
    ]
    var ordinary = 0
    for _ in 0..<50_000 {
      let count = Int.random(in: 0...8, using: &generator)
      let url = "https://" + (0..<count).map { _ in pieces.randomElement() ?? "" }.joined()
      guard isOrdinary(url) else { continue }
      ordinary += 1
      #expect(check(url) == whole(url), "\(url)")
    }
    #expect(ordinary > 1000)
    #expect(isOrdinary("https://yourapp.com/verify-callback"))
  }

  private func isOrdinary(_ url: String) -> Bool { isOrdinaryURL(Array(url.utf8).span) }

  private func whole(_ url: String) -> deepidv_status { checkAnyURL(Array(url.utf8).span) }

  private func check(_ url: String) -> deepidv_status {
    checkRedirectURL(Array(url.utf8).span)
  }
}
