import CPlatform

/// The sockets of a worker's connections.
///
/// libcurl does not say which one a transfer uses, only the port of its own end.
final class Sockets {
  private var descriptors: [Int32] = []

  func open(_ family: Int32, _ type: Int32, _ protocol: Int32) -> Int32 {
    let descriptor = cplatform_socket(family, type, `protocol`)
    if descriptor >= 0 { descriptors.append(descriptor) }
    return descriptor
  }

  func close(_ descriptor: Int32) {
    descriptors.removeAll { $0 == descriptor }
    cplatform_close(descriptor)
  }

  /// Whether nothing has come in on the connection from this port.
  ///
  /// What comes in while nothing was asked is the peer's farewell, or bytes that would pass for the answer
  /// to the next request: libcurl 7.88 takes neither for a dead connection.
  func isQuiet(port: Int32) -> Bool {
    for descriptor in descriptors where cplatform_socket_port(descriptor) == port {
      if cplatform_socket_is_quiet(descriptor) == 0 { return false }
    }
    return true
  }
}
