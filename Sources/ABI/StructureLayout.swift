/// Where the members of an open struct lie, by the rules of every 64-bit C compiler we know.
package struct StructureLayout: Sendable, Equatable {
  package var size: Int
  package var alignment: Int
  /// One offset per member of C.
  package var offsets: [Int]
  /// The bytes of each member of C.
  package var sizes: [Int]
  /// Bytes that belong to no member.
  ///
  /// A struct of ours has none.
  package var padding: Int
}

extension Interface {
  /// Lays out a struct, or answers nil if a member's type is not declared before it.
  package func layout(of structure: Structure) -> StructureLayout? {
    var result = StructureLayout(size: 0, alignment: 1, offsets: [], sizes: [], padding: 0)
    for field in structure.fields {
      guard let field = layout(of: field.type, before: structure.name) else { return nil }
      let start = roundUp(result.size, to: field.alignment)
      result.padding += start - result.size
      result.size = start
      for size in field.sizes {
        result.offsets.append(result.size)
        result.sizes.append(size)
        result.size += size
      }
      result.alignment = max(result.alignment, field.alignment)
    }
    let size = roundUp(result.size, to: result.alignment)
    result.padding += size - result.size
    result.size = size
    return result
  }

  /// The bytes of each member that C has for a type, and the alignment of the first.
  private func layout(
    of type: FieldType, before structure: String
  ) -> (sizes: [Int], alignment: Int)? {
    switch type {
    case .int32, .uint32: return ([4], 4)
    case .uint64: return ([8], 8)
    case .words(let count): return ([4 * count], 4)
    case .text: return ([8, 8], 8)
    case .structure(let name):
      let earlier = structures.prefix { $0.name != structure }
      guard let found = earlier.first(where: { $0.name == name }),
        let layout = layout(of: found)
      else { return nil }
      return ([layout.size], layout.alignment)
    }
  }

  private func roundUp(_ offset: Int, to alignment: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
  }
}
