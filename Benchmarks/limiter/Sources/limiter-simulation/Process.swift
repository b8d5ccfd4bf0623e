import DeepIDVCore

/// One operation: succeeds when the service grants it, fails at its deadline.
final class Operation {
  let submitted: Instant
  let deadline: Instant
  let process: Process
  var refusals = 0

  init(at now: Instant, deadline: Instant, process: Process) {
    submitted = now
    self.deadline = deadline
    self.process = process
  }
}

/// A process: a queue and a pacer.
final class Process {
  private let retry: Retry
  private var pacer: any Pacer
  private var generator: Generator
  private var queue: [Operation] = []
  private var head = 0
  /// Refused operations, which are sent before all others.
  private var returned: [Operation] = []
  /// The used part of the retry quota.
  private var spent = 0
  /// The time of the next scheduled `wake`.
  private var wakeUp = Instant.max

  init(_ strategy: Strategy, seed: UInt64) {
    retry = strategy.retry
    pacer = strategy.pacer()
    generator = Generator(seed: seed)
  }

  func submit(_ operation: Operation, _ world: World) {
    let queued = queue.count - head + returned.count
    guard pacer.admits(deadline: operation.deadline, queued: queued, at: world.now) else { return }
    enqueue(operation, world)
  }

  func enqueue(_ operation: Operation, _ world: World) {
    queue.append(operation)
    send(world)
  }

  func wake(_ world: World) {
    if wakeUp <= world.now { wakeUp = .max }
    send(world)
  }

  func answered(_ operation: Operation, granted: Bool, _ world: World) {
    if granted {
      pacer.answered(at: world.now)
      spent = max(0, spent - max(1, 5 * operation.refusals))
      world.succeeded(operation)
    } else {
      pacer.refused(at: world.now, random: generator.next())
      refused(operation, world)
    }
    send(world)
  }

  private func refused(_ operation: Operation, _ world: World) {
    switch retry {
    case .headOfQueue: returned.append(operation)
    case .backoff(let retries, let base, let cap, let quota):
      guard operation.refusals < retries, spent + 5 <= quota else { return }
      spent += 5
      let limit = min(cap, base * Double(1 << min(operation.refusals, 10)))
      let time = world.now + Instant(seconds: generator.fraction() * limit)
      if time < operation.deadline { world.schedule(.retry(operation), at: time) }
    }
    operation.refusals += 1
  }

  /// Sends as many operations as the pacer allows.
  private func send(_ world: World) {
    while let operation = first(at: world.now) {
      switch pacer.take(at: world.now) {
      case .granted:
        removeFirst()
        world.send(operation)
      case .wait(let until):
        if until < wakeUp {
          wakeUp = until
          world.schedule(.wake(self), at: until)
        }
        return
      }
    }
  }

  /// The next operation to send; drops those whose deadline has passed.
  private func first(at now: Instant) -> Operation? {
    while let operation = returned.first ?? (head < queue.count ? queue[head] : nil) {
      if operation.deadline > now { return operation }
      removeFirst()
    }
    return nil
  }

  private func removeFirst() {
    if !returned.isEmpty {
      returned.removeFirst()
      return
    }
    head += 1
    if head == queue.count || head > 1000 {
      queue.removeFirst(head)
      head = 0
    }
  }
}
