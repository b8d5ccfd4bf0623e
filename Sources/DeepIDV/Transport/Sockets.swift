import CPlatform

/// The sockets of an engine's connections.
///
/// libcurl does not say which one a transfer uses, only the port of its own end.
final class Sockets {
  private struct Entry {
    var descriptor: Int32
    /// Of its own end; 0 until it was asked for, which is after it has been connected.
    var port: Int32 = 0
  }

  private var entries: [Entry] = []
  /// Whether this machine is the only one that may be connected to.
  ///
  /// libcurl asks nobody for `localhost` since 7.78; before, whoever answers may say where that is.
  private let isBoundToMachine: Bool

  init(isBoundToMachine: Bool) { self.isBoundToMachine = isBoundToMachine }

  func open(
    _ family: Int32, _ type: Int32, _ protocol: Int32, to address: cplatform_address
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

  /// Whether nothing has come in on the connection from this port.
  ///
  /// What comes in while nothing was asked is the peer's farewell, or bytes that would pass for the answer
  /// to the next request: libcurl 7.88 takes neither for a dead connection.
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
