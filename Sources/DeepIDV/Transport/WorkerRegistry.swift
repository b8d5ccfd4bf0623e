import CCurl
import CPlatform
import DeepIDVCore

/// The clients whose worker runs, so that the workers end before the process exits.
///
/// OpenSSL frees its data when the process exits, and a thread that uses TLS then crashes. Exit handlers that are
/// registered after OpenSSL's run before it.
enum WorkerRegistry {
  /// Initializes libcurl and registers the exit handler; false if that fails.
  ///
  /// Called before the first client is created. It uses the registry's lock, not a lazy constant: if the process
  /// forked meanwhile, the constant would never be initialized in the child, and its readers would spin for ever.
  static func prepare() -> Bool {
    cplatform_registry_lock()
    defer { cplatform_registry_unlock() }
    if !isPrepared {
      isPrepared = ccurl_global_init() == CURLE_OK && cplatform_at_exit(endAllWorkers) != 0
    }
    Lookups.freeEnded()
    return isPrepared
  }

  /// Adds a client; false if the process is exiting.
  static func add(_ client: Client) -> Bool {
    cplatform_registry_lock()
    defer { cplatform_registry_unlock() }
    if isExiting { return false }
    clients.append(client)
    return true
  }

  static func remove(_ client: Client) {
    cplatform_registry_lock()
    clients.removeEach { $0 === client }
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
/// Set once and never reset: the program may use libcurl, too.
private nonisolated(unsafe) var isPrepared = false
private nonisolated(unsafe) var clients: [Client] = []
private nonisolated(unsafe) var isExiting = false
