import DeepIDVCore

/// A text inside of an object, for C to read: with a NUL at its end, or NULL and 0 if there is none.
struct LentText {
  var start: UnsafePointer<CChar>?
  var count = 0

  /// Its two members of a C struct.
  var parts: (UnsafePointer<CChar>?, Int) { (start, count) }

  /// No text.
  init() {}

  /// A part of the texts of an answer.
  init(_ range: ByteRange?, of texts: borrowing AnswerTexts) {
    guard let range, let address = texts.address else { return }
    start = UnsafeRawPointer(address + range.start).assumingMemoryBound(to: CChar.self)
    count = range.count
  }

  /// The contents of a buffer, which ends with a NUL; no text if it is empty.
  init(_ contents: borrowing ByteBuffer) {
    if contents.isEmpty { return }
    start = contents.text
    count = contents.count &- 1
  }

  /// The text that a table has for a number.
  init(_ texts: ConstantTexts, for number: Int32) {
    texts.withText(for: number) { text in
      start = text.withUnsafeBytes { $0.baseAddress?.assumingMemoryBound(to: CChar.self) }
      count = text.count
    }
  }

  /// A string literal.
  init(_ text: StaticString?) {
    guard let text else { return }
    start = cString(text)
    count = text.count
  }
}
