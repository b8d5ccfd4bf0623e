/// Where the members of an open struct lie, by the rules of every 64-bit C compiler we know.
package struct StructureLayout: Sendable, Equatable {
  package var size: Int
  package var alignment: Int
  /// One offset per field.
  package var offsets: [Int]
  /// Bytes that belong to no member.
  ///
  /// A struct of ours has none.
  package var padding: Int
}

extension Interface {
  /// Lays out a struct, or answers nil if a member's type is not declared before it.
  package func layout(of structure: Structure) -> StructureLayout? {
    var result = StructureLayout(size: 0, alignment: 1, offsets: [], padding: 0)
    for field in structure.fields {
      guard let member = layout(of: field.type, before: structure.name) else { return nil }
      let offset = roundUp(result.size, to: member.alignment)
      result.padding += offset - result.size
      result.offsets.append(offset)
      result.size = offset + member.size
      result.alignment = max(result.alignment, member.alignment)
    }
    let size = roundUp(result.size, to: result.alignment)
    result.padding += size - result.size
    result.size = size
    return result
  }

  /// Size and alignment of a member's type.
  package func layout(
    of type: FieldType, before structure: String
  ) -> (size: Int, alignment: Int)? {
    switch type {
    case .int32, .uint32: return (4, 4)
    case .uint64: return (8, 8)
    case .words(let count): return (4 * count, 4)
    case .structure(let name):
      let earlier = structures.prefix { $0.name != structure }
      guard let found = earlier.first(where: { $0.name == name }),
        let layout = layout(of: found)
      else { return nil }
      return (layout.size, layout.alignment)
    }
  }

  private func roundUp(_ offset: Int, to alignment: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
  }
}
