import NIOCore
import NIOHTTP1

/// One connection: takes requests in turn, sends the answers, and ends what takes too long.
///
/// It belongs to one event loop, so it needs no lock.
final class HTTPConnection: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum State {
    case reading
    /// A handler answers later.
    case waiting
    /// The last response is on its way, or sent; then the client has to close.
    case ending(isSent: Bool)

    var isEnding: Bool { if case .ending = self { true } else { false } }
    var isReading: Bool { if case .reading = self { true } else { false } }
  }

  /// What has arrived and is not handled yet.
  private enum Arrival {
    case part(HTTPServerRequestPart)
    case problem(HTTPProblem)
  }

  let handler: any HTTPHandler
  let limits: HTTPLimits
  let intake: HTTPIntake
  /// Nil before and after the time in the pipeline.
  private(set) var context: ChannelHandlerContext?
  var assembler: HTTPAssembler
  var state = State.reading
  private var arrivals = CircularBuffer<Arrival>(initialCapacity: 0)
  private var isReadPending = false
  private(set) var isInputClosed = false
  /// The number of answered requests.
  var answers = 0
  var watch = HTTPWatch()

  init(handler: any HTTPHandler, limits: HTTPLimits, intake: HTTPIntake) {
    self.handler = handler
    self.limits = limits
    self.intake = intake
    assembler = HTTPAssembler(limits: limits)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch.stop()
    self.context = nil
  }

  /// The host and port that the client has connected to.
  private var address: String {
    guard let local = context?.channel.localAddress, let ip = local.ipAddress else { return "" }
    return "\(ip.contains(":") ? "[\(ip)]" : ip):\(local.port ?? 0)"
  }

  /// Whether the client can be sent more; false while it does not read.
  var isWritable: Bool { context?.channel.isWritable ?? false }
}

extension HTTPConnection {
  func channelActive(context: ChannelHandlerContext) {
    expectMore()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    arrive(.part(HTTPConnection.unwrapInboundIn(data)))
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    checkSize()
    context.flush()
    expectMore()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case HTTPParserError.headerOverflow: arrive(.problem(.headerTooLarge))
    case is HTTPParserError: arrive(.problem(.malformed))
    // More bytes after an error of the parser.
    case is ByteToMessageDecoderError: return
    default: context.close(promise: nil)
    }
    context.flush()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event as? ChannelEvent == .inputClosed else {
      context.fireUserInboundEventTriggered(event)
      return
    }
    isInputClosed = true
    switch state {
    case .ending(isSent: true): context.close(promise: nil)
    // Closed after the last byte.
    case .ending(isSent: false): break
    case .reading, .waiting: proceed()
    }
  }

  /// Reads only if there is room for what arrives.
  func read(context: ChannelHandlerContext) {
    if state.isEnding || (state.isReading && isWritable && arrivals.isEmpty) {
      context.read()
    } else {
      isReadPending = true
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    proceed()
    context.fireChannelWritabilityChanged()
  }

  private func arrive(_ arrival: Arrival) {
    guard !state.isEnding else { return }
    arrivals.append(arrival)
    handleArrivals()
  }

  /// Handles what has arrived, until a handler answers later or the client has to read.
  private func handleArrivals() {
    while state.isReading, isWritable, let arrival = arrivals.popFirst() {
      switch arrival {
      case .part(let part): perform(assembler.take(part, connectedTo: address))
      case .problem(let problem): perform(.refuse(problem, keepsAlive: false))
      }
    }
  }

  /// Continues after a pause.
  func proceed() {
    handleArrivals()
    if state.isReading, isInputClosed, arrivals.isEmpty { end() }
    context?.flush()
    expectMore()
    guard isReadPending, let context else { return }
    isReadPending = false
    read(context: context)
  }

  /// Ends a connection that sends without completing a request.
  private func checkSize() {
    switch state {
    case .waiting: break
    case .ending:
      if intake.count > limits.discardedBody { context?.close(promise: nil) }
    case .reading:
      let isInBody = assembler.isInBody
      let limit = limits.bytesOfHead + (isInBody ? limits.discardedBody : 0)
      guard intake.count > limit else { return }
      arrive(.problem(isInBody ? .bodyTooLarge : .headerTooLarge))
    }
  }
}
