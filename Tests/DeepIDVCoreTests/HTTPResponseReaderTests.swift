import CDeepIDV
import Testing

@testable import DeepIDVCore

/// What is made of a response; Tests/http compares a million others with libcurl and llhttp.
@Suite struct HTTPResponseReaderTests {
  // MARK: Reading

  /// The limit of a body in these tests.
  private static let bodyLimit = 40

  /// What is made of a response; the connection ends behind it.
  private struct Verdict: Equatable {
    /// `DEEPIDV_OK` if it is complete, otherwise why it is refused or that it is cut.
    var ending = DEEPIDV_OK
    var status = 0
    var body = ""
    var keepsConnection = false
    var isEncoded = false
    /// What does not belong to the response.
    var rest = ""
  }

  private func read(
    _ response: [UInt8], inPiecesOf size: Int = .max, keepsDate: Bool = false, wallClock: Int64 = 0,
    inspect: (HTTPResponseReader) -> Void = { _ in }
  ) -> Verdict {
    var reader = HTTPResponseReader(keepsDate: keepsDate, wallClock: wallClock)
    var body = ByteBuffer(byteLimit: Self.bodyLimit + 1)
    var unread: [UInt8] = []
    var position = 0
    var verdict = Verdict()
    while position < response.count, verdict.ending == DEEPIDV_OK {
      let end = position + min(size, response.count - position)
      unread += response[position..<end]
      position = end
      unread.removeFirst(reader.read(unread.span, into: &body, refusal: &verdict.ending))
    }
    // Before the end of the connection: a body that ends with it is not complete yet.
    verdict.keepsConnection = reader.keepsConnection && unread.isEmpty
    if verdict.ending == DEEPIDV_OK { verdict.ending = reader.end(hasUnread: !unread.isEmpty) }
    verdict.status = reader.status
    verdict.body = String(decoding: body.array, as: UTF8.self)
    verdict.isEncoded = reader.isEncoded
    if verdict.ending == DEEPIDV_OK { verdict.rest = String(decoding: unread, as: UTF8.self) }
    inspect(reader)
    return verdict
  }

  private func read(_ response: String) -> Verdict { read(Array(response.utf8)) }

  /// The verdict, without a body, on a head with these lines after the status line.
  private func head(_ lines: String...) -> Verdict {
    read((["HTTP/1.1 200 OK"] + lines + ["", ""]).joined(separator: "\r\n"))
  }

  // MARK: Status lines

  @Test(arguments: [
    ("HTTP/1.1 200 OK", 200), ("HTTP/1.1 200 ", 200), ("HTTP/1.1 200", 200),
    ("HTTP/1.1 404 Not\tFound", 404), ("HTTP/1.1 999  é ", 999), ("HTTP/1.0 500 x", 500),
  ])
  func statusLine(_ line: String, _ status: Int) {
    let verdict = read("\(line)\r\n\r\n")
    #expect(verdict.ending == DEEPIDV_OK)
    #expect(verdict.status == status)
  }

  @Test(arguments: [
    "HTTP/0.9 200 OK", "HTTP/1.2 200 OK", "HTTP/2 200", "HTTP/2.0 200 OK", "HTTP/3 200",
    "http/1.1 200 OK", "HTTP/1.1  200 OK", "HTTP/1.1\t200 OK", "HTTP/1.1 200\tOK", "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK", "HTTP/1.1 099 OK", "HTTP/1.1 000 OK", "HTTP/1.1 +20 OK", "HTTP/1.1 2x0 OK",
    "HTTP/1.1 -20 OK", "HTTP/1.1 20", "HTTP/1.1 ", "HTTP/1.1", "HTTP", "", " HTTP/1.1 200 OK",
    "ICY 200 OK", "HTTPS/1.1 200 OK", "HTTP/11.1 200 OK", "HTTP/1.1 200OK", "HTTP/1.10 200 OK",
  ])
  func noStatusLine(_ line: String) {
    #expect(read("\(line)\r\n\r\n") == Verdict(ending: DEEPIDV_E_ANSWER_HTTP))
  }

  /// What never ends a line does not keep anybody waiting.
  @Test(arguments: [
    "SSH-2.0-OpenSSH", "<html>", "220 smtp", "H3", "HTTP/2", "\u{16}\u{3}\u{1}", "\0",
  ])
  func noHTTPIsRefusedAtOnce(_ start: String) {
    #expect(read(start).ending == DEEPIDV_E_ANSWER_HTTP)
  }

  // MARK: 1xx

  @Test func announcementsAreSkipped() {
    let verdict = read(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 9\r\n"
        + "Content-Encoding: gzip\r\nConnection: keep-alive\r\n\r\nHTTP/1.1 199 x\r\n\r\n"
        + "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}")
    #expect(verdict == Verdict(status: 201, body: "{}", keepsConnection: true))
  }

  @Test(arguments: [
    // It is not asked for.
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "HTTP/1.1 101 x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    // Nothing follows the last response.
    "HTTP/1.1 100 x\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.0 100 x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  ])
  func refusedAnnouncements(_ response: String) {
    #expect(read(response) == Verdict(ending: DEEPIDV_E_ANSWER_HTTP))
  }

  @Test func anAnnouncementIsNoResponse() {
    let announcement = "HTTP/1.1 100 Continue\r\n\r\n"
    #expect(read(announcement) == Verdict(ending: DEEPIDV_E_CONNECTION_LOST))
    #expect(read(announcement + "H") == Verdict(ending: DEEPIDV_E_ANSWER_CUT))
    #expect(read("") == Verdict(ending: DEEPIDV_E_CONNECTION_LOST))
    #expect(read("H") == Verdict(ending: DEEPIDV_E_ANSWER_CUT))
  }

  // MARK: Lines

  @Test(arguments: [
    "A: b\n", "A: b\r", "A: b\r\r\n", "A: b\rc\r\n", "A\r\n", "A b: c\r\n", "A : b\r\n",
    "A\t: b\r\n",
    ": b\r\n", " A: b\r\n", "\tA: b\r\n", "A: b\r\n c\r\n", "A: b\r\n\tc\r\n", "A: b\r\n \r\n",
    "É: b\r\n",
    "A: \0\r\n", "A\0: b\r\n", "A: \u{1}\r\n", "A: \u{8}\r\n", "A: \u{B}\r\n", "A: \u{1F}\r\n",
    "A: \u{7F}\r\n", "\u{7F}: b\r\n", "(A): b\r\n", "A,B: c\r\n", "A;B: c\r\n", "\"A\": b\r\n",
    "A@B: c\r\n",
    "[A]: b\r\n", "{A}: b\r\n", "A/B: c\r\n", "A=B: c\r\n", "A?: c\r\n", "A\\B: c\r\n",
    "<A>: c\r\n",
  ])
  func refusedLines(_ line: String) {
    for before in ["", "X: y\r\n"] {
      let verdict = read("HTTP/1.1 200 OK\r\n\(before)\(line)Content-Length: 0\r\n\r\n")
      #expect(verdict == Verdict(ending: DEEPIDV_E_ANSWER_HTTP, status: 200))
      let trailer = read(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\(before)\(line)\r\n")
      #expect(trailer == Verdict(ending: DEEPIDV_E_ANSWER_HTTP, status: 200))
    }
    let isInStatusLine = line.utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }
    if isInStatusLine { #expect(read("HTTP/1.1 200 \(line)\r\n").status == 0) }
  }

  @Test(arguments: [
    "A:", "A:b", "A: \t b \t ", "A:\tb\tc", "A: é", "A: \u{FFFD}", "A::", "A: :", "a-z_0.9: x",
    "!#$%&'*+-.^_`|~0: x", "A: b, c; d=\"e\"", "Content-Lengt: x", "Content-Lengthy: x",
    "X-Content-Length: 9", "Chunked: Transfer-Encoding", "connectio: close", "datE: never",
  ])
  func acceptedLines(_ line: String) {
    #expect(head(line, "Content-Length: 0") == Verdict(status: 200, keepsConnection: true))
    let chunked = read(
      "HTTP/1.1 200 OK\r\n\(line)\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\(line)\r\n\r\n")
    #expect(chunked == Verdict(status: 200, keepsConnection: true))
  }

  // MARK: The length of the body

  @Test(arguments: [204, 304])
  func noBody(_ status: Int) {
    for line in ["", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "A: b\r\n"] {
      let verdict = read("HTTP/1.1 \(status) x\r\n\(line)\r\n")
      #expect(verdict == Verdict(status: status, keepsConnection: true))
    }
    // Of a later response, or of a body that must not be.
    let verdict = read("HTTP/1.1 \(status) x\r\n\r\nHTTP")
    #expect(verdict == Verdict(status: status, rest: "HTTP"))
  }

  @Test(arguments: [200, 201, 205, 206, 301, 400, 503])
  func bodies(_ status: Int) {
    let expected = Verdict(status: status, body: "hello", keepsConnection: true)
    #expect(read("HTTP/1.1 \(status) x\r\ncontent-LENGTH:005 \r\n\r\nhello") == expected)
    #expect(
      read("HTTP/1.1 \(status) x\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        == expected)
    // Until the end of the connection, which therefore cannot be used again.
    #expect(
      read("HTTP/1.1 \(status) x\r\n\r\nhello")
        == Verdict(status: status, body: "hello", keepsConnection: false))
    #expect(
      read("HTTP/1.1 \(status) x\r\nContent-Length: 5\r\n\r\nhelloHTTP")
        == Verdict(status: status, body: "hello", rest: "HTTP"))
    #expect(
      read("HTTP/1.1 \(status) x\r\nContent-Length: 5\r\n\r\nhell")
        == Verdict(ending: DEEPIDV_E_ANSWER_CUT, status: status, body: "hell"))
  }

  private static let badLengths: [([String], deepidv_status)] = [
    (["Content-Length: x"], DEEPIDV_E_ANSWER_HTTP), (["Content-Length:"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: +5"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: -5"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 5 5"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 5,5"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 0x5"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 5\t"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 5."], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 99x"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 99999999999999999999x"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 5", "content-length: 5"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 5", "Content-Length: 6"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 0", "A: b", "Content-Length: 0"], DEEPIDV_E_ANSWER_HTTP),
    (["Content-Length: 5", "Transfer-Encoding: chunked"], DEEPIDV_E_ANSWER_HTTP),
    (["Transfer-Encoding: chunked", "Content-Length: 0"], DEEPIDV_E_ANSWER_HTTP),
    (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], DEEPIDV_E_ANSWER_HTTP),
    (["Transfer-Encoding: chunked", "Transfer-Encoding:"], DEEPIDV_E_ANSWER_HTTP),
    (["Transfer-Encoding: chunked\t"], DEEPIDV_E_ANSWER_HTTP),
    (["Transfer-Encoding: gzip"], DEEPIDV_E_ANSWER_ENCODING),
    (["Transfer-Encoding: identity"], DEEPIDV_E_ANSWER_ENCODING),
    (["Transfer-Encoding:"], DEEPIDV_E_ANSWER_ENCODING),
    (["Transfer-Encoding: gzip, chunked"], DEEPIDV_E_ANSWER_ENCODING),
    (["Transfer-Encoding: chunked, chunked"], DEEPIDV_E_ANSWER_ENCODING),
    (["Transfer-Encoding: chunked;a=b"], DEEPIDV_E_ANSWER_ENCODING),
    (["Transfer-Encoding: xchunked"], DEEPIDV_E_ANSWER_ENCODING),
    (["Content-Length: 41"], DEEPIDV_E_ANSWER_TOO_LARGE),
    (["Content-Length: 18446744073709551615"], DEEPIDV_E_ANSWER_TOO_LARGE),
    (["Content-Length: 18446744073709551616"], DEEPIDV_E_ANSWER_TOO_LARGE),
    (["Content-Length: 99999999999999999999999999999"], DEEPIDV_E_ANSWER_TOO_LARGE),
  ]

  @Test(arguments: badLengths)
  func refusedLengths(_ lines: [String], _ refusal: deepidv_status) {
    // A length of another limit does not matter where there is no body.
    let isOfBody = refusal == DEEPIDV_E_ANSWER_TOO_LARGE
    for status in isOfBody ? [200, 404] : [200, 204, 404, 103] {
      let response = (["HTTP/1.1 \(status) x"] + lines + ["", "", "hello"]).joined(
        separator: "\r\n")
      #expect(read(response).ending == refusal, "\(status)")
    }
  }

  @Test func version10() {
    #expect(
      read("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello")
        == Verdict(status: 200, body: "hello"))
    #expect(
      read("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        == Verdict(ending: DEEPIDV_E_ANSWER_HTTP, status: 200))
  }

  // MARK: Chunks

  private func chunked(_ chunks: String) -> Verdict {
    read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
  }

  private static let goodChunks: [(String, String)] = [
    ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"),
    ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
    ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"), ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
    ("1\r\na\r\n0000000000000002\r\nbc\r\n00\r\n\r\n", "abc"),
    ("1;a\r\nx\r\n0;b=c;d\r\n\r\n", "x"), ("1;a=b;c=d\r\nx\r\n0\r\n\r\n", "x"),
    ("0\r\nA: b\r\nC: d\r\n\r\n", ""), ("3\r\n0\r\n\r\n0\r\n\r\n", "0\r\n"),
  ]

  @Test(arguments: goodChunks)
  func chunks(_ chunks: String, _ body: String) {
    #expect(chunked(chunks) == Verdict(status: 200, body: body, keepsConnection: true))
  }

  @Test(arguments: [
    "\r\n", " 1\r\nx\r\n", "1 \r\nx\r\n", "1\t\r\nx\r\n", "1\nx\r\n", "g\r\n", "0x1\r\nx\r\n",
    "-1\r\n", "+1\r\nx\r\n",
    "1\r\nxy\r\n", "1\r\nx\n", "1\r\nx0\r\n\r\n", "1\r\n\r\nx", "1;\r\nx\r\n", "1;a=\r\nx\r\n",
    "1; a\r\nx\r\n",
    "1 ;a\r\nx\r\n", "1;=a\r\nx\r\n", "1;a=b=c\r\nx\r\n", "1;a=\"b\"\r\nx\r\n", "1=a\r\nx\r\n",
    "1a;;b\r\n", "1;a\u{7F}\r\n",
    "0\r\nA\r\n\r\n", "0\r\nContent-Length: 0\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "0\r\nTransfer-Encoding: gzip\r\n\r\n", "0\n\r\n", "0\r\n\n",
  ])
  func refusedChunks(_ chunks: String) {
    let verdict = chunked(chunks)
    #expect(verdict.ending == DEEPIDV_E_ANSWER_HTTP)
    #expect(!verdict.keepsConnection)
  }

  @Test(arguments: [
    "29\r\n", "7fffffffffffffff\r\n", "8000000000000000\r\n", "ffffffffffffffff\r\n",
    "10000000000000000\r\n", "00000000000000001\r\n",
    "27\r\n\(String(repeating: "x", count: 39))\r\n2\r\n",
  ])
  func largeChunks(_ chunks: String) {
    #expect(chunked(chunks).ending == DEEPIDV_E_ANSWER_TOO_LARGE)
  }

  // MARK: The connection

  private static let connections: [(String, Bool)] = [
    ("Connection: keep-alive", true), ("Connection:", true), ("Connection: ,, Keep-Alive ,", true),
    ("Connection: Upgrade, keep-alive", true), ("X: close", true), ("Connectio: close", true),
    ("Connection: close", false), ("connection:CLOSE", false), ("Connection: close\t", false),
    ("Connection: keep-alive,\tclose", false), ("Connection: close, keep-alive", false),
    // Who knows whether it means that.
    ("Connection: closed", false), ("Connection: \"close\"", false), ("Connection: X-Other", false),
    ("Proxy-Connection: close", false), ("Proxy-Connection: keep-alive", true),
  ]

  @Test(arguments: connections)
  func reuse(_ line: String, _ isKept: Bool) {
    #expect(head(line, "Content-Length: 0") == Verdict(status: 200, keepsConnection: isKept))
    #expect(head("Content-Length: 0", line, "A: b").keepsConnection == isKept)
    #expect(chunked("0\r\n\(line)\r\n\r\n") == Verdict(status: 200, keepsConnection: isKept))
    #expect(read("HTTP/1.1 204 x\r\n\(line)\r\n\r\n").keepsConnection == isKept)
  }

  @Test func anyOfSeveralClosesIt() {
    let verdict = head("Connection: close", "Connection: keep-alive", "Content-Length: 0")
    #expect(verdict == Verdict(status: 200))
  }

  // MARK: What else is read

  @Test(arguments: [
    ("identity", false), ("", false), ("IDENTITY", false), ("gzip", true), ("identity, br", true),
    ("x", true),
  ])
  func contentCodings(_ value: String, _ isEncoded: Bool) {
    let verdict = head("Content-Encoding: \(value)", "Content-Length: 0")
    #expect(verdict == Verdict(status: 200, keepsConnection: true, isEncoded: isEncoded))
  }

  private static let retries: [(Int, [String], UInt64?)] = [
    (429, ["Retry-After: 7"], 7 as UInt64?), (429, ["retry-after:  120 "], 120),
    (429, ["Retry-After: soon"], nil),
    (429, [], nil), (503, ["Retry-After: 99999999999999999999"], .max),
    (
      503, ["Date: Sun, 06 Nov 1994 08:48:37 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"], 60
    ),
    (
      503, ["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", "Date: Sun, 06 Nov 1994 08:48:37 GMT"], 60
    ),
    (503, ["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"], 37),
    (503, ["Retry-After: 1", "Retry-After: 2"], 2),
    (503, ["Date: never", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"], 37),
    // Its date is not kept, because it was not asked for.
    (
      200, ["Date: Sun, 06 Nov 1994 08:48:37 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"], 37
    ),
  ]

  @Test(arguments: retries)
  func retryAfter(_ status: Int, _ lines: [String], _ expected: UInt64?) {
    let response = (["HTTP/1.1 \(status) x"] + lines + ["Content-Length: 0", "", ""]).joined(
      separator: "\r\n")
    // 08:49:00 of that day.
    let verdict = read(Array(response.utf8), wallClock: 784_111_740) {
      #expect($0.retryAfter == expected)
    }
    #expect(verdict.ending == DEEPIDV_OK)
  }

  @Test(arguments: [(200, false, false), (200, true, true), (404, false, true), (404, true, true)])
  func date(_ status: Int, _ keepsDate: Bool, _ isKept: Bool) {
    let response =
      "HTTP/1.1 103 x\r\nDate: Sun, 06 Nov 1994 00:00:00 GMT\r\nRetry-After: 9\r\n\r\n"
      + "HTTP/1.1 \(status) x\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n"
    _ = read(Array(response.utf8), keepsDate: keepsDate) {
      #expect($0.date == (isKept ? 784_111_777 : nil))
      #expect($0.retryAfter == nil)
    }
  }

  // MARK: Limits

  private static let start = "HTTP/1.1 200 OK\r\n"

  /// Header lines of a size, with their ends.
  private func lines(_ size: Int, each length: Int = 1 << 20) -> String {
    var text = ""
    while text.utf8.count < size {
      let left = size - text.utf8.count
      // What remains has to have room for another line.
      let next = left < length + 4 ? left : length
      text += "A:" + String(repeating: "x", count: next - 4) + "\r\n"
    }
    return text
  }

  /// Lines of a response have 65,536 bytes together, and not one more.
  @Test(arguments: [1 << 20, 1022, 100, 6])
  func limitOfLines(_ length: Int) {
    let limit = HTTPResponseReader.lineLimit
    #expect(limit == 65_536)
    let room = limit - Self.start.utf8.count - "Content-Length: 0\r\n\r\n".utf8.count
    for (excess, expected) in [(0, DEEPIDV_OK), (1, DEEPIDV_E_ANSWER_TOO_LARGE)] {
      let fields = lines(room + excess, each: length) + "Content-Length: 0\r\n\r\n"
      #expect(read(Self.start + fields).ending == expected)
      // 1xx responses, and trailers with the line that ends them.
      let half = lines(20_000)
      let split =
        "HTTP/1.1 103 x\r\n" + half + "\r\n" + Self.start + "Transfer-Encoding: chunked\r\n\r\n"
      let left = limit - split.utf8.count - 2
      let chunks = "5\r\nhello\r\n0000\r\n" + lines(left + excess, each: length) + "\r\n"
      #expect(read(split + chunks).ending == expected)
    }
  }

  @Test func aLineIsRefusedBeforeItEnds() {
    let fits = Self.start + "A:" + String(repeating: "x", count: 65_536 - 17 - 2)
    #expect(read(fits).ending == DEEPIDV_E_ANSWER_CUT)
    #expect(read(fits + "x").ending == DEEPIDV_E_ANSWER_TOO_LARGE)
    let status = "HTTP/1.1 200 " + String(repeating: "x", count: 65_536 - 13)
    #expect(read(status).ending == DEEPIDV_E_ANSWER_CUT)
    #expect(read(status + "x").ending == DEEPIDV_E_ANSWER_TOO_LARGE)
  }

  @Test func announcementsAreLimited() {
    let one = "HTTP/1.1 100 Continue\r\n\r\n"
    let response = String(repeating: one, count: 3000) + Self.start + "Content-Length: 0\r\n\r\n"
    #expect(read(response).ending == DEEPIDV_E_ANSWER_TOO_LARGE)
    #expect(read(String(repeating: one, count: 2600) + Self.start + "\r\n").ending == DEEPIDV_OK)
  }

  @Test func extensionsAreLimited() {
    let head = Self.start + "Transfer-Encoding: chunked\r\n\r\n"
    let fits = "0;" + String(repeating: "x", count: 65_536 - head.utf8.count - 6)
    #expect(read(head + fits + "\r\n\r\n").ending == DEEPIDV_OK)
    #expect(read(head + fits + "x\r\n\r\n").ending == DEEPIDV_E_ANSWER_TOO_LARGE)
    let chunk = "1;" + String(repeating: "x", count: 2000) + "\r\ny\r\n"
    #expect(read(head + String(repeating: chunk, count: 33)).ending == DEEPIDV_E_ANSWER_TOO_LARGE)
  }

  /// However the length is given, and in whatever pieces the body arrives.
  @Test func limitOfABody() {
    for size in [Self.bodyLimit, Self.bodyLimit + 1] {
      let body = String(repeating: "x", count: size)
      let pieces = body.map { "1\r\n\($0)\r\n" }.joined()
      let heads = [
        "Content-Length: \(size)\r\n\r\n\(body)", "\r\n\(body)",
        "Transfer-Encoding: chunked\r\n\r\n\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n\(pieces)0\r\n\r\n",
      ]
      for head in heads {
        for pieceSize in [1, 7, .max] {
          let verdict = read(Array((Self.start + head).utf8), inPiecesOf: pieceSize)
          #expect(
            verdict.ending == (size == Self.bodyLimit ? DEEPIDV_OK : DEEPIDV_E_ANSWER_TOO_LARGE))
          if size == Self.bodyLimit { #expect(verdict.body == body) }
        }
      }
    }
  }

  // MARK: Pieces

  private static let responses = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: x\r\n\r\nhello",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "5;a=b\r\nhello\r\n0001\r\n!\r\n0\r\nA: b\r\n\r\n",
    "HTTP/1.0 404 Not Found\r\nA:\tb\r\n\r\nnot here", "HTTP/1.1 204\r\n\r\n",
    "HTTP/1.1 429 x\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200",
    "HTTP/1.1 200 OK\r\nA: b\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
    "xHTTP/1.1 200 OK\r",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n29\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: bodyLimit + 1),
  ]

  /// A cut anywhere, and pieces of any size, make no difference.
  @Test(arguments: responses)
  func pieces(_ response: String) {
    let bytes = Array(response.utf8)
    for length in 0...bytes.count {
      let cut = Array(bytes[..<length])
      let whole = read(cut)
      for size in 1...max(length, 1) {
        let verdict = read(cut, inPiecesOf: size)
        // A body over the limit is refused when the piece arrives, which it is in full or not at all.
        if whole.ending == DEEPIDV_E_ANSWER_TOO_LARGE {
          #expect(verdict.ending == whole.ending)
        } else {
          #expect(verdict == whole, "\(length) bytes in pieces of \(size)")
        }
      }
    }
  }

  /// Only a complete response is one, wherever it is cut.
  @Test(arguments: [0, 1])
  func cuts(_ index: Int) {
    let bytes = Array(Self.responses[index].utf8)
    for length in 0..<bytes.count {
      let ending = read(Array(bytes[..<length])).ending
      #expect(ending == DEEPIDV_E_ANSWER_CUT || ending == DEEPIDV_E_CONNECTION_LOST)
    }
    #expect(read(bytes).ending == DEEPIDV_OK)
  }

  /// Reading takes time in proportion to what arrives, however it arrives: the bytes of a line that were searched for
  /// its end are not searched again, a line is taken once, after its end, and within it each of its bytes a fixed
  /// number of times. What is left unread is at most a line.
  ///
  /// If a line were searched from its beginning with each byte that arrives, this would search ten gigabytes.
  @Test func longLinesByteByByte() {
    let tabs = String(repeating: "\t", count: 60_000)
    let long = String(repeating: "x", count: 60_000)
    let list = String(repeating: ",", count: 60_000)
    for line in [
      "A:" + long, "A:" + tabs, "Connection:" + list, long + ":", "Content-Length:" + tabs + "0",
    ] {
      let tail = line.hasPrefix("Content-Length") ? "" : "Content-Length: 0\r\n"
      var reader = HTTPResponseReader(keepsDate: false, wallClock: 0)
      var body = ByteBuffer(byteLimit: 100)
      var refusal = DEEPIDV_OK
      let response = Array("\(Self.start)\(line)\r\n\(tail)\r\n".utf8)
      var start = 0
      for end in 1...response.count where refusal == DEEPIDV_OK {
        start += reader.read(response.span.extracting(start..<end), into: &body, refusal: &refusal)
      }
      #expect(refusal == DEEPIDV_OK)
      #expect(reader.isComplete)
      #expect(start == response.count)
    }
  }

  @Test func anyBytes() {
    var generator = SeededGenerator(3)
    var complete = 0
    for round in 0..<20_000 {
      var bytes = Array(Self.responses[round % Self.responses.count].utf8)
      for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch generator.next() % 3 {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes.remove(at: index)
        default: bytes.insert(bytes[index], at: index)
        }
      }
      let whole = read(bytes)
      if whole.ending == DEEPIDV_OK { complete += 1 }
      let size = Int.random(in: 1...9, using: &generator)
      if whole.ending != DEEPIDV_E_ANSWER_TOO_LARGE {
        #expect(read(bytes, inPiecesOf: size) == whole)
      }
    }
    #expect(complete > 1000)
  }
}
