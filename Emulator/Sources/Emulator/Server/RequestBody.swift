import FlyingFox
import FlyingSocks
import Foundation

/// A request's body, read as far as it is wanted.
enum RequestBody {
  case whole(Data)
  /// Over the limit, and read to its end: the connection can go on.
  case tooLarge
  /// So far over that even reading past it is given up: the connection has to be closed.
  case endless
  /// Not there in time.
  case late

  /// The most that is ever kept.
  static let limit = 1 << 20

  /// The most that is read and thrown away.
  ///
  /// Closing on a caller who is still sending would make its system report a broken connection in
  /// place of the 413, so ordinary mistakes are heard out.
  static let patience = 16 << 20

  /// How long a body may take, in seconds.
  static let time = 20.0

  init(of request: HTTPRequest) async throws {
    // What has come with the head is there already.
    if let count = request.bodySequence.count, count <= EmulatorServer.readAhead {
      self = .whole(try await request.bodyData)
      return
    }
    self = try await withThrowingTaskGroup(of: RequestBody.self) { group in
      group.addTask { try await RequestBody(reading: request) }
      group.addTask {
        try await Task.sleep(for: .seconds(RequestBody.time))
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
      if size > RequestBody.patience {
        self = .endless
        return
      }
    }
    self = size <= RequestBody.limit ? .whole(kept) : .tooLarge
  }
}

/// A response body after which the connection is closed.
///
/// The server has no such switch: it reads the next request whatever a response's headers say, and
/// would take the rest of an endless body for one. It does close when a body fails.
struct LastWords: AsyncBufferedSequence {
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
  /// The same answer, after which the connection is closed.
  ///
  /// With `share` less than 1, only that part of the body is sent, though all of it is announced.
  func closing(after share: Double = 1) async throws -> HTTPResponse {
    let body = try await bodyData
    let sent = body.prefix(Int(Double(body.count) * share))
    var closing = HTTPResponse(
      statusCode: statusCode, headers: headers,
      body: HTTPBodySequence(
        from: LastWords(bytes: Array(sent)), count: body.count,
        suggestedBufferSize: max(1, sent.count)))
    closing.headers[.connection] = "close"
    return closing
  }
}
