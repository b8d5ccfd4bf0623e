import Testing

@testable import DeepIDVCore

@Suite struct RetryAfterTests {
  /// 6 November 1994, 08:49:37 UTC: the example of RFC 9110.
  private let then: Int64 = 784_111_777

  private func seconds(_ value: String, date: String? = nil, wallClock: Int64 = 0) -> UInt64? {
    let bytes = Array((date ?? "").utf8)
    let reference = httpDateSeconds(bytes.span, near: wallClock) ?? wallClock
    return RetryAfter(Array(value.utf8).span, near: wallClock)?.seconds(since: reference)
  }

  @Test func kinds() {
    #expect(RetryAfter(Array("7".utf8).span, near: 0) == .seconds(7))
    #expect(RetryAfter(Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8).span, near: 0) == .date(then))
    #expect(RetryAfter.date(then).seconds(since: then - 1) == 1)
    #expect(RetryAfter.seconds(7).seconds(since: then) == 7)
  }

  @Test(arguments: [
    ("0", 0 as UInt64), ("1", 1), ("120", 120), ("  7\t", 7), ("007", 7),
    ("31536000", 31_536_000), ("18446744073709551615", .max), ("18446744073709551616", .max),
    ("99999999999999999999999999999999", .max),
  ])
  func delta(_ value: String, _ expected: UInt64) {
    #expect(seconds(value) == expected)
  }

  @Test(arguments: [
    "", " ", "-1", "+1", "1.5", "1 2", "1,2", "1s", "soon", "0x10", "1e3", "٣", "\0", "1\0", "\n1",
    "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 1994 08:49:37 GMT+1", "sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT", "Sun 06 Nov 1994 08:49:37 GMT",
    "Sun,  06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
    "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Abc 1994 08:49:37 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
    "Sun, 29 Feb 1995 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
    "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37",
    "Sun Nov 06 08:49:37 1994 GMT", "Sun Nov 6 08:49:37 1994", "Sun Nov  6 08:49:37 94",
    "Sun, 06 Nov 1994 08:49:3\u{E9} GMT", "-Sun, 06 Nov 1994 08:49:37 GMT", "Sun", "Sun,",
  ])
  func nonsense(_ value: String) {
    #expect(seconds(value) == nil)
  }

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    "Sun Nov 06 08:49:37 1994", " Sun, 06 Nov 1994 08:49:37 GMT\t",
    // The day of the week is not checked.
    "Mon, 06 Nov 1994 08:49:37 GMT",
  ])
  func dates(_ value: String) {
    #expect(seconds(value, wallClock: then) == 0)
    #expect(seconds(value, wallClock: then - 90) == 90)
    #expect(seconds(value, wallClock: then + 1) == 0)
    // The local clock may be wrong by decades.
    #expect(seconds(value, date: "Sun, 06 Nov 1994 08:48:37 GMT", wallClock: 1_500_000_000) == 60)
    #expect(seconds(value, date: "Sun, 06 Nov 1994 08:50:37 GMT", wallClock: 0) == 0)
    #expect(seconds(value, date: "Sun Nov  6 08:48:37 1994", wallClock: 1_500_000_000) == 60)
    #expect(seconds(value, date: "yesterday", wallClock: then - 5) == 5)
    #expect(seconds(value, date: "", wallClock: then - 5) == 5)
  }

  @Test(arguments: [Int64.min, -1, 0, Int64.max])
  func anyWallClock(_ wallClock: Int64) {
    #expect(seconds("5", wallClock: wallClock) == 5)
    #expect(seconds("Sun, 06 Nov 1994 08:49:37 GMT", wallClock: wallClock) != nil)
    #expect(seconds("Sunday, 06-Nov-94 08:49:37 GMT", wallClock: wallClock) != nil)
    #expect(seconds("Fri, 31 Dec 9999 23:59:60 GMT", wallClock: wallClock) != nil)
    #expect(seconds("Sat, 01 Jan 0000 00:00:00 GMT", wallClock: wallClock) != nil)
  }

  @Test func aYearIsKept() {
    #expect(
      seconds("Mon, 06 Nov 1995 08:49:37 GMT", date: "Sun, 06 Nov 1994 08:49:37 GMT") == 31_536_000)
    #expect(seconds("Sun, 06 Nov 1994 08:49:37 GMT", wallClock: .min) == UInt64(Int64.max))
  }

  @Test(arguments: [
    ("Thursday, 01-Jan-70 00:00:00 GMT", 0 as Int64, 0 as Int64),
    // In 2026, 94 means 1994, since 2094 is more than 50 years ahead; 76 means 2076.
    ("Sunday, 06-Nov-94 08:49:37 GMT", 1_790_000_000, 784_111_777),
    ("Wednesday, 01-Jan-76 00:00:00 GMT", 1_790_000_000, 3_345_062_400),
    ("Saturday, 01-Jan-77 00:00:00 GMT", 1_790_000_000, 220_924_800),
    ("Friday, 01-Jan-27 00:00:00 GMT", 1_790_000_000, 1_798_761_600),
  ])
  func century(_ text: String, _ reference: Int64, _ expected: Int64) {
    let bytes = Array(text.utf8)
    #expect(httpDate(bytes.span, ByteRange(0, bytes.count), near: reference) == expected)
  }

  /// Every day of 800 years, counted one by one.
  @Test func calendar() {
    let months = [
      ("Jan", 31), ("Feb", 28), ("Mar", 31), ("Apr", 30), ("May", 31), ("Jun", 30), ("Jul", 31),
      ("Aug", 31), ("Sep", 30), ("Oct", 31), ("Nov", 30), ("Dec", 31),
    ]
    var expected: Int64 = 0
    var wrong: [String] = []
    for year in 1970..<2770 {
      let isLeapYear = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
      for (name, days) in months {
        for day in 1...(name == "Feb" && isLeapYear ? 29 : days) {
          let text = "Mon, \(day < 10 ? "0" : "")\(day) \(name) \(year) 00:00:00 GMT"
          let bytes = Array(text.utf8)
          if httpDate(bytes.span, ByteRange(0, bytes.count), near: 0) != expected {
            wrong.append(text)
          }
          expected += 86_400
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test func anyBytes() {
    var generator = SeededGenerator(11)
    let models = [
      "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
      "18446744073709551615",
    ].map { Array($0.utf8) }
    var understood = 0
    for round in 0..<20_000 {
      var bytes = models[round % models.count]
      for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch generator.next() % 3 {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes[index] = UInt8.random(in: 0x30...0x39, using: &generator)
        default: bytes.remove(at: index)
        }
      }
      let wallClock = Int64(bitPattern: generator.next())
      let value = RetryAfter(bytes.span, near: wallClock)
      if case .date(let date) = value {
        #expect(httpDateSeconds(bytes.span, near: wallClock) == date)
        #expect(value?.seconds(since: date) == 0)
      }
      if value != nil { understood += 1 }
    }
    #expect(understood > 1000)
  }
}
