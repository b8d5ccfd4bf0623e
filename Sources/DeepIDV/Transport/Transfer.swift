import CDeepIDV
import DeepIDVCore

/// What has left and what has arrived in an exchange.
struct Transfer: ~Copyable {
  /// The request as it is sent; wiped as soon as it was.
  var request = ByteBuffer(byteLimit: 0)
  var headSize = 0
  var bodySize = 0
  /// How many bytes of the request were passed to the system, or to TLS.
  var sent = 0
  /// A piece of which TLS may have sent a part: its size, or 0.
  var pieceUnderWay = 0
  var hasFailedToSend = false

  var reader = HTTPResponseReader(keepsDate: false, wallClock: 0)
  /// The beginning of a line whose end has not arrived.
  var unread = ByteBuffer(byteLimit: HTTPResponseReader.lineLimit + Transfer.pieceSize)
  var answer = ByteBuffer(byteLimit: 0)
  /// How often there was nothing to read since bytes were last sent or read, although something had arrived: TLS has
  /// messages without data, and a record can be read only if all of it has arrived.
  var emptyReads = 0

  /// How many bytes of the response have arrived.
  var received = 0

  // Monotonic nanoseconds.
  var began: UInt64 = 0
  var deadline: UInt64 = .max
  /// Whether the connection carried a request before.
  var isReused = false
  /// Whether the connection is kept.
  var keepsConnection = true
  /// Nil while it goes on.
  var ending: Ending?

  /// How an exchange has ended.
  struct Ending {
    /// `DEEPIDV_OK`, or why there is no complete answer.
    var cause: deepidv_status
    var isTimeout = false
    /// Whether the rest of the answer was not read.
    var isCutOff = false
    /// Where nothing could be sent: what may help.
    var advice: StaticString?
  }

  /// The most bytes that are sent or received at once: TLS encrypts no more in a record.
  static var pieceSize: Int { 16_384 }

  var isSent: Bool { sent == headSize &+ bodySize }

  /// The most bytes of the request that can have left.
  ///
  /// The peer can read nothing of a record of which only a part has arrived, but the rest may have left, too.
  var bytesSent: Int { sent &+ pieceUnderWay }

  /// Whether the connection was no longer usable, so that nothing has left.
  var isStale: Bool { isReused && hasFailedToSend && bytesSent == 0 }
}

extension Transfer {
  /// Reads what has arrived, and returns `DEEPIDV_OK` or why the answer is refused.
  mutating func read(_ piece: borrowing ByteBuffer) -> deepidv_status {
    var refusal = DEEPIDV_OK
    do throws(BufferError) {
      if unread.isEmpty {
        try piece.withSpan { piece throws(BufferError) in
          let count = reader.read(piece, into: &answer, refusal: &refusal)
          try unread.append(piece.part(count, piece.count))
        }
      } else {
        try unread.append(contentsOf: piece)
        var rest = ByteBuffer(byteLimit: unread.byteLimit)
        let count = try unread.withSpan { unread throws(BufferError) in
          let count = reader.read(unread, into: &answer, refusal: &refusal)
          if count > 0 { try rest.append(unread.part(count, unread.count)) }
          return count
        }
        // A long line that arrives byte by byte is not copied for each of them.
        if count > 0 { swap(&rest, &unread) }
      }
    } catch {
      return DEEPIDV_E_NOMEM
    }
    return refusal
  }
}
