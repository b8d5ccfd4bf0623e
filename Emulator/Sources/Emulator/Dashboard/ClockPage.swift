import Foundation

extension Dashboard {
  /// The clock by which everything here goes.
  func clockPage(_ frame: Frame) -> Markup {
    let (clock, now) = (emulation.clock, emulation.now.date)
    let text = Timestamp.text(now)
    return frame.markup(
      title: "Clock", tab: .clock,
      """
      <section class="card face" aria-labelledby="now">
      <h2 id="now" class="unseen">Now</h2>
      <p class="day">\(String(text.prefix(10)))</p>
      <p class="hour">\(String(text.dropFirst(11).prefix(8))) <span>UTC</span></p>
      <p>\(standing(of: clock))</p>
      </section>
      <div class="columns">
      <section class="card" aria-labelledby="move">
      <h2 id="move">Move it</h2>
      <div class="choices">
      \(Dashboard.strides.map(Dashboard.stride))
      </div>
      <form method="post" action="/\(Route.prefix)/clock" class="line">
      <input type="hidden" name="change" value="advance">
      <div class="wide"><label for="seconds">Seconds, back if negative</label>
      <input id="seconds" name="seconds" type="number" step="any" required></div>
      <button>Advance</button>
      </form>
      <form method="post" action="/\(Route.prefix)/clock" class="line">
      <input type="hidden" name="change" value="set">
      <div class="wide"><label for="to">To a date and time, in UTC</label>
      <input id="to" name="to" type="datetime-local" step="1" required
      value="\(String(text.prefix(19)))"></div>
      <button>Set</button>
      </form>
      </section>
      <section class="card" aria-labelledby="stop">
      <h2 id="stop">Stop it, or let it run</h2>
      <form method="post" action="/\(Route.prefix)/clock" class="pair">
      <button name="change" value="\(clock.isFrozen ? "run" : "freeze")" class="primary">\
      \(clock.isFrozen ? "Let it run" : "Freeze it")</button>
      <button name="change" value="now">Back to the real time</button>
      </form>
      <p class="hint">It decides when sessions expire, how many calls a second and a day are let
      through, when a webhook is sent again, and every date that is shown.</p>
      \(Example.block(Example.order(emulation, "clock", #"{"frozen": true, "advance_seconds": 3600}"#)))
      </section>
      </div>
      """)
  }

  private func standing(of clock: Clock) -> Markup {
    if clock.isFrozen { return Badge.markup("frozen", .waiting) }
    let ahead = clock.ahead.rounded()
    guard ahead != 0 else { return "Runs with the clock of this computer." }
    let words = ahead > 0 ? "ahead of" : "behind"
    return """
      \(Badge.markup("moved", .waiting)) Runs, \(String(Int(ahead.magnitude))) seconds \(words) the
      clock of this computer.
      """
  }

  private static func stride(_ name: String, _ seconds: Int) -> Markup {
    """
    <form method="post" action="/\(Route.prefix)/clock">
    <input type="hidden" name="change" value="advance">
    <button name="seconds" value="\(String(seconds))">+ \(name)</button>
    </form>
    """
  }

  private static let strides = [
    ("1 second", 1), ("1 minute", 60), ("1 hour", 3600), ("1 day", 86_400), ("30 days", 2_592_000),
  ]
}
