import NIOCore
import NIOHTTP1
import NIOPosix

/// A server for HTTP/1.0 and HTTP/1.1.
public final class HTTPServer: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// Listens on an IP address and a port, or on any free port if it is 0.
  public init(
    address: String, port: Int, limits: HTTPLimits = HTTPLimits(), handler: any HTTPHandler
  ) throws(ListenFailure) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        // Pauses while no more files can be opened.
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let intake = HTTPIntake()
          try channel.pipeline.syncOperations.addHandlers([
            intake,
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits.parser)),
            HTTPConnection(handler: handler, limits: limits, intake: intake),
          ])
        }
      }
    do {
      let address = try SocketAddress(ipAddress: address, port: port)
      channel = try bootstrap.bind(to: address).wait()
    } catch {
      try? group.syncShutdownGracefully()
      throw ListenFailure(error)
    }
  }

  /// The port, which the system has chosen if 0 was given.
  public var port: Int { channel.localAddress?.port ?? 0 }

  /// Closes all connections, after the running handlers.
  public func stop() { try? group.syncShutdownGracefully() }
}

/// Why the server cannot listen.
public struct ListenFailure: Error {
  /// The error number of the system; nil for other errors.
  public let code: Int32?
  /// The error in words.
  public let description: String

  init(_ error: any Error) {
    code = (error as? IOError)?.errnoCode
    description = String(describing: error)
  }
}
