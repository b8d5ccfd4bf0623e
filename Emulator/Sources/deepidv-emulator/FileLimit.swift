import Foundation

/// How many files and connections the process may have open.
enum FileLimit {
  /// Takes as many as the system gives.
  ///
  /// The usual 1024 are soon used up by a load test, and the server ends when it cannot accept a
  /// connection.
  static func raise() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
  }
}
