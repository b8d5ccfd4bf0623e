import CPlatform

// Most of a request and of an answer is printable ASCII, which is passed over 16 bytes at a time.

extension Span where Element == UInt8 {
  /// The index, from `start` on, of the first special byte: of those from 0x7F on, or of others that the kind has.
  ///
  /// The end if there is none.
  @_noAllocation @inline(__always)
  func firstSpecial(_ kind: cplatform_special, from start: Int) -> Int {
    firstSpecial(kind, from: start, before: count)
  }

  /// The same in a part of the text, at the end of which it ends.
  @_noAllocation @inline(__always)
  func firstSpecial(_ kind: cplatform_special, from start: Int, before end: Int) -> Int {
    unsafe withUnsafeBufferPointer { text in
      guard let address = text.baseAddress, start >= 0, end <= text.count else { return end }
      return unsafe cplatform_find_special(address, start, end, kind)
    }
  }

  /// Whether UTF-8 has a control character: U+0000 to U+001F, or U+007F to U+009F.
  var hasControlCharacter: Bool { hasControlCharacter(CPLATFORM_NOT_PRINTABLE) }

  /// Whether UTF-8 has a control character, a space or a backslash.
  var hasControlSpaceOrBackslash: Bool { hasControlCharacter(CPLATFORM_NOT_PLAIN_IN_URL) }

  /// - Parameter kind: One of which every byte below 0x80 is looked for.
  @inline(never)
  private func hasControlCharacter(_ kind: cplatform_special) -> Bool {
    var index = firstSpecial(kind, from: 0)
    while let byte = at(index) {
      if byte < 0x80 { return true }
      if byte == 0xC2, let next = at(index &+ 1), next < 0xA0 { return true }
      index = firstSpecial(kind, from: index &+ 1)
    }
    return false
  }
}
