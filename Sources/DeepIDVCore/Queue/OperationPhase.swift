/// The phase of an operation between its submission and its end.
///
/// A state machine without a lock: each transition returns what the caller has to do. `Completion` is the type of a
/// result.
public enum OperationPhase<Completion> {
  /// It is in the queue.
  case waiting
  /// The driver runs it, and is the one that ends it if it is cancelled.
  case running(isCancelled: Bool)
  /// It waits for its next attempt.
  case backingOff
  /// It has ended, and stays so.
  case done(Completion)

  /// Whether it is in the queue.
  public var isWaiting: Bool { if case .waiting = self { true } else { false } }

  /// Whether it has ended.
  public var isDone: Bool { completion != nil }

  /// How it ended, or nil if it has not.
  public var completion: Completion? {
    if case .done(let completion) = self { completion } else { nil }
  }

  /// Whether it runs and was cancelled.
  public var isCancelled: Bool {
    if case .running(let isCancelled) = self { isCancelled } else { false }
  }
}

// MARK: Transitions

extension OperationPhase {
  /// What to do about a cancellation.
  public enum Cancellation: Equatable, Sendable {
    /// Nothing: it has ended already.
    case tooLate
    /// End it. If it was waiting, it stays in the queue, where it is skipped.
    case end(wasWaiting: Bool)
    /// Wake the driver, which has to stop its exchange.
    case interrupt
  }

  /// What to do with an operation that the driver returns.
  public enum Return: Equatable, Sendable {
    /// Put it where the driver wants it.
    case accepted
    /// End it: it was cancelled, or the client was closed.
    case end
    /// Nothing: it has ended meanwhile.
    case alreadyDone
  }

  /// The driver starts it; false if it has ended in the queue.
  public mutating func start() -> Bool {
    guard isWaiting else { return false }
    self = .running(isCancelled: false)
    return true
  }

  /// A caller cancels it.
  public mutating func cancel() -> Cancellation {
    switch self {
    case .done: return .tooLate
    case .waiting: return .end(wasWaiting: true)
    case .backingOff: return .end(wasWaiting: false)
    case .running:
      self = .running(isCancelled: true)
      return .interrupt
    }
  }

  /// The driver returns it to the queue.
  public mutating func requeue(isClosed: Bool) -> Return { giveBack(as: .waiting, isClosed) }

  /// The driver lets it wait for its next attempt.
  public mutating func backOff(isClosed: Bool) -> Return { giveBack(as: .backingOff, isClosed) }

  private mutating func giveBack(as phase: Self, _ isClosed: Bool) -> Return {
    if isDone { return .alreadyDone }
    if isClosed || isCancelled { return .end }
    self = phase
    return .accepted
  }

  /// Ends it; false if it has ended already, which changes nothing.
  public mutating func end(with completion: Completion) -> Bool {
    if isDone { return false }
    self = .done(completion)
    return true
  }
}
