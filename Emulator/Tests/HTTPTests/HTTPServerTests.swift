import Glibc
import HTTP
import Testing

/// Answers with many bytes.
private struct Sample: HTTPHandler {
  func answer(to request: HTTPRequest) -> HTTPAnswer {
    .response(HTTPResponse(.ok, body: [UInt8](repeating: 0x61, count: 100_000)))
  }

  func refusal(of problem: HTTPProblem) -> HTTPResponse {
    HTTPResponse(problem == .late ? .requestTimeout : .badRequest)
  }
}

/// A blocking connection.
private final class Client {
  private let file: Int32

  init(port: Int) throws {
    file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0)
  }

  deinit { close(file) }

  /// Returns false if the server has closed the connection.
  @discardableResult
  func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return Glibc.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Waits for an event for this time, or for ever.
  func wait(for events: Int32, milliseconds: Int32 = -1) -> Bool {
    var waiting = pollfd(fd: file, events: Int16(events), revents: 0)
    return poll(&waiting, 1, milliseconds) == 1
  }

  /// All that arrives until the server closes the connection.
  func rest() -> String {
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(file, &part, part.count, 0), count > 0 { all += part[..<count] }
    return String(decoding: all, as: UTF8.self)
  }
}

/// Each test would wait for ever without the limit of time that it is about.
@Suite(.timeLimit(.minutes(1))) struct HTTPServerTests {
  private func start(_ change: (inout HTTPLimits) -> Void) throws -> HTTPServer {
    var limits = HTTPLimits()
    change(&limits)
    return try HTTPServer(address: "127.0.0.1", port: 0, limits: limits, handler: Sample())
  }

  @Test func unusedConnection() throws {
    let server = try start { $0.idleTime = 100 }
    defer { server.stop() }
    #expect(try Client(port: server.port).rest() == "")
    let used = try Client(port: server.port)
    used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(used.rest().hasPrefix("HTTP/1.1 200 OK"))
  }

  @Test func slowHeader() throws {
    let server = try start { $0.headerTime = 100 }
    defer { server.stop() }
    let client = try Client(port: server.port)
    client.send("GET / HTTP/1.1\r\nx: ")
    // Each byte is in time, but not the whole.
    repeat { client.send("a") } while !client.wait(for: Int32(POLLIN), milliseconds: 10)
    #expect(client.rest().hasPrefix("HTTP/1.1 408 Request Timeout"))
  }

  @Test func slowBody() throws {
    let server = try start { $0.bodyTime = 100 }
    defer { server.stop() }
    let client = try Client(port: server.port)
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
    repeat { client.send("a") } while !client.wait(for: Int32(POLLIN), milliseconds: 10)
    #expect(client.rest().hasPrefix("HTTP/1.1 408 Request Timeout"))
  }

  @Test func unreadResponses() throws {
    let server = try start { $0.readingTime = 100 }
    defer { server.stop() }
    let client = try Client(port: server.port)
    // Blocks once the server no longer reads, because its responses are not read.
    while client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") {}
  }

  @Test func connectionThatTheClientDoesNotClose() throws {
    let server = try start { $0.closingTime = 100 }
    defer { server.stop() }
    let client = try Client(port: server.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    #expect(client.rest().hasPrefix("HTTP/1.1 200 OK"))
    while client.send("a") { usleep(10_000) }
  }

  @Test func takenPort() throws {
    let server = try start { _ in }
    defer { server.stop() }
    let failure = #expect(throws: ListenFailure.self) {
      try HTTPServer(address: "127.0.0.1", port: server.port, handler: Sample())
    }
    #expect(failure?.code == EADDRINUSE)
  }
}
