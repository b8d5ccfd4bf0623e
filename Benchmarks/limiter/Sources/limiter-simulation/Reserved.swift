import DeepIDVCore

/// Turns that are handed out for all processes, as `deepidv.contrib.shared_rate` does through Redis.
///
/// Without the time that Redis takes: a turn is asked for while the process waits for its last one.
final class Turns: @unchecked Sendable {
  private static let step = Instant(seconds: 1 / Service.rate)
  private static let burst: Instant = 25

  private var next: Instant = 0

  /// The time of the next turn that nobody has.
  func reserve(at now: Instant) -> Instant {
    let longestBurst = (Self.burst - 1) * Self.step
    let turn = max(next, now - min(now, longestBurst))
    next = turn + Self.step
    return turn
  }
}

/// A process that sends when it has a turn.
struct Reserved: Pacer {
  let turns: Turns
  private var turn: Instant?

  init(_ turns: Turns) { self.turns = turns }

  mutating func take(at now: Instant) -> Limiter.Answer {
    let turn = self.turn ?? turns.reserve(at: now)
    guard turn <= now else {
      self.turn = turn
      return .wait(until: turn)
    }
    self.turn = nil
    return .granted
  }
}

extension Strategy {
  /// For one run, whose processes share the turns.
  static func shared() -> Strategy {
    let turns = Turns()
    return Strategy(name: "shared", pacer: { Reserved(turns) }, retry: .headOfQueue)
  }
}
