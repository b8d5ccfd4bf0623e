import NIOCore
import NIOHTTP1
import Testing

@testable import HTTP

@Suite struct HTTPAssemblerTests {
  private static let limits: HTTPLimits = {
    var limits = HTTPLimits()
    limits.target = 20
    limits.header = 60
    limits.body = 10
    limits.discardedBody = 20
    return limits
  }()

  private var assembler = HTTPAssembler(limits: HTTPAssemblerTests.limits)

  /// A head with these headers, and a host unless it is nil.
  private func head(
    _ headers: [(String, String)] = [], uri: String = "/a?b=c?d", method: HTTPMethod = .POST,
    version: HTTPVersion = .http1_1, host: String? = "localhost"
  ) -> HTTPServerRequestPart {
    let all = headers + (host.map { [("host", $0)] } ?? [])
    return .head(
      HTTPRequestHead(version: version, method: method, uri: uri, headers: HTTPHeaders(all)))
  }

  private func body(_ text: String) -> HTTPServerRequestPart { .body(ByteBuffer(string: text)) }

  /// The last action, as text.
  private mutating func last(_ parts: HTTPServerRequestPart...) -> String {
    var text = ""
    for part in parts {
      switch assembler.take(part, connectedTo: "10.0.0.1:80") {
      case .none: text = "none"
      case .permitBody: text = "permit"
      case .answer(let request, let keepsAlive):
        text =
          "\(request.method) \(request.path) \(request.query) \(request.authority) "
          + "\(String(decoding: request.body, as: UTF8.self)) \(keepsAlive)"
      case .refuse(let problem, let keepsAlive): text = "\(problem) \(keepsAlive)"
      }
    }
    return text
  }

  @Test mutating func requestsInTurn() {
    #expect(last(head(), body("ab"), body("c"), .end(nil)) == "POST /a b=c?d localhost abc true")
    #expect(!assembler.isInBody)
    #expect(last(head()) == "none")
    #expect(assembler.isInBody)
    #expect(last(body("1234567890"), .end(nil)) == "POST /a b=c?d localhost 1234567890 true")
  }

  @Test mutating func bodyOverTheLimit() {
    #expect(last(head(), body("1234567890"), body("1"), .end(nil)) == "bodyTooLarge true")
    #expect(last(head([("content-length", "20")])) == "none")
    #expect(last(body("12345678901234567890"), .end(nil)) == "bodyTooLarge true")
    #expect(last(head([("content-length", "21")])) == "bodyTooLarge false")
    #expect(!assembler.isInBody)
  }

  @Test mutating func headOverTheLimit() {
    #expect(last(head(uri: "/" + String(repeating: "a", count: 20))) == "targetTooLong false")
    #expect(last(head([("x", String(repeating: "a", count: 60))])) == "headerTooLarge false")
  }

  @Test mutating func permission() {
    let expects = ("expect", "100-Continue")
    #expect(last(head([expects, ("content-length", "10")])) == "permit")
    #expect(last(head([expects, ("transfer-encoding", "chunked")])) == "permit")
    #expect(last(head([expects])) == "none")
    #expect(last(head([expects, ("content-length", "0")])) == "none")
    #expect(last(head([expects, ("content-length", "11")])) == "bodyTooLarge false")
    #expect(last(head([expects, ("content-length", "10")], version: .http1_0)) == "none")
    #expect(last(head([("expect", "tea"), ("content-length", "10")])) == "none")
  }

  @Test mutating func hosts() {
    #expect(last(head(host: nil)) == "malformed false")
    #expect(last(head([("host", "localhost")])) == "malformed false")
    #expect(
      last(head(uri: "/", version: .http1_0, host: nil), .end(nil))
        == "POST /  10.0.0.1:80  false")
    #expect(last(head(uri: "HTTP://a:1/b?c"), .end(nil)) == "POST /b c a:1  true")
    #expect(last(head(uri: "http://a"), .end(nil)) == "POST /  a  true")
    #expect(last(head(uri: "http://a?b"), .end(nil)) == "POST / b a  true")
    #expect(last(head(uri: "*", method: .OPTIONS), .end(nil)) == "OPTIONS *  localhost  true")
  }

  @Test mutating func connectionsThatEnd() {
    for headers in [[("connection", "close")], [("connection", "upgrade"), ("upgrade", "h2c")]] {
      #expect(last(head(headers, uri: "/"), .end(nil)).hasSuffix("false"))
    }
    #expect(last(head(uri: "a:1", method: .CONNECT), .end(nil)).hasSuffix("false"))
    let chunked = ("transfer-encoding", "chunked")
    #expect(last(head([chunked], version: .http1_0)) == "malformed false")
  }
}

@Suite struct HTTPResponseTests {
  private func sent(_ response: HTTPResponse, bodyLength: Int = 9, closes: Bool = false) -> String {
    var buffer = ByteBuffer()
    response.write(to: &buffer, bodyLength: bodyLength, closes: closes)
    return String(buffer: buffer)
  }

  @Test func framing() {
    let response = HTTPResponse(.ok, headers: ["a": "b"], body: Array("body".utf8))
    #expect(sent(response) == "HTTP/1.1 200 OK\r\na: b\r\nContent-Length: 4\r\n\r\nbody")
    #expect(
      sent(response, bodyLength: 2, closes: true)
        == "HTTP/1.1 200 OK\r\na: b\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbo")
    #expect(sent(HTTPResponse(.noContent)) == "HTTP/1.1 204 No Content\r\n\r\n")
  }

  @Test func itsOwnFraming() {
    let lie = HTTPResponse(.ok, headers: ["content-length": "9"], body: Array("body".utf8))
    #expect(lie.framesItself)
    #expect(sent(lie) == "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbody")
  }

  @Test(arguments: ["a\r\nb: c", "a\nb", "a\rb", "a\0b"])
  func lineBreaksAreNotSent(value: String) {
    #expect(
      sent(HTTPResponse(.ok, headers: ["x": value]))
        == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
  }
}
