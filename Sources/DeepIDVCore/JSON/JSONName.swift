/// The name of a member, unescaped, to be compared with tokens: `switch name { case "id": … }`.
///
/// It holds up to 31 bytes, more than any name that is searched for has. A longer one equals no token; ``text`` still
/// has its position.
public struct JSONName: Sendable {
  /// The position of the name.
  public let text: JSONText

  private var bytes = [31 of UInt8](repeating: 0)
  private var count = 0

  /// Copies the name from its document.
  @inline(never)
  init(_ text: JSONText, in document: Span<UInt8>) {
    self.text = text
    var bytes = [31 of UInt8](repeating: 0)
    var count = 0
    let fits = text.forEachPiece(in: document) { piece in
      unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
        unsafe piece.withUnsafeBytes { piece in
          guard piece.count <= bytes.count &- count else { return false }
          unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).copyMemory(from: piece)
          count &+= piece.count
          return true
        }
      }
    }
    self.bytes = bytes
    self.count = fits ? count : Int(UInt8.max)
  }

  /// Whether the name is a string literal.
  @inline(__always)
  public func equals(_ name: StaticString) -> Bool {
    // Most names differ in length from what they are compared with.
    count == name.utf8CodeUnitCount && hasBytes(of: name)
  }

  @inline(never)
  private func hasBytes(of name: StaticString) -> Bool {
    count <= bytes.count && bytes.span.extracting(first: count).equals(name)
  }
}

/// Whether the name is the token.
@inline(__always)
public func ~= (token: Token, name: JSONName) -> Bool { name.equals(token.text) }

/// The members that an object had, to detect repeated names.
///
/// Fields are counted from 0 to 63.
public struct JSONMemberSet<Field: RawRepresentable>: Sendable where Field.RawValue == UInt8 {
  private var bits: UInt64 = 0

  /// Creates an empty set.
  public init() {}

  /// Whether the field was inserted.
  public func contains(_ field: Field) -> Bool { bits & mask(field) != 0 }

  /// Inserts a field.
  ///
  /// Returns false if it was there already.
  public mutating func insert(_ field: Field) -> Bool {
    let isNew = !contains(field)
    bits |= mask(field)
    return isNew
  }

  private func mask(_ field: Field) -> UInt64 { 1 &<< UInt64(field.rawValue) }
}
