import ABI
import Foundation

/// Prints one generated file.
protocol Printer: Sendable {
  /// Its path, relative to the output folder.
  var path: String { get }

  func print(_ interface: Interface) -> String
}

/// A generated file.
struct Output {
  var path: String
  var text: String

  /// The committed files, which compilers and bindings read, relative to the root of the repository.
  static func sources(of interface: Interface) -> [Output] {
    outputs(
      [
        Header(), Declarations(), VersionScript(), LibraryTexts(), LibraryOptions(),
        LibraryFields(), LibraryCounters(), Description(), Python(), PythonVersion(), LayoutTest(),
        CPlusPlus(),
      ], interface)
  }

  /// The reference and the manual pages, which are built but not committed.
  static func documentation(of interface: Interface) -> [Output] {
    outputs([Reference(), Overview()] + interface.families.map(ManualPage.init), interface)
  }

  private static func outputs(_ printers: [any Printer], _ interface: Interface) -> [Output] {
    printers.map { Output(path: $0.path, text: $0.print(interface)) }
  }

  /// Writes the file unless it is already up to date.
  ///
  /// Returns whether it was written.
  func write(root: URL) throws -> Bool {
    let url = root.appendingPathComponent(path)
    if drift(root: root) == nil { return false }
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url, options: .atomic)
    return true
  }

  /// How the file on disk differs from the generated text, or nil.
  func drift(root: URL) -> Drift? {
    guard let data = try? Data(contentsOf: root.appendingPathComponent(path)) else {
      return .missing
    }
    let found = String(decoding: data, as: UTF8.self)
    return found == text ? nil : .line(Difference(expected: text, found: found))
  }
}

/// Why a file is out of date.
enum Drift {
  case missing
  case line(Difference)
}

/// The first line where two texts differ.
struct Difference {
  var number: Int
  var expected: String?
  var found: String?

  init(expected: String, found: String) {
    let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let foundLines = found.split(separator: "\n", omittingEmptySubsequences: false)
    let same = zip(expectedLines, foundLines).prefix { $0 == $1 }.count
    number = same + 1
    self.expected = same < expectedLines.count ? String(expectedLines[same]) : nil
    self.found = same < foundLines.count ? String(foundLines[same]) : nil
  }
}
