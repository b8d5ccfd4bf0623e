/// Where an operation is between its submission and its end.
///
/// A value without a lock: each change returns what the caller has to do. `Completion` is how the operation ended.
public enum OperationPhase<Completion> {
  /// In the queue.
  case waiting
  /// The driver has it; a cancellation is carried out by the driver.
  case running(isCancelled: Bool)
  /// Between two attempts.
  case backingOff
  /// It has ended, which happens once.
  case done(Completion)

  /// Whether it waits in the queue.
  public var isWaiting: Bool { if case .waiting = self { true } else { false } }

  /// Whether it has ended.
  public var isDone: Bool { completion != nil }

  /// How it ended; nil before that.
  public var completion: Completion? {
    if case .done(let completion) = self { completion } else { nil }
  }

  /// Whether it runs and was cancelled.
  public var isCancelled: Bool {
    if case .running(let isCancelled) = self { isCancelled } else { false }
  }
}

// MARK: Changes

extension OperationPhase {
  /// What a cancellation requires.
  public enum Cancellation: Equatable, Sendable {
    /// It has ended already.
    case tooLate
    /// End it now. If it waited, it is still in the queue, to be skipped.
    case end(wasWaiting: Bool)
    /// The driver has to stop its exchange.
    case interrupt
  }

  /// What follows from the driver's giving it back.
  public enum Return: Equatable, Sendable {
    /// It is where the driver has put it.
    case accepted
    /// It was cancelled, or the client was closed: end it.
    case end
    /// It has ended meanwhile.
    case alreadyDone
  }

  /// The driver takes it from the queue; false if it has ended there.
  public mutating func start() -> Bool {
    guard isWaiting else { return false }
    self = .running(isCancelled: false)
    return true
  }

  /// Somebody cancels it.
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

  /// The driver puts it back to the queue.
  public mutating func requeue(isClosed: Bool) -> Return { giveBack(as: .waiting, isClosed) }

  /// The driver has it wait for its next attempt.
  public mutating func backOff(isClosed: Bool) -> Return { giveBack(as: .backingOff, isClosed) }

  private mutating func giveBack(as phase: Self, _ isClosed: Bool) -> Return {
    if isDone { return .alreadyDone }
    if isClosed || isCancelled { return .end }
    self = phase
    return .accepted
  }

  /// It ends; false if it had ended already, and stays as it was.
  public mutating func end(with completion: Completion) -> Bool {
    if isDone { return false }
    self = .done(completion)
    return true
  }
}
