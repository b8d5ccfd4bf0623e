import Testing

@testable import DeepIDVCore

/// Growth, limits, and wiped memory.
@Suite struct BufferTests {
  @Test func empty() {
    let buffer = ByteBuffer(byteLimit: 10)
    #expect(buffer.isEmpty == true)
    #expect(buffer.count == 0)
    #expect(buffer.at(0) == nil)
    #expect(buffer.array == [])
    #expect(unsafe buffer.address == nil)
  }

  @Test func bytesOneByOne() throws {
    var buffer = ByteBuffer(byteLimit: 1000)
    for index in 0..<1000 { try buffer.append(UInt8(truncatingIfNeeded: index)) }
    #expect(buffer.array == (0..<1000).map { UInt8(truncatingIfNeeded: $0) })
    #expect(throws: BufferError.full) { try buffer.append(1 as UInt8) }
    #expect(buffer.count == 1000)
  }

  @Test func spansOfEverySize() throws {
    var buffer = ByteBuffer(byteLimit: 1 << 20)
    var expected: [UInt8] = []
    for size in 0..<300 {
      let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: size), count: size)
      try buffer.append(piece.span)
      expected += piece
    }
    #expect(buffer.array == expected)
  }

  @Test func texts() throws {
    var buffer = ByteBuffer(byteLimit: 100)
    try buffer.append("héllo")
    try buffer.append("")
    try buffer.append("!")
    #expect(buffer.array == Array("héllo!".utf8))
  }

  @Test func limit() throws {
    var buffer = ByteBuffer(byteLimit: 5)
    try buffer.append("abc")
    #expect(throws: BufferError.full) { try buffer.append("def") }
    #expect(buffer.array == Array("abc".utf8))
    try buffer.append("de")
    #expect(throws: BufferError.full) { try buffer.append("f") }
    try buffer.append("")
    #expect(buffer.array == Array("abcde".utf8))
  }

  @Test(arguments: [0, -1, .min]) func noRoomAtAll(_ limit: Int) {
    var buffer = ByteBuffer(byteLimit: limit)
    #expect(throws: BufferError.full) { try buffer.append("a") }
    #expect(throws: BufferError.full) { try buffer.append(0 as UInt8) }
  }

  @Test func roomThatCannotBe() throws {
    var buffer = ByteBuffer(byteLimit: .max)
    try buffer.append("a")
    #expect(throws: BufferError.full) { try buffer.reserve(.max) }
    #expect(throws: BufferError.outOfMemory) { try buffer.reserve(.max - 1) }
    try buffer.reserve(-5)
    try buffer.reserve(.min)
    #expect(buffer.array == Array("a".utf8))
  }

  @Test func limitIsInBytes() throws {
    var buffer = Buffer<UInt64>(byteLimit: 31)
    for number in 0..<3 as Range<UInt64> { try buffer.append(number) }
    #expect(throws: BufferError.full) { try buffer.append(3) }
    #expect(buffer.array == [0, 1, 2])
    #expect(throws: BufferError.full) { try buffer.reserve(.max / 4) }
  }

  @Test func elementsLargerThanTheFirstPiece() throws {
    struct Large: BitwiseCopyable { var numbers: InlineArray<32, Int> }
    var buffer = Buffer<Large>(byteLimit: 10_000)
    for number in 0..<10 { try buffer.append(Large(numbers: .init(repeating: number))) }
    #expect(buffer.at(9)?.numbers[31] == 9)
    #expect(buffer.at(10) == nil)
  }

  @Test func accessByIndex() throws {
    var buffer = ByteBuffer(byteLimit: 10)
    try buffer.append("abc")
    #expect(buffer.at(2) == UInt8(ascii: "c"))
    #expect(buffer.replace(at: 1, with: UInt8(ascii: "x")) == true)
    for index in [-1, 3, .max, .min] {
      #expect(buffer.at(index) == nil)
      #expect(buffer.replace(at: index, with: 0) == false)
    }
    #expect(buffer.array == Array("axc".utf8))
  }

  @Test(arguments: [0, 1, 9, 10, 99, 100, -1, -10, 1234567890, .max, .min] as [Int64])
  func decimals(_ number: Int64) throws {
    var buffer = ByteBuffer(byteLimit: 100)
    try buffer.append(decimal: number)
    #expect(buffer.array == Array("\(number)".utf8))
    var tight = ByteBuffer(byteLimit: "\(number)".utf8.count - 1)
    #expect(throws: BufferError.full) { try tight.append(decimal: number) }
    #expect(tight.isEmpty == true)
  }

  @Test func unsignedDecimals() throws {
    var power: UInt64 = 1
    var numbers: [UInt64] = [0, .max]
    for _ in 0..<19 {
      power *= 10
      numbers += [power - 1, power, power + 1]
    }
    for number in numbers {
      var buffer = ByteBuffer(byteLimit: 100)
      try buffer.append(decimal: number)
      #expect(buffer.array == Array("\(number)".utf8))
    }
  }

  @Test func removalWipesAndKeepsTheMemory() throws {
    var buffer = ByteBuffer(byteLimit: 100)
    try buffer.append("secret")
    let address = unsafe buffer.address
    buffer.removeAll()
    #expect(buffer.isEmpty == true)
    #expect(buffer.array == [])
    // The memory is still the buffer's.
    for index in 0..<6 { #expect(unsafe address?[index] == 0) }
    try buffer.append("new")
    #expect(unsafe buffer.address == address)
    #expect(buffer.array == Array("new".utf8))
  }

  @Test func fitting() throws {
    var buffer = ByteBuffer(byteLimit: 1000)
    buffer.fit()
    try buffer.reserve(1000)
    buffer.fit()
    #expect(buffer.isEmpty == true)
    try buffer.append("kept")
    let roomy = unsafe buffer.address
    buffer.fit()
    let fitting = unsafe buffer.address
    #expect(unsafe roomy != fitting)
    #expect(buffer.array == Array("kept".utf8))
    buffer.fit()
    #expect(unsafe buffer.address == fitting)
    try buffer.append(" and more")
    #expect(buffer.array == Array("kept and more".utf8))
  }

  @Test func terminatedTexts() throws {
    var buffer = ByteBuffer(byteLimit: 12)
    let text = Array("one two".utf8)
    try buffer.append(terminated: text.span, ByteRange(0, 3))
    try buffer.append(terminated: text.span, ByteRange(3, 3))
    try buffer.append(terminated: text.span, ByteRange(4, 7))
    #expect(buffer.array == Array("one\0\0two\0".utf8))
    #expect(throws: BufferError.full) { try buffer.append(terminated: text.span, ByteRange(4, 7)) }
    #expect(buffer.count == 9)
    try buffer.append(terminated: text.span, ByteRange(4, 6))
    #expect(buffer.count == 12)
  }

  @Test func addressHoldsUntilGrowth() throws {
    var buffer = ByteBuffer(byteLimit: 1000)
    try buffer.append("a")
    try buffer.reserve(500)
    let address = unsafe buffer.address
    for _ in 0..<500 { try buffer.append(UInt8(ascii: "b")) }
    #expect(unsafe buffer.address == address)
    #expect(unsafe address?[500] == UInt8(ascii: "b"))
  }
}
