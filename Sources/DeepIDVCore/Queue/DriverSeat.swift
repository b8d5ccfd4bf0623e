/// Who moves a client's bytes, and whether they have to be woken for what is new.
///
/// One thread at a time drives. A caller who waits for an operation drives with the thread that waits, if
/// nobody else does: handing the operation to another thread, and its end back, costs a third of what the
/// whole exchange costs in libcurl. For all else there is the worker, and while anything is left it stays in
/// the seat: many callers at once are served by one thread that is awake already.
public struct DriverSeat {
  /// Who drives.
  public enum Driver {
    case nobody
    case worker
    case caller
  }

  /// What whoever has brought something must do now.
  public enum Step {
    case nothing
    /// Wake the driver.
    case wake
    /// Let the worker drive, which waits for it.
    case letWorkerDrive
    /// Drive until the operation that was brought has ended.
    case drive
  }

  /// What a driver does who has nothing to do at the moment.
  public enum Pause {
    /// Check again: there is something new.
    case checkAgain
    case sleep
    /// Leave the seat, which is empty from now on.
    case leave
  }

  private enum State {
    case empty
    /// The worker was let drive and has not come: until then a caller may have the seat.
    case workerOnItsWay
    case worker(Attention)
    /// With the thread that drives.
    case caller(Attention, thread: UInt)
  }

  /// Whether the driver has to be woken; saves a system call each time that it has not.
  private enum Attention {
    case awake
    /// With room for another operation, or else not to be woken for what is queued: it checks the queue by
    /// itself as soon as it has room.
    case asleep(hasRoom: Bool)
  }

  /// What the driver has not checked.
  private struct Unchecked {
    /// A cancellation, or the close.
    var news = false
    /// Operations that were queued.
    var queue = false
  }

  private var state = State.empty
  private var unchecked = Unchecked()
  /// Whether the last operation's caller waits for it, as that of the next one will then.
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

  /// Whether a caller drives with this thread.
  public func isDriven(by thread: UInt) -> Bool {
    if case .caller(_, let driving) = state { driving == thread } else { false }
  }
}

// MARK: For those who bring something

extension DriverSeat {
  /// An operation was queued, by this thread.
  public mutating func queued(callerWaits: Bool, thread: UInt = 0) -> Step {
    self.callerWaits = callerWaits
    unchecked.queue = true
    guard case .empty = state else { return wake(forQueue: true) }
    return callerWaits ? letCallerDrive(thread) : letWorkerDrive()
  }

  /// A caller waits, with this thread, for an operation that was queued before.
  ///
  /// - Returns: `.drive` if the caller is to drive until it has ended.
  public mutating func callerComes(thread: UInt = 0) -> Step {
    switch state {
    case .empty, .workerOnItsWay:
      // A worker that is still on its way finds the seat taken.
      callerWaits = true
      return letCallerDrive(thread)
    case .worker, .caller: return .nothing
    }
  }

  /// There is something else to check: a cancellation, or the close.
  public mutating func newsArrived() -> Step {
    unchecked.news = true
    guard case .empty = state else { return wake(forQueue: false) }
    return letWorkerDrive()
  }

  private mutating func letCallerDrive(_ thread: UInt) -> Step {
    state = .caller(.awake, thread: thread)
    return .drive
  }

  private mutating func letWorkerDrive() -> Step {
    state = .workerOnItsWay
    return .letWorkerDrive
  }

  private mutating func wake(forQueue: Bool) -> Step {
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
      // Only a worker that has come checks or sleeps.
      case .workerOnItsWay, .worker: state = .worker(newValue)
      case .caller(_, let thread): state = .caller(newValue, thread: thread)
      }
    }
  }
}

// MARK: For the driver

extension DriverSeat {
  /// The worker, which was let drive, has come.
  ///
  /// - Returns: Whether it drives: a caller may have come before it.
  public mutating func workerComes() -> Bool {
    guard case .workerOnItsWay = state else { return false }
    state = .worker(.awake)
    return true
  }

  /// The driver checks what is new.
  public mutating func checkedNews() {
    unchecked.news = false
    attention = .awake
  }

  /// The queue has nothing for the driver until something is queued.
  public mutating func emptiedQueue() { unchecked.queue = false }

  /// Lets the driver sleep if there is nothing to check.
  ///
  /// - Parameters:
  ///   - hasRoom: Whether the driver could take an operation from the queue.
  ///   - isIdle: Whether nothing is under way, and nothing queued.
  public mutating func pause(hasRoom: Bool, isIdle: Bool) -> Pause {
    if unchecked.news || (hasRoom && unchecked.queue) { return .checkAgain }
    if case .worker = state, isIdle, callerWaits {
      state = .empty
      return .leave
    }
    attention = .asleep(hasRoom: hasRoom)
    return .sleep
  }

  /// A caller who drove has what it waited for, or waits no longer.
  ///
  /// - Parameter hasWork: Whether there is anything left to be done.
  public mutating func callerLeaves(hasWork: Bool) -> Step {
    if hasWork || unchecked.news { return letWorkerDrive() }
    state = .empty
    return .nothing
  }
}
