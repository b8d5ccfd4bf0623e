/// Decides which thread drives a client's transfers, and whether it has to be woken.
///
/// One thread at a time drives. A caller that waits for an operation drives on its own thread if no other thread
/// does: handing the operation to another thread, and the result back, costs a third of what the whole exchange
/// costs in libcurl. Otherwise the worker drives, and keeps the seat while there is work: one thread that is
/// already awake serves many callers.
///
/// A state machine without a lock: each transition returns what the caller has to do.
public struct DriverSeat {
  /// Who drives.
  public enum Driver {
    case nobody
    case worker
    case caller
  }

  /// What the thread that reported something has to do.
  public enum Action {
    case nothing
    /// Wake the driver.
    case wake
    /// Let the worker drive, which waits for that.
    case letWorkerDrive
    /// Drive until its operation has ended.
    case drive
  }

  /// What a driver does that has nothing to do at the moment.
  public enum Pause {
    /// Check again: there is something new.
    case checkAgain
    case sleep
    /// Stop driving: the seat is empty.
    case leave
  }

  private enum State {
    case empty
    /// The worker may drive and has not arrived: until then a caller can have the seat.
    case workerOnItsWay
    case worker(Attention)
    /// A caller drives on this thread.
    case caller(Attention, thread: UInt)
  }

  /// Whether the driver has to be woken; saves a system call where it does not.
  private enum Attention {
    case awake
    /// Without room for another operation it is not woken for the queue, which it checks as soon as it has room.
    case asleep(hasRoom: Bool)
  }

  /// What the driver has not checked yet.
  private struct Unchecked {
    /// A cancellation, or the close.
    var news = false
    /// Operations that were queued.
    var queue = false
  }

  private var state = State.empty
  private var unchecked = Unchecked()
  /// Whether the last operation's caller waits for it; the next one's caller probably does the same.
  private var callerWaits = false

  /// Creates an empty seat.
  public init() {}

  /// Who drives now.
  public var driver: Driver {
    switch state {
    case .empty: .nobody
    case .workerOnItsWay, .worker: .worker
    case .caller: .caller
    }
  }

  /// Whether a caller drives on this thread.
  public func isDriven(by thread: UInt) -> Bool {
    if case .caller(_, let driving) = state { driving == thread } else { false }
  }
}

// MARK: For callers

extension DriverSeat {
  /// This thread has queued an operation.
  public mutating func queued(callerWaits: Bool, thread: UInt = 0) -> Action {
    self.callerWaits = callerWaits
    unchecked.queue = true
    guard case .empty = state else { return wake(forQueue: true) }
    return callerWaits ? letCallerDrive(thread) : letWorkerDrive()
  }

  /// This thread waits for an operation that was queued before.
  ///
  /// - Returns: `.drive` if it has to drive until the operation has ended.
  public mutating func callerArrived(thread: UInt = 0) -> Action {
    switch state {
    case .empty, .workerOnItsWay:
      // The worker, when it arrives, finds the seat occupied.
      callerWaits = true
      return letCallerDrive(thread)
    case .worker, .caller: return .nothing
    }
  }

  /// An operation was cancelled, or the client closed.
  public mutating func newsArrived() -> Action {
    unchecked.news = true
    guard case .empty = state else { return wake(forQueue: false) }
    return letWorkerDrive()
  }

  private mutating func letCallerDrive(_ thread: UInt) -> Action {
    state = .caller(.awake, thread: thread)
    return .drive
  }

  private mutating func letWorkerDrive() -> Action {
    state = .workerOnItsWay
    return .letWorkerDrive
  }

  private mutating func wake(forQueue: Bool) -> Action {
    guard case .asleep(let hasRoom) = attention, hasRoom || !forQueue else { return .nothing }
    attention = .awake
    return .wake
  }

  private var attention: Attention {
    get {
      switch state {
      case .empty, .workerOnItsWay: .awake
      case .worker(let attention), .caller(let attention, _): attention
      }
    }
    set {
      switch state {
      case .empty: break
      // Only a worker that has arrived checks or sleeps.
      case .workerOnItsWay, .worker: state = .worker(newValue)
      case .caller(_, let thread): state = .caller(newValue, thread: thread)
      }
    }
  }
}

// MARK: For the driver

extension DriverSeat {
  /// The worker has arrived.
  ///
  /// - Returns: Whether it drives: a caller may have been faster.
  public mutating func workerArrived() -> Bool {
    guard case .workerOnItsWay = state else { return false }
    state = .worker(.awake)
    return true
  }

  /// The driver checks for news.
  public mutating func checkedNews() {
    unchecked.news = false
    attention = .awake
  }

  /// The driver has found nothing in the queue that can run now.
  public mutating func emptiedQueue() { unchecked.queue = false }

  /// Lets the driver sleep if there is nothing to check.
  ///
  /// - Parameters:
  ///   - hasRoom: Whether the driver could take an operation from the queue.
  ///   - isIdle: Whether nothing is in flight, and nothing queued.
  public mutating func pause(hasRoom: Bool, isIdle: Bool) -> Pause {
    if unchecked.news || (hasRoom && unchecked.queue) { return .checkAgain }
    if case .worker = state, isIdle, callerWaits {
      state = .empty
      return .leave
    }
    attention = .asleep(hasRoom: hasRoom)
    return .sleep
  }

  /// A caller stops driving: its operation has ended, or its time is over.
  ///
  /// - Parameter hasWork: Whether anything is left to do.
  public mutating func callerLeft(hasWork: Bool) -> Action {
    if hasWork || unchecked.news { return letWorkerDrive() }
    state = .empty
    return .nothing
  }
}
