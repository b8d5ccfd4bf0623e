import CCurl
import CDeepIDV
import DeepIDVCore

/// What a URL is for decides what it may be.
enum URLUse {
  case service
  case proxy
}

/// Says whether a URL may be used; a redirect URL, which libcurl never sees, has its rule in the core.
///
/// libcurl takes it apart, as it will when it connects.
func checkURL(_ text: Span<UInt8>, for use: URLUse) -> deepidv_status {
  for index in text.indices where text[index] <= UInt8(ascii: " ") || text[index] == 0x7F {
    return DEEPIDV_E_CONTROL
  }
  // libcurl takes `https:/host` and `https:///host` for what they probably mean, and leaves a backslash
  // where browsers see a slash: too many readings for an address that people are sent to.
  guard let authority = authority(of: text) else { return DEEPIDV_E_URL }
  for index in text.indices where text[index] == UInt8(ascii: "\\") { return DEEPIDV_E_URL }
  for index in authority.start..<authority.end where text[index] == UInt8(ascii: "@") {
    return DEEPIDV_E_USERINFO
  }

  var terminated = ByteBuffer(byteLimit: text.count + 1)
  do throws(BufferError) {
    try terminated.append(text)
    try terminated.append(0)
  } catch {
    return DEEPIDV_E_NOMEM
  }
  guard let url = curl_url() else { return DEEPIDV_E_NOMEM }
  defer { curl_url_cleanup(url) }
  let parsed = curl_url_set(
    url, CURLUPART_URL, UnsafeRawPointer(terminated.address)?.assumingMemoryBound(to: CChar.self),
    UInt32(CURLU_NON_SUPPORT_SCHEME))
  if parsed == CURLUE_OUT_OF_MEMORY { return DEEPIDV_E_NOMEM }
  guard parsed == CURLUE_OK else { return DEEPIDV_E_URL }

  return check(URLParts(url), for: use)
}

private func check(_ parts: URLParts, for use: URLUse) -> deepidv_status {
  switch use {
  case .service:
    guard parts.scheme(is: "https") || parts.scheme(is: "http") && parts.isLoopback else {
      return DEEPIDV_E_SCHEME
    }
    if parts.has(CURLUPART_QUERY) || parts.has(CURLUPART_FRAGMENT) { return DEEPIDV_E_URL }
  case .proxy:
    guard parts.scheme(is: "http") || parts.scheme(is: "https") || parts.scheme(is: "socks5h")
    else {
      return DEEPIDV_E_SCHEME
    }
  }
  return parts.host { !$0.isEmpty } ? DEEPIDV_OK : DEEPIDV_E_URL
}

/// The bytes between `://` and the path; nil where there are none.
private func authority(of text: Span<UInt8>) -> ByteRange? {
  var colon = 0
  while colon < text.count, text[colon] != UInt8(ascii: ":") { colon += 1 }
  guard text.at(colon + 1) == UInt8(ascii: "/"), text.at(colon + 2) == UInt8(ascii: "/") else {
    return nil
  }
  let start = colon + 3
  var end = start
  while let byte = text.at(end),
    byte != UInt8(ascii: "/"), byte != UInt8(ascii: "?"), byte != UInt8(ascii: "#")
  {
    end += 1
  }
  return end > start ? ByteRange(start, end) : nil
}

/// A URL that libcurl has taken apart.
private struct URLParts {
  private let url: OpaquePointer

  init(_ url: OpaquePointer) { self.url = url }

  func has(_ part: CURLUPart) -> Bool { with(part) { _ in true } ?? false }

  func scheme(is name: StaticString) -> Bool { with(CURLUPART_SCHEME) { $0.equals(name) } ?? false }

  func host(_ fits: (Span<UInt8>) -> Bool) -> Bool { with(CURLUPART_HOST, fits) ?? false }

  /// 127.0.0.0/8, [::1] or localhost.
  ///
  /// libcurl has already written short and hexadecimal forms out.
  var isLoopback: Bool {
    host { host in
      if host.equals("localhost") || host.equals("[::1]") { return true }
      guard host.count > 4, host.extracting(first: 4).equals("127.") else { return false }
      var dots = 0
      for index in host.indices {
        if host[index] == UInt8(ascii: ".") {
          dots += 1
        } else if !host[index].isASCIIDigit {
          return false
        }
      }
      return dots == 3
    }
  }

  private func with<Answer>(_ part: CURLUPart, _ body: (Span<UInt8>) -> Answer) -> Answer? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return try? withInput(text, -1) { body($0) }
  }
}
