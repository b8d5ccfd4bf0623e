import CCurl
import CPlatform

/// A new multi handle whose descriptors do not reach the programs that the host starts, or nil.
///
/// An old libcurl tells nobody the numbers of the two by which it is woken. So the next two that the system gives are
/// tried: they are its own if bytes are under way in both exactly while it is to wake. If another thread was faster,
/// another handle is tried.
func makeMulti() -> UnsafeMutableRawPointer? {
  var triesLeft = ccurl_wakeup_is_inherited() != 0 ? 100 : 0
  while true {
    var first: Int32 = -1
    var second: Int32 = -1
    if triesLeft > 0 { cplatform_next_descriptors(&first, &second) }
    guard let multi = curl_multi_init() else { return nil }
    // Without a descriptor to be woken by, libcurl 7.88 makes the handle all the same, and its driver would
    // sleep through everything.
    guard curl_multi_wakeup(multi) == CURLM_OK else {
      curl_multi_cleanup(multi)
      return nil
    }
    if triesLeft == 0 { return multi }
    curl_multi_poll(multi, nil, 0, 0, nil)
    if wakes(multi, first), wakes(multi, second) {
      cplatform_close_on_exec(first)
      cplatform_close_on_exec(second)
      return multi
    }
    triesLeft -= 1
    if triesLeft > 0 { curl_multi_cleanup(multi) } else { return multi }
  }
}

/// Whether a descriptor is one of a handle's wake-up pair.
///
/// No wake-up may be pending.
private func wakes(_ multi: UnsafeMutableRawPointer, _ descriptor: Int32) -> Bool {
  for _ in 0..<3 {
    if cplatform_has_bytes_under_way(descriptor) != 0 { return false }
    curl_multi_wakeup(multi)
    let isWoken = cplatform_has_bytes_under_way(descriptor) != 0
    curl_multi_poll(multi, nil, 0, 0, nil)
    if !isWoken { return false }
  }
  return cplatform_has_bytes_under_way(descriptor) == 0
}
