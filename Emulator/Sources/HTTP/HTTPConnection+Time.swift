import NIOCore

extension HTTPConnection: NIOScheduledCallbackHandler {
  /// What the client is expected to do next.
  enum Expected: Equatable {
    case request
    case header
    case body
    case reading
    case answer
    case closing
  }

  private var expected: Expected {
    switch state {
    case .waiting: .answer
    case .ending(let isSent): isSent ? .closing : .reading
    case .reading where !isWritable: .reading
    case .reading where assembler.isInBody: .body
    case .reading: intake.count > 0 ? .header : .request
    }
  }

  /// Starts the time for what the client is expected to do next, unless it has started.
  func expectMore() {
    guard let context else { return }
    watch.expect(expected, after: answers, within: time(for: expected), self, context.eventLoop)
  }

  private func time(for expected: Expected) -> Int? {
    switch expected {
    case .request: limits.idleTime
    case .header: limits.headerTime
    case .body: limits.bodyTime
    case .reading: limits.readingTime
    case .answer: nil
    case .closing: limits.closingTime
    }
  }

  func handleScheduledCallback(eventLoop: some EventLoop) {
    guard watch.isOver(self, eventLoop) else { return }
    switch expected {
    case .header, .body: perform(.refuse(.late, keepsAlive: false))
    case .request: end()
    case .reading, .closing: context?.close(promise: nil)
    case .answer: break
    }
  }
}

/// Watches that a client does what is expected, in time.
struct HTTPWatch {
  private var expected: HTTPConnection.Expected?
  private var turn = 0
  private var deadline = NIODeadline.distantFuture
  private var timer: (callback: NIOScheduledCallback, deadline: NIODeadline)?

  /// Starts the time in milliseconds, unless the same is expected already in the same turn.
  mutating func expect(
    _ expected: HTTPConnection.Expected, after turn: Int, within time: Int?,
    _ connection: HTTPConnection, _ loop: any EventLoop
  ) {
    guard expected != self.expected || turn != self.turn else { return }
    self.expected = expected
    self.turn = turn
    deadline = time.map { .now() + .milliseconds(Int64($0)) } ?? .distantFuture
    // A timer that fires too early is set again then: most requests need none of their own.
    if let timer, timer.deadline <= deadline { return }
    schedule(connection, loop)
  }

  /// Whether the time is over; otherwise the timer is set again.
  mutating func isOver(_ connection: HTTPConnection, _ loop: any EventLoop) -> Bool {
    timer = nil
    if deadline <= .now() { return true }
    schedule(connection, loop)
    return false
  }

  mutating func stop() {
    timer?.callback.cancel()
    timer = nil
  }

  private mutating func schedule(_ connection: HTTPConnection, _ loop: any EventLoop) {
    stop()
    guard deadline < .distantFuture else { return }
    let callback = try? loop.assumeIsolated().scheduleCallback(at: deadline, handler: connection)
    timer = callback.map { ($0, deadline) }
  }
}
