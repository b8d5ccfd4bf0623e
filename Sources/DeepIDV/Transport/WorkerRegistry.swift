import CCurl
import CPlatform

/// The clients of this process whose worker runs, so that the workers can be ended before the process is.
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

  /// Keeps a client until it is removed; false if the process is exiting.
  static func add(_ client: Client) -> Bool {
    cplatform_registry_lock()
    defer { cplatform_registry_unlock() }
    if isExiting { return false }
    clients.append(client)
    return true
  }

  static func remove(_ client: Client) {
    cplatform_registry_lock()
    clients.removeAll { $0 === client }
    cplatform_registry_unlock()
  }

  fileprivate static func endAll() {
    guard cplatform_registry_lock_for_exit() != 0 else { return }
    isExiting = true
    let all = clients
    cplatform_registry_unlock()
    for client in all where client.isOfThisProcess { client.shutDownForExit() }
  }
}

private func endAllWorkers() { WorkerRegistry.endAll() }

// Guarded by the registry's lock.
/// Done once for the process, and never undone: the host may use libcurl too.
private nonisolated(unsafe) var isPrepared = false
private nonisolated(unsafe) var clients: [Client] = []
private nonisolated(unsafe) var isExiting = false
