/// Host names that both browsers and the DNS accept.
///
/// https://url.spec.whatwg.org/#host-parsing, but internationalised names only in their ASCII form,
/// and no percent-encoding.
enum HostName {
  static func isAccepted(_ host: String) -> Bool {
    var labels = host.split(separator: ".", omittingEmptySubsequences: false)
    // The name may end with a dot.
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    guard labels.allSatisfy(isLabel), let last = labels.last,
      host.utf8.contains(where: PercentEncoding.isAlphanumeric)
    else { return false }
    return isNumber(last) ? isIPv4(labels) : true
  }

  private static func isLabel(_ label: Substring) -> Bool {
    guard !label.isEmpty,
      label.utf8.allSatisfy({ PercentEncoding.isAlphanumeric($0) || "-_".utf8.contains($0) })
    else { return false }
    return label.lowercased().hasPrefix("xn--") ? isPunycode(label.dropFirst(4)) : true
  }
}

// MARK: IPv4

extension HostName {
  /// Whether a name with this last label is an IPv4 address.
  private static func isNumber(_ label: Substring) -> Bool {
    label.utf8.allSatisfy { (0x30...0x39).contains($0) } || number(label) != nil
  }

  private static func isIPv4(_ labels: [Substring]) -> Bool {
    let numbers = labels.compactMap(number)
    guard numbers.count == labels.count, numbers.count <= 4, let last = numbers.last else {
      return false
    }
    return numbers.dropLast().allSatisfy { $0 < 256 } && last < 1 << UInt64(8 * (5 - numbers.count))
  }

  /// Parses decimal, octal (0…) or hexadecimal (0x…) numbers.
  ///
  /// Returns the maximum if it does not fit into 64 bits.
  private static func number(_ label: Substring) -> UInt64? {
    let (digits, radix) =
      if label.lowercased().hasPrefix("0x") {
        (label.dropFirst(2), 16)
      } else if label.hasPrefix("0"), label.count > 1 {
        (label.dropFirst(), 8)
      } else {
        (label, 10)
      }
    guard digits.allSatisfy({ $0.hexDigitValue.map { $0 < radix } ?? false }) else { return nil }
    if digits.isEmpty { return radix == 16 ? 0 : nil }
    return UInt64(digits, radix: radix) ?? .max
  }
}

// MARK: Punycode

extension HostName {
  /// Whether it is valid Punycode and decodes to text that is not only ASCII.
  ///
  /// https://www.rfc-editor.org/rfc/rfc3492
  private static func isPunycode(_ text: Substring) -> Bool {
    let parts = text.lastIndex(of: "-").map { (text[..<$0], text[$0...].dropFirst()) } ?? ("", text)
    var scalars = parts.0.count
    var digits = Array(parts.1.lowercased().utf8)[...]
    if digits.isEmpty { return false }
    var (code, bias, index) = (128, 72, 0)
    while !digits.isEmpty {
      let start = index
      var (weight, k) = (1, 36)
      while true {
        guard let digit = digits.popFirst().flatMap(value(of:)) else { return false }
        index += digit * weight
        if index > 1 << 29 { return false }
        let threshold = min(max(k - bias, 1), 26)
        if digit < threshold { break }
        weight *= 36 - threshold
        k += 36
      }
      scalars += 1
      bias = adaptedBias(delta: index - start, scalars: scalars, isFirst: start == 0)
      code += index / scalars
      index = index % scalars + 1
      // Unicode.Scalar rejects surrogates and values above U+10FFFF.
      guard let value = UInt32(exactly: code), Unicode.Scalar(value) != nil else { return false }
    }
    return true
  }

  private static func value(of digit: UInt8) -> Int? {
    switch digit {
    case 0x61...0x7A: Int(digit) - 0x61
    case 0x30...0x39: Int(digit) - 0x30 + 26
    default: nil
    }
  }

  private static func adaptedBias(delta: Int, scalars: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / scalars
    var k = 0
    while delta > 455 {
      delta /= 35
      k += 36
    }
    return k + 36 * delta / (delta + 38)
  }
}
