import Testing

@testable import DeepIDVCore

@Suite struct DecimalTests {
  @Test(arguments: [
    ("0", Decimal.value(0)), ("7", .value(7)), ("007", .value(7)),
    ("00000000000000000000000000000000000007", .value(7)),
    ("18446744073709551615", .value(.max)), ("018446744073709551615", .value(.max)),
    ("18446744073709551616", .overflow), ("99999999999999999999999999999999", .overflow),
    // Numbers that wrap around are too large.
    ("184467440737095516160000000000000000000000", .overflow),
    ("", .invalid), (" ", .invalid), ("-1", .invalid), ("+1", .invalid), ("1 ", .invalid),
    ("1.0", .invalid), ("1e2", .invalid), ("0x1", .invalid), ("/", .invalid), (":", .invalid),
    ("1\0", .invalid), ("٣", .invalid), ("99999999999999999999999999999999.5", .invalid),
  ])
  func whole(_ text: String, _ expected: Decimal) {
    #expect(Array(text.utf8).span.decimal() == expected)
  }

  @Test func rangeIsWithinTheText() {
    let text = Array("a12b".utf8)
    #expect(text.span.decimal(in: ByteRange(1, 3)) == .value(12))
    #expect(text.span.decimal(in: ByteRange(1, 4)) == .invalid)
    #expect(text.span.decimal(in: ByteRange(2, 2)) == .invalid)
    #expect(text.span.decimal(in: ByteRange(3, 1)) == .invalid)
    #expect(text.span.decimal(in: ByteRange(-1, 2)) == .invalid)
    #expect(Array("12".utf8).span.decimal(in: ByteRange(0, 3)) == .invalid)
    #expect(Array("12".utf8).span.decimal(in: ByteRange(5, 9)) == .invalid)
  }

  @Test func digits() {
    let text = Array("2026-1x".utf8)
    #expect(text.span.digits(from: 0, count: 4) == 2026)
    #expect(text.span.digits(from: 1, count: 1) == 0)
    #expect(text.span.digits(from: 5, count: 2) == nil)
    #expect(text.span.digits(from: 0, count: 0) == nil)
    #expect(text.span.digits(from: 6, count: 2) == nil)
    #expect(text.span.digits(from: Int.max, count: 2) == nil)
    let longest = Array("999999999999999999".utf8)
    #expect(longest.span.digits(from: 0, count: 18) == 999_999_999_999_999_999)
  }
}
