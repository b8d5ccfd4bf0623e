import CCrypto
import CDeepIDV

/// The secrets of states: the first signs, and all of them verify.
public struct StateKeys: ~Copyable {
  private var secrets = SecretList()

  /// A short key could be guessed.
  static var shortestKey: Int { 16 }

  /// Creates an empty set.
  public init() {}

  /// How many keys there are.
  var count: Int { secrets.count }

  /// Adds a key, or returns the status for why not.
  public mutating func add(_ key: Span<UInt8>) -> deepidv_status {
    if !key.isEmpty, key.count < Self.shortestKey { return DEEPIDV_E_SHORT_KEY }
    return secrets.add(key)
  }

  /// HMAC-SHA256 of a message with one of the keys.
  ///
  /// https://www.rfc-editor.org/rfc/rfc2104
  @inline(never)
  func sign(
    _ message: borrowing ByteBuffer, withKeyAt index: Int
  ) throws(StateFault) -> [32 of UInt8] {
    if index >= count { throw StateFault(DEEPIDV_E_REQUIRED) }
    var digest = [32 of UInt8](repeating: 0)
    var output = digest.mutableSpan
    let isSigned = secrets.withSecret(at: index) { key in
      unsafe key.withUnsafeBufferPointer { key in
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
