import CDeepIDV
import CPlatform

/// A value that threads share, behind a mutex with one condition: it is reached through the lock only.
///
/// Embedded Swift has no `Mutex`, and a pthread mutex must not be moved, so it lives behind a pointer.
final class Monitor<Value: ~Copyable>: Sendable {
  private nonisolated(unsafe) let lock: OpaquePointer
  private nonisolated(unsafe) var value: Value

  // Embedded Swift leaks the object when a class's initializer throws: what can fail is done before it,
  // here and in every other class.
  private init(_ lock: OpaquePointer, _ value: consuming Value) {
    self.lock = lock
    self.value = value
  }

  /// Creates a monitor of a value that may wake the monitor's waiters itself.
  static func make(_ value: (Waiters) -> Value) throws(Refusal) -> Monitor {
    guard let lock = cplatform_lock_new() else { throw Refusal(DEEPIDV_E_NOMEM) }
    return Monitor(lock, value(Waiters(lock)))
  }

  deinit { cplatform_lock_free(lock) }

  /// Runs `body` while no other thread has the value.
  func withLock<Answer, Failure>(
    _ body: (inout Value) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    cplatform_lock_lock(lock)
    defer { cplatform_lock_unlock(lock) }
    return try body(&value)
  }

  /// Runs `body` the same way, or returns nil if the lock is not free within so many nanoseconds.
  func withLock<Answer>(within wait: UInt64, _ body: (inout Value) -> Answer) -> Answer? {
    guard cplatform_lock_lock_within(lock, wait) != 0 else { return nil }
    defer { cplatform_lock_unlock(lock) }
    return body(&value)
  }

  /// Waits until `body`, which runs after each broadcast, returns something; nil after the deadline.
  ///
  /// Between two runs of `body` other threads may change the value.
  func wait<Answer, Failure>(
    until deadline: UInt64, for body: (inout Value) throws(Failure) -> Answer?
  ) throws(Failure) -> Answer? {
    cplatform_lock_lock(lock)
    defer { cplatform_lock_unlock(lock) }
    var hasTime = true
    while true {
      if let answer = try body(&value) { return answer }
      if !hasTime { return nil }
      hasTime = cplatform_lock_wait(lock, deadline) != 0
    }
  }

  /// Wakes every thread that waits.
  func broadcast() { cplatform_lock_broadcast(lock) }
}

/// The threads that wait for a monitor's value, for that value itself to wake.
struct Waiters {
  private let lock: OpaquePointer

  fileprivate init(_ lock: OpaquePointer) { self.lock = lock }

  /// Wakes all of them.
  func wakeAll() { cplatform_lock_broadcast(lock) }
}
