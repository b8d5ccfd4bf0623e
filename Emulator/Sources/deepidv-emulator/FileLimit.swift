import Foundation

/// The limit on open files and connections.
enum FileLimit {
  /// Raises the limit to the maximum.
  ///
  /// A load test soon exhausts the usual 1024, and the server exits when it cannot accept a
  /// connection.
  static func raise() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
  }
}
