import CCurl
import CPlatform

/// Creates a multi handle whose descriptors are closed in programs that the process starts; nil on failure.
///
/// An old libcurl does not close its two wake-up descriptors on exec, and does not tell which they are. Most likely
/// they are the next two that the system assigns, which is checked: a wake-up must make both readable. If another
/// thread got those descriptors, another handle is tried.
func makeMulti() -> UnsafeMutableRawPointer? {
  var triesLeft = ccurl_wakeup_is_inherited() != 0 ? 100 : 0
  while true {
    var first: Int32 = -1
    var second: Int32 = -1
    if triesLeft > 0 { cplatform_next_descriptors(&first, &second) }
    guard let multi = curl_multi_init() else { return nil }
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
