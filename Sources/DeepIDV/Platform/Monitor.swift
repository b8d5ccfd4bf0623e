import CDeepIDV
import CPlatform

/// A mutex with one condition.
///
/// Embedded Swift has no `Mutex`, and a pthread mutex must not be moved, so it lives behind a pointer.
final class Monitor: Sendable {
  private nonisolated(unsafe) let lock: OpaquePointer

  // Embedded Swift leaks the object when a class's initializer throws: what can fail is done before it,
  // here and in every other class.
  private init(_ lock: OpaquePointer) { self.lock = lock }

  static func make() throws(Refusal) -> Monitor {
    guard let lock = cplatform_lock_new() else { throw Refusal(DEEPIDV_E_NOMEM) }
    return Monitor(lock)
  }

  deinit { cplatform_lock_free(lock) }

  /// Runs `body` while no other thread is inside.
  func withLock<Answer, Failure>(_ body: () throws(Failure) -> Answer) throws(Failure) -> Answer {
    cplatform_lock_lock(lock)
    defer { cplatform_lock_unlock(lock) }
    return try body()
  }

  /// Runs `body` the same way, or answers nil where it cannot be locked within so many nanoseconds.
  func withLock<Answer>(within wait: UInt64, _ body: () -> Answer) -> Answer? {
    guard cplatform_lock_lock_within(lock, wait) != 0 else { return nil }
    defer { cplatform_lock_unlock(lock) }
    return body()
  }

  /// Wakes every waiter, of what was changed inside.
  func broadcast() { cplatform_lock_broadcast(lock) }

  /// Waits inside for a broadcast, until the deadline at the latest; false once it has passed.
  func wait(until deadline: UInt64) -> Bool { cplatform_lock_wait(lock, deadline) != 0 }
}
