import HTTP

/// The emulator and its HTTP server.
public struct EmulatorServer: Sendable {
  private let emulation: Emulation

  /// Creates the server and loads the state file; it does not listen yet.
  public init(settings: Settings) throws(JournalFailure) {
    emulation = try Emulation(settings: settings)
  }

  /// Listens until `wait` returns.
  ///
  /// Calls `onReady` with the URL once connections are accepted.
  public func run(
    until wait: () -> Void, onReady: (String) -> Void
  ) throws(ListenFailure) {
    let address = emulation.settings.address
    let server = try HTTPServer(
      address: address.host, port: Int(address.port), handler: Service(emulation))
    let courier = Courier(emulation)
    courier.start()
    onReady(address.origin(port: server.port))
    wait()
    courier.stop()
    server.stop()
    emulation.close()
  }
}
