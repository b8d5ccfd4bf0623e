import Foundation

/// The processes that share a key, the network, and the service.
final class World {
  enum Event {
    case submit(Operation)
    case retry(Operation)
    case wake(Process)
    case arrival(Operation)
    case answer(Operation, granted: Bool)
  }

  private(set) var now: Instant = 0
  private(set) var tally: Tally
  private let halfTrip: Instant
  private var service = Service()
  private var timeline = Timeline<Event>()
  private var processes: [Process] = []

  private init(_ strategy: Strategy, processes count: Int, seed: UInt64, roundTrip: Double) {
    halfTrip = Instant(seconds: roundTrip / 2)
    tally = Tally(processes: count)
    var generator = Generator(seed: seed)
    for _ in 0..<count { processes.append(Process(strategy, seed: generator.next())) }
  }

  /// Random arrivals at an average rate, each at a random process.
  static func steady(
    _ strategy: Strategy, processes count: Int, seed: UInt64, _ setting: Setting
  ) -> Tally {
    let world = World(strategy, processes: count, seed: seed, roundTrip: setting.roundTrip)
    var generator = Generator(seed: ~seed)
    world.offer(to: world.processes, from: 0, setting, &generator)
    world.run(until: Instant(seconds: setting.seconds))
    return world.tally
  }

  /// One process alone for a minute, then two.
  ///
  /// Each gets the full offered load. Counting starts with the third minute.
  static func newcomer(_ strategy: Strategy, seed: UInt64, _ setting: Setting) -> Tally {
    let world = World(strategy, processes: 2, seed: seed, roundTrip: setting.roundTrip)
    var generator = Generator(seed: ~seed)
    world.offer(to: [world.processes[0]], from: 0, setting, &generator)
    world.offer(to: [world.processes[1]], from: 60, setting, &generator)
    world.run(until: Instant(seconds: min(120, setting.seconds)))
    world.tally = Tally(processes: 2)
    world.run(until: Instant(seconds: setting.seconds))
    return world.tally
  }

  /// Many operations at once, distributed equally, without a deadline.
  static func batch(
    _ strategy: Strategy, processes count: Int, seed: UInt64, operations: Int, _ setting: Setting
  ) -> Tally {
    let world = World(strategy, processes: count, seed: seed, roundTrip: setting.roundTrip)
    for number in 0..<operations {
      world.submit(to: world.processes[number % count], at: 0, timeout: 3600)
    }
    world.run(until: .max)
    return world.tally
  }

  /// Rows that wait from the beginning, distributed equally, without a deadline.
  static func drain(
    _ strategy: Strategy, processes count: Int, seed: UInt64, rows: Int, _ setting: Setting
  ) -> Drain {
    let world = World(strategy, processes: count, seed: seed, roundTrip: setting.roundTrip)
    var generator = Generator(seed: ~seed)
    // Machines start within a second.
    let starts = (0..<count).map { _ in Instant(seconds: generator.fraction()) }
    for number in 0..<rows {
      world.submit(to: world.processes[number % count], at: starts[number % count], timeout: 1e6)
    }
    world.run(until: Instant(seconds: Double(rows) / Service.rate / 2))
    let fairness = world.tally.fairness
    world.run(until: .max)
    let refused = Double(world.tally.refusals) / Double(world.tally.requests)
    return Drain(seconds: world.tally.lastSuccess, refusedPart: refused, fairness: fairness)
  }

  private func offer(
    to processes: [Process], from start: Double, _ setting: Setting, _ generator: inout Generator
  ) {
    var time = start
    while true {
      time -= log(1 - generator.fraction()) / setting.offered
      if time >= setting.seconds { break }
      let process = processes[Int.random(in: 0..<processes.count, using: &generator)]
      submit(to: process, at: Instant(seconds: time), timeout: setting.timeout)
    }
  }

  private func submit(to process: Process, at time: Instant, timeout: Double) {
    let deadline = time + Instant(seconds: timeout)
    schedule(.submit(Operation(at: time, deadline: deadline, process: process)), at: time)
  }

  private func run(until end: Instant) {
    while let (time, event) = timeline.next(before: end) {
      now = time
      switch event {
      case .submit(let operation): operation.process.submit(operation, self)
      case .retry(let operation): operation.process.enqueue(operation, self)
      case .wake(let process): process.wake(self)
      case .arrival(let operation):
        let granted = service.grants(at: now)
        tally.requests += 1
        if !granted { tally.refusals += 1 }
        schedule(.answer(operation, granted: granted), at: now + halfTrip)
      case .answer(let operation, let granted):
        operation.process.answered(operation, granted: granted, self)
      }
    }
  }

  func schedule(_ event: Event, at time: Instant) { timeline.add(event, at: time) }

  func send(_ operation: Operation) { schedule(.arrival(operation), at: now + halfTrip) }

  func succeeded(_ operation: Operation) {
    let process = processes.firstIndex { $0 === operation.process } ?? 0
    tally.successes[process] += 1
    tally.latencies.append((now - operation.submitted).seconds)
    tally.lastSuccess = now.seconds
  }
}
