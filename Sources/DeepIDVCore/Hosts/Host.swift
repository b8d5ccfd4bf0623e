// Hosts as the URL standard reads them, of what the DNS can have: ASCII letters, digits, hyphens and underscores. A name
// in another script has to come in its ASCII form: to convert it takes tables larger than this library.

/// Where the host ends in a text that is a host that browsers accept, and perhaps a port; nil for any other text.
///
/// https://url.spec.whatwg.org/#host-parsing
func endOfHost(_ text: Span<UInt8>) -> Int? {
  var end = 0
  if text.at(0) == UInt8(ascii: "[") {
    while let byte = text.at(end), byte != UInt8(ascii: "]") { end += 1 }
    guard end < text.count, isIPv6(text.part(1, end)) else { return nil }
    end += 1
  } else {
    while let byte = text.at(end), byte != UInt8(ascii: ":") { end += 1 }
    guard isHostName(text.part(0, end)) else { return nil }
  }
  if end == text.count { return end }
  return text.at(end) == UInt8(ascii: ":") && isPort(text.part(end &+ 1, text.count))
    ? end : nil
}

/// Nothing, which is the default, or a number that a server can listen to.
private func isPort(_ text: Span<UInt8>) -> Bool {
  if text.isEmpty { return true }
  guard let port = text.decimal().value else { return false }
  return 1...65_535 ~= port
}

private func isIPv6(_ text: Span<UInt8>) -> Bool { HostAddress(text)?.bitCount == 128 }

/// Whether it is a name, or an IPv4 address in any form that browsers know.
private func isHostName(_ host: Span<UInt8>) -> Bool {
  var hasLetterOrDigit = false
  var label = 0
  var last = ByteRange(0, 0)
  var next = 0
  while next <= host.count {
    let index = next
    next &+= 1
    let byte = host.at(index) ?? UInt8(ascii: ".")
    if byte.isASCIILetter || byte.isASCIIDigit {
      hasLetterOrDigit = true
    } else if byte == UInt8(ascii: ".") {
      // A dot may end the whole name.
      if index == host.count, label == index { break }
      last = ByteRange(label, index)
      if last.isEmpty || !isLabel(host, last) { return false }
      label = index &+ 1
    } else if byte != UInt8(ascii: "-"), byte != UInt8(ascii: "_") {
      return false
    }
  }
  guard hasLetterOrDigit else { return false }
  return !isNumber(host.part(last))
    || isIPv4(host.part(0, last.end))
}

/// Whether a label with the prefix of an encoded one is valid: `xn--`, then Punycode.
private func isLabel(_ host: Span<UInt8>, _ label: ByteRange) -> Bool {
  let text = host.part(label)
  guard text.count >= 4, text.part(0, 4).equalsIgnoringCase("xn--") else { return true }
  return isPunycode(text.part(4, text.count))
}

/// Whether it decodes to a text that is not ASCII.
///
/// Whether a name may have that text takes the tables.
///
/// https://www.rfc-editor.org/rfc/rfc3492#section-6.2
private func isPunycode(_ text: Span<UInt8>) -> Bool {
  var index = 0
  var count = 0
  for place in text.indices where text[place] == UInt8(ascii: "-") {
    (count, index) = (place, place + 1)
  }
  if index == text.count { return false }
  var (point, bias, position) = (128, 72, 0)
  while index < text.count {
    let start = position
    var (weight, step) = (1, 36)
    while true {
      guard let digit = text.at(index).flatMap(punycodeDigit) else { return false }
      index += 1
      position &+= digit &* weight
      // More than all code points at all places of a name of 253 bytes. As long as it goes on it is no less than the
      // weight, so that neither outgrows 64 bits.
      if position > 0x2000_0000 { return false }
      let threshold = min(max(step &- bias, 1), 26)
      if digit < threshold { break }
      weight &*= 36 &- threshold
      step &+= 36
    }
    count = max(count &+ 1, 1)
    bias = adaptedBias(position &- start, count, isFirst: start == 0)
    point &+= position / count
    position = position % count &+ 1
    if point > 0x10FFFF || point >= 0xD800 && point < 0xE000 { return false }
  }
  return true
}

private func punycodeDigit(_ byte: UInt8) -> Int? {
  if byte.isASCIIDigit { return Int(byte &- 0x30 &+ 26) }
  return byte.isASCIILetter ? Int((byte | 0x20) &- 0x61) : nil
}

private func adaptedBias(_ difference: Int, _ count: Int, isFirst: Bool) -> Int {
  var delta = difference / (isFirst ? 700 : 2)
  delta &+= delta / max(count, 1)
  var bias = 0
  while delta > 455 {
    delta /= 35
    bias &+= 36
  }
  return bias &+ 36 &* delta / max(delta &+ 38, 1)
}

/// Whether a name with this last label is taken for an IPv4 address.
///
/// https://url.spec.whatwg.org/#ends-in-a-number-checker
private func isNumber(_ label: Span<UInt8>) -> Bool {
  guard let first = label.at(0), first.isASCIIDigit else { return false }
  return label.indices.allSatisfy { label[$0].isASCIIDigit } || ipv4Number(label) != nil
}

/// One to four numbers, of which the last one fills what the others leave.
///
/// https://url.spec.whatwg.org/#concept-ipv4-parser
private func isIPv4(_ text: Span<UInt8>) -> Bool {
  var start = 0
  for part in 1...4 {
    var end = start
    while let byte = text.at(end), byte != UInt8(ascii: ".") { end += 1 }
    guard let number = ipv4Number(text.part(start, end)) else { return false }
    if end == text.count { return number < 1 &<< UInt64(truncatingIfNeeded: 8 &* (5 &- part)) }
    if number > 255 { return false }
    start = end &+ 1
  }
  return false
}

/// A number: decimal, octal behind 0, or hexadecimal behind 0x, where no digit is 0.
///
/// Any that 32 bits do not hold is 2^32.
private func ipv4Number(_ text: Span<UInt8>) -> UInt64? {
  var (index, radix): (Int, UInt64) = (0, 10)
  if text.isEmpty { return nil }
  if text.count >= 2, text[0] == UInt8(ascii: "0") {
    (index, radix) = text[1] | 0x20 == UInt8(ascii: "x") ? (2, 16) : (1, 8)
  }
  var number: UInt64 = 0
  while let byte = text.at(index) {
    guard let digit = byte.asciiHexValue.map(UInt64.init), digit < radix else { return nil }
    number = min(number &* radix &+ digit, 1 << 32)
    index += 1
  }
  return number
}
