import Foundation
import Synchronization

/// The emulated service: its state and its operations.
///
/// One lock protects all state. It is held for microseconds, or with a state file for one write to
/// disk.
final class Emulation: Sendable {
  let settings: Settings
  let time: TimeSource
  private let locked: Mutex<LockedState>
  /// Called when webhooks may be due.
  private let wake = Mutex<(@Sendable () -> Void)?>(nil)

  struct LockedState {
    var state = State()
    var limits: Limits
    var readings: Readings
    var faults = Faults()
    var log = RequestLog()
    /// Deliveries in flight.
    var inFlight: Set<String> = []
    var journal: Journal?

    /// Writes events to the journal and applies them; if the write fails, none is applied.
    mutating func record(_ events: [Event]) throws(JournalFailure) {
      guard !events.isEmpty else { return }
      try journal?.write(events)
      for event in events { state.apply(event) }
    }

    /// The tokens that an organisation has left.
    func tokens(_ organization: String, _ settings: Settings) -> Int {
      state.tokens[organization] ?? settings.tokens
    }
  }

  /// Reads the state file, if there is one.
  init(settings: Settings, time: TimeSource = .system) throws(JournalFailure) {
    self.settings = settings
    self.time = time
    var state = State()
    var journal: Journal?
    if let path = settings.stateFile {
      let file = try Journal(path: path)
      try file.read { event throws(JournalFailure) in
        if let flaw = event.flaw(after: state) {
          throw JournalFailure(problem: "it was changed by something else: it has \(flaw)")
        }
        state.apply(event)
      }
      // Otherwise all dates of responses would be invalid.
      guard Clock.range.contains(state.clock.now(time).date) else {
        throw JournalFailure(problem: "its clock is outside the years 1970 to 9999")
      }
      journal = file
    }
    let limits = Limits(
      accounts: settings.accounts, rate: settings.rate, burst: settings.burst,
      daily: settings.daily)
    locked = Mutex(
      LockedState(
        state: state, limits: limits, readings: settings.readings, journal: journal))
    try change { locked, _ throws(JournalFailure) in
      try locked.record(settings.endpoints(beside: locked.state.endpoints))
    }
  }

  /// Reads the state.
  func read<Value: Sendable>(_ body: (LockedState, Clock.Moment) -> Value) -> Value {
    locked.withLock { body($0, $0.state.clock.now(time)) }
  }

  /// Changes the state.
  func change<Value: Sendable, Failure: Error>(
    _ body: (inout LockedState, Clock.Moment) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let result: Result<Value, Failure> = locked.withLock { locked in
      do throws(Failure) {
        return .success(try body(&locked, locked.state.clock.now(time)))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Closes the state file, which then has everything, without the files that SQLite keeps beside it.
  func close() { change { locked, _ in locked.journal = nil } }

  /// Sets the handler to call when webhooks may be due.
  func onWork(_ wake: @escaping @Sendable () -> Void) { self.wake.withLock { $0 = wake } }

  func announceWork() { wake.withLock { $0 }?() }
}

extension Emulation {
  /// The current time of the emulator's clock.
  var now: Clock.Moment { read { $1 } }

  var readings: Readings { read { locked, _ in locked.readings } }

  /// Sets readings of open questions: all or none.
  func choose(_ choices: [(name: String, value: String)]) throws(UnknownReading) {
    try change { locked, _ throws(UnknownReading) in
      var readings = locked.readings
      for choice in choices { try readings.choose(choice.value, for: choice.name) }
      locked.readings = readings
    }
  }

  /// Clears everything except the options of the command line.
  func reset() throws(JournalFailure) {
    try change { locked, _ throws(JournalFailure) in
      try locked.record([.forgotten] + settings.endpoints(beside: []))
      locked.faults = Faults()
      locked.log = RequestLog()
      locked.inFlight = []
      locked.limits = Limits(
        accounts: settings.accounts, rate: settings.rate, burst: settings.burst,
        daily: settings.daily)
    }
  }
}

extension Settings {
  /// The events that add the endpoints of the command line to the known ones.
  fileprivate func endpoints(beside known: [Endpoint]) -> [Event] {
    webhooks.flatMap { given -> [Event] in
      let same = known.filter { $0.url == given.url }
      guard !same.contains(where: { $0.secret == given.secret }),
        let endpoint = Endpoint(url: given.url, secret: given.secret)
      else { return [] }
      // Replaces an endpoint with the same URL but another secret.
      return same.map { .endpointRemoved(id: $0.id) } + [.endpointAdded(endpoint)]
    }
  }
}
