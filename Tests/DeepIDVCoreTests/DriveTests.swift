import Testing

@testable import DeepIDVCore

@Suite struct DriveTests {
  @Test func aCallerWhoWaitsDrivesIfNobodyDoes() {
    var drive = Drive()
    #expect(drive.queued(callerWaits: true) == .drive)
    #expect(drive.driver == .caller)
    #expect(drive.callerLeaves(hasWork: false) == .nothing)
    #expect(drive.driver == .nobody)
    #expect(drive.queued(callerWaits: true) == .drive)
  }

  @Test func whatIsSubmittedIsTheWorkers() {
    var drive = Drive()
    #expect(drive.queued(callerWaits: false) == .letWorkerDrive)
    // It stays there: the next one will be submitted too.
    drive.looked()
    drive.emptiedQueue()
    #expect(drive.rest(hasRoom: true, isIdle: true) == .sleep)
    #expect(drive.driver == .worker)
    #expect(drive.queued(callerWaits: false) == .wake)
  }

  @Test func theWorkerLeavesToCallersWhoWait() {
    var drive = Drive()
    #expect(drive.queued(callerWaits: false) == .letWorkerDrive)
    #expect(drive.queued(callerWaits: true) == .nothing)
    drive.looked()
    drive.emptiedQueue()
    #expect(drive.rest(hasRoom: true, isIdle: false) == .sleep)
    drive.looked()
    #expect(drive.rest(hasRoom: true, isIdle: true) == .leave)
    #expect(drive.queued(callerWaits: true) == .drive)
  }

  @Test func whatACallerLeavesIsTheWorkers() {
    var drive = Drive()
    #expect(drive.queued(callerWaits: true) == .drive)
    #expect(drive.callerLeaves(hasWork: true) == .letWorkerDrive)
    #expect(drive.driver == .worker)

    var told = Drive()
    #expect(told.queued(callerWaits: true) == .drive)
    #expect(told.told() == .nothing)
    #expect(told.callerLeaves(hasWork: false) == .letWorkerDrive)
  }

  @Test func aCallerWhoComesBeforeTheWorkerDrives() {
    var drive = Drive()
    #expect(drive.queued(callerWaits: false) == .letWorkerDrive)
    #expect(drive.callerComes() == .drive)
    // It has come for nothing.
    #expect(drive.workerComes() == false)
    #expect(drive.callerComes() == .nothing)
    #expect(drive.callerLeaves(hasWork: true) == .letWorkerDrive)
    #expect(drive.workerComes() == true)
    #expect(drive.workerComes() == false)
    #expect(drive.callerComes() == .nothing)
  }

  @Test func aCallerWhoComesWhenNobodyDrivesDrives() {
    var drive = Drive()
    #expect(drive.callerComes() == .drive)
    #expect(drive.callerLeaves(hasWork: false) == .nothing)
    #expect(drive.workerComes() == false)
  }

  @Test func onlyWhoSleepsIsWokenAndOnce() {
    var drive = Drive()
    #expect(drive.queued(callerWaits: true) == .drive)
    #expect(drive.queued(callerWaits: false) == .nothing)
    #expect(drive.rest(hasRoom: true, isIdle: false) == .look)
    drive.looked()
    drive.emptiedQueue()
    #expect(drive.rest(hasRoom: true, isIdle: false) == .sleep)
    #expect(drive.queued(callerWaits: false) == .wake)
    #expect(drive.queued(callerWaits: false) == .nothing)
    #expect(drive.told() == .nothing)
  }

  @Test func aDriverWithoutRoomIsWokenForNewsOnly() {
    var drive = Drive()
    #expect(drive.queued(callerWaits: false) == .letWorkerDrive)
    drive.looked()
    #expect(drive.rest(hasRoom: false, isIdle: false) == .sleep)
    #expect(drive.queued(callerWaits: false) == .nothing)
    #expect(drive.told() == .wake)
    #expect(drive.rest(hasRoom: false, isIdle: false) == .look)
    drive.looked()
    #expect(drive.rest(hasRoom: true, isIdle: false) == .look)
  }

  @Test func whatIsToldToNobodyIsTheWorkers() {
    var drive = Drive()
    #expect(drive.told() == .letWorkerDrive)
    #expect(drive.told() == .nothing)
    #expect(drive.rest(hasRoom: true, isIdle: true) == .look)
  }

  /// Whatever comes in whatever order: what is queued or told is looked at, and nobody drives twice.
  @Test(arguments: 0..<200) func nothingIsForgotten(seed: UInt64) {
    var random = RandomBits(seed: seed &* 0x9e37_79b9_7f4a_7c15 | 1)
    var drive = Drive()
    // The world outside: who is awake, and what they have not looked at.
    var driver = Drive.Driver.nobody
    var isAsleep = false
    var unseen = 0
    // Whether the worker was let drive and has not come yet.
    var isOnItsWay = false
    func act(_ step: Drive.Step) {
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
      case 4: act(drive.callerComes())
      case 5:
        guard isOnItsWay else { break }
        isOnItsWay = false
        #expect(drive.workerComes() == (driver == .worker))
      case 0:
        unseen += 1
        act(drive.queued(callerWaits: random.next() % 2 == 0))
      case 1:
        unseen += 1
        act(drive.told())
      default:
        guard driver != .nobody, !isAsleep, driver == .caller || !isOnItsWay else { break }
        if random.next() % 2 == 0 {
          drive.looked()
          drive.emptiedQueue()
          unseen = 0
        }
        if driver == .caller, random.next() % 3 == 0 {
          if unseen == 0 { driver = .nobody }
          act(drive.callerLeaves(hasWork: unseen > 0))
        } else {
          switch drive.rest(hasRoom: true, isIdle: unseen == 0) {
          case .look: break
          case .sleep:
            #expect(unseen == 0)
            isAsleep = true
          case .leave:
            #expect(driver == .worker && unseen == 0)
            driver = .nobody
          }
        }
      }
      #expect(driver == drive.driver)
      // What nobody has looked at has somebody awake who will.
      if unseen > 0 { #expect(driver != .nobody && !isAsleep) }
    }
  }
}
