// Empty with the trait Embedded: an ordinary program cannot use a core that is built that way.
#if !Embedded
  // Answers documents on standard input, so that another JSON reader can be compared with ours.
  //
  // Each document, and each answer, comes behind its length in four bytes, most significant first.
  // An answer is `refuse REASON POSITION`, or `accept` and a line for each piece:
  //
  //     { } [ ]  true false null
  //     key HEX            a member's name, unescaped
  //     string HEX JSON    a string, unescaped, and as our writer writes it
  //     number TEXT WORTH  the worth is the integer, `overflow` or `fraction`

  import DeepIDVCore
  import Foundation

  let input = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
  var output: [UInt8] = []
  var position = 0
  while position + 4 <= input.count {
    let length = input[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
    position += 4
    guard length <= input.count - position else { break }
    let answer = answer([UInt8](input[position..<(position + length)]))
    position += length
    output += (0..<4).map { UInt8(truncatingIfNeeded: answer.count >> (24 - 8 * $0)) }
    output += answer
  }
  FileHandle.standardOutput.write(Data(output))

  /// The answer to one document, on which both ways of reading have to agree.
  func answer(_ document: [UInt8]) -> [UInt8] {
    let pieces = Dump.pieces(of: document.span)
    let walk = Dump.walk(of: document.span)
    return Array((pieces == walk ? pieces : "differ\n\(pieces)\n\(walk)").utf8)
  }
#endif
