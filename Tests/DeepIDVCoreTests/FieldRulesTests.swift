import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct FieldRulesTests {
  @Test(arguments: [
    ("+1", true), ("+15192223333", true), ("+123456789012345", true), ("+2905", true),
    ("+1234567890123456", false), ("+0123456", false), ("15192223333", false), ("+", false),
    ("", false), ("+1 519", false), ("+1519a", false), ("++1", false), ("00151922", false),
    ("+١٢٣", false), ("\u{FF0B}15192223333", false), (" +1", false), ("+1\n", false),
    ("+1-519", false),
  ])
  func phone(_ text: String, _ good: Bool) {
    #expect(isE164(Array(text.utf8).span) == good)
  }

  @Test(arguments: [
    ("a@b", true), ("ada@example.com", true), ("first.last+tag@sub.example.co.uk", true),
    ("\"a@b\"@example.com", true), ("ünï@exämple.de", true), ("a@[192.0.2.1]", true),
    ("", false), ("@", false), ("a@", false), ("@b", false), ("ab", false), ("a b@c", false),
    ("a@b c", false), ("a@b..c", false), ("a@.b", false), ("a@b.", false), ("a\n@b", false),
    ("a@b\u{7F}", false), ("o'neil@example.com", true), ("山@例.jp", true), ("a@b ", false),
    ("a\t@b", false), ("a@b.c\r\nBcc: x@y.z", false),
  ])
  func email(_ text: String, _ good: Bool) {
    #expect(hasEmailShape(Array(text.utf8).span) == good)
  }

  @Test(arguments: [
    (Field.firstName, 65_536), (.lastName, 65_536), (.externalID, 65_536), (.workflowID, 65_536),
  ])
  func longestText(_ field: Field, _ limit: Int) {
    let text = [UInt8](repeating: 97, count: limit + 1)
    #expect(checkText(text.span.extracting(first: limit), for: field) == DEEPIDV_OK)
    #expect(checkText(text.span, for: field) == DEEPIDV_E_TOO_LONG)
  }

  @Test func everyFieldHasItsOwnNames() {
    var names: [String] = []
    var field = Field(rawValue: 0)
    while let current = field {
      let row = current.row
      names.append("\(row.name)")
      if "\(row.alias)" != "\(row.name)" { names.append("\(row.alias)") }
      #expect(
        (current.rawValue < Field.textCount)
          == { if case .text = row.content { true } else { false } }())
      field = current.next
    }
    #expect(Set(names).count == names.count)
    #expect(names.count == 2 * Field.count - 2)
    // `FieldSet` has 16 bits, and `Members` 32: one for each spelling.
    #expect(Field.count <= 16)
  }
}
