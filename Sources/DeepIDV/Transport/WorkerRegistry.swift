import CCurl
import CPlatform

/// The workers of this process, so that they can be ended before it is.
///
/// A thread that is inside TLS when OpenSSL takes itself down crashes the process. OpenSSL does that when the
/// process exits; what is registered after it was made ready runs before it.
enum WorkerRegistry {
  /// Makes libcurl ready and sees to the end of the process; false if that cannot be.
  ///
  /// Before the first client, so that no exit comes between the two.
  /// Under the registry's lock and not as a lazy constant: a process that forks in the middle would have a child in
  /// which the constant is under construction for ever, and whoever asks for it spins.
  static func prepare() -> Bool {
    cplatform_registry_lock()
    defer { cplatform_registry_unlock() }
    if !isPrepared {
      isPrepared = ccurl_global_init() == CURLE_OK && cplatform_at_exit(endAllWorkers) != 0
    }
    return isPrepared
  }

  /// Keeps a worker until it is removed; false if the process is exiting.
  static func add(_ worker: Worker) -> Bool {
    cplatform_registry_lock()
    defer { cplatform_registry_unlock() }
    if isExiting { return false }
    workers.append(worker)
    return true
  }

  static func remove(_ worker: Worker) {
    cplatform_registry_lock()
    workers.removeAll { $0 === worker }
    cplatform_registry_unlock()
  }

  fileprivate static func endAll() {
    guard cplatform_registry_lock_for_exit() != 0 else { return }
    isExiting = true
    let all = workers
    cplatform_registry_unlock()
    for worker in all { worker.endForExit() }
  }
}

private func endAllWorkers() { WorkerRegistry.endAll() }

// Guarded by the registry's lock.
/// Done once for the process, and never undone: the host may use libcurl too.
private nonisolated(unsafe) var isPrepared = false
private nonisolated(unsafe) var workers: [Worker] = []
private nonisolated(unsafe) var isExiting = false
