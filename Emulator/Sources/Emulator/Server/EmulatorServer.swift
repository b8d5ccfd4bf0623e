import FlyingFox
import FlyingSocks
import Foundation

/// The emulator's HTTP server.
public struct EmulatorServer: Sendable {
  private let emulation: Emulation
  private let connections = ConnectionGuard()
  private let server: HTTPServer

  /// The size up to which a body is read before the handler is called.
  ///
  /// The handler streams larger bodies, and can stop reading them.
  static let readAhead = 4096

  /// Creates the server and loads the state file; it does not listen yet.
  public init(settings: Settings) throws(JournalFailure) {
    emulation = try Emulation(settings: settings)
    server = HTTPServer(
      config: .init(
        address: settings.address.socketAddress,
        // Longer than any wait of the emulator itself: the server returns 500 at this timeout.
        timeout: 120,
        sharedRequestBufferSize: EmulatorServer.readAhead,
        sharedRequestReplaySize: 0,
        pool: NoDelaySockets(base: HTTPServer.defaultPool()),
        // The log would contain paths, which have session ids.
        logger: .disabled))
  }

  /// Listens until `stop` yields or ends.
  ///
  /// Calls `onReady` with the origin once connections are accepted.
  public func run(
    until stop: AsyncStream<Void>, onReady: @escaping @Sendable (String) -> Void
  ) async throws {
    let courier = Courier(emulation)
    defer {
      courier.stop()
      connections.stop()
    }
    let everything = HTTPRoute(methods: EmulatorServer.methods, path: "*")
    await server.appendRoute(everything, to: Service(emulation, connections: connections))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask {
        try await server.waitUntilListening()
        let port = await port()
        emulation.origin = emulation.settings.address.origin(port: port)
        connections.start(port: port)
        courier.start()
        onReady(emulation.origin)
        for await _ in stop { break }
        throw CancellationError()
      }
      // The first to end cancels the other: the server if it cannot listen, or the wait for `stop`.
      defer { group.cancelAll() }
      do { try await group.next() } catch is CancellationError {}
    }
  }

  /// The methods that are registered with IANA.
  ///
  /// The server itself returns 404 for all others.
  private static let methods = HTTPMethod.allMethods.union(
    """
    ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT COPY LABEL LINK LOCK MERGE MKACTIVITY MKCALENDAR \
    MKCOL MKREDIRECTREF MKWORKSPACE MOVE ORDERPATCH PROPFIND PROPPATCH QUERY REBIND REPORT SEARCH \
    UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL
    """.split(separator: " ").map { HTTPMethod(String($0)) })

  private func port() async -> UInt16 {
    switch await server.listeningAddress {
    case .ip4(_, let port), .ip6(_, let port): port
    default: emulation.settings.address.port
    }
  }
}
