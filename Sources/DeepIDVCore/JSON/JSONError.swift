/// Why bytes are not a JSON document, and where.
public struct JSONError: Error, Equatable, Sendable {
  /// What is wrong.
  public let reason: Reason

  /// The index of the byte that is wrong, or of the first byte of the sequence that is.
  public let position: Int

  /// The kinds of errors.
  public enum Reason: UInt8, Sendable {
    /// The document stops before it is complete.
    case unexpectedEnd
    /// This byte is not allowed here.
    case unexpectedByte
    /// Something follows the document.
    case trailingBytes
    /// Arrays and objects are nested deeper than the reader follows.
    case tooDeep
    /// A number has a leading zero or lacks a digit.
    case invalidNumber
    /// A backslash begins no escape.
    case invalidEscape
    /// An escape names one half of a surrogate pair.
    case loneSurrogate
    /// A string holds a control character that is not escaped.
    case controlCharacter
    /// A string is not UTF-8.
    case invalidUTF8
  }

  /// Creates an error.
  init(_ reason: Reason, at position: Int) {
    self.reason = reason
    self.position = position
  }

  /// The error for a position where something else was needed.
  static func unexpected(at position: Int, in bytes: Span<UInt8>) -> JSONError {
    JSONError(position < bytes.count ? .unexpectedByte : .unexpectedEnd, at: position)
  }
}

extension JSONError.Reason {
  /// The reason as a sentence without a full stop; nothing of the document is in it.
  public var summary: StaticString {
    switch self {
    case .unexpectedEnd: "the JSON document is incomplete"
    case .unexpectedByte: "the JSON document is malformed"
    case .trailingBytes: "something follows the JSON document"
    case .tooDeep: "the JSON document is nested too deeply"
    case .invalidNumber: "a JSON number is malformed"
    case .invalidEscape: "a JSON string has an invalid escape"
    case .loneSurrogate: "a JSON string has a lone surrogate"
    case .controlCharacter: "a JSON string has a control character"
    case .invalidUTF8: "a JSON string is not UTF-8"
    }
  }
}
