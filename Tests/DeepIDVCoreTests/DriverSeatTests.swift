import Testing

@testable import DeepIDVCore

@Suite struct DriverSeatTests {
  @Test func aCallerWhoWaitsDrivesIfNobodyDoes() {
    var seat = DriverSeat()
    #expect(seat.queued(callerWaits: true) == .drive)
    #expect(seat.driver == .caller)
    #expect(seat.callerLeft(hasWork: false) == .nothing)
    #expect(seat.driver == .nobody)
    #expect(seat.queued(callerWaits: true) == .drive)
  }

  @Test func whatIsSubmittedIsTheWorkers() {
    var seat = DriverSeat()
    #expect(seat.queued(callerWaits: false) == .letWorkerDrive)
    // It stays there: the next one will be submitted too.
    seat.checkedNews()
    seat.emptiedQueue()
    #expect(seat.pause(hasRoom: true, isIdle: true) == .sleep)
    #expect(seat.driver == .worker)
    #expect(seat.queued(callerWaits: false) == .wake)
  }

  @Test func theWorkerLeavesToCallersWhoWait() {
    var seat = DriverSeat()
    #expect(seat.queued(callerWaits: false) == .letWorkerDrive)
    #expect(seat.queued(callerWaits: true) == .nothing)
    seat.checkedNews()
    seat.emptiedQueue()
    #expect(seat.pause(hasRoom: true, isIdle: false) == .sleep)
    seat.checkedNews()
    #expect(seat.pause(hasRoom: true, isIdle: true) == .leave)
    #expect(seat.queued(callerWaits: true) == .drive)
  }

  @Test func whatACallerLeavesIsTheWorkers() {
    var seat = DriverSeat()
    #expect(seat.queued(callerWaits: true) == .drive)
    #expect(seat.callerLeft(hasWork: true) == .letWorkerDrive)
    #expect(seat.driver == .worker)

    var told = DriverSeat()
    #expect(told.queued(callerWaits: true) == .drive)
    #expect(told.newsArrived() == .nothing)
    #expect(told.callerLeft(hasWork: false) == .letWorkerDrive)
  }

  @Test func aCallerWhoComesBeforeTheWorkerDrives() {
    var seat = DriverSeat()
    #expect(seat.queued(callerWaits: false) == .letWorkerDrive)
    #expect(seat.callerArrived() == .drive)
    // There was no work for it.
    #expect(seat.workerArrived() == false)
    #expect(seat.callerArrived() == .nothing)
    #expect(seat.callerLeft(hasWork: true) == .letWorkerDrive)
    #expect(seat.workerArrived() == true)
    #expect(seat.workerArrived() == false)
    #expect(seat.callerArrived() == .nothing)
  }

  @Test func aCallerWhoComesWhenNobodyDrivesDrives() {
    var seat = DriverSeat()
    #expect(seat.callerArrived() == .drive)
    #expect(seat.callerLeft(hasWork: false) == .nothing)
    #expect(seat.workerArrived() == false)
  }

  @Test func onlyWhoSleepsIsWokenAndOnce() {
    var seat = DriverSeat()
    #expect(seat.queued(callerWaits: true) == .drive)
    #expect(seat.queued(callerWaits: false) == .nothing)
    #expect(seat.pause(hasRoom: true, isIdle: false) == .checkAgain)
    seat.checkedNews()
    seat.emptiedQueue()
    #expect(seat.pause(hasRoom: true, isIdle: false) == .sleep)
    #expect(seat.queued(callerWaits: false) == .wake)
    #expect(seat.queued(callerWaits: false) == .nothing)
    #expect(seat.newsArrived() == .nothing)
  }

  @Test func aDriverWithoutRoomIsWokenForNewsOnly() {
    var seat = DriverSeat()
    #expect(seat.queued(callerWaits: false) == .letWorkerDrive)
    seat.checkedNews()
    #expect(seat.pause(hasRoom: false, isIdle: false) == .sleep)
    #expect(seat.queued(callerWaits: false) == .nothing)
    #expect(seat.newsArrived() == .wake)
    #expect(seat.pause(hasRoom: false, isIdle: false) == .checkAgain)
    seat.checkedNews()
    #expect(seat.pause(hasRoom: true, isIdle: false) == .checkAgain)
  }

  @Test func whatIsToldToNobodyIsTheWorkers() {
    var seat = DriverSeat()
    #expect(seat.newsArrived() == .letWorkerDrive)
    #expect(seat.newsArrived() == .nothing)
    #expect(seat.pause(hasRoom: true, isIdle: true) == .checkAgain)
  }

  @Test func aCallerDrivesWithItsThread() {
    var seat = DriverSeat()
    #expect(!seat.isDriven(by: 0))
    #expect(seat.queued(callerWaits: true, thread: 7) == .drive)
    #expect(seat.isDriven(by: 7))
    #expect(!seat.isDriven(by: 8))
    // Others come and bring, and the driver sleeps and wakes: the thread is the same.
    #expect(seat.callerArrived(thread: 8) == .nothing)
    seat.checkedNews()
    seat.emptiedQueue()
    #expect(seat.pause(hasRoom: true, isIdle: false) == .sleep)
    #expect(seat.isDriven(by: 7))
    #expect(seat.queued(callerWaits: true, thread: 8) == .wake)
    #expect(seat.isDriven(by: 7))
    #expect(seat.callerLeft(hasWork: true) == .letWorkerDrive)
    #expect(!seat.isDriven(by: 7))
    #expect(seat.callerArrived(thread: 8) == .drive)
    #expect(seat.isDriven(by: 8))
  }

  @Test func theWorkerIsNoCallersThread() {
    var seat = DriverSeat()
    #expect(seat.queued(callerWaits: false, thread: 7) == .letWorkerDrive)
    #expect(!seat.isDriven(by: 7))
    #expect(seat.workerArrived() == true)
    #expect(!seat.isDriven(by: 7))
    #expect(!seat.isDriven(by: 0))
  }

  /// Random events in random order: all work is noticed, and no two threads drive at once.
  @Test(arguments: 0..<200) func nothingIsForgotten(seed: UInt64) {
    var random = RandomBits(seed: seed &* 0x9e37_79b9_7f4a_7c15 | 1)
    var seat = DriverSeat()
    // A model of the threads: which are awake, and which work they have not seen.
    var driver = DriverSeat.Driver.nobody
    var isAsleep = false
    var unseen = 0
    // Whether the worker may drive and has not started yet.
    var isOnItsWay = false
    func act(_ step: DriverSeat.Action) {
      switch step {
      case .nothing: break
      case .wake:
        #expect(isAsleep)
        isAsleep = false
      case .letWorkerDrive:
        #expect(driver != .worker)
        driver = .worker
        isAsleep = false
        isOnItsWay = true
      case .drive:
        #expect(driver == .nobody || driver == .worker && isOnItsWay)
        driver = .caller
      }
    }
    for _ in 0..<300 {
      switch random.next() % 6 {
      case 4: act(seat.callerArrived())
      case 5:
        guard isOnItsWay else { break }
        isOnItsWay = false
        #expect(seat.workerArrived() == (driver == .worker))
      case 0:
        unseen += 1
        act(seat.queued(callerWaits: random.next() % 2 == 0))
      case 1:
        unseen += 1
        act(seat.newsArrived())
      default:
        guard driver != .nobody, !isAsleep, driver == .caller || !isOnItsWay else { break }
        if random.next() % 2 == 0 {
          seat.checkedNews()
          seat.emptiedQueue()
          unseen = 0
        }
        if driver == .caller, random.next() % 3 == 0 {
          if unseen == 0 { driver = .nobody }
          act(seat.callerLeft(hasWork: unseen > 0))
        } else {
          switch seat.pause(hasRoom: true, isIdle: unseen == 0) {
          case .checkAgain: break
          case .sleep:
            #expect(unseen == 0)
            isAsleep = true
          case .leave:
            #expect(driver == .worker && unseen == 0)
            driver = .nobody
          }
        }
      }
      #expect(driver == seat.driver)
      // Some thread is awake for all work that was not seen.
      if unseen > 0 { #expect(driver != .nobody && !isAsleep) }
    }
  }
}
