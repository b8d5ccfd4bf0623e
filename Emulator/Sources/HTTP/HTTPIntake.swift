import NIOCore

/// Counts the bytes of a connection before the parser sees them, or discards them.
final class HTTPIntake: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// The bytes since `restart`.
  private(set) var count = 0
  private(set) var isDiscarding = false

  func restart() { count = 0 }

  /// Discards all that arrives from now on.
  func discard() {
    isDiscarding = true
    count = 0
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    count += HTTPIntake.unwrapInboundIn(data).readableBytes
    if !isDiscarding { context.fireChannelRead(data) }
  }
}
