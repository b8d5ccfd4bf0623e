import CPlatform

/// Remembers creates whose outcome is unknown, so that an equal one is not sent before it was searched for.
///
/// What it keeps of a request is a keyed hash; only the external id, which a search needs, is kept as it is, and
/// wiped when it is dropped.
public struct RepeatGuard: ~Copyable {
  /// A create with an unknown outcome.
  public final class Entry {
    fileprivate let key: KeyedHash
    /// The external id, by which its session is searched for; empty if it has none.
    public let externalID: ByteBuffer
    /// When it was first sent: monotonic nanoseconds.
    public let sentAt: UInt64
    /// When it was first sent: seconds since 1970.
    public let sentAtSeconds: Int64
    /// When it, or an equal one under its external id, was last sent: monotonic nanoseconds.
    public fileprivate(set) var lastSentAt: UInt64
    /// For how many nanoseconds after that it is kept.
    fileprivate var kept = RepeatGuard.lifetime
    /// The entry that was remembered after this one.
    fileprivate var next: Entry?

    /// When it has been executed or never will be: `settle` nanoseconds after it was last sent.
    public func settlesAt(after settle: UInt64) -> UInt64 {
      let (time, overflow) = lastSentAt.addingReportingOverflow(settle)
      return overflow ? .max : time
    }

    init(
      _ key: KeyedHash, _ externalID: consuming ByteBuffer, sentAt: UInt64, sentAtSeconds: Int64,
      lastSentAt: UInt64
    ) {
      self.key = key
      self.externalID = externalID
      self.sentAt = sentAt
      self.sentAtSeconds = sentAtSeconds
      self.lastSentAt = lastSentAt
    }
  }

  /// What to do with a create whose session was not found.
  public enum Decision {
    /// Send it.
    case send
    /// Search for the session of another equal create.
    case search(Entry)
    /// Search again: another operation has sent it, or knows its outcome.
    case wait
  }

  private let secret: HashSecret
  /// The oldest entry of a linked list.
  private var first: Entry?
  /// How many are remembered.
  private(set) var count = 0

  /// Makes an empty memory.
  ///
  /// - Parameter secret: What the hashes depend on.
  public init(_ secret: HashSecret) { self.secret = secret }

  deinit {
    cplatform_add_remembered(0 &- Int32(truncatingIfNeeded: count))
    // One by one: releasing a long list from its head would recurse once per entry.
    var left = first
    while let entry = left {
      left = entry.next
      entry.next = nil
    }
  }

  /// The most creates that are remembered; after that the oldest is dropped.
  public static var capacity: Int { 1024 }
  /// How long a create is remembered: a day in nanoseconds.
  ///
  /// Retries come earlier, and a later create of the same person is meant to be another session.
  public static var lifetime: UInt64 { 86_400_000_000_000 }

  /// Whether no create is remembered.
  public var isEmpty: Bool { count == 0 }
}

// MARK: Which creates are equal

extension RepeatGuard {
  /// The key that equal creates have in common; nil if memory ran out.
  ///
  /// Without the redirect URL: with a signed state it is another one each time the application makes it.
  ///
  /// - Parameters:
  ///   - body: The request's body, as `SessionRequest.body` writes it.
  ///   - madeID: The external id in it, if the library made it; else empty.
  public func key(ofBody body: Span<UInt8>, without madeID: Span<UInt8>) -> KeyedHash? {
    var rest = ByteBuffer(byteLimit: body.count)
    do throws(BufferError) {
      try rest.reserve(body.count)
      try rest.append(body)
    } catch {
      return nil
    }
    Self.remove(rest.withSpan { Self.locate(madeID, in: $0) }, from: &rest)
    Self.remove(rest.withSpan { Self.locateRedirectURL(in: $0) }, from: &rest)
    return rest.withSpan { KeyedHash($0, secret: secret) }
  }

  /// Replaces the external id that the library made in a body; false if the body does not have it, or the lengths differ.
  public static func replace(
    _ madeID: borrowing ByteBuffer, with other: borrowing ByteBuffer, in body: inout ByteBuffer
  ) -> Bool {
    let made = madeID.withSpan { id in body.withSpan { locate(id, in: $0) } }
    guard let made, made.count == other.count else { return false }
    var index = 0
    while let byte = other.at(index) {
      guard body.replace(at: made.start &+ index, with: byte) else { return false }
      index &+= 1
    }
    return true
  }

  /// Moves what follows a range to its start.
  private static func remove(_ range: ByteRange?, from body: inout ByteBuffer) {
    guard let range else { return }
    var length = range.start
    var index = range.end
    while let byte = body.at(index), body.replace(at: length, with: byte) {
      index &+= 1
      length &+= 1
    }
    body.shorten(to: length)
  }

  /// The redirect URL's text with its quotes; nil if the body has none.
  ///
  /// A quote within a text has a backslash before it, so that no text can look like the member's name.
  private static func locateRedirectURL(in body: Span<UInt8>) -> ByteRange? {
    let name = "\"redirect_url\":" as StaticString
    guard let found = name.withSpan({ locate($0, in: body) }) else { return nil }
    var end = found.end &+ 1
    while let byte = body.at(end), byte != UInt8(ascii: "\"") {
      end &+= byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return end < body.count ? ByteRange(found.end, end + 1) : nil
  }

  private static func locate(_ id: Span<UInt8>, in body: Span<UInt8>) -> ByteRange? {
    guard !id.isEmpty else { return nil }
    var range = ByteRange(0, id.count)
    while range.end <= body.count {
      if body.part(range).equals(id) { return range }
      range.start &+= 1
      range.end &+= 1
    }
    return nil
  }
}

// MARK: What is remembered

extension RepeatGuard {
  /// Remembers a create.
  ///
  /// - Parameter lastSentAt: When it was last sent, at the latest: monotonic nanoseconds.
  public mutating func remember(
    _ key: KeyedHash, externalID: consuming ByteBuffer, sentAt: UInt64, sentAtSeconds: Int64,
    lastSentAt: UInt64
  ) -> Entry {
    var last: Entry?
    var candidate = first
    while let entry = candidate {
      if entry.key == key,
        externalID.withSpan({ id in entry.externalID.withSpan { id.equals($0) } })
      {
        entry.lastSentAt = max(entry.lastSentAt, lastSentAt)
        entry.kept = Self.lifetime
        return entry
      }
      last = entry
      candidate = entry.next
    }
    let entry = Entry(
      key, externalID, sentAt: sentAt, sentAtSeconds: sentAtSeconds, lastSentAt: lastSentAt)
    if let last { last.next = entry } else { first = entry }
    count &+= 1
    cplatform_add_remembered(1)
    if count > Self.capacity, let first { forget(first) }
    return entry
  }

  /// The oldest create that is equal; nil if there is none.
  public mutating func find(_ key: KeyedHash, at now: UInt64) -> Entry? {
    while let entry = find(where: { now > $0.lastSentAt && now - $0.lastSentAt > $0.kept }) {
      forget(entry)
    }
    return find { $0.key == key }
  }

  /// Decides what to do with a create whose session was not found.
  ///
  /// `.send` counts as sending it now, so that other operations that searched for it do not send it too.
  public mutating func decide(
    on entry: Entry, settle: UInt64, at now: UInt64
  ) -> Decision {
    // Another operation may have forgotten it in favor of an equal one.
    let isRemembered = remembers(entry)
    if isRemembered, entry.settlesAt(after: settle) > now { return .wait }
    if let other = find(where: { $0.key == entry.key && $0 !== entry }) {
      forget(entry)
      return .search(other)
    }
    guard isRemembered else { return .wait }
    entry.lastSentAt = now
    entry.kept = Self.lifetime
    return .send
  }

  /// Reports that the operation that may send it makes another attempt.
  public func resend(_ entry: Entry, at now: UInt64) { entry.lastSentAt = now }

  /// Reports that what was sent after `.send` was certainly not executed.
  public func release(_ entry: Entry) { entry.lastSentAt = entry.sentAt }

  /// Whether a create is still remembered.
  public func remembers(_ entry: Entry) -> Bool { find { $0 === entry } != nil }

  /// Reports that the session of a create is known.
  ///
  /// It is kept for twice the settle time after it was last sent: another caller may be about to repeat it.
  public func know(_ entry: Entry, settle: UInt64) {
    entry.kept = min(settle, Self.lifetime / 2) * 2
  }

  /// Forgets all creates with an external id, whose session is known.
  public mutating func forget(externalID id: Span<UInt8>) {
    while let entry = find(where: { $0.externalID.withSpan { $0.equals(id) } }) { forget(entry) }
  }

  /// Forgets a create.
  public mutating func forget(_ forgotten: Entry) {
    guard remembers(forgotten) else { return }
    if let before = find(where: { $0.next === forgotten }) {
      before.next = forgotten.next
    } else {
      first = forgotten.next
    }
    forgotten.next = nil
    count &-= 1
    cplatform_add_remembered(-1)
  }

  private func find(where matches: (Entry) -> Bool) -> Entry? {
    var candidate = first
    while let entry = candidate {
      if matches(entry) { return entry }
      candidate = entry.next
    }
    return nil
  }
}
