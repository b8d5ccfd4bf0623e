/// The layout of an open struct, by the rules that all known 64-bit C compilers follow.
package struct StructureLayout: Sendable, Equatable {
  package var size: Int
  package var alignment: Int
  /// One offset per member in C.
  package var offsets: [Int]
  /// The size in bytes of each member in C.
  package var sizes: [Int]
  /// The number of padding bytes.
  ///
  /// The structs of the interface have none.
  package var padding: Int
}

extension Interface {
  /// Returns the layout of a struct, or nil if the type of a member is not declared before it.
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

  /// The size in bytes of each C member of a type, and the alignment of the first.
  private func layout(
    of type: FieldType, before structure: String
  ) -> (sizes: [Int], alignment: Int)? {
    switch type {
    case .int32, .uint32: return ([4], 4)
    case .uint64: return ([8], 8)
    case .words(let count): return ([4 * count], 4)
    case .counters(let count): return ([8 * count], 8)
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
