import CCrypto
import CDeepIDV

/// The secrets of states: the first signs, and all of them verify.
public struct StateKeys: ~Copyable {
  private var bytes = ByteBuffer(byteLimit: keyLimit * longestKey)
  private var ranges = Buffer<ByteRange>(byteLimit: Int.max)

  /// A short key could be guessed.
  static var shortestKey: Int { 16 }
  static var longestKey: Int { 1024 }
  /// Each costs a look at a state that is not signed with an earlier one.
  static var keyLimit: Int { 16 }

  /// Creates an empty set.
  public init() {}

  /// How many keys there are.
  var count: Int { ranges.count }

  /// Adds a key, or returns the status for why not.
  public mutating func add(_ key: Span<UInt8>) -> deepidv_status {
    if key.isEmpty { return DEEPIDV_E_REQUIRED }
    if key.count < Self.shortestKey { return DEEPIDV_E_SHORT_KEY }
    if key.count > Self.longestKey { return DEEPIDV_E_TOO_LONG }
    if ranges.count >= Self.keyLimit { return DEEPIDV_E_RANGE }
    let start = bytes.count
    do throws(BufferError) {
      try ranges.reserve(1)
      try bytes.append(key)
      try ranges.append(ByteRange(start, bytes.count))
    } catch {
      return DEEPIDV_E_NOMEM
    }
    return DEEPIDV_OK
  }

  /// HMAC-SHA256 of a message with one of the keys.
  ///
  /// https://www.rfc-editor.org/rfc/rfc2104
  func sign(
    _ message: borrowing ByteBuffer, withKeyAt index: Int
  ) throws(StateFault) -> [32 of UInt8] {
    guard let range = ranges.at(index) else { throw StateFault(DEEPIDV_E_REQUIRED) }
    var digest = [32 of UInt8](repeating: 0)
    var output = digest.mutableSpan
    let isSigned = bytes.withSpan { bytes in
      unsafe bytes.extracting(range.start..<range.end).withUnsafeBufferPointer { key in
        unsafe output.withUnsafeMutableBufferPointer { digest in
          unsafe HMAC(
            EVP_sha256(), key.baseAddress, Int32(truncatingIfNeeded: key.count), message.address,
            message.count, digest.baseAddress, nil) != nil
        }
      }
    }
    guard isSigned else { throw StateFault(DEEPIDV_E_SYSTEM) }
    return digest
  }
}

/// Why a state cannot be made, or not be taken for good.
struct StateFault: Error {
  var status: deepidv_status

  init(_ status: deepidv_status) { self.status = status }
}
