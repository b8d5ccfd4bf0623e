import CCurl
import CPlatform
import DeepIDVCore

/// What is known of the libcurl that is loaded.
enum Libcurl {
  /// 7.76.0; older ones keep the certificate of a proxy for that of the host (CVE-2021-22890).
  private static var oldest: UInt32 { 0x07_4C_00 }

  static var isUsable: Bool { ccurl_version_number() >= oldest && ccurl_has_all_parts() != 0 }

  /// Returns what a version does to a program that uses this library, whatever the options are.
  ///
  /// Only versions whose hole cannot be avoided are listed. They are not refused: the vendor of a system may have
  /// fixed it without changing the number.
  private static func hole(of version: UInt32) -> StaticString? {
    switch version {
    case 0x08_0B_01:
      """
      After a name lookup it may close a descriptor of the program (CVE-2025-0665). Use 8.12.0 or later.
      """
    default: nil
    }
  }

  /// Appends what is wrong with it; nothing if all is well.
  static func appendProblem(to text: inout ByteBuffer) throws(BufferError) {
    let hole = hole(of: ccurl_version_number())
    if isUsable, hole == nil { return }
    try text.append("libcurl ")
    let version = ccurl_version()
    let bytes = UnsafeBufferPointer(
      start: UnsafeRawPointer(version).assumingMemoryBound(to: UInt8.self),
      count: cplatform_strlen(version))
    try text.append(bytes.span)
    try text.append(" is loaded. ")
    try text.append(
      hole
        ?? "7.76.0 or later is needed, with TLS, HTTP, HTTPS and asynchronous name lookups.")
  }
}
