import Testing

@testable import DeepIDVCore

/// Validation against the table of well-formed sequences in the Unicode standard (3-7).
@Suite struct UTF8Tests {
  @Test func ascii() {
    #expect(firstInvalid([]) == nil)
    #expect(firstInvalid(Array(0x00...0x7F)) == nil)
  }

  @Test func everyOneAndTwoBytes() {
    for first in UInt8.min...UInt8.max {
      check([first])
      for second in UInt8.min...UInt8.max { check([first, second]) }
    }
  }

  @Test func everyThreeBytesThatBeginASequence() {
    for first in 0xC0...0xFF as ClosedRange<UInt8> {
      for second in UInt8.min...UInt8.max {
        for third in Self.edges { check([first, second, third]) }
      }
    }
  }

  @Test func fourBytes() {
    for first in 0xEF...0xFF as ClosedRange<UInt8> {
      for second in UInt8.min...UInt8.max {
        for third in Self.edges {
          for fourth in Self.edges { check([first, second, third, fourth]) }
        }
      }
    }
  }

  @Test func positionAmongOtherText() {
    let before = ["", "a", "abcdefg", "abcdefgh", "abcdefghijklmnop", "é", "日本", "😀", "abcé"]
    let wrong: [[UInt8]] = [[0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0xAF]]
    for before in before.map({ Array($0.utf8) }) {
      for wrong in wrong {
        for after in [[], [0x61], Array("abcdefghijklmnop".utf8)] {
          #expect(firstInvalid(before + wrong + after) == before.count)
        }
      }
    }
  }

  @Test func encodedScalars() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let encoded = EncodedScalar(value).withSpan { span in span.indices.map { span[$0] } }
      if encoded != Array(String(Character(scalar)).utf8) {
        Issue.record("U+\(String(value, radix: 16))")
      }
    }
  }

  /// Bytes on both sides of every border in the table.
  static let edges: [UInt8] = [
    0x00, 0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xF0, 0xFF,
  ]

  private func check(_ bytes: [UInt8]) {
    // Not `#expect`, which takes minutes for a million calls.
    if firstInvalid(bytes) != firstInvalidByTable(bytes) { Issue.record("\(bytes)") }
  }

  private func firstInvalid(_ bytes: [UInt8]) -> Int? { bytes.span.firstInvalidUTF8() }

  /// The table itself, row by row.
  private func firstInvalidByTable(_ bytes: [UInt8]) -> Int? {
    var index = 0
    while index < bytes.count {
      let tail: [ClosedRange<UInt8>]
      switch bytes[index] {
      case 0x00...0x7F: tail = []
      case 0xC2...0xDF: tail = [0x80...0xBF]
      case 0xE0: tail = [0xA0...0xBF, 0x80...0xBF]
      case 0xE1...0xEC, 0xEE...0xEF: tail = [0x80...0xBF, 0x80...0xBF]
      case 0xED: tail = [0x80...0x9F, 0x80...0xBF]
      case 0xF0: tail = [0x90...0xBF, 0x80...0xBF, 0x80...0xBF]
      case 0xF1...0xF3: tail = [0x80...0xBF, 0x80...0xBF, 0x80...0xBF]
      case 0xF4: tail = [0x80...0x8F, 0x80...0xBF, 0x80...0xBF]
      default: return index
      }
      let rest = bytes[(index + 1)...].prefix(tail.count)
      guard rest.count == tail.count, zip(tail, rest).allSatisfy({ $0 ~= $1 }) else { return index }
      index += 1 + tail.count
    }
    return nil
  }
}
