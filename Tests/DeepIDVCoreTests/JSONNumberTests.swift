import Testing

@testable import DeepIDVCore

/// The grammar of numbers, and their value as integers.
@Suite struct JSONNumberTests {
  @Test(arguments: wellFormed + malformed) func verdict(_ row: JSONCase) {
    #expect(jsonFailure(row.bytes) == row.failure)
  }

  static let wellFormed: [JSONCase] = [
    .accept("[123e65]"), .accept("[0e+1]"), .accept("[0e1]"), .accept("[ 4]"),
    .accept("[-0.000000000000000000000000000000000000000000000000000000000000000000000001]"),
    .accept("[20e1]"), .accept("[-0]"), .accept("[-123]"), .accept("[-1]"), .accept("[1E22]"),
    .accept("[1E-2]"), .accept("[1E+2]"), .accept("[123e45]"), .accept("[123.456e78]"),
    .accept("[1e-2]"), .accept("[1e+2]"), .accept("[123]"), .accept("[123.456789]"),
    .accept("[0]"), .accept("[0.0]"), .accept("[-0.0]"), .accept("[-0e0]"), .accept("[10]"),
    .accept("[0.00]"), .accept("[1e00]"), .accept("[1e-00]"), .accept("[0E+00]"), .accept("42"),
    // Numbers of any size are valid; the caller asks for the value.
    .accept("[123.456e-789]"), .accept("[1.5e+9999]"), .accept("[-1e+9999]"),
    .accept("[0.4e006699999999999999999999999999999999999999999999999999999999999999969]"),
    .accept("[123123e100000]"), .accept("[-123123e100000]"), .accept("[123e-10000000]"),
    .accept("[-123123123123123123123123123123]"), .accept("[100000000000000000000]"),
    .accept("[-237462374673276894279832749832423479823246327846]"),
  ]

  static let malformed: [JSONCase] = [
    .refuse("123^<00>", .trailingBytes), .refuse("[^++1234]", .unexpectedByte),
    .refuse("[^+1]", .unexpectedByte), .refuse("[^+Inf]", .unexpectedByte),
    .refuse("[-^01]", .invalidNumber), .refuse("[-1.0^.]", .unexpectedByte),
    .refuse("[-2.^]", .invalidNumber), .refuse("[-^NaN]", .invalidNumber),
    .refuse("[^.-1]", .unexpectedByte), .refuse("[^.2e-3]", .unexpectedByte),
    .refuse("[0.1^.2]", .unexpectedByte), .refuse("[0.3e+^]", .invalidNumber),
    .refuse("[0.3e^]", .invalidNumber), .refuse("[0.^e1]", .invalidNumber),
    .refuse("[0E+^]", .invalidNumber), .refuse("[0E^]", .invalidNumber),
    .refuse("[0e+^]", .invalidNumber), .refuse("[0e^]", .invalidNumber),
    .refuse("[1.0e+^]", .invalidNumber), .refuse("[1.0e-^]", .invalidNumber),
    .refuse("[1.0e^]", .invalidNumber), .refuse("[1 ^000.0]", .unexpectedByte),
    .refuse("[1e^E2]", .invalidNumber), .refuse("[2.^e+3]", .invalidNumber),
    .refuse("[2.^e-3]", .invalidNumber), .refuse("[2.^e3]", .invalidNumber),
    .refuse("[9.^e+]", .invalidNumber), .refuse("[^<EF><BC><91>]", .unexpectedByte),
    .refuse("[1^+2]", .unexpectedByte), .refuse("[0^x1]", .unexpectedByte),
    .refuse("[0^x42]", .unexpectedByte), .refuse("[0e+^-1]", .invalidNumber),
    .refuse("[-123.123^foo]", .unexpectedByte), .refuse("[123^<E5>]", .unexpectedByte),
    .refuse("[1e1^<E5>]", .unexpectedByte), .refuse("[0^<E5>]", .unexpectedByte),
    .refuse("[-^Infinity]", .invalidNumber), .refuse("[-^foo]", .invalidNumber),
    .refuse("[-^ 1]", .invalidNumber),
    .refuse("[-^012]", .invalidNumber), .refuse("[-^.123]", .invalidNumber),
    .refuse("[-1^x]", .unexpectedByte), .refuse("[1e^a]", .invalidNumber),
    .refuse("[1e^<E5>]", .invalidNumber), .refuse("[1.^]", .invalidNumber),
    .refuse("[^.123]", .unexpectedByte), .refuse("[1.2^a-3]", .unexpectedByte),
    .refuse("[1.8011670033376514^H-308]", .unexpectedByte),
    .refuse("[^012]", .invalidNumber), .refuse("[^00]", .invalidNumber),
    .refuse("[^00.5]", .invalidNumber), .refuse("[-^]", .invalidNumber),
    .refuse("[-^-1]", .invalidNumber), .refuse("[1^_000]", .unexpectedByte),
    .refuse("[1^'000]", .unexpectedByte), .refuse("[1.^_5]", .invalidNumber),
    .refuse("[0^b1]", .unexpectedByte), .refuse("[0^o7]", .unexpectedByte),
    .refuse("[1^f]", .unexpectedByte), .refuse("[1^n]", .unexpectedByte),
    .refuse("[1e1^.5]", .unexpectedByte), .refuse("[1e+1^+1]", .unexpectedByte),
    .refuse("-^", .unexpectedEnd), .refuse("0.^", .unexpectedEnd), .refuse("1e^", .unexpectedEnd),
    .refuse("1e+^", .unexpectedEnd), .refuse("1e-^", .unexpectedEnd),
    .refuse("-0.0e^", .unexpectedEnd), .refuse("^01", .invalidNumber),
    .refuse("{\"a\":^01}", .invalidNumber),
  ]

  static let integers: [(String, JSONInteger)] = [
    ("0", .value(0)), ("-0", .value(0)), ("7", .value(7)), ("-7", .value(-7)),
    ("8760", .value(8760)), ("9223372036854775807", .value(.max)),
    ("-9223372036854775807", .value(-.max)), ("-9223372036854775808", .value(.min)),
    ("9223372036854775808", .overflow), ("-9223372036854775809", .overflow),
    ("18446744073709551615", .overflow), ("18446744073709551616", .overflow),
    ("184467440737095516160", .overflow), ("92233720368547758070", .overflow),
    ("1.0", .notAnInteger), ("1.5", .notAnInteger), ("1e2", .notAnInteger),
    ("1E2", .notAnInteger), ("-0.0", .notAnInteger), ("1e-2", .notAnInteger),
    ("0e0", .notAnInteger), ("99999999999999999999.5", .notAnInteger),
    ("99999999999999999999e1", .notAnInteger),
  ]

  @Test(arguments: integers) func integer(_ text: String, _ expected: JSONInteger) throws {
    let bytes = Array(text.utf8)
    #expect(try integer(bytes) == expected)
  }

  @Test func manyDigits() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "9"), count: 1_000_000)
    #expect(try integer(bytes) == .overflow)
  }

  @Test func everyPowerOfTwoAndItsNeighbours() throws {
    for shift in 0..<63 {
      for value in [Int64(1) << shift, -(Int64(1) << shift)] {
        for neighbour in [value - 1, value, value + 1] {
          let bytes = Array(String(neighbour).utf8)
          #expect(try integer(bytes) == .value(neighbour))
        }
      }
    }
  }

  @Test func rangeOfANumberAmongOthers() {
    let bytes = Array("[1,-20.5e+1 ,3]".utf8)
    var reader = JSONReader()
    var ranges: [Range<Int>] = []
    while true {
      let token = reader.next(in: bytes.span)
      if case .number(let number) = token { ranges.append(number.offset..<number.end) }
      if token == .end { break }
    }
    #expect(ranges == [1..<2, 3..<11, 13..<14])
  }

  @Test func anotherDocumentThanTheNumberCameFrom() throws {
    let found = number(Array("123456".utf8))
    let number = try #require(found)
    #expect(number.integer(in: Array("12".utf8).span) == .value(12))
    #expect(number.integer(in: Array("12x".utf8).span) == .notAnInteger)
    #expect(number.integer(in: Span()) == .value(0))
  }

  private func integer(_ bytes: [UInt8]) throws -> JSONInteger {
    try #require(number(bytes)).integer(in: bytes.span)
  }

  private func number(_ bytes: [UInt8]) -> JSONNumber? {
    var reader = JSONReader()
    guard case .number(let number) = reader.next(in: bytes.span) else { return nil }
    return number
  }
}
