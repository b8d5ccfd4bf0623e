import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// What a URL is used for.
enum URLUse {
  case service
  case proxy
}

/// Checks whether a URL can be used; the rule for redirect URLs, which libcurl does not open, is in the core.
///
/// libcurl parses it, as it does when it connects.
///
/// - Parameter plainHosts: A list of hosts that can be connected to without TLS, besides this machine.
func checkURL(
  _ text: Span<UInt8>, for use: URLUse, plainHosts: Span<UInt8> = Span()
) -> deepidv_status {
  guard text.allSatisfy({ $0 > UInt8(ascii: " ") && $0 != 0x7F }) else { return DEEPIDV_E_CONTROL }
  // libcurl guesses what `https:/host` and `https:///host` mean, and keeps a backslash that browsers read as a
  // slash: too ambiguous for a URL that people are sent to.
  guard let authority = authority(of: text) else { return DEEPIDV_E_URL }
  guard text.allSatisfy({ $0 != UInt8(ascii: "\\") }) else { return DEEPIDV_E_URL }
  switch use {
  case .service:
    guard text.part(authority).allSatisfy({ $0 != UInt8(ascii: "@") }) else {
      return DEEPIDV_E_USERINFO
    }
  case .proxy:
    // With a slash, a question mark or a hash in the password, the user's name would be read as the host.
    let rest = text.part(authority.end, text.count)
    guard rest.isEmpty || rest.equals("/") else { return DEEPIDV_E_URL }
  }
  // Not even an empty query or fragment: the API's paths are appended, and would become part of it.
  if use == .service, !text.allSatisfy({ !isQueryOrFragmentMark($0) }) {
    return DEEPIDV_E_URL
  }

  var terminated = ByteBuffer(byteLimit: text.count &+ 1)
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

  return check(URLParts(url), for: use, plainHosts)
}

private func check(
  _ parts: URLParts, for use: URLUse, _ plainHosts: Span<UInt8>
) -> deepidv_status {
  switch use {
  case .service:
    guard parts.scheme(is: "https") || parts.scheme(is: "http") && parts.mayBePlain(plainHosts)
    else {
      return DEEPIDV_E_SCHEME
    }
  case .proxy:
    guard parts.scheme(is: "http") || parts.scheme(is: "https") || parts.scheme(is: "socks5h")
    else {
      return DEEPIDV_E_PROXY_SCHEME
    }
    guard parts.canDecode(CURLUPART_USER), parts.canDecode(CURLUPART_PASSWORD) else {
      return DEEPIDV_E_URL
    }
  }
  return parts.host { !$0.isEmpty && $0.count <= longestHost } == true ? DEEPIDV_OK : DEEPIDV_E_URL
}

/// No name in DNS is longer; with a socks5h proxy, libcurl before 8.4 writes one of more than 255 bytes past the end of
/// its buffer (CVE-2023-38545).
private var longestHost: Int { 253 }

private func isQueryOrFragmentMark(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
}

/// Returns where the bytes between `://` and the path are, or nil if there are none.
private func authority(of text: Span<UInt8>) -> ByteRange? {
  var colon = 0
  while let byte = text.at(colon), byte != UInt8(ascii: ":") { colon &+= 1 }
  guard text.at(colon &+ 1) == UInt8(ascii: "/"), text.at(colon &+ 2) == UInt8(ascii: "/") else {
    return nil
  }
  let start = colon &+ 3
  var end = start
  while let byte = text.at(end),
    byte != UInt8(ascii: "/"), byte != UInt8(ascii: "?"), byte != UInt8(ascii: "#")
  {
    end += 1
  }
  return end > start ? ByteRange(start, end) : nil
}

/// A URL that libcurl has parsed.
struct URLParts {
  private let url: OpaquePointer

  init(_ url: OpaquePointer) { self.url = url }

  func scheme(is name: StaticString) -> Bool { with(CURLUPART_SCHEME) { $0.equals(name) } ?? false }

  func host<Output>(_ read: (Span<UInt8>) -> Output) -> Output? { with(CURLUPART_HOST, read) }

  /// Whether the host can be connected to without TLS.
  ///
  /// libcurl has already normalized short, octal and hexadecimal addresses: this is the host that it connects to. A
  /// zone would lead to another.
  func mayBePlain(_ plainHosts: Span<UInt8>) -> Bool {
    host { DeepIDVCore.mayBePlain(host: $0, plainHosts) } == true
      && !has(CURLUPART_ZONEID)
  }

  /// Whether a part is absent, or can be percent-decoded.
  func canDecode(_ part: CURLUPart) -> Bool {
    var text: UnsafeMutablePointer<CChar>?
    let code = curl_url_get(url, part, &text, UInt32(CURLU_URLDECODE))
    // It may be a decoded password.
    if let text { cplatform_explicit_bzero(text, cplatform_strlen(text)) }
    curl_free(text)
    return code == CURLUE_OK || code == CURLUE_NO_USER || code == CURLUE_NO_PASSWORD
  }

  /// Appends a part, unless it is absent, or the port that the scheme has anyway.
  func append(
    _ part: CURLUPart, after prefix: StaticString = "", to text: inout ByteBuffer
  ) throws(BufferError) {
    var failure: BufferError?
    _ = with(part) { part in
      do throws(BufferError) {
        try text.append(prefix)
        try text.append(part)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func has(_ part: CURLUPart) -> Bool { with(part) { _ in true } ?? false }

  private func with<Output>(_ part: CURLUPart, _ body: (Span<UInt8>) -> Output) -> Output? {
    var text: UnsafeMutablePointer<CChar>?
    let code = curl_url_get(url, part, &text, UInt32(CURLU_NO_DEFAULT_PORT))
    guard code == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return try? withInput(text, -1) { body($0) }
  }
}
