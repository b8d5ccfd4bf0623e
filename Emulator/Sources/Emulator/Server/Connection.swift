import FlyingFox
import FlyingSocks
import Foundation

/// The socket of a request, for what the HTTP server has no API for.
struct Connection {
  private let file: Int32

  init(file: Int32) { self.file = file }

  /// Finds the connection from this peer among all open files.
  ///
  /// The server does not expose its sockets. The search is slow with ten thousand connections, so
  /// only faults use it.
  init?(from peer: HTTPRequest.Address?) {
    guard let peer else { return nil }
    for file in Connection.openFiles() {
      let socket = Socket(file: .init(rawValue: file))
      guard let address = try? socket.remotePeer(), HTTPRequest.Address.make(from: address) == peer
      else { continue }
      self.file = file
      return
    }
    return nil
  }

  /// All open file descriptors of the process.
  static func openFiles() -> [Int32] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var files: [Int32] = []
    while let entry = readdir(folder) {
      let file = withUnsafeBytes(of: entry.pointee.d_name) { name in
        Int32(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
      }
      if let file { files.append(file) }
    }
    return files
  }

  /// Sends raw bytes.
  func send(_ bytes: [UInt8]) { _ = Glibc.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  /// Closes the connection with a FIN; what the server sends afterwards is discarded.
  func shutDown() { shutdown(file, Int32(SHUT_RDWR)) }

  /// Closes the connection with a RST.
  func reset() {
    // On Linux, connecting a TCP socket to AF_UNSPEC resets it.
    var unspecified = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: sockaddr().sa_data)
    connect(file, &unspecified, socklen_t(MemoryLayout<sockaddr>.size))
  }
}
