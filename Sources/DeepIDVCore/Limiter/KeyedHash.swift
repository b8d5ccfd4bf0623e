import CCrypto
import CPlatform

/// The half of an HMAC-SHA256 with a secret that only this process has: tells equal texts by it without keeping
/// them.
///
/// https://www.rfc-editor.org/rfc/rfc2104
public struct KeyedHash: Equatable {
  private var first: UInt64
  private var second: UInt64

  /// Hashes a text; nil if libcrypto cannot.
  public init?(_ text: Span<UInt8>, secret: HashSecret) {
    var digest = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    let isHashed = unsafe text.withUnsafeBufferPointer { text in
      unsafe withUnsafeBytes(of: secret.bits) { secret in
        unsafe withUnsafeMutableBytes(of: &digest) { digest in
          unsafe HMAC(
            EVP_sha256(), secret.baseAddress, Int32(truncatingIfNeeded: secret.count),
            text.baseAddress, text.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self),
            nil) != nil
        }
      }
    }
    if !isHashed { return nil }
    (first, second, _, _) = digest
  }

  /// Whether both are of the same text.
  public static func == (one: KeyedHash, other: KeyedHash) -> Bool {
    // In one step, so that the time reveals nothing.
    (one.first ^ other.first) | (one.second ^ other.second) == 0
  }
}

/// What the hashes of a process depend on.
public struct HashSecret {
  fileprivate var bits = cplatform_bits()

  /// Creates one, or returns nil if the system has no random bytes.
  public init?() {
    if unsafe cplatform_random_bytes(&bits, MemoryLayout<cplatform_bits>.size) == 0 { return nil }
  }
}
