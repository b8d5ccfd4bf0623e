import CPlatform

/// Names that members of an object are looked up by, in one literal.
///
/// A comparison for each name has several times as many bytes of code as the names have.
public struct JSONNames: Sendable {
  private let rows: StaticString

  /// Creates a table from its rows, the likeliest names first: before each name the number of its bytes,
  /// from 1 to 127.
  public init(_ rows: StaticString) { self.rows = rows }

  /// The row of a member's name, or nil.
  @inline(never)
  func row(of name: JSONText, in document: Span<UInt8>) -> Int? {
    rows.withSpan { rows in
      if name.hasEscapes { return row(ofEscaped: name, in: document, rows) }
      let row = unsafe document.withUnsafeBufferPointer { document in
        unsafe rows.withUnsafeBufferPointer { rows in
          guard let text = document.baseAddress, let table = rows.baseAddress, name.offset >= 0,
            name.length <= document.count &- name.offset
          else { return -1 }
          return unsafe cplatform_find_row(table, rows.count, text + name.offset, name.length)
        }
      }
      return row >= 0 ? row : nil
    }
  }

  @inline(never)
  private func row(
    ofEscaped name: JSONText, in document: Span<UInt8>, _ rows: Span<UInt8>
  ) -> Int? {
    var row = 0
    var start = 1
    while let count = rows.at(start &- 1) {
      let end = min(start &+ Int(count), rows.count)
      if name.equals(rows.part(start, end), in: document) { return row }
      row &+= 1
      start = end &+ 1
    }
    return nil
  }
}
