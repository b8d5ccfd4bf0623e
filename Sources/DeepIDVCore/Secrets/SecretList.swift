import CCrypto
import CDeepIDV

/// Secrets of a caller, wiped when the list is freed.
struct SecretList: ~Copyable {
  /// Each secret at the start of a slot, followed by zeros.
  private var slots = ByteBuffer(byteLimit: limit * slotSize)
  private var ranges = Buffer<ByteRange>(byteLimit: Int.max)

  /// The longest secret.
  private static var slotSize: Int { 1024 }
  /// Each secret makes every check take longer.
  private static var limit: Int { 16 }

  /// The number of secrets.
  var count: Int { ranges.count }

  /// Adds a secret, or returns why not.
  mutating func add(_ secret: Span<UInt8>) -> deepidv_status {
    if secret.isEmpty { return DEEPIDV_E_REQUIRED }
    if secret.count > Self.slotSize { return DEEPIDV_E_TOO_LONG }
    if count >= Self.limit { return DEEPIDV_E_RANGE }
    do throws(BufferError) {
      try slots.reserve(Self.slotSize)
      try ranges.append(ByteRange(slots.count, slots.count &+ secret.count))
      try slots.append(secret)
      while slots.count < count &* Self.slotSize { try slots.append(0) }
    } catch {
      return DEEPIDV_E_NOMEM
    }
    return DEEPIDV_OK
  }

  /// Lends a secret; nothing where there is none.
  func withSecret<Result>(at index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    slots.withSpan { slots in
      guard let range = ranges.at(index) else { return body(Span()) }
      return body(slots.part(range))
    }
  }

  /// Whether a text is one of the secrets.
  ///
  /// The time depends on the length of the text and the number of secrets, and on nothing else: every secret is
  /// compared, and as many bytes of its slot as the text has, however long the secret is.
  func contains(_ text: Span<UInt8>) -> Bool {
    if text.count > Self.slotSize { return false }
    return unsafe text.withUnsafeBytes { text in
      guard let start = text.baseAddress, let slots = unsafe slots.address else { return false }
      var matches = 0
      var index = 0
      while let range = ranges.at(index) {
        index &+= 1
        let bytes = unsafe CRYPTO_memcmp(slots + range.start, start, text.count)
        let difference = Int(bytes) | (range.count ^ text.count)
        matches &+= difference == 0 ? 1 : 0
      }
      return matches > 0
    }
  }
}
