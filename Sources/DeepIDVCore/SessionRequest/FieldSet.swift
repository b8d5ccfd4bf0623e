/// Some of a request's fields.
struct FieldSet {
  private var bits: UInt16 = 0

  /// Every field.
  static var all: FieldSet { FieldSet(bits: 1 &<< UInt16(Field.count) &- 1) }

  init() {}

  private init(bits: UInt16) { self.bits = bits }

  func contains(_ field: Field) -> Bool { bits & Self.bit(field) != 0 }

  mutating func insert(_ field: Field) { bits |= Self.bit(field) }

  func subtracting(_ other: FieldSet) -> FieldSet { FieldSet(bits: bits & ~other.bits) }

  /// Takes the first one out.
  mutating func popFirst() -> Field? {
    guard bits != 0 else { return nil }
    let field = Field(rawValue: bits.trailingZeroBitCount)
    bits &= bits &- 1
    return field
  }

  private static func bit(_ field: Field) -> UInt16 {
    1 &<< UInt16(truncatingIfNeeded: field.rawValue)
  }
}
