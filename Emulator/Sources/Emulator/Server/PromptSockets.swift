import FlyingFox
import FlyingSocks
import Foundation

/// A socket pool whose sockets send at once what is written to them.
///
/// The server writes the head and the body of a response separately. By default the system holds
/// the second small write back until the first is acknowledged, which the peer delays in turn: each
/// answer on a kept connection then takes 44 ms, measured, in place of less than one.
///
/// The server makes its sockets itself and offers no hook but this: every socket comes by here when
/// it waits. What the listening socket is set to, accepted ones inherit.
struct PromptSockets<Base: AsyncSocketPool>: AsyncSocketPool {
  let base: Base

  func prepare() async throws { try await base.prepare() }

  func run() async throws { try await base.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    // Failing to be fast is no reason to fail.
    try? socket.setValue(true, for: .sendsAtOnce)
    try await base.suspendSocket(socket, untilReadyFor: events)
  }
}

extension SocketOption where Self == BoolSocketOption {
  fileprivate static var sendsAtOnce: Self {
    BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY)
  }
}
