import CDeepIDV
import Testing

@testable import DeepIDVCore

/// How much of a response is read, and in which pieces.
@Suite struct HTTPResponseLimitTests {
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
      #expect(readResponse(Self.start + fields).ending == expected)
      // 1xx responses, and trailers with the line that ends them.
      let half = lines(20_000)
      let split =
        "HTTP/1.1 103 x\r\n" + half + "\r\n" + Self.start + "Transfer-Encoding: chunked\r\n\r\n"
      let left = limit - split.utf8.count - 2
      let chunks = "5\r\nhello\r\n0000\r\n" + lines(left + excess, each: length) + "\r\n"
      #expect(readResponse(split + chunks).ending == expected)
    }
  }

  @Test func aLineIsRefusedBeforeItEnds() {
    let fits = Self.start + "A:" + String(repeating: "x", count: 65_536 - 17 - 2)
    #expect(readResponse(fits).ending == DEEPIDV_E_ANSWER_CUT)
    #expect(readResponse(fits + "x").ending == DEEPIDV_E_ANSWER_TOO_LARGE)
    let status = "HTTP/1.1 200 " + String(repeating: "x", count: 65_536 - 13)
    #expect(readResponse(status).ending == DEEPIDV_E_ANSWER_CUT)
    #expect(readResponse(status + "x").ending == DEEPIDV_E_ANSWER_TOO_LARGE)
  }

  @Test func announcementsAreLimited() {
    let one = "HTTP/1.1 100 Continue\r\n\r\n"
    let response = String(repeating: one, count: 3000) + Self.start + "Content-Length: 0\r\n\r\n"
    #expect(readResponse(response).ending == DEEPIDV_E_ANSWER_TOO_LARGE)
    #expect(
      readResponse(String(repeating: one, count: 2600) + Self.start + "\r\n").ending == DEEPIDV_OK)
  }

  @Test func extensionsAreLimited() {
    let head = Self.start + "Transfer-Encoding: chunked\r\n\r\n"
    let fits = "0;" + String(repeating: "x", count: 65_536 - head.utf8.count - 6)
    #expect(readResponse(head + fits + "\r\n\r\n").ending == DEEPIDV_OK)
    #expect(readResponse(head + fits + "x\r\n\r\n").ending == DEEPIDV_E_ANSWER_TOO_LARGE)
    let chunk = "1;" + String(repeating: "x", count: 2000) + "\r\ny\r\n"
    #expect(
      readResponse(head + String(repeating: chunk, count: 33)).ending == DEEPIDV_E_ANSWER_TOO_LARGE)
  }

  /// However the length is given, and in whatever pieces the body arrives.
  @Test func limitOfABody() {
    for size in [HTTPVerdict.bodyLimit, HTTPVerdict.bodyLimit + 1] {
      let body = String(repeating: "x", count: size)
      let pieces = body.map { "1\r\n\($0)\r\n" }.joined()
      let heads = [
        "Content-Length: \(size)\r\n\r\n\(body)", "\r\n\(body)",
        "Transfer-Encoding: chunked\r\n\r\n\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n\(pieces)0\r\n\r\n",
      ]
      for head in heads {
        for pieceSize in [1, 7, .max] {
          let verdict = readResponse(Array((Self.start + head).utf8), inPiecesOf: pieceSize)
          #expect(
            verdict.ending
              == (size == HTTPVerdict.bodyLimit ? DEEPIDV_OK : DEEPIDV_E_ANSWER_TOO_LARGE))
          if size == HTTPVerdict.bodyLimit { #expect(verdict.body == body) }
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
    "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: HTTPVerdict.bodyLimit + 1),
  ]

  /// A cut anywhere, and pieces of any size, make no difference.
  @Test(arguments: responses)
  func pieces(_ response: String) {
    let bytes = Array(response.utf8)
    for length in 0...bytes.count {
      let cut = Array(bytes[..<length])
      let whole = readResponse(cut)
      for size in 1...max(length, 1) {
        let verdict = readResponse(cut, inPiecesOf: size)
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
      let ending = readResponse(Array(bytes[..<length])).ending
      #expect(ending == DEEPIDV_E_ANSWER_CUT || ending == DEEPIDV_E_CONNECTION_LOST)
    }
    #expect(readResponse(bytes).ending == DEEPIDV_OK)
  }

  /// Reading takes time in proportion to what arrives, in whatever pieces.
  ///
  /// The bytes of a line that were searched for its end are not searched again. A line is taken once, after its end,
  /// and within it each of its bytes a fixed number of times. What is left unread is at most a line.
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
      let whole = readResponse(bytes)
      if whole.ending == DEEPIDV_OK { complete += 1 }
      let size = Int.random(in: 1...9, using: &generator)
      if whole.ending != DEEPIDV_E_ANSWER_TOO_LARGE {
        #expect(readResponse(bytes, inPiecesOf: size) == whole)
      }
    }
    #expect(complete > 1000)
  }
}
