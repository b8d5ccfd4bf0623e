import CDeepIDV
import DeepIDVCore
import Testing

@Suite struct RequestIDTests {
  @Test(arguments: [
    ("X-Request-Id: a", "a"), ("x-request-id:  A-1  ", "A-1"), ("Request-ID: b", "b"),
    ("X-Correlation-ID: c", "c"), ("x-amzn-RequestId: d", "d"),
    (
      "X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793",
      "Root=1-5759e988-bd862e3fe1be46a994272793"
    ),
    ("CF-RAY: 8f-FRA", "8f-FRA"),
    // The service's own id counts more than a gateway's, wherever it is; of equal ones the first.
    ("cf-ray: x\r\nx-amzn-requestid: y\r\nx-request-id: z", "z"),
    ("x-request-id: z\r\nx-amzn-requestid: y\r\ncf-ray: x", "z"),
    ("x-request-id: first\r\nx-request-id: second", "first"),
  ])
  func found(_ headers: String, _ expected: String) { #expect(id(headers) == expected) }

  @Test(arguments: [
    "", "X-Request-Id:", "X-Request-Id: a b", "X-Request-Id: a\tb", "X-Request-Id: é",
    "X-Request-Ids: a", "Request: a", "X-Request-Id: " + String(repeating: "a", count: 97),
  ])
  func ignored(_ headers: String) { #expect(id(headers) == "") }

  @Test func longest() {
    let longest = String(repeating: "a", count: 96)
    #expect(id("X-Request-Id: " + longest) == longest)
  }

  /// An id of a 1xx response is not one of the final response.
  @Test func announcement() {
    var reader = HTTPResponseReader(keepsDate: false, wallClock: 0)
    read(
      "HTTP/1.1 103 x\r\nX-Request-Id: a\r\n\r\nHTTP/1.1 200 x\r\nContent-Length: 0\r\n\r\n",
      by: &reader)
    #expect(reader.isComplete && reader.requestID.isEmpty)
  }

  /// A trailer's is ignored.
  @Test func trailer() {
    var reader = HTTPResponseReader(keepsDate: false, wallClock: 0)
    let start = "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    read(start + "X-Request-Id: a\r\n\r\n", by: &reader)
    #expect(reader.isComplete && reader.requestID.isEmpty)
  }

  private func id(_ headers: String) -> String {
    var reader = HTTPResponseReader(keepsDate: false, wallClock: 0)
    let lines = headers.isEmpty ? "" : headers + "\r\n"
    read("HTTP/1.1 200 OK\r\n\(lines)Content-Length: 0\r\n\r\n", by: &reader)
    #expect(reader.isComplete)
    return reader.requestID.withSpan { id in
      String(decoding: id.indices.map { id[$0] }, as: UTF8.self)
    }
  }

  private func read(_ response: String, by reader: inout HTTPResponseReader) {
    var body = ByteBuffer(byteLimit: 16)
    var refusal = DEEPIDV_OK
    _ = reader.read(Array(response.utf8).span, into: &body, refusal: &refusal)
    #expect(refusal == DEEPIDV_OK)
  }
}
