import ABI
import Foundation

// Generates files from the interface table in Sources/ABI.
//
//   abigen [--root DIR]            writes the committed files
//   abigen --check [--root DIR]    writes nothing, and fails if a committed file differs
//   abigen --docs DIR              writes the reference and the manual pages into a folder

/// Writes a message to standard error.
func complain(_ text: String) {
  FileHandle.standardError.write(Data("abigen: \(text)\n".utf8))
}

let usage = "usage: abigen [--check] [--root DIR] | abigen --docs DIR"

var check = false
var docs = false
var root = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--check":
    check = true
  case "--root", "--docs":
    docs = argument == "--docs"
    guard let directory = arguments.popFirst() else {
      complain("\(argument) needs a directory; \(usage)")
      exit(2)
    }
    root = URL(fileURLWithPath: directory, isDirectory: true)
  default:
    complain("unknown argument \(argument); \(usage)")
    exit(2)
  }
}
if check && docs {
  complain("--check compares only committed files; \(usage)")
  exit(2)
}

let problems = Interface.current.problems()
guard problems.isEmpty else {
  for problem in problems { complain("Sources/ABI: \(problem)") }
  exit(1)
}

var drifted = 0
for output in docs ? Output.documentation(of: .current) : Output.sources(of: .current) {
  if check {
    guard let drift = output.drift(root: root) else { continue }
    drifted += 1
    switch drift {
    case .missing:
      complain("\(output.path): missing")
    case .line(let difference):
      complain("\(output.path):\(difference.number): differs from the table")
      complain("  table: \(difference.expected ?? "(end of file)")")
      complain("  file:  \(difference.found ?? "(end of file)")")
    }
  } else {
    do {
      if try output.write(root: root) { print(output.path) }
    } catch {
      complain("\(output.path): \(error.localizedDescription)")
      exit(1)
    }
  }
}
if drifted > 0 {
  complain("\(drifted) files are out of date; run `make abi`")
  exit(1)
}
