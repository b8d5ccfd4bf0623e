/// Who moves a client's bytes, and whether they have to be woken for what is new.
///
/// One thread at a time drives. A caller who waits for an operation does it with the thread that waits, if
/// nobody else drives: to hand the operation to another thread, and its end back, takes a third of what the
/// whole exchange takes in libcurl. For all else there is the worker, and while anything is left it does
/// not give the drive back: many callers at once are served by one thread that is awake already.
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
    /// DriverSeat until the operation that was brought has ended.
    case drive
  }

  /// What a driver does who has nothing to do at the moment.
  public enum Pause {
    /// Look again: there is something new.
    case checkAgain
    case sleep
    /// Leave the drive, which is nobody's from now on.
    case leave
  }

  /// Who drives now.
  public private(set) var driver = Driver.nobody
  /// Whether the worker, which was let drive, has come to it.
  ///
  /// Before that the drive can be taken from it.
  private var hasWorkerBegun = false
  /// Whether there is something that the driver has not looked at: a cancellation, or the close.
  private var hasNews = false
  /// Whether operations have been queued since the driver has emptied the queue or waits for the pace.
  private var queueHasNews = false
  /// Whether the driver has to be woken to look; saves a system call each time that it has not.
  private var sleeps = false
  /// Whether the driver would look at the queue: without room it does so by itself as soon as it has.
  private var hasRoom = false
  /// Whether the last operation's caller waits for it, as that of the next one will then.
  private var callerWaits = false

  /// Makes a drive that is nobody's.
  public init() {}

  /// Takes down that an operation was queued.
  public mutating func queued(callerWaits: Bool) -> Step {
    queueHasNews = true
    self.callerWaits = callerWaits
    if driver != .nobody { return hasRoom ? wake() : .nothing }
    if callerWaits {
      driver = .caller
      return .drive
    }
    return letWorkerDrive()
  }

  /// Takes down that a caller waits for an operation that was queued before.
  ///
  /// - Returns: `.drive` if the caller is to drive until it has ended.
  public mutating func callerComes() -> Step {
    guard driver == .nobody || driver == .worker && !hasWorkerBegun else { return .nothing }
    // The worker is still on its way, and finds that it has come for nothing.
    driver = .caller
    callerWaits = true
    return .drive
  }

  /// Takes down that the worker, which was let drive, has come.
  ///
  /// - Returns: Whether it drives: a caller may have come before it.
  public mutating func workerComes() -> Bool {
    guard driver == .worker, !hasWorkerBegun else { return false }
    hasWorkerBegun = true
    return true
  }

  private mutating func letWorkerDrive() -> Step {
    driver = .worker
    hasWorkerBegun = false
    return .letWorkerDrive
  }

  /// Takes down that there is something else to look at.
  public mutating func newsArrived() -> Step {
    hasNews = true
    if driver != .nobody { return wake() }
    return letWorkerDrive()
  }

  private mutating func wake() -> Step {
    defer { sleeps = false }
    return sleeps ? .wake : .nothing
  }

  /// Takes down that the driver looks at what is new.
  public mutating func checkedNews() {
    hasNews = false
    sleeps = false
  }

  /// Takes down that the queue has nothing for the driver until something is queued.
  public mutating func emptiedQueue() { queueHasNews = false }

  /// Lets the driver rest if there is nothing to look at.
  ///
  /// - Parameters:
  ///   - hasRoom: Whether the driver could take an operation from the queue.
  ///   - isIdle: Whether nothing is under way, and nothing queued.
  public mutating func pause(hasRoom: Bool, isIdle: Bool) -> Pause {
    self.hasRoom = hasRoom
    if hasNews || (hasRoom && queueHasNews) { return .checkAgain }
    if driver == .worker, isIdle, callerWaits {
      driver = .nobody
      return .leave
    }
    sleeps = true
    return .sleep
  }

  /// Takes down that a caller who drove has what it waited for, or waits no longer.
  ///
  /// - Parameter hasWork: Whether there is anything left to be done.
  public mutating func callerLeaves(hasWork: Bool) -> Step {
    sleeps = false
    if !hasWork, !hasNews {
      driver = .nobody
      return .nothing
    }
    return letWorkerDrive()
  }
}
