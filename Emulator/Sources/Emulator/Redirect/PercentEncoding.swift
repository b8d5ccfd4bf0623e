/// Percent-encoding as in RFC 3986, over bytes.
enum PercentEncoding {
  private static let hexDigits = Array("0123456789ABCDEF".utf8)

  /// Encodes everything but the unreserved characters: letters, digits, `-`, `.`, `_` and `~`.
  static func encode(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// Encodes all characters that are not ASCII, as browsers do; they are not portable in headers.
  static func encodeNonASCII(_ text: String) -> String {
    var encoded = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        encoded.unicodeScalars.append(scalar)
      } else {
        encoded += encode(String(scalar))
      }
    }
    return encoded
  }

  /// Decodes a name or value of a form, where `+` is a space.
  ///
  /// Nil if a `%` is not followed by two hexadecimal digits, or if the result is not UTF-8.
  static func decodeForm(_ bytes: some Collection<UInt8>) -> String? {
    var decoded: [UInt8] = []
    var rest = Array(bytes)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"):
        decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(value(ofHexDigit:)),
          let low = rest.popFirst().flatMap(value(ofHexDigit:))
        else { return nil }
        decoded.append(high << 4 | low)
      default:
        decoded.append(byte)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  /// The value of a hexadecimal digit.
  static func value(ofHexDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  static func isUnreserved(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "-._~".utf8.contains(byte)
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}
