import FlyingFox
import FlyingSocks
import Foundation

/// The emulator, listening.
public struct EmulatorServer: Sendable {
  private let settings: Settings
  private let server: HTTPServer

  /// An emulator with no sessions, which does not listen yet.
  public init(settings: Settings) {
    self.settings = settings
    server = HTTPServer(
      config: .init(
        address: settings.address.socketAddress,
        // A body of the permitted size is read in one piece before the handler runs; larger ones
        // are streamed to it and never kept.
        sharedRequestBufferSize: RequestBody.limit,
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
    await server.appendRoute("*", to: Service(settings: settings, origin: origin))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask {
        try await server.waitUntilListening()
        await onReady(origin())
        for await _ in stop { break }
        throw CancellationError()
      }
      // Whichever ends first ends the other: the server because it could not listen, or the wait
      // because it is time to stop.
      defer { group.cancelAll() }
      do { try await group.next() } catch is CancellationError {}
    }
  }

  @Sendable private func origin() async -> String {
    switch await server.listeningAddress {
    case .ip4(_, let port), .ip6(_, let port): settings.address.origin(port: port)
    default: settings.address.origin(port: settings.address.port)
    }
  }
}
