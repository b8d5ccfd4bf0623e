import Foundation
import Testing

/// An empty directory for the generator to write into, removed at the end.
final class Workspace {
  private let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// Runs the generator that was built beside the tests, on the committed files.
  func run(_ arguments: String...) throws -> (status: Int32, complaints: String) {
    try abigen(arguments + ["--root", root.path])
  }

  /// Writes the reference and the manual pages.
  func document(_ arguments: String...) throws -> (status: Int32, complaints: String) {
    try abigen(arguments + ["--docs", root.path])
  }

  private func abigen(_ arguments: [String]) throws -> (status: Int32, complaints: String) {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0])
    let process = Process()
    process.executableURL = tests.deletingLastPathComponent().appendingPathComponent("abigen")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let complaints = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: complaints, as: UTF8.self))
  }

  /// Every file by its path.
  func files() throws -> [String: String] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
    var files: [String: String] = [:]
    for path in paths {
      let url = root.appendingPathComponent(path)
      if (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true { continue }
      files[path] = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }
    return files
  }

  /// The lines of one file.
  func lines(_ path: String) throws -> [String] {
    let data = try Data(contentsOf: root.appendingPathComponent(path))
    return String(decoding: data, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Replaces one file.
  func write(_ lines: [String], _ path: String) throws {
    let text = lines.joined(separator: "\n")
    try Data(text.utf8).write(to: root.appendingPathComponent(path))
  }
}
