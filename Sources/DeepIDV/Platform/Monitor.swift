import CDeepIDV
import CPlatform

/// A value that threads share, guarded by a mutex with one condition variable.
///
/// Embedded Swift has no `Mutex`, and a pthread mutex must not be moved, so that it is behind a pointer.
final class Monitor<Value: ~Copyable>: Sendable {
  private nonisolated(unsafe) let lock: OpaquePointer
  private nonisolated(unsafe) var value: Value

  // Embedded Swift leaks the object when a class's initializer throws: here and in every other class, what can fail
  // is done before it.
  private init(_ lock: OpaquePointer, _ value: consuming Value) {
    self.lock = lock
    self.value = value
  }

  /// Creates a monitor; its value may keep the `Waiters`, to wake them.
  static func make(_ value: (Waiters) -> Value) throws(Refusal) -> Monitor {
    guard let lock = cplatform_lock_new() else { throw Refusal(DEEPIDV_E_NOMEM) }
    return Monitor(lock, value(Waiters(lock)))
  }

  deinit { cplatform_lock_free(lock) }

  /// Calls `body` with the value, locked.
  func withLock<Output, Failure>(
    _ body: (inout Value) throws(Failure) -> Output
  ) throws(Failure) -> Output {
    cplatform_lock_lock(lock)
    defer { cplatform_lock_unlock(lock) }
    return try body(&value)
  }

  /// Calls `body` with the value, locked.
  ///
  /// Through the other one, Swift would end the process after the error that cannot occur.
  func withLock<Output>(_ body: (inout Value) -> Output) -> Output {
    cplatform_lock_lock(lock)
    defer { cplatform_lock_unlock(lock) }
    return body(&value)
  }

  /// Calls `body` with the value, locked, or returns nil if the lock is not free within so many nanoseconds.
  func withLock<Output>(within wait: UInt64, _ body: (inout Value) -> Output) -> Output? {
    guard cplatform_lock_lock_within(lock, wait) != 0 else { return nil }
    defer { cplatform_lock_unlock(lock) }
    return body(&value)
  }

  /// Calls `body` with the value, locked, now and after each broadcast, until it returns a value; returns nil after
  /// the deadline.
  func wait<Output>(until deadline: UInt64, for body: (inout Value) -> Output?) -> Output? {
    cplatform_lock_lock(lock)
    defer { cplatform_lock_unlock(lock) }
    var hasTime = true
    while true {
      if let output = body(&value) { return output }
      if !hasTime { return nil }
      hasTime = cplatform_lock_wait(lock, deadline) != 0
    }
  }

  /// Wakes all threads that wait.
  func broadcast() { cplatform_lock_broadcast(lock) }
}

/// The threads that wait for a monitor.
struct Waiters {
  private let lock: OpaquePointer

  fileprivate init(_ lock: OpaquePointer) { self.lock = lock }

  /// Wakes them all.
  func wakeAll() { cplatform_lock_broadcast(lock) }
}
