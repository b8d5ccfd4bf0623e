import Glibc
import NIOCore
import NIOHTTP1

extension HTTPConnection {
  func perform(_ action: HTTPAssembler.Action) {
    switch action {
    case .none: break
    case .permitBody: write { $0.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n") }
    case .answer(let request, let keepsAlive):
      answers += 1
      intake.restart()
      send(handler.answer(to: request), withBody: request.method != .HEAD, keepsAlive: keepsAlive)
    case .refuse(let problem, let keepsAlive):
      answers += 1
      intake.restart()
      send(.response(handler.refusal(of: problem)), withBody: true, keepsAlive: keepsAlive)
    }
  }

  private func send(_ answer: HTTPAnswer, withBody: Bool, keepsAlive: Bool) {
    switch answer {
    case .response(let response):
      let keepsAlive = keepsAlive && !response.framesItself
      write {
        response.write(
          to: &$0, bodyLength: withBody ? response.body.count : 0, closes: !keepsAlive)
      }
      if !keepsAlive { end() }
    case .cut(let response, let length):
      write { response.write(to: &$0, bodyLength: length, closes: true) }
      end()
    case .bytes(let bytes):
      write { $0.writeBytes(bytes) }
      end()
    case .reset: reset()
    case .after(let milliseconds, let next):
      guard let loop = context?.eventLoop else { return }
      state = .waiting
      loop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) {
        // The client may have gone, but the request counts.
        let answer = next()
        guard self.context != nil else { return }
        self.state = .reading
        self.send(answer, withBody: withBody, keepsAlive: keepsAlive)
        self.proceed()
      }
    }
  }

  private func write(_ fill: (inout ByteBuffer) -> Void) {
    guard let context else { return }
    var buffer = context.channel.allocator.buffer(capacity: 1024)
    fill(&buffer)
    context.write(HTTPConnection.wrapOutboundOut(buffer), promise: nil)
  }

  /// Ends the connection after what was written.
  ///
  /// It first closes only the sending direction: if bytes of the client were unread, closing both
  /// would reset the connection, and the client could lose the response.
  func end() {
    guard !state.isEnding, let context else { return }
    state = .ending(isSent: false)
    intake.discard()
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in
      self.state = .ending(isSent: true)
      self.expectMore()
      self.context?.close(mode: self.isInputClosed ? .all : .output, promise: nil)
    }
    context.writeAndFlush(
      HTTPConnection.wrapOutboundOut(context.channel.allocator.buffer(capacity: 0)),
      promise: written)
    expectMore()
  }

  private func reset() {
    guard let context else { return }
    state = .ending(isSent: true)
    // Closing a socket that does not linger resets the connection.
    _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(
      linger(l_onoff: 1, l_linger: 0))
    context.close(promise: nil)
  }
}
