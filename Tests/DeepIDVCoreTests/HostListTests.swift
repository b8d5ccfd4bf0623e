import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct HostListTests {
  private func isLocal(_ host: String) -> Bool { isLoopback(host: host.utf8.span) }

  private func check(_ list: String) -> deepidv_status { checkHostList(list.utf8.span) }

  @Test(arguments: [
    "localhost", "LOCALHOST", "LocalHost", "127.0.0.1", "127.255.255.255", "127.0.0.0", "[::1]",
    "::1", "[0:0:0:0:0:0:0:1]",
  ])
  func thisMachine(_ host: String) { #expect(isLocal(host)) }

  @Test(arguments: [
    "", "localhost.", "a.localhost", "localhos", "127", "127.1", "127...", "127.0.0.256",
    "127.999.1.1", "127.0.0.08", "127.0.0.1.", "127.0.0.1 ", "0x7f.0.0.1", "128.0.0.1", "0.0.0.0",
    "[::]", "[::2]", "[127.0.0.1]", "[", "]", "[]", "[::1", "::1]", "[::1%lo]", "::ffff:127.0.0.1",
    "127.0.0.1\0", "loc\u{AD}alhost", "ｌocalhost",
  ])
  func elsewhere(_ host: String) { #expect(!isLocal(host)) }

  @Test func listed() {
    func isIn(_ host: String, _ list: String) -> Bool {
      isListed(host: host.utf8.span, in: list.utf8.span)
    }
    #expect(isIn("emulator", "emulator"))
    #expect(isIn("EMULATOR", " other ,,emulator\t"))
    #expect(isIn("[fd00::7]", "fd00:0:0::7"))
    #expect(isIn("[fd00::7]", "[FD00::7]"))
    #expect(isIn("10.0.0.7", "other,10.0.0.7"))
    #expect(!isIn("emulator", ""))
    #expect(!isIn("emulator", "emulator."))
    #expect(!isIn("emulator", "emulators,ulator"))
    #expect(!isIn("a.example", ".example"))
    #expect(!isIn("10.0.0.7", "10.0.0.8,10.0.0.70"))
    #expect(!isIn("anything", "*"))
    #expect(!isIn("", ",,"))
  }

  @Test func wellFormedLists() {
    #expect(check("a,b_c.d-1, 10.0.0.7 ,fd00::1,[::1]") == DEEPIDV_OK)
    #expect(check("") == DEEPIDV_OK)
    for list in ["*", "a,*", "a:1", "a/b", "a b", "fe80::1%eth0", "[a]", "ä", "a\u{1}", "a\u{A0}"] {
      #expect(check(list) == DEEPIDV_E_CONTROL, "\(list)")
    }
  }

  /// The cases of libcurl's own test on which its versions agree.
  @Test(arguments: [
    ("www.example.com", "localhost,example.com", true),
    ("example.com", "localhost,example.com", true),
    ("example.com", "localhost,example.com,", true),
    ("example.com", "localhost,.example.com", true),
    ("www.example.com", "localhost .example.com", true),
    ("EXAMPLE.com.", "example.COM", true),
    ("example.com", "example.com.", true),
    ("anything", "*", true),
    ("192.168.0.1", "*", true),
    ("foobar", "barfoo", false),
    ("foobar", "foobar", true),
    ("192.168.0.1", "foobar", false),
    ("badexample.com", "example.com", false),
    ("example.com", "www.example.com", false),
    ("example.com", "*.example.com", false),
    ("example.com", "", false),
    ("example.com", ".", false),
    ("", "example.com", false),
    ("192.168.1.1", "192.168.1.1", true),
    ("192.168.1.1", "192.168.1.0/24", true),
    ("192.168.2.1", "192.168.1.0/24", false),
    ("192.168.1.1", "192.168.0.0/16", true),
    ("192.168.2.1", "192.168.1.0/22", true), ("192.168.4.1", "192.168.1.0/22", false),
    ("192.168.3.1", "192.168.0.0/22", true),
    ("192.168.1.1", "192.168.1.0/33", false),
    ("192.168.1.1", "192.168.1.0/", false),
    ("192.168.1.1", "192.168.1.0/2a", false),
    ("192.168.1.1", "192.168.1.0/0024", false),
    ("192.168.1.1", "0.0.0.0/0", true),
    ("192.168.1.1", "8.8.8.8,192.168.0.0/16", true),
    ("192.168.1.1", "168.1.1", false),
    ("192.168.1.1", ".1.1", false),
    ("192.168.1.1.example", "192.168.1.1", false),
    ("[::1]", "foo,bar,[::1]", true),
    ("[::1]", "foo,bar,::1", true),
    ("[2001:db8:1::1]", "2001:db8::/32", true),
    ("[2001:db9::1]", "2001:db8::/32", false),
    ("[2001:db8::1]", "2001:db8::1/128", true),
    ("[2001:db8::1]", "2001:db8::1/129", false),
    ("[::1]", "0.0.0.0/0", false),
  ])
  func reachedDirectly(_ host: String, _ list: String, _ expected: Bool) {
    let isDirect = isReachedDirectly(host: host.utf8.span, noProxy: list.utf8.span)
    #expect(isDirect == expected)
  }

  @Test func hashesOfOneProcess() throws {
    let secret = try #require(HashSecret())
    let other = try #require(HashSecret())
    let one = KeyedHash("one".utf8.span, secret: secret)
    let again = KeyedHash("one".utf8.span, secret: secret)
    let two = KeyedHash("two".utf8.span, secret: secret)
    let elsewhere = KeyedHash("one".utf8.span, secret: other)
    #expect(one != nil)
    #expect(one == again)
    #expect(one != two)
    #expect(one != elsewhere)
  }
}
