import FlyingFox
import FlyingSocks
import Foundation

/// The result of reading a request's body.
enum RequestBody {
  case whole(Data)
  /// Over `limit`, but read completely, so the connection can be reused.
  case tooLarge
  /// Over `discardLimit`; not read completely, so the connection must be closed.
  case endless
  /// Not received in time.
  case late

  /// The maximum size of an accepted body.
  static let limit = 1 << 20

  /// The size up to which a body that is too large is read and discarded.
  ///
  /// If the server closed the connection while the caller is sending, the caller would get a
  /// connection error instead of the 413.
  static let discardLimit = 16 << 20

  /// The time limit for a body, in seconds.
  static let timeout = 20.0

  init(of request: HTTPRequest) async throws {
    // Small bodies were already read with the head.
    if let count = request.bodySequence.count, count <= EmulatorServer.readAhead {
      self = .whole(try await request.bodyData)
      return
    }
    self = try await withThrowingTaskGroup(of: RequestBody.self) { group in
      group.addTask { try await RequestBody(reading: request) }
      group.addTask {
        try await Task.sleep(for: .seconds(RequestBody.timeout))
        return .late
      }
      defer { group.cancelAll() }
      return try await group.next() ?? .late
    }
  }

  private init(reading request: HTTPRequest) async throws {
    var kept = Data()
    var size = 0
    for try await chunk in request.bodySequence {
      size += chunk.count
      if size <= RequestBody.limit { kept.append(chunk) } else { kept = Data() }
      if size > RequestBody.discardLimit {
        self = .endless
        return
      }
    }
    self = size <= RequestBody.limit ? .whole(kept) : .tooLarge
  }
}

/// A response body after which the connection is closed.
///
/// The server ignores `Connection: close` in responses: it would read the rest of an endless body as
/// the next request. But it closes the connection if a response body throws.
struct ClosingBody: AsyncBufferedSequence {
  typealias Element = UInt8

  let bytes: [UInt8]

  func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes[...]) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    fileprivate var bytes: ArraySlice<UInt8>

    mutating func next() async throws -> UInt8? {
      guard let byte = bytes.popFirst() else { throw SocketError.disconnected }
      return byte
    }

    mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
      guard !bytes.isEmpty else { throw SocketError.disconnected }
      defer { bytes = bytes.dropFirst(count) }
      return bytes.prefix(count)
    }
  }
}

extension HTTPResponse {
  /// The same response, after which the connection is closed.
  ///
  /// With a `share` below 1, only that part of the body is sent, but `Content-Length` is unchanged.
  func closing(after share: Double = 1) async throws -> HTTPResponse {
    let body = try await bodyData
    let sent = body.prefix(Int(Double(body.count) * share))
    var closing = HTTPResponse(
      statusCode: statusCode, headers: headers,
      body: HTTPBodySequence(
        from: ClosingBody(bytes: Array(sent)), count: body.count,
        suggestedBufferSize: max(1, sent.count)))
    closing.headers[.connection] = "close"
    return closing
  }
}
