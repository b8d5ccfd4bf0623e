import CDeepIDV
import Testing

@testable import DeepIDVCore

/// What is made of a response; Tests/http compares a million others with libcurl and llhttp.
@Suite struct HTTPResponseReaderTests {
  /// The verdict, without a body, on a head with these lines after the status line.
  private func head(_ lines: String...) -> HTTPVerdict {
    readResponse((["HTTP/1.1 200 OK"] + lines + ["", ""]).joined(separator: "\r\n"))
  }

  // MARK: Status lines

  @Test(arguments: [
    ("HTTP/1.1 200 OK", 200), ("HTTP/1.1 200 ", 200), ("HTTP/1.1 200", 200),
    ("HTTP/1.1 404 Not\tFound", 404), ("HTTP/1.1 999  é ", 999), ("HTTP/1.0 500 x", 500),
  ])
  func statusLine(_ line: String, _ status: Int) {
    let verdict = readResponse("\(line)\r\n\r\n")
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
    #expect(readResponse("\(line)\r\n\r\n") == HTTPVerdict(ending: DEEPIDV_E_ANSWER_HTTP))
  }

  /// What never ends a line does not keep anybody waiting.
  @Test(arguments: [
    "SSH-2.0-OpenSSH", "<html>", "220 smtp", "H3", "HTTP/2", "\u{16}\u{3}\u{1}", "\0",
  ])
  func noHTTPIsRefusedAtOnce(_ start: String) {
    #expect(readResponse(start).ending == DEEPIDV_E_ANSWER_HTTP)
  }

  // MARK: 1xx

  @Test func announcementsAreSkipped() {
    let verdict = readResponse(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 9\r\n"
        + "Content-Encoding: gzip\r\nConnection: keep-alive\r\n\r\nHTTP/1.1 199 x\r\n\r\n"
        + "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}")
    #expect(verdict == HTTPVerdict(status: 201, body: "{}", keepsConnection: true))
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
    #expect(readResponse(response) == HTTPVerdict(ending: DEEPIDV_E_ANSWER_HTTP))
  }

  @Test func anAnnouncementIsNoResponse() {
    let announcement = "HTTP/1.1 100 Continue\r\n\r\n"
    #expect(readResponse(announcement) == HTTPVerdict(ending: DEEPIDV_E_CONNECTION_LOST))
    #expect(readResponse(announcement + "H") == HTTPVerdict(ending: DEEPIDV_E_ANSWER_CUT))
    #expect(readResponse("") == HTTPVerdict(ending: DEEPIDV_E_CONNECTION_LOST))
    #expect(readResponse("H") == HTTPVerdict(ending: DEEPIDV_E_ANSWER_CUT))
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
      let verdict = readResponse("HTTP/1.1 200 OK\r\n\(before)\(line)Content-Length: 0\r\n\r\n")
      #expect(verdict == HTTPVerdict(ending: DEEPIDV_E_ANSWER_HTTP, status: 200))
      let trailer = readResponse(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\(before)\(line)\r\n")
      #expect(trailer == HTTPVerdict(ending: DEEPIDV_E_ANSWER_HTTP, status: 200))
    }
    let isInStatusLine = line.utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }
    if isInStatusLine { #expect(readResponse("HTTP/1.1 200 \(line)\r\n").status == 0) }
  }

  @Test(arguments: [
    "A:", "A:b", "A: \t b \t ", "A:\tb\tc", "A: é", "A: \u{FFFD}", "A::", "A: :", "a-z_0.9: x",
    "!#$%&'*+-.^_`|~0: x", "A: b, c; d=\"e\"", "Content-Lengt: x", "Content-Lengthy: x",
    "X-Content-Length: 9", "Chunked: Transfer-Encoding", "connectio: close", "datE: never",
  ])
  func acceptedLines(_ line: String) {
    #expect(head(line, "Content-Length: 0") == HTTPVerdict(status: 200, keepsConnection: true))
    let chunked = readResponse(
      "HTTP/1.1 200 OK\r\n\(line)\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\(line)\r\n\r\n")
    #expect(chunked == HTTPVerdict(status: 200, keepsConnection: true))
  }

  // MARK: The length of the body

  @Test(arguments: [204, 304])
  func noBody(_ status: Int) {
    for line in ["", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "A: b\r\n"] {
      let verdict = readResponse("HTTP/1.1 \(status) x\r\n\(line)\r\n")
      #expect(verdict == HTTPVerdict(status: status, keepsConnection: true))
    }
    // Of a later response, or of a body that must not be.
    let verdict = readResponse("HTTP/1.1 \(status) x\r\n\r\nHTTP")
    #expect(verdict == HTTPVerdict(status: status, rest: "HTTP"))
  }

  @Test(arguments: [200, 201, 205, 206, 301, 400, 503])
  func bodies(_ status: Int) {
    let expected = HTTPVerdict(status: status, body: "hello", keepsConnection: true)
    #expect(readResponse("HTTP/1.1 \(status) x\r\ncontent-LENGTH:005 \r\n\r\nhello") == expected)
    #expect(
      readResponse(
        "HTTP/1.1 \(status) x\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        == expected)
    // Until the end of the connection, which therefore cannot be used again.
    #expect(
      readResponse("HTTP/1.1 \(status) x\r\n\r\nhello")
        == HTTPVerdict(status: status, body: "hello", keepsConnection: false))
    #expect(
      readResponse("HTTP/1.1 \(status) x\r\nContent-Length: 5\r\n\r\nhelloHTTP")
        == HTTPVerdict(status: status, body: "hello", rest: "HTTP"))
    #expect(
      readResponse("HTTP/1.1 \(status) x\r\nContent-Length: 5\r\n\r\nhell")
        == HTTPVerdict(ending: DEEPIDV_E_ANSWER_CUT, status: status, body: "hell"))
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
      #expect(readResponse(response).ending == refusal, "\(status)")
    }
  }

  @Test func version10() {
    #expect(
      readResponse("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello")
        == HTTPVerdict(status: 200, body: "hello"))
    #expect(
      readResponse("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        == HTTPVerdict(ending: DEEPIDV_E_ANSWER_HTTP, status: 200))
  }

  // MARK: Chunks

  private func chunked(_ chunks: String) -> HTTPVerdict {
    readResponse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
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
    #expect(chunked(chunks) == HTTPVerdict(status: 200, body: body, keepsConnection: true))
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
    #expect(head(line, "Content-Length: 0") == HTTPVerdict(status: 200, keepsConnection: isKept))
    #expect(head("Content-Length: 0", line, "A: b").keepsConnection == isKept)
    #expect(chunked("0\r\n\(line)\r\n\r\n") == HTTPVerdict(status: 200, keepsConnection: isKept))
    #expect(readResponse("HTTP/1.1 204 x\r\n\(line)\r\n\r\n").keepsConnection == isKept)
  }

  @Test func anyOfSeveralClosesIt() {
    let verdict = head("Connection: close", "Connection: keep-alive", "Content-Length: 0")
    #expect(verdict == HTTPVerdict(status: 200))
  }

  // MARK: What else is read

  @Test(arguments: [
    ("identity", false), ("", false), ("IDENTITY", false), ("gzip", true), ("identity, br", true),
    ("x", true),
  ])
  func contentCodings(_ value: String, _ isEncoded: Bool) {
    let verdict = head("Content-Encoding: \(value)", "Content-Length: 0")
    #expect(verdict == HTTPVerdict(status: 200, keepsConnection: true, isEncoded: isEncoded))
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
    let verdict = readResponse(Array(response.utf8), wallClock: 784_111_740) {
      #expect($0.retryAfter == expected)
    }
    #expect(verdict.ending == DEEPIDV_OK)
  }

  @Test(arguments: [(200, false, false), (200, true, true), (404, false, true), (404, true, true)])
  func date(_ status: Int, _ keepsDate: Bool, _ isKept: Bool) {
    let response =
      "HTTP/1.1 103 x\r\nDate: Sun, 06 Nov 1994 00:00:00 GMT\r\nRetry-After: 9\r\n\r\n"
      + "HTTP/1.1 \(status) x\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n"
    _ = readResponse(Array(response.utf8), keepsDate: keepsDate) {
      #expect($0.date == (isKept ? 784_111_777 : nil))
      #expect($0.retryAfter == nil)
    }
  }
}
