import ABI
import Foundation
import Testing

/// The generator is tested as it is used: as a program that writes files.
@Suite("abigen")
struct GeneratorTests {
  @Test func `two runs write the same bytes`() throws {
    let first = try Workspace()
    let second = try Workspace()
    #expect(try first.run().status == 0)
    #expect(try second.run().status == 0)
    #expect(try first.files() == second.files())
    #expect(
      try first.files().keys.sorted() == [
        "Sources/DeepIDV/Generated/LibraryCounters.swift",
        "Sources/DeepIDV/Generated/LibraryOptions.swift",
        "Sources/DeepIDV/Generated/LibraryTexts.swift",
        "Sources/DeepIDVCore/Generated/LibraryFields.swift", "Tests/abi/layout.c",
        "abi/deepidv.abi.json",
        "bindings/python/deepidv/_abi.py", "bindings/python/deepidv/_abi_version.py",
        "deepidv.map", "include/deepidv.cdef", "include/deepidv.h", "include/deepidv.hpp",
      ])
  }

  @Test func `the documentation is a reference and a page per family and one for them all`() throws
  {
    let workspace = try Workspace()
    #expect(try workspace.document().status == 0)
    let paths = try workspace.files().keys.sorted()
    #expect(
      paths.filter { $0.hasPrefix("man/") && $0.hasSuffix(".3") }.count
        == Interface.current.families.count)
    #expect(paths.filter { !$0.hasSuffix(".3") } == ["abi.md", "man/deepidv.7"])
  }

  @Test func `the documentation is not compared`() throws {
    let workspace = try Workspace()
    #expect(try workspace.document("--check").status == 2)
    #expect(try workspace.files().isEmpty)
  }

  @Test func `check accepts what was written, and writes nothing`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    let before = try workspace.files()
    let check = try workspace.run("--check")
    #expect(check.status == 0)
    #expect(check.complaints == "")
    #expect(try workspace.files() == before)
  }

  @Test func `check names a drifting file and its first differing line`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    var lines = try workspace.lines("include/deepidv.h")
    lines[2] = "changed"
    try workspace.write(lines, "include/deepidv.h")
    let check = try workspace.run("--check")
    #expect(check.status == 1)
    #expect(check.complaints.contains("include/deepidv.h:3: differs"))
    #expect(check.complaints.contains("file:  changed"))
    #expect(!check.complaints.contains("deepidv.map"))
    #expect(try workspace.lines("include/deepidv.h")[2] == "changed")
  }

  @Test func `check names a missing file`() throws {
    let workspace = try Workspace()
    let check = try workspace.run("--check")
    #expect(check.status == 1)
    #expect(check.complaints.contains("deepidv.map: missing"))
    #expect(try workspace.files().isEmpty)
  }

  @Test func `an unknown argument is refused`() throws {
    #expect(try Workspace().run("--chek").status == 2)
  }

  @Test func `every file says that it is generated`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    _ = try workspace.document()
    for (path, text) in try workspace.files() {
      let top = text.split(separator: "\n").prefix(4).joined(separator: "\n")
      #expect(top.contains("Generated from Sources/ABI by abigen"), "\(path)")
    }
  }

  @Test func `the header and the exports have every function once`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    let declarations = try workspace.lines("include/deepidv.h")
      .filter { !$0.hasPrefix(" ") && !$0.hasPrefix("/") && !$0.hasPrefix("#") }
    let exports = try workspace.lines("deepidv.map")
    for function in Interface.current.functions {
      #expect(declarations.count { $0.contains("\(function.name)(") } == 1)
      #expect(exports.count { $0 == "    \(function.name);" } == 1)
    }
    #expect(exports.count { $0.hasSuffix(";") } == Interface.current.functions.count + 2)
  }

  @Test func `every function is a name of one manual page, and declared there`() throws {
    let workspace = try Workspace()
    _ = try workspace.document()
    let pages = try workspace.files().filter { $0.key.hasSuffix(".3") }
      .map { $0.value.split(separator: "\n") }
    for function in Interface.current.functions {
      let names = [".Nm \(function.name)", ".Nm \(function.name) ,"]
      #expect(pages.count { $0.contains { names.contains(String($0)) } } == 1, "\(function.name)")
      #expect(pages.count { $0.contains(".Fo \(function.name)") } == 1, "\(function.name)")
    }
  }

  @Test func `a text is declared as pointer and length, on one line of its own`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    let header = try workspace.lines("include/deepidv.h")
    #expect(header.contains("    const char *name, size_t name_len,"))
    #expect(header.contains("    const char *value, size_t value_len);"))
  }

  @Test func `a text of a struct is two members wherever members are printed`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    let header = try workspace.lines("include/deepidv.h")
    #expect(header.contains { $0.hasPrefix("  const char *url;             /* ") })
    #expect(header.contains { $0.hasPrefix("  size_t      url_len;         /* ") })
    _ = try workspace.document()
    let reference = try workspace.lines("abi.md").map { $0.replacing(#/ +/#, with: " ") }
    #expect(reference.contains { $0.hasPrefix("| `url` | `const char *` | 16 | ") })
    #expect(reference.contains { $0.hasPrefix("| `url_len` | `size_t` | 24 | ") })
    let manual = try workspace.lines("man/deepidv_result.3")
    #expect(manual.contains(".It Fa url"))
    #expect(manual.contains(".It Fa url_len"))
    let python = try workspace.lines("bindings/python/deepidv/_abi.py")
    #expect(python.contains("        (\"url\", c_char_p),"))
    #expect(python.contains("        (\"url_len\", c_size_t),"))
    #expect(python.contains("    (deepidv_session, 160),"))
    let layout = try workspace.lines("Tests/abi/layout.c")
    #expect(
      layout.contains("CHECK(deepidv_session__url, offsetof(deepidv_session, url) == 16);"))
    #expect(
      layout.contains(
        "CHECK(deepidv_session__url_len, offsetof(deepidv_session, url_len) == 24);"))
  }

  @Test func `no two checks of the layout have the same name`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    let names = try workspace.lines("Tests/abi/layout.c")
      .compactMap { $0.firstMatch(of: #/^CHECK(?:_64)?\((\w+)/#)?.output.1 }
    #expect(!names.isEmpty)
    #expect(Set(names).count == names.count)
  }

  @Test func `the description has pointer and length of a text with both offsets`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    let text = try workspace.lines("abi/deepidv.abi.json").joined(separator: "\n")
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let structures = try #require(object?["structures"] as? [[String: Any]])
    let session = try #require(structures.first { $0["name"] as? String == "deepidv_session" })
    let fields = try #require(session["fields"] as? [[String: Any]])
    #expect(fields[2]["name"] as? String == "url")
    #expect(fields[2]["type"] as? String == "const char *")
    #expect(fields[2]["ownership"] as? String == "borrowed")
    #expect(fields[3]["length_of"] as? String == "url")
    #expect(fields[3]["type"] as? String == "size_t")
    #expect(fields.prefix(4).map { $0["offset"] as? Int } == [0, 8, 16, 24])
  }

  @Test func `no line of the header is too wide`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    let wide = try workspace.lines("include/deepidv.h").filter { $0.utf8.count > 96 }
    #expect(wide == [])
  }

  @Test func `the description is JSON of format 2 with every function`() throws {
    let workspace = try Workspace()
    _ = try workspace.run()
    let text = try workspace.lines("abi/deepidv.abi.json").joined(separator: "\n")
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let functions = try #require(object?["functions"] as? [[String: Any]])
    #expect(object?["format"] as? Int == 2)
    #expect(
      functions.compactMap { $0["name"] as? String } == Interface.current.functions.map(\.name))
  }
}
