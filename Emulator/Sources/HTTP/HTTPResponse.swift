import NIOCore
import NIOHTTP1

/// A complete response.
public struct HTTPResponse: Sendable {
  /// The code and its phrase.
  public var status: HTTPResponseStatus
  /// Without `Content-Length` and `Connection`, which are added when it is sent.
  ///
  /// If they are here anyway, they are sent as they are, and the connection ends.
  public var headers: HTTPHeaders
  /// Not sent to HEAD.
  public var body: [UInt8]

  /// Creates a response.
  public init(_ status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Whether its own headers say how long it is, which may be a lie.
  var framesItself: Bool {
    ["content-length", "transfer-encoding", "connection"].contains { headers.contains(name: $0) }
  }

  /// Appends the bytes to send.
  ///
  /// `bodyLength` is the sent part of the body; `Content-Length` counts all of it.
  func write(to buffer: inout ByteBuffer, bodyLength: Int, closes: Bool) {
    buffer.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
    for (name, value) in headers where HTTPResponse.isLine(value) {
      buffer.writeString(name)
      buffer.writeStaticString(": ")
      buffer.writeString(value)
      buffer.writeStaticString("\r\n")
    }
    if !framesItself {
      if status.mayHaveResponseBody { buffer.writeString("Content-Length: \(body.count)\r\n") }
      if closes { buffer.writeStaticString("Connection: close\r\n") }
    }
    buffer.writeStaticString("\r\n")
    if status.mayHaveResponseBody { buffer.writeBytes(body.prefix(bodyLength)) }
  }

  /// Whether a value has no line break, which would end the header.
  private static func isLine(_ value: String) -> Bool {
    value.utf8.allSatisfy { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") && $0 != 0 }
  }
}

/// What a handler does with a request.
public indirect enum HTTPAnswer: Sendable {
  case response(HTTPResponse)
  /// Sends the header and this many bytes of the body, and ends the connection.
  case cut(HTTPResponse, bodyLength: Int)
  /// Sends bytes that need not be HTTP, and ends the connection.
  case bytes([UInt8])
  /// Resets the connection.
  case reset
  /// Answers after this time, also if the client has closed the connection by then.
  case after(milliseconds: Int, @Sendable () -> HTTPAnswer)
}

/// Why a request is refused before it reaches a handler.
public enum HTTPProblem: Equatable, Sendable {
  /// It is not HTTP, or its length or host is ambiguous.
  case malformed
  case targetTooLong
  case headerTooLarge
  case bodyTooLarge
  /// It did not arrive in time.
  case late
}

/// Answers requests, on the threads of the server.
public protocol HTTPHandler: Sendable {
  func answer(to request: HTTPRequest) -> HTTPAnswer
  /// The response to a request that is refused.
  func refusal(of problem: HTTPProblem) -> HTTPResponse
}
