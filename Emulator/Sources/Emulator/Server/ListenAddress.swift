import FlyingSocks
import Foundation

/// The address to listen on: an IP address or `localhost`, and a port.
public struct ListenAddress: Sendable {
  /// 0 for any free port.
  public let port: UInt16
  let socketAddress: any SocketAddress
  private let host: String

  /// Nil if `host` is neither an IP address nor `localhost`.
  ///
  /// Other names are not resolved.
  public init?(host: String, port: UInt16) {
    let host = host == "localhost" ? "127.0.0.1" : host
    if let address = try? sockaddr_in.inet(ip4: host, port: port) {
      socketAddress = address
    } else if let address = try? sockaddr_in6.inet6(ip6: host, port: port) {
      socketAddress = address
    } else {
      return nil
    }
    self.host = host
    self.port = port
  }

  /// The host as written in a URL.
  var name: String { isIPv6 ? "[\(host)]" : host }

  private var isIPv6: Bool { host.contains(":") }

  /// Whether only this machine can reach the address.
  public var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

  /// The origin of the emulator's URLs.
  ///
  /// The wildcard addresses are not valid in URLs, so the loopback address replaces them.
  func origin(port: UInt16) -> String {
    switch host {
    case "0.0.0.0": "http://127.0.0.1:\(port)"
    case "::": "http://[::1]:\(port)"
    default: "http://\(name):\(port)"
    }
  }
}
