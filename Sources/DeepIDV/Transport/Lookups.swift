import CCurl
import CPlatform
import DeepIDVCore

/// The name lookups that nobody waits for any more.
///
/// Before 7.87, libcurl cannot leave a lookup: to remove a handle, or to time out, it waits until the C library has given
/// up, which takes as long as name servers do not answer. Such a handle stays where it is until its lookup has ended.
final class Lookups {
  private let multi: UnsafeMutableRawPointer
  private var handles: [UnsafeMutableRawPointer] = []
  private let process = cplatform_process_id()

  init(on multi: UnsafeMutableRawPointer) { self.multi = multi }

  var count: Int { handles.count }

  /// Takes a handle whose lookup is under way; it fails afterwards, without having opened a socket.
  func take(_ easy: UnsafeMutableRawPointer) {
    _ = ccurl_refuse_sockets(easy)
    // It would wait for the lookup.
    _ = ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, 86_400_000)
    handles.append(easy)
  }

  /// Frees a handle whose lookup has ended, if it is one of these.
  func ended(_ easy: UnsafeMutableRawPointer) {
    guard let index = handles.firstIndex(of: easy) else { return }
    handles.removeUnordered(at: index)
    curl_multi_remove_handle(multi, easy)
    curl_easy_cleanup(easy)
  }

  /// Frees the handle of all of them, which has no others, or leaves it until the lookups have ended.
  func end() {
    cplatform_registry_lock()
    defer { cplatform_registry_unlock() }
    Self.freeEnded()
    if !freeIfEnded() { left.append(self) }
  }

  /// Frees what has been left, as far as the lookups have ended; the caller holds the registry's lock.
  static func freeEnded() {
    // A forked child has the handles, but not the threads that look up.
    var index = 0
    while let lookups = left.at(index) {
      if lookups.process == cplatform_process_id(), lookups.freeIfEnded() {
        left.removeUnordered(at: index)
      } else {
        index &+= 1
      }
    }
  }

  private func freeIfEnded() -> Bool {
    if !handles.isEmpty {
      var count: Int32 = 0
      curl_multi_perform(multi, &count)
      while let message = curl_multi_info_read(multi, &count) {
        guard message.pointee.msg == CURLMSG_DONE else { continue }
        if let easy = message.pointee.easy_handle { ended(easy) }
      }
    }
    guard handles.isEmpty else { return false }
    curl_multi_cleanup(multi)
    return true
  }
}

/// Guarded by the registry's lock.
private nonisolated(unsafe) var left: [Lookups] = []
