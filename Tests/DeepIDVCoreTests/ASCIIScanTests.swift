import Testing

@testable import DeepIDVCore

/// Every length, position and byte, compared with a loop over single bytes.
@Suite struct ASCIIScanTests {
  @Test func endOfPlainText() {
    everywhere {
      $0 < 0x20 || $0 >= 0x80 || $0 == 0x22 || $0 == 0x5C
    } found: {
      $0.endOfPlainText(from: $1)
    }
  }

  @Test func endOfASCII() {
    everywhere {
      $0 >= 0x80
    } found: {
      $0.endOfASCII(from: $1)
    }
  }

  @Test func startOutside() {
    let bytes: [UInt8] = [0x61, 0x62]
    #expect(bytes.span.endOfPlainText(from: 2) == 2)
    #expect(bytes.span.endOfPlainText(from: 9) == 9)
    #expect(bytes.span.endOfASCII(from: -1) == 2)
  }

  /// Bytes before the start must not be read, so they are bytes that end every run.
  private func everywhere(
    _ ends: (UInt8) -> Bool, found: (Span<UInt8>, Int) -> Int
  ) {
    for count in 0..<20 {
      for start in 0...count {
        for place in start...count {
          for byte in place == count ? 0...0 : UInt8.min...UInt8.max {
            var bytes = [UInt8](repeating: 0xFF, count: start)
            bytes += [UInt8](repeating: 0x61, count: count - start)
            if place < count { bytes[place] = byte }
            let expected = place < count && ends(byte) ? place : count
            if found(bytes.span, start) != expected {
              Issue.record("length \(count), start \(start), byte \(byte) at \(place)")
              return
            }
          }
        }
      }
    }
  }
}
