import Foundation

/// The address to listen on: an IP address or `localhost`, and a port.
public struct ListenAddress: Sendable {
  /// The IP address.
  let host: String
  /// 0 for any free port.
  public let port: UInt16

  /// Nil if `host` is neither an IP address nor `localhost`.
  ///
  /// Other names are not resolved.
  public init?(host: String, port: UInt16) {
    let host = host == "localhost" ? "127.0.0.1" : host
    guard IPAddress.isValid(host) else { return nil }
    self.host = host
    self.port = port
  }

  /// Whether only this machine can reach the address.
  public var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

  /// The URL of the emulator on this machine.
  ///
  /// The wildcard addresses are not valid in URLs, so the loopback address replaces them.
  func origin(port: Int) -> String {
    switch host {
    case "0.0.0.0": "http://127.0.0.1:\(port)"
    case "::": "http://[::1]:\(port)"
    default: "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
  }
}

/// IP addresses as text.
enum IPAddress {
  static func isValid(_ text: String) -> Bool { isV4(text) || isV6(text) }

  static func isV4(_ text: String) -> Bool {
    var parsed = in_addr()
    return !text.utf8.contains(0) && inet_pton(AF_INET, text, &parsed) == 1
  }

  static func isV6(_ text: String) -> Bool {
    var parsed = in6_addr()
    return !text.utf8.contains(0) && inet_pton(AF_INET6, text, &parsed) == 1
  }
}
