// Empty with the trait Embedded: an ordinary program cannot use a core that is built that way.
#if !Embedded
  // Reads HTTP responses on standard input, so that other readers can be compared with ours.
  //
  // Each response, and each verdict, comes behind its length in four bytes, most significant first. The connection
  // ends behind a response. A verdict is a line, and behind it the body as far as it was read:
  //
  //     complete STATUS keep      the connection can be used again
  //     complete STATUS close
  //     cut STATUS                the connection ended too early; STATUS is 0 without a final status line
  //     refused STATUS REASON     `http`, `encoding` or `too-large`

  import CDeepIDV
  import DeepIDVCore
  import Foundation

  /// What the reader makes of a response that arrives in pieces of a size.
  func verdict(on response: [UInt8], inPiecesOf size: Int) -> [UInt8] {
    var reader = HTTPResponseReader(keepsDate: true, wallClock: 0)
    var body = ByteBuffer(byteLimit: (4 << 20) + 1)
    var unread: [UInt8] = []
    var position = 0
    var refusal = DEEPIDV_OK
    while position < response.count, refusal == DEEPIDV_OK {
      let end = min(position + size, response.count)
      unread += response[position..<end]
      position = end
      let count = reader.read(unread.span, into: &body, refusal: &refusal)
      unread.removeFirst(count)
    }
    var line = "refused \(reader.status) \(name(of: refusal))"
    if refusal == DEEPIDV_OK {
      let keeps = reader.keepsConnection && unread.isEmpty
      line =
        reader.end(hasUnread: !unread.isEmpty) == DEEPIDV_OK
        ? "complete \(reader.status) \(keeps ? "keep" : "close")" : "cut \(reader.status)"
    }
    return Array("\(line)\n".utf8) + body.withSpan { bytes in bytes.indices.map { bytes[$0] } }
  }

  func name(of refusal: deepidv_status) -> String {
    switch refusal {
    case DEEPIDV_E_ANSWER_HTTP: "http"
    case DEEPIDV_E_ANSWER_ENCODING: "encoding"
    case DEEPIDV_E_ANSWER_TOO_LARGE: "too-large"
    default: "\(refusal)"
    }
  }

  /// The verdict, which must not depend on how the response arrives.
  func verdict(on response: [UInt8]) -> [UInt8] {
    let whole = verdict(on: response, inPiecesOf: max(response.count, 1))
    for size in [1, 7] where verdict(on: response, inPiecesOf: size) != whole {
      return Array("in pieces of \(size): differs\n".utf8)
    }
    return whole
  }

  let input = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
  var output: [UInt8] = []
  var position = 0
  while position + 4 <= input.count {
    let length = input[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
    position += 4
    guard length <= input.count - position else { break }
    let verdict = verdict(on: [UInt8](input[position..<(position + length)]))
    position += length
    output += (0..<4).map { UInt8(truncatingIfNeeded: verdict.count >> (24 - 8 * $0)) }
    output += verdict
  }
  FileHandle.standardOutput.write(Data(output))
#endif
