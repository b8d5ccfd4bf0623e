import CPlatform

/// The sockets of an engine's connections.
///
/// libcurl does not tell which of them a transfer uses, only its local port.
final class Sockets {
  private struct Entry {
    var descriptor: Int32
    /// The local port; 0 until it is needed, which is after the socket has been connected.
    var port: Int32 = 0
  }

  private var entries: [Entry] = []
  /// Whether connections to other machines are refused.
  ///
  /// libcurl before 7.78 asks a name server for `localhost`, which may return any address.
  private let isBoundToMachine: Bool

  init(isBoundToMachine: Bool) { self.isBoundToMachine = isBoundToMachine }

  func open(
    family: Int32, type: Int32, protocol: Int32, to address: cplatform_address
  ) -> Int32 {
    if isBoundToMachine, cplatform_address_is_loopback(address) == 0 { return -1 }
    let descriptor = cplatform_socket(family, type, `protocol`)
    if descriptor >= 0 { entries.append(Entry(descriptor: descriptor)) }
    return descriptor
  }

  func close(_ descriptor: Int32) {
    entries.removeAll { $0.descriptor == descriptor }
    cplatform_close(descriptor)
  }

  /// Whether nothing has been received on the connection with this local port.
  ///
  /// What arrives without a request is the peer's close, or bytes that would be read as the answer to the next
  /// request; libcurl 7.88 uses the connection in either case.
  func isQuiet(port: Int32) -> Bool {
    for index in entries.indices {
      if entries[index].port <= 0 {
        entries[index].port = cplatform_socket_port(entries[index].descriptor)
      }
      if entries[index].port == port,
        cplatform_socket_is_quiet(entries[index].descriptor) == 0
      {
        return false
      }
    }
    return true
  }
}
