import CDeepIDV
import CPlatform

/// Reads a response of HTTP/1.1, or of HTTP/1.0, as its bytes arrive.
///
/// It is strict, because where readers of HTTP disagree, the end of one response is the beginning of another: lines
/// end with CR LF, a header is not continued on the next line, and a response whose length is given twice is refused.
/// All that a peer can size is limited.
///
/// https://www.rfc-editor.org/rfc/rfc9112
public struct HTTPResponseReader: Sendable {
  /// What the next bytes are.
  private enum Part {
    case statusLine, header, chunkSize, chunkEnd, trailer, body, bodyUntilClose, nothing
  }

  private var part = Part.statusLine
  /// How many bytes of the body, or of a chunk of it, have not arrived.
  private var left: UInt64 = 0
  /// How many bytes of the current line were searched for its end already.
  private var searched = 0
  /// The size of all heads, trailers and extensions of chunks.
  private var lineBytes = 0
  private var fields: HTTPFields
  /// The final status once its line was read; 0 before.
  public private(set) var status = 0

  /// Creates a reader of one response.
  ///
  /// - Parameters:
  ///   - keepsDate: Whether `date` is read of a successful response, too.
  ///   - wallClock: This machine's time in seconds since 1970.
  public init(keepsDate: Bool, wallClock: Int64) {
    fields = HTTPFields(keepsDate: keepsDate, wallClock: wallClock)
  }

  /// The largest size in bytes of all lines of a response: status lines and headers, of 1xx responses too, trailers,
  /// and the sizes of chunks as far as they are longer than a number.
  public static var lineLimit: Int { 65_536 }

  /// Whether the response is complete.
  public var isComplete: Bool { part == .nothing }

  /// Whether the connection can be used for another request, once the response is complete.
  public var keepsConnection: Bool { isComplete && fields.keepsConnection }

  /// Seconds to wait, from a valid `Retry-After`; a date counts from the response's own `Date` if it has one.
  public var retryAfter: UInt64? {
    fields.retryAfter?.seconds(since: fields.date ?? fields.wallClock)
  }

  /// The time in seconds since 1970 when the response was made, if it says so and it was asked for.
  public var date: Int64? { fields.date }

  /// The id of the request, if a header has one.
  public var requestID: RequestID { fields.requestID }

  /// Whether the body has a content coding.
  public var isEncoded: Bool { fields.isEncoded }
}

// MARK: Reading

extension HTTPResponseReader {
  /// Reads bytes as far as possible, and returns how many.
  ///
  /// The rest is the beginning of a line: it has to be passed again with the bytes that follow it. If the response is
  /// complete, the rest does not belong to it.
  ///
  /// - Parameters:
  ///   - body: Receives the bytes of the body; its limit is that of the body, and one byte for a NUL behind it.
  ///   - refusal: Still `DEEPIDV_OK`, or why the response is refused.
  public mutating func read(
    _ bytes: Span<UInt8>, into body: inout ByteBuffer, refusal: inout deepidv_status
  ) -> Int {
    var index = 0
    while part != .nothing, refusal == DEEPIDV_OK {
      if part == .body || part == .bodyUntilClose {
        index &+= takeBody(bytes.part(index, bytes.count), into: &body, &refusal)
        if left > 0 { break }
        part = fields.isChunked ? .chunkEnd : .nothing
      } else {
        guard let end = endOfLine(in: bytes, from: index, &refusal) else { break }
        refusal = take(bytes.part(index, end), body)
        index = end &+ 2
      }
    }
    return index
  }

  /// The connection has ended; returns `DEEPIDV_OK` if the response is complete by that.
  ///
  /// - Parameter hasUnread: Whether a part of a line was not read.
  public mutating func end(hasUnread: Bool) -> deepidv_status {
    switch part {
    case .nothing: return DEEPIDV_OK
    case .bodyUntilClose:
      part = .nothing
      return DEEPIDV_OK
    // A 1xx response only announces another.
    case .statusLine where !hasUnread: return DEEPIDV_E_CONNECTION_LOST
    default: return DEEPIDV_E_ANSWER_CUT
    }
  }

  /// Appends what belongs to the body, and returns how much that is.
  private mutating func takeBody(
    _ bytes: Span<UInt8>, into body: inout ByteBuffer, _ refusal: inout deepidv_status
  ) -> Int {
    let count = Int(truncatingIfNeeded: min(left, UInt64(truncatingIfNeeded: bytes.count)))
    do throws(BufferError) {
      // With room for the NUL that is added at the end; most bodies arrive in one piece.
      if count > 0 { try body.reserve(count &+ 1) }
      try body.append(bytes.part(0, count))
    } catch {
      refusal = error == .full ? DEEPIDV_E_ANSWER_TOO_LARGE : DEEPIDV_E_NOMEM
    }
    left &-= UInt64(truncatingIfNeeded: count)
    return count
  }

  /// Returns the index of the CR that ends the line, or nil if it has not arrived, or cannot be a line.
  private mutating func endOfLine(
    in bytes: Span<UInt8>, from start: Int, _ refusal: inout deepidv_status
  ) -> Int? {
    var index = start &+ searched
    while true {
      index = bytes.firstSpecial(CPLATFORM_NOT_PRINTABLE, from: index)
      guard let byte = bytes.at(index), byte > 0x7F || byte == UInt8(ascii: "\t") else { break }
      index &+= 1
    }
    if index &- start > Self.lineLimit &- lineBytes {
      refusal = DEEPIDV_E_ANSWER_TOO_LARGE
      return nil
    }
    searched = index &- start
    // Something that is no HTTP may never end a line.
    if part != .statusLine || bytes.part(start, index).canBeginStatusLine {
      guard let control = bytes.at(index) else { return nil }
      if control == 0x0D {
        guard let next = bytes.at(index &+ 1) else { return nil }
        if next == 0x0A {
          searched = 0
          return index
        }
      }
    }
    refusal = DEEPIDV_E_ANSWER_HTTP
    return nil
  }

  /// Takes a line without its end, and returns why the response is refused for it.
  private mutating func take(_ line: Span<UInt8>, _ body: borrowing ByteBuffer) -> deepidv_status {
    // Lines that come with each chunk do not count, because the body's limit limits them.
    let isOfChunk = line.count <= 16 && (part == .chunkSize || part == .chunkEnd)
    guard isOfChunk || count(line) else { return DEEPIDV_E_ANSWER_TOO_LARGE }
    switch part {
    case .statusLine:
      guard let (status, minor) = line.statusLine, status != 101 else { break }
      fields.begin(status: status, isFirstVersion: minor == 0)
      if status >= 200 { self.status = status }
      part = .header
      return DEEPIDV_OK
    case .header:
      return line.isEmpty ? beginBody(limit: body.byteLimit) : fields.take(line)
    case .chunkSize: return beginChunk(line, room: body.byteLimit &- body.count)
    case .chunkEnd:
      guard line.isEmpty else { break }
      part = .chunkSize
      return DEEPIDV_OK
    case .trailer:
      if line.isEmpty {
        part = .nothing
        return DEEPIDV_OK
      }
      // An id would count more than the head's, and nobody sends one there.
      let requestID = fields.requestID
      let refusal = fields.take(line)
      fields.requestID = requestID
      // A length is none of a trailer's.
      if !fields.isContradictory { return refusal }
    case .body, .bodyUntilClose, .nothing: break
    }
    return DEEPIDV_E_ANSWER_HTTP
  }

  /// Counts a line; false if there are too many bytes of them.
  private mutating func count(_ line: Span<UInt8>) -> Bool {
    // Both are at most the limit.
    lineBytes &+= line.count &+ 2
    return lineBytes <= Self.lineLimit
  }

  /// The head is complete.
  private mutating func beginBody(limit: Int) -> deepidv_status {
    if fields.isContradictory { return DEEPIDV_E_ANSWER_HTTP }
    left = fields.contentLength ?? .max
    if fields.status < 200 {
      // Nothing may follow what was said to be the last response.
      guard fields.keepsConnection else { return DEEPIDV_E_ANSWER_HTTP }
      part = .statusLine
    } else if fields.status == 204 || fields.status == 304 || left == 0 {
      part = .nothing
    } else if fields.isChunked {
      part = .chunkSize
    } else if fields.contentLength == nil {
      fields.keepsConnection = false
      part = .bodyUntilClose
    } else {
      if left >= UInt64(truncatingIfNeeded: limit) { return DEEPIDV_E_ANSWER_TOO_LARGE }
      part = .body
    }
    return DEEPIDV_OK
  }

  private mutating func beginChunk(_ line: Span<UInt8>, room: Int) -> deepidv_status {
    left = 0
    var index = 0
    while let digit = line.at(index)?.asciiHexValue {
      // 64 bits, leading zeros too.
      if index == 16 { return DEEPIDV_E_ANSWER_TOO_LARGE }
      left = left &<< 4 | UInt64(digit)
      index &+= 1
    }
    guard index > 0, line.isChunkExtensions(from: index) else { return DEEPIDV_E_ANSWER_HTTP }
    if left >= UInt64(truncatingIfNeeded: room) { return DEEPIDV_E_ANSWER_TOO_LARGE }
    part = left == 0 ? .trailer : .body
    return DEEPIDV_OK
  }
}
