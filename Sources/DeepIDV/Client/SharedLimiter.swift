import CDeepIDV
import CPlatform
import DeepIDVCore

/// The limiter that all clients with the same API key share in this process.
final class SharedLimiter {
  private struct State {
    var limiter: Limiter
    var throttleCount: UInt64 = 0
  }

  private let state: Monitor<State>
  /// The creates whose outcome is unknown; clients with other limits share them too.
  let repeats: Monitor<RepeatGuard>
  /// A hash of the API key and the base URL.
  ///
  /// A hash, because the limiter outlives its clients, and their API key must not.
  private let account: KeyedHash
  private let rate: UInt32
  private let burst: UInt32
  /// A forked child must not touch its parent's lock.
  private let process: Int32
  private var users = 1

  private init(
    _ state: Monitor<State>, rate: UInt32, burst: UInt32, of account: KeyedHash,
    _ repeats: Monitor<RepeatGuard>
  ) {
    self.state = state
    self.rate = rate
    self.burst = burst
    self.account = account
    self.repeats = repeats
    process = cplatform_process_id()
  }

  /// Whether no create with an unknown outcome is remembered for its account.
  private var remembersNothing: Bool { repeats.withLock { $0.isEmpty } }

  /// Asks for permission to send one request.
  func take(at now: UInt64) -> Limiter.Answer {
    state.withLock { $0.limiter.take(at: now) }
  }

  /// Returns the milliseconds that a request should wait if it cannot be sent before its deadline; nil if it can.
  func refusal(before deadline: UInt64, queued: Int, at now: UInt64) -> UInt64? {
    state.withLock { $0.limiter.refusal(before: deadline, queued: queued, at: now) }
  }

  /// The number of 429s; after each, operations that wait may no longer be sent in time.
  var throttles: UInt64 { state.withLock { $0.throttleCount } }

  /// Records an answer other than a 429.
  func answered(at now: UInt64) { state.withLock { $0.limiter.answered(at: now) } }

  /// Records a 429.
  func throttled(at now: UInt64, retryAfter: UInt64?, random: UInt64) {
    state.withLock { state in
      state.throttleCount &+= 1
      state.limiter.throttled(at: now, retryAfter: retryAfter, random: random)
    }
  }
}

// MARK: Sharing

extension SharedLimiter {
  /// Returns the limiter for a client's settings; the client has to `release()` it.
  static func acquire(for settings: borrowing Settings) throws(Refusal) -> SharedLimiter {
    cplatform_registry_lock()
    defer { cplatform_registry_unlock() }
    let process = cplatform_process_id()
    let account = try account(of: settings)
    let (rate, burst) = (settings.values.rateLimit, settings.values.rateBurst)
    var repeats: Monitor<RepeatGuard>?
    for shared in sharedLimiters where shared.process == process && shared.account == account {
      if shared.rate == rate, shared.burst == burst {
        shared.users &+= 1
        return shared
      }
      repeats = shared.repeats
    }
    let limiter = Limiter(rate: Double(rate), burst: Double(burst))
    let shared = SharedLimiter(
      try Monitor.make { _ in State(limiter: limiter) }, rate: rate, burst: burst, of: account,
      try memory(repeats))
    if sharedLimiters.count >= keptLimit {
      // What is remembered of creates is kept longest, because without it they could be executed twice.
      let isFull = sharedLimiters.count >= 16 * keptLimit
      sharedLimiters.removeEach {
        $0.process != process || $0.users == 0 && (isFull || $0.remembersNothing)
      }
    }
    sharedLimiters.append(shared)
    return shared
  }

  /// The memory of another limiter of the account, or a new one.
  private static func memory(
    _ shared: Monitor<RepeatGuard>?
  ) throws(Refusal) -> Monitor<RepeatGuard> {
    if let shared { return shared }
    guard let secret = HashSecret() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    return try Monitor.make { _ in RepeatGuard(secret) }
  }

  /// Hashes API key and base URL: clients that also have the same limits share a limiter.
  ///
  /// The caller holds the registry's lock.
  private static func account(of settings: borrowing Settings) throws(Refusal) -> KeyedHash {
    if secret == nil { secret = HashSecret() }
    var text = ByteBuffer(byteLimit: 8192)
    do throws(BufferError) {
      // Both texts end with a NUL, so that they cannot be confused.
      try settings.apiKey.withSpan { key throws(BufferError) in try text.append(key) }
      try settings.baseURL.withSpan { url throws(BufferError) in try text.append(url) }
    } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
    let account = text.withSpan { text in secret.flatMap { KeyedHash(text, secret: $0) } }
    guard let account else { throw Refusal(DEEPIDV_E_SYSTEM) }
    return account
  }

  /// Ends a client's use of it.
  func release() {
    cplatform_registry_lock()
    users &-= 1
    cplatform_registry_unlock()
  }

  /// The most limiters that are kept, even without clients: a program may create a client for each request.
  private static var keptLimit: Int { 256 }
}

/// Guarded by the registry's lock.
private nonisolated(unsafe) var sharedLimiters: [SharedLimiter] = []
private nonisolated(unsafe) var secret: HashSecret?
