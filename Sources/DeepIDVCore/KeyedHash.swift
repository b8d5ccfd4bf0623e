import CCrypto
import CPlatform

/// HMAC-SHA256 with a secret that only this process has: tells equal texts by it without keeping them.
///
/// https://www.rfc-editor.org/rfc/rfc2104
public struct KeyedHash: Equatable {
  private var digest = [32 of UInt8](repeating: 0)

  /// Hashes a text; nil if libcrypto cannot.
  public init?(_ text: Span<UInt8>, secret: HashSecret) {
    let isHashed = unsafe text.withUnsafeBufferPointer { text in
      unsafe secret.bytes.span.withUnsafeBufferPointer { secret in
        var output = digest.mutableSpan
        return unsafe output.withUnsafeMutableBufferPointer { digest in
          unsafe HMAC(
            EVP_sha256(), secret.baseAddress, Int32(truncatingIfNeeded: secret.count),
            text.baseAddress, text.count, digest.baseAddress, nil) != nil
        }
      }
    }
    if !isHashed { return nil }
  }

  /// Whether both are of the same text.
  public static func == (one: KeyedHash, other: KeyedHash) -> Bool {
    // The secret keeps what the time would tell from being of use.
    var difference: UInt8 = 0
    for index in 0..<32 { difference |= one.digest[index] ^ other.digest[index] }
    return difference == 0
  }
}

/// What the hashes of a process depend on.
public struct HashSecret {
  fileprivate var bytes = [32 of UInt8](repeating: 0)

  /// Makes one; nil if the system has no random bytes.
  public init?() {
    var output = bytes.mutableSpan
    let isRandom = unsafe output.withUnsafeMutableBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe cplatform_random_bytes($0, bytes.count) != 0 }
    }
    if isRandom != true { return nil }
  }
}
