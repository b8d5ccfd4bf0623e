import Testing

@testable import DeepIDVCore

@Suite struct HTTPRequestWriterTests {
  private func buffer(_ text: String) throws -> ByteBuffer {
    var buffer = ByteBuffer(byteLimit: 1 << 20)
    try buffer.append(Array(text.utf8).span)
    return buffer
  }

  private func writer(path: String = "/v1/sessions") throws -> HTTPRequestWriter {
    try HTTPRequestWriter(
      path: buffer(path), host: buffer("api.example.com:8443"), apiKey: buffer("key"),
      userAgent: buffer("a/1 (b)"))
  }

  private func written(
    _ method: Exchange.Method, _ path: Exchange.Path, subject: String = "", limit: Int = 0,
    token: String = "",
    body: String = "", by writer: borrowing HTTPRequestWriter
  ) throws -> (head: String, body: String) {
    var request = ByteBuffer(byteLimit: 1 << 20)
    let size = try writer.write(
      method, path, subject: Array(subject.utf8).span, limit: limit, token: Array(token.utf8).span,
      body: Array(body.utf8).span, to: &request)
    let bytes = request.array
    return (
      String(decoding: bytes[..<size], as: UTF8.self),
      String(decoding: bytes[size...], as: UTF8.self)
    )
  }

  private static let common = """
     HTTP/1.1\r
    Host: api.example.com:8443\r
    x-api-key: key\r
    User-Agent: a/1 (b)\r
    Content-Type: application/json\r
    Accept: application/json\r

    """

  @Test func post() throws {
    let (head, body) = try written(.post, .sessions, body: #"{"a":"é"}"#, by: writer())
    #expect(head == "POST /v1/sessions" + Self.common + "Content-Length: 10\r\n\r\n")
    #expect(body == #"{"a":"é"}"#)
  }

  /// Its length is said, too: without, some servers wait for a body, or answer 411.
  @Test func postWithoutBody() throws {
    let (head, body) = try written(.post, .sessions, by: writer())
    #expect(head.hasSuffix("\r\nContent-Length: 0\r\n\r\n"))
    #expect(body == "")
  }

  @Test func patch() throws {
    let (head, body) = try written(
      .patch, .updateStatus, subject: "s 1/2", body: "{}", by: writer())
    #expect(
      head == "PATCH /v1/sessions/s%201%2F2/update-status" + Self.common
        + "Content-Length: 2\r\n\r\n")
    #expect(body == "{}")
  }

  /// A GET has neither a body nor a length.
  @Test func get() throws {
    let (head, body) = try written(.get, .session, subject: "sess_1", body: "{}", by: writer())
    #expect(head == "GET /v1/sessions/sess_1" + Self.common + "\r\n")
    #expect(body == "")
  }

  @Test func queries() throws {
    let writer = try writer()
    let page = try written(.get, .page, subject: "a&b", limit: 20, token: "t=", by: writer)
    #expect(page.head.hasPrefix("GET /v1/sessions?"))
    #expect(page.head.contains("external_id=a%26b"))
    #expect(page.head.contains("limit=20"))
    #expect(page.head.contains("next_token=t%3D"))
    #expect(try written(.get, .page, by: writer).head == "GET /v1/sessions" + Self.common + "\r\n")
    let search = try written(.get, .search, subject: "x", by: writer)
    #expect(search.head == "GET /v1/sessions?external_id=x&limit=500" + Self.common + "\r\n")
  }

  /// Nothing that is asked for can end the line: who chooses an id does not choose headers.
  @Test(arguments: ["\r\nX: y", "\n", "\0", " HTTP/1.1", "é", "\u{7F}"])
  func anySubject(_ subject: String) throws {
    let writer = try writer()
    for path in [Exchange.Path.session, .updateStatus, .page, .search] {
      let head = try written(.get, path, subject: subject, token: subject, by: writer).head
      #expect(head.hasSuffix(Self.common + "\r\n"))
      let target = head.split(separator: " ", omittingEmptySubsequences: false)[1]
      #expect(target.utf8.allSatisfy { 0x21...0x7E ~= $0 })
      #expect(head.hasPrefix("GET \(target) HTTP/1.1\r\n"))
    }
  }

  @Test func aPathInFront() throws {
    let head = try written(.get, .session, subject: "x", by: writer(path: "/proxy/v1/sessions"))
      .head
    #expect(head == "GET /proxy/v1/sessions/x" + Self.common + "\r\n")
  }

  /// One writer serves all requests of a client, and appends to what is there.
  @Test func again() throws {
    let writer = try writer()
    let first = try written(.post, .sessions, body: "{}", by: writer)
    #expect(try written(.post, .sessions, body: "{}", by: writer) == first)
  }

  @Test func limits() throws {
    #expect(throws: BufferError.full) {
      _ = try HTTPRequestWriter(
        path: self.buffer("/"), host: self.buffer("h"),
        apiKey: self.buffer(String(repeating: "k", count: 40_000)),
        userAgent: self.buffer("a"))
    }
    let writer = try writer()
    var request = ByteBuffer(byteLimit: 300)
    let body = [UInt8](repeating: 0x20, count: 300)
    #expect(throws: BufferError.full) {
      try writer.write(
        .post, .sessions, subject: Span(), limit: 0, token: Span(), body: body.span, to: &request)
    }
  }
}
