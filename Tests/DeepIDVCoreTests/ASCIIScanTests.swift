import CPlatform
import Testing

@testable import DeepIDVCore

/// Every length, position and byte, compared with a loop over single bytes.
@Suite struct ASCIIScanTests {
  @Test func notASCII() { everywhere(CPLATFORM_NOT_ASCII) { _ in false } }

  @Test func notPrintable() { everywhere(CPLATFORM_NOT_PRINTABLE) { $0 < 0x20 } }

  @Test func notPlainInJSON() {
    everywhere(CPLATFORM_NOT_PLAIN_IN_JSON) { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
  }

  @Test func notPlainInURL() {
    everywhere(CPLATFORM_NOT_PLAIN_IN_URL) { $0 < 0x21 || $0 == 0x5C }
  }

  @Test func notLowerCase() {
    everywhere(CPLATFORM_NOT_LOWER_CASE) { $0 < 0x61 || $0 > 0x7A }
  }

  @Test func notPlainInQuery() {
    everywhere(CPLATFORM_NOT_PLAIN_IN_QUERY) { $0 < 0x20 || $0 == 0x25 || $0 == 0x2B }
  }

  @Test func startOutside() {
    let bytes: [UInt8] = [0x61, 0x62]
    #expect(bytes.span.firstSpecial(CPLATFORM_NOT_ASCII, from: 2) == 2)
    #expect(bytes.span.firstSpecial(CPLATFORM_NOT_ASCII, from: 9) == 2)
    #expect(bytes.span.firstSpecial(CPLATFORM_NOT_ASCII, from: -1) == 2)
    #expect(Span<UInt8>().firstSpecial(CPLATFORM_NOT_ASCII, from: 0) == 0)
  }

  /// Bytes before the start must not be read, so they are bytes that end every run.
  private func everywhere(_ kind: cplatform_special, besidesHigh isSpecial: (UInt8) -> Bool) {
    for count in [0, 1, 2, 8, 15, 16, 17, 31, 32, 33, 40] {
      for start in 0...count {
        for place in start...count {
          for byte in place == count ? 0...0 : UInt8.min...UInt8.max {
            var bytes = [UInt8](repeating: 0xFF, count: start)
            bytes += [UInt8](repeating: 0x61, count: count - start)
            if place < count { bytes[place] = byte }
            let expected = place < count && (byte >= 0x7F || isSpecial(byte)) ? place : count
            if bytes.span.firstSpecial(kind, from: start) != expected {
              Issue.record("length \(count), start \(start), byte \(byte) at \(place)")
              return
            }
          }
        }
      }
    }
  }
}
