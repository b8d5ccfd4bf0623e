import CDeepIDV

@testable import DeepIDVCore

/// What is made of a response whose connection ends behind it.
struct HTTPVerdict: Equatable {
  /// The limit of a body in these tests.
  static let bodyLimit = 40

  /// `DEEPIDV_OK` if it is complete, otherwise why it is refused or that it is cut.
  var ending = DEEPIDV_OK
  var status = 0
  var body = ""
  var keepsConnection = false
  var isEncoded = false
  /// What does not belong to the response.
  var rest = ""
}

/// Reads a response that arrives in pieces of a size.
func readResponse(
  _ response: [UInt8], inPiecesOf size: Int = .max, keepsDate: Bool = false, wallClock: Int64 = 0,
  inspect: (HTTPResponseReader) -> Void = { _ in }
) -> HTTPVerdict {
  var reader = HTTPResponseReader(keepsDate: keepsDate, wallClock: wallClock)
  var body = ByteBuffer(byteLimit: HTTPVerdict.bodyLimit + 1)
  var unread: [UInt8] = []
  var position = 0
  var verdict = HTTPVerdict()
  while position < response.count, verdict.ending == DEEPIDV_OK {
    let end = position + min(size, response.count - position)
    unread += response[position..<end]
    position = end
    unread.removeFirst(reader.read(unread.span, into: &body, refusal: &verdict.ending))
  }
  // Before the end of the connection: a body that ends with it is not complete yet.
  verdict.keepsConnection = reader.keepsConnection && unread.isEmpty
  if verdict.ending == DEEPIDV_OK { verdict.ending = reader.end(hasUnread: !unread.isEmpty) }
  verdict.status = reader.status
  verdict.body = String(decoding: body.array, as: UTF8.self)
  verdict.isEncoded = reader.isEncoded
  if verdict.ending == DEEPIDV_OK { verdict.rest = String(decoding: unread, as: UTF8.self) }
  inspect(reader)
  return verdict
}

/// Reads a response that arrives at once.
func readResponse(_ response: String) -> HTTPVerdict { readResponse(Array(response.utf8)) }
