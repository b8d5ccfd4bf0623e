import Testing

@testable import DeepIDVCore

@Suite struct OperationPhaseTests {
  typealias Phase = OperationPhase<Int>

  /// What can be seen of a phase.
  private struct View: Equatable {
    var isWaiting = false
    var isCancelled = false
    var completion: Int?

    init(isWaiting: Bool = false, isCancelled: Bool = false, completion: Int? = nil) {
      self.isWaiting = isWaiting
      self.isCancelled = isCancelled
      self.completion = completion
    }

    init(_ phase: Phase) {
      isWaiting = phase.isWaiting
      isCancelled = phase.isCancelled
      completion = phase.completion
      #expect(phase.isDone == (phase.completion != nil))
    }
  }

  private static var all: [Phase] {
    [.waiting, .running(isCancelled: false), .running(isCancelled: true), .backingOff, .done(7)]
  }

  @Test func onlyWhatWaitsStarts() {
    let started = Self.all.map { phase in
      var phase = phase
      return phase.start()
    }
    #expect(started == [true, false, false, false, false])
    var phase = Phase.waiting
    #expect(phase.start() == true)
    #expect(View(phase) == View())
    // It is the driver's, so that a cancellation has to stop it there.
    #expect(phase.cancel() == .interrupt)
  }

  @Test func aCancellationEndsWhatTheDriverDoesNotHave() {
    let results = Self.all.map { phase in
      var phase = phase
      return phase.cancel()
    }
    #expect(
      results == [
        .end(wasWaiting: true), .interrupt, .interrupt, .end(wasWaiting: false), .tooLate,
      ])
  }

  @Test func whatRunsRemembersItsCancellation() {
    var phase = Phase.running(isCancelled: false)
    #expect(!phase.isCancelled)
    #expect(phase.cancel() == .interrupt)
    #expect(View(phase) == View(isCancelled: true))
    #expect(phase.requeue(isClosed: false) == .end)
    #expect(phase.backOff(isClosed: false) == .end)
    // Not where the driver wanted it: it is still to be ended.
    #expect(View(phase) == View(isCancelled: true))
    #expect(phase.end(with: 1) == true)
    #expect(View(phase) == View(completion: 1))
  }

  @Test func theDriverGivesBackWhatIsWanted() {
    var phase = Phase.running(isCancelled: false)
    #expect(phase.backOff(isClosed: false) == .accepted)
    #expect(View(phase) == View())
    #expect(phase.cancel() == .end(wasWaiting: false))
    #expect(phase.requeue(isClosed: false) == .accepted)
    #expect(View(phase) == View(isWaiting: true))
    #expect(phase.start() == true)
    #expect(phase.requeue(isClosed: false) == .accepted)
    #expect(phase.isWaiting)
  }

  @Test func aClosedClientTakesNothingBack() {
    var requeued = Phase.backingOff
    #expect(requeued.requeue(isClosed: true) == .end)
    #expect(!requeued.isWaiting)
    var backedOff = Phase.running(isCancelled: false)
    #expect(backedOff.backOff(isClosed: true) == .end)
    #expect(backedOff.cancel() == .interrupt)
  }

  @Test(arguments: [false, true]) func whatHasEndedStaysAsItIs(isClosed: Bool) {
    var phase = Phase.done(7)
    #expect(phase.start() == false)
    #expect(phase.cancel() == .tooLate)
    #expect(phase.requeue(isClosed: isClosed) == .alreadyDone)
    #expect(phase.backOff(isClosed: isClosed) == .alreadyDone)
    #expect(phase.end(with: 8) == false)
    #expect(View(phase) == View(completion: 7))
  }

  /// Whatever happens in whatever order: it ends once, and a cancelled one is never started again.
  @Test(arguments: 0..<200) func itEndsOnce(seed: UInt64) {
    var random = RandomBits(seed: seed)
    var phase = Phase.waiting
    var completion: Int?
    var isCancelled = false
    for step in 0..<100 {
      switch random.next() % 5 {
      case 0: if phase.start() { #expect(!isCancelled && completion == nil) }
      case 1:
        switch phase.cancel() {
        case .tooLate: #expect(completion != nil)
        case .interrupt: isCancelled = true
        case .end:
          #expect(phase.end(with: step) == true)
          completion = step
        }
      case 2, 3:
        let isClosed = random.next() % 8 == 0
        let result =
          random.next() % 2 == 0
          ? phase.requeue(isClosed: isClosed) : phase.backOff(isClosed: isClosed)
        switch result {
        case .accepted: #expect(!isCancelled && !isClosed && completion == nil)
        case .end: #expect(completion == nil && (isCancelled || isClosed))
        case .alreadyDone: #expect(completion != nil)
        }
      default:
        guard random.next() % 16 == 0 else { break }
        #expect(phase.end(with: step) == (completion == nil))
        if completion == nil { completion = step }
      }
      #expect(phase.completion == completion)
    }
  }
}
