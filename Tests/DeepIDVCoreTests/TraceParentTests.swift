import DeepIDVCore
import Testing

@Suite struct TraceParentTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  private static let parent = "00f067aa0ba902b7"

  @Test(arguments: ["00", "01", "ff"])
  func accepted(_ flags: String) {
    #expect(isAccepted("00-\(Self.trace)-\(Self.parent)-\(flags)"))
  }

  @Test(arguments: [
    "", "00", "01-\(trace)-\(parent)-01", "ff-\(trace)-\(parent)-01", "00-\(trace)-\(parent)-1",
    "00-\(trace)-\(parent)-01-", "00_\(trace)-\(parent)-01", "00-\(trace)-\(parent)_01",
    "00-\(trace)\(parent)--01",
    "00-\(trace.uppercased())-\(parent)-01", "00-\(trace)-\(parent)-0G",
    "00-\(trace)-\(parent)-0\n", "00-00000000000000000000000000000000-\(parent)-01",
    "00-\(trace)-0000000000000000-01", " 00-\(trace)-\(parent)-01",
  ])
  func refused(_ text: String) { #expect(!isAccepted(text)) }

  private func isAccepted(_ text: String) -> Bool { TraceParent(Array(text.utf8).span) != nil }
}
