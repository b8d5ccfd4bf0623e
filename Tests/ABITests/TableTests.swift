import Testing

@testable import ABI

@Suite("What follows from the table")
struct TableTests {
  @Test func `a text is a pointer and a length`() {
    let parameter = Parameter("name", .text, .copied, "a name")
    #expect(parameter.cParameters.map(\.text) == ["const char *name", "size_t name_len"])
    #expect(parameter.companion?.name == "name_len")
  }

  @Test func `a buffer is a pointer and a capacity`() {
    let parameter = Parameter("out", .buffer, .borrowed, "the text")
    #expect(parameter.cParameters.map(\.text) == ["char *out", "size_t capacity"])
    #expect(parameter.companion?.name == "capacity")
    #expect(parameter.direction == .output)
  }

  @Test func `every companion is the parameter that C has`() {
    for parameter in Interface.current.functions.flatMap(\.parameters) {
      let names = [parameter.name] + (parameter.companion.map { [$0.name] } ?? [])
      #expect(parameter.cParameters.map(\.name) == names)
    }
  }

  @Test func `statuses are listed by their codes`() {
    let names = Interface.current.sorted(["E_NETWORK", "E_NULL", "E_PHONE"])
    #expect(names == ["E_NULL", "E_PHONE", "E_NETWORK"])
  }

  @Test func `offsets follow the alignment of the members`() {
    var table = Interface.current
    let structure = Structure(
      name: "deepidv_test", doc: "A test.",
      fields: [
        Field(name: "a", type: .uint32, doc: "a"),
        Field(name: "b", type: .uint64, doc: "b"),
        Field(name: "c", type: .words(3), doc: "c"),
      ])
    table.structures.append(structure)
    #expect(
      table.layout(of: structure)
        == StructureLayout(
          size: 32, alignment: 8, offsets: [0, 8, 16], sizes: [4, 8, 12], padding: 8))
  }

  @Test func `a text of a struct is a pointer and a length`() {
    var table = Interface.current
    let structure = Structure(
      name: "deepidv_test", doc: "A test.",
      fields: [
        Field(name: "a", type: .uint64, doc: "a"),
        Field(name: "b", type: .text, doc: "b"),
        Field(name: "c", type: .words(2), doc: "c"),
      ])
    table.structures.append(structure)
    #expect(structure.cMembers.map(\.name) == ["a", "b", "b_len", "c"])
    #expect(
      structure.cMembers.map(\.wholeType) == ["uint64_t", "const char *", "size_t", "uint32_t[2]"])
    #expect(structure.cMembers.map(\.lengthOf) == [nil, nil, "b", nil])
    #expect(
      table.layout(of: structure)
        == StructureLayout(
          size: 32, alignment: 8, offsets: [0, 8, 16, 24], sizes: [8, 8, 8, 8], padding: 0))
  }

  @Test func `the versions begin with the first that was out`() {
    var table = Interface.current
    table.abi = ABIVersion(major: 0, minor: 3)
    #expect(table.knownVersions == ["0.1", "0.2", "0.3"])
    table.abi = ABIVersion(major: 1, minor: 1)
    #expect(table.knownVersions == ["1.0", "1.1"])
  }
}
