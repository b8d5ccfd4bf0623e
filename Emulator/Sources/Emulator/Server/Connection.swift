import FlyingFox
import FlyingSocks
import Foundation

/// The connection under a request, for what the server offers no way to do.
struct Connection {
  private let file: Int32

  init(file: Int32) { self.file = file }

  /// Looks for the connection from this peer among all that are open.
  ///
  /// The server keeps its sockets to itself. This takes a moment with ten thousand connections, and
  /// is done only where something goes wrong on demand.
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

  /// The descriptors of everything that the process has open.
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

  /// Sends bytes as they are.
  func send(_ bytes: [UInt8]) { _ = Glibc.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  /// Ends the connection in an orderly way: what the server sends afterwards goes nowhere.
  func end() { shutdown(file, Int32(SHUT_RDWR)) }

  /// Breaks the connection off: the peer is told so by a reset.
  func reset() {
    // To connect a TCP socket to no address at all is how Linux spells that.
    var nowhere = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: sockaddr().sa_data)
    connect(file, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
  }
}
