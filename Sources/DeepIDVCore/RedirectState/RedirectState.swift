import CCrypto
import CDeepIDV

/// A value of 72 bytes that ties a redirect to the browser it was created for.
///
///      0   1  the version, 1
///      1   7  when it expires: seconds since 1970, the highest byte first
///      8  16  the nonce
///     24  16  the context's tag: of HMAC(key, "deepidv state context" 0x00, nonce, context) the first half
///     40  32  the signature: HMAC(key, "deepidv state" 0x00, the 40 bytes above)
///
/// The tag has the nonce and the key in it, so that nobody can find out a context by trying, and no two states
/// show that they have the same one. It is separate from the signature, so that a state of another
/// browser's can be told from a forged one.
///
/// Everything but the signature is believed only once that is found to be right.
struct RedirectState: ~Copyable {
  private var bytes = ByteBuffer(byteLimit: size)

  static let size = 72
  private static let version: UInt8 = 1
}

// MARK: Making

extension RedirectState {
  /// Creates the value, or throws `DEEPIDV_E_REQUIRED`, `_NOMEM` or `_SYSTEM`.
  ///
  /// - Parameter nonce: 16 bytes.
  init(
    _ keys: borrowing StateKeys, context: Span<UInt8>, expiry: Int64, nonce: Span<UInt8>
  ) throws(StateFault) {
    do throws(BufferError) {
      try bytes.reserve(Self.size)
      try bytes.append(Self.version)
      for place in 1..<8 {
        try bytes.append(UInt8(truncatingIfNeeded: expiry >> Int64((7 - place) * 8)))
      }
      try bytes.append(nonce)
    } catch {
      throw StateFault(DEEPIDV_E_NOMEM)
    }
    try append(keys.sign(message(of: context), withKeyAt: 0), count: 16)
    try append(keys.sign(message(), withKeyAt: 0), count: 32)
  }

  @inline(never)
  private mutating func append(_ digest: [32 of UInt8], count: Int) throws(StateFault) {
    do throws(BufferError) { try bytes.append(digest.span.part(0, count)) } catch {
      throw StateFault(DEEPIDV_E_NOMEM)
    }
  }

  /// What the tag is made of.
  private func message(of context: Span<UInt8>) throws(StateFault) -> ByteBuffer {
    try message("deepidv state context", ByteRange(8, 24), context)
  }

  /// What the signature is made of.
  private func message() throws(StateFault) -> ByteBuffer {
    try message("deepidv state", ByteRange(0, 40), Span())
  }

  /// The label keeps both kinds of message, and whatever else a host may use its key for, apart.
  @inline(never)
  private func message(
    _ label: StaticString, _ range: ByteRange, _ context: Span<UInt8>
  ) throws(StateFault) -> ByteBuffer {
    var message = ByteBuffer(byteLimit: Int.max)
    do throws(BufferError) {
      try message.append(label)
      try message.append(0)
      try bytes.withSpan { bytes throws(BufferError) in
        try message.append(bytes.part(range))
      }
      try message.append(context)
    } catch {
      throw StateFault(DEEPIDV_E_NOMEM)
    }
    return message
  }

  /// Adds the 96 characters that go into a URL.
  func write(to text: inout ByteBuffer) throws(BufferError) {
    try bytes.withSpan { bytes throws(BufferError) in try text.append(base64URL: bytes) }
  }
}

// MARK: Verifying

extension RedirectState {
  /// Reads 96 characters, percent-encoded or not, or throws `DEEPIDV_E_STATE` or `_NOMEM`.
  init(_ text: Span<UInt8>, _ range: ByteRange) throws(StateFault) {
    do throws(BufferError) {
      let isRead = try bytes.append(decodingBase64URL: text, range)
      guard isRead, bytes.count == Self.size, bytes.at(0) == Self.version else {
        throw BufferError.full
      }
    } catch {
      throw StateFault(error == .full ? DEEPIDV_E_STATE : DEEPIDV_E_NOMEM)
    }
  }

  /// Throws what is wrong with it.
  ///
  /// The signature comes first: nothing else of an unsigned value counts. The context comes before the time, so
  /// that `DEEPIDV_E_STATE_EXPIRED` means that a state is this browser's, and only late. One that expires later
  /// than any that can have been made by now is none that this library makes.
  func check(
    _ keys: borrowing StateKeys, context: Span<UInt8>, now: Int64
  ) throws(StateFault) {
    let signedBytes = try message()
    var key = 0
    while true {
      // The number of keys tried reveals which one is right, which is not secret.
      if key == keys.count { throw StateFault(DEEPIDV_E_STATE_SIGNATURE) }
      if holds(try keys.sign(signedBytes, withKeyAt: key), at: 40, count: 32) { break }
      key &+= 1
    }
    let tag = try keys.sign(message(of: context), withKeyAt: key)
    if !holds(tag, at: 24, count: 16) { throw StateFault(DEEPIDV_E_STATE_CONTEXT) }
    if now >= expiry { throw StateFault(DEEPIDV_E_STATE_EXPIRED) }
    // No state is valid for so long: the clock is wrong, and would accept expired states.
    if now < expiry &- longestLifetime { throw StateFault(DEEPIDV_E_STATE) }
  }

  /// Seconds since 1970.
  private var expiry: Int64 {
    var seconds: Int64 = 0
    for place in 1..<8 { seconds = seconds << 8 | Int64(bytes.at(place) ?? 0) }
    return seconds
  }

  /// Whether the bytes at an index are these, in a time that does not depend on them.
  @inline(never)
  private func holds(_ expected: [32 of UInt8], at offset: Int, count: Int) -> Bool {
    unsafe expected.span.withUnsafeBytes { expected in
      guard let claimed = unsafe bytes.address, let expected = expected.baseAddress else {
        return false
      }
      return unsafe CRYPTO_memcmp(expected, claimed + offset, count) == 0
    }
  }
}
