import CDeepIDV

/// What the headers of a response say, as far as it matters here.
struct HTTPFields: Sendable {
  private(set) var status = 0
  private(set) var contentLength: UInt64?
  private(set) var isChunked = false
  private(set) var isEncoded = false
  private(set) var retryAfter: RetryAfter?
  private(set) var date: Int64?
  var requestID = RequestID()
  var keepsConnection = true
  private var isFirstVersion = false
  private let keepsDate: Bool
  let wallClock: Int64

  init(keepsDate: Bool, wallClock: Int64) {
    self.keepsDate = keepsDate
    self.wallClock = wallClock
  }

  /// Begins a head; what an earlier one said, of a 1xx response, is forgotten.
  mutating func begin(status: Int, isFirstVersion: Bool) {
    self = HTTPFields(keepsDate: keepsDate, wallClock: wallClock)
    self.status = status
    self.isFirstVersion = isFirstVersion
    // HTTP/1.0 can keep a connection, too, but each server's way of it was a different one.
    keepsConnection = !isFirstVersion
  }

  /// Whether the body's length is given in two ways, or in one that HTTP/1.0 does not have.
  var isContradictory: Bool { isChunked && (contentLength != nil || isFirstVersion) }

  /// Takes a line of the head, and returns why the response is refused for it.
  mutating func take(_ line: Span<UInt8>) -> deepidv_status {
    guard let length = line.fieldNameLength else { return DEEPIDV_E_ANSWER_HTTP }
    let name = line.part(0, length)
    let value = line.part(
      line.trimmed(ByteRange(length &+ 1, line.count), andLineEnds: false))
    // Which some readers take for a part of the value, others not.
    let endsWithTab = line.at(line.count &- 1) == UInt8(ascii: "\t")
    // Most headers are none of these, which their length shows.
    switch length {
    case 4 where name.equalsIgnoringCase("date"):
      if keepsDate || status >= 300 { date = httpDateSeconds(value, near: wallClock) }
    case 10 where name.equalsIgnoringCase("connection"),
      16 where name.equalsIgnoringCase("proxy-connection"):
      if value.hasOtherOption { keepsConnection = false }
    case 11 where name.equalsIgnoringCase("retry-after"):
      retryAfter = RetryAfter(value, near: wallClock)
    case 14 where name.equalsIgnoringCase("content-length"):
      guard contentLength == nil, !endsWithTab else { return DEEPIDV_E_ANSWER_HTTP }
      switch value.decimal() {
      case .value(let length): contentLength = length
      case .overflow: return DEEPIDV_E_ANSWER_TOO_LARGE
      case .invalid: return DEEPIDV_E_ANSWER_HTTP
      }
    case 16 where name.equalsIgnoringCase("content-encoding"):
      if !value.isEmpty, !value.equalsIgnoringCase("identity") { isEncoded = true }
    case 17 where name.equalsIgnoringCase("transfer-encoding"):
      guard !isChunked, !endsWithTab else { return DEEPIDV_E_ANSWER_HTTP }
      guard value.equalsIgnoringCase("chunked") else { return DEEPIDV_E_ANSWER_ENCODING }
      isChunked = true
    default: requestID.take(name, value)
    }
    return DEEPIDV_OK
  }
}

extension Span where Element == UInt8 {
  /// The status and the minor version of a status line, or nil if it is none.
  var statusLine: (status: Int, minor: UInt8)? {
    guard canBeginStatusLine, let minor = at(7), at(8) == UInt8(ascii: " "),
      let status = digits(from: 9, count: 3), status >= 100,
      count == 12 || at(12) == UInt8(ascii: " ")
    else { return nil }
    return (Int(status), minor &- UInt8(ascii: "0"))
  }

  /// Whether a status line can begin with these bytes.
  var canBeginStatusLine: Bool {
    let start: StaticString = "HTTP/1."
    let length = Swift.min(count, start.count)
    let begins = start.withSpan { part(0, length).equals($0.part(0, length)) }
    return begins && at(7).map { $0 | 1 == UInt8(ascii: "1") } ?? true
  }

  /// The length of the name in a header line, or nil if the line is none.
  var fieldNameLength: Int? {
    let length = endOfToken(from: 0)
    return length > 0 && at(length) == UInt8(ascii: ":") ? length : nil
  }

  /// Whether what follows the size of a chunk is nothing, or `;name` and `;name=value`.
  ///
  /// A value in quotes is none: nobody sends any, and there are readers that take a line end in it for the end.
  func isChunkExtensions(from start: Int) -> Bool {
    var index = start
    var canHaveValue = false
    while let separator = at(index) {
      let isValue = separator == UInt8(ascii: "=")
      guard isValue ? canHaveValue : separator == UInt8(ascii: ";") else { return false }
      canHaveValue = !isValue
      let end = endOfToken(from: index &+ 1)
      guard end > index &+ 1 else { return false }
      index = end
    }
    return true
  }

  private func endOfToken(from start: Int) -> Int {
    var index = start
    while let byte = at(index), byte.isTokenCharacter { index &+= 1 }
    return index
  }

  /// Whether a list of connection options has any that may end the connection: `close`, or one that is unknown.
  fileprivate var hasOtherOption: Bool {
    var start = 0
    while start < count {
      let comma = UInt8(ascii: ",")
      let end = firstIndex(of: comma, or: comma, from: start, before: count)
      let item = part(trimmed(ByteRange(start, end), andLineEnds: false))
      if !item.isEmpty, !item.equalsIgnoringCase("keep-alive"), !item.equalsIgnoringCase("upgrade")
      {
        return true
      }
      start = end &+ 1
    }
    return false
  }
}

extension UInt8 {
  /// Whether the names of headers may have this byte: letters, digits and ``!#$%&'*+-.^_`|~``.
  fileprivate var isTokenCharacter: Bool {
    // A bit for each of them.
    let bits: UInt64 = self < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
    return self < 128 && bits &>> UInt64(self & 63) & 1 != 0
  }
}
