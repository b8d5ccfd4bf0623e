import CPost
import Foundation

/// Asks a running emulator whether it is ready, for containers that have no HTTP client.
public struct HealthCheck: Sendable {
  /// The URL as it is printed: scheme, host and port.
  public let origin: String

  /// A call that changes nothing, is not in the request log, and is below no usual path of a fault.
  private static let path = "/emulator/clock"
  /// A member of its response, which another web server would not return.
  private static let proof = Data(#""frozen""#.utf8)
  private static let timeout = 5_000

  /// Nil unless the URL is `http://HOST[:PORT]`.
  public init?(url: String) {
    guard let parts = URLComponents(string: url), parts.scheme?.lowercased() == "http",
      let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil,
      ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil,
      (0...65535).contains(parts.port ?? 80)
    else { return nil }
    origin = "http://\(host)\(parts.port.map { ":\($0)" } ?? "")"
  }

  /// Returns what is wrong, or nil if the emulator is ready.
  ///
  /// It waits up to five seconds for the response.
  public func problem() -> String? {
    var result = get_result()
    get_http(origin + HealthCheck.path, HealthCheck.timeout, &result)
    if result.status == 0 {
      return withUnsafeBytes(of: result.problem) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    guard result.status == 200 else { return "it returned status \(result.status)" }
    let body = withUnsafeBytes(of: result.body) { Data($0.prefix(result.size)) }
    return body.range(of: HealthCheck.proof) == nil ? "it is not a deepidv-emulator" : nil
  }
}
