import FlyingFox
import FlyingSocks
import Foundation

/// The emulator, listening.
public struct EmulatorServer: Sendable {
  private let emulation: Emulation
  private let connections = ConnectionGuard()
  private let server: HTTPServer

  /// How much of a body is read before the request is handed on.
  ///
  /// Larger ones are streamed to the handler, which can stop them.
  static let readAhead = 4096

  /// An emulator that does not listen yet, with what its state file has kept.
  public init(settings: Settings) throws(JournalFailure) {
    emulation = try Emulation(settings: settings)
    server = HTTPServer(
      config: .init(
        address: settings.address.socketAddress,
        // More than anything the emulator itself waits for: it would answer 500.
        timeout: 120,
        sharedRequestBufferSize: EmulatorServer.readAhead,
        sharedRequestReplaySize: 0,
        pool: PromptSockets(base: HTTPServer.defaultPool()),
        // Its log names paths, and paths hold session ids.
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
      // Whichever ends first ends the other: the server because it could not listen, or the wait
      // because it is time to stop.
      defer { group.cancelAll() }
      do { try await group.next() } catch is CancellationError {}
    }
  }

  /// The methods that are registered with IANA.
  ///
  /// Whatever else comes, the server answers 404 to by itself.
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
