import Foundation

extension Dashboard {
  /// The page to stop, start and set the emulator's clock.
  func clockPage(_ frame: Frame) -> Markup {
    let (clock, now) = (emulation.clock, emulation.now.date)
    let text = Timestamp.text(now)
    return frame.markup(
      title: "Clock", tab: .clock,
      """
      <section class="card face" aria-labelledby="now">
      <h2 id="now" class="visually-hidden">Now</h2>
      <p class="day">\(String(text.prefix(10)))</p>
      <p class="hour">\(String(text.dropFirst(11).prefix(8))) <span>UTC</span></p>
      <p>\(offset(of: clock))</p>
      </section>
      <div class="columns">
      <section class="card" aria-labelledby="move">
      <h2 id="move">Move the clock</h2>
      <div class="choices">
      \(Dashboard.advances.map(Dashboard.advanceButton))
      </div>
      <form method="post" action="/\(Route.prefix)/clock" class="line">
      <input type="hidden" name="change" value="advance">
      <div class="wide"><label for="seconds">Seconds, negative to go back</label>
      <input id="seconds" name="seconds" type="number" step="any" required></div>
      <button>Advance</button>
      </form>
      <form method="post" action="/\(Route.prefix)/clock" class="line">
      <input type="hidden" name="change" value="set">
      <div class="wide"><label for="to">Date and time, UTC</label>
      <input id="to" name="to" type="datetime-local" step="1" required
      value="\(String(text.prefix(19)))"></div>
      <button>Set</button>
      </form>
      </section>
      <section class="card" aria-labelledby="stop">
      <h2 id="stop">Freeze or start</h2>
      <form method="post" action="/\(Route.prefix)/clock" class="pair">
      <button name="change" value="\(clock.isFrozen ? "run" : "freeze")" class="primary">\
      \(clock.isFrozen ? "Start" : "Freeze")</button>
      <button name="change" value="now">Reset to the real time</button>
      </form>
      <p class="hint">The clock controls when sessions expire, rate limits, webhook retries and all
      dates.</p>
      \(Example.block(
        Example.controlCall(
          to: "clock", body: #"{"frozen": true, "advance_seconds": 3600}"#, origin: origin)))
      </section>
      </div>
      """)
  }

  private func offset(of clock: Clock) -> Markup {
    if clock.isFrozen { return Badge.markup("frozen", .waiting) }
    let ahead = clock.ahead.rounded()
    guard ahead != 0 else { return "Same as this computer's clock." }
    let direction = ahead > 0 ? "ahead of" : "behind"
    return """
      \(Badge.markup("moved", .waiting)) \(String(Int(ahead.magnitude))) seconds \(direction) this
      computer's clock.
      """
  }

  private static func advanceButton(_ name: String, _ seconds: Int) -> Markup {
    """
    <form method="post" action="/\(Route.prefix)/clock">
    <input type="hidden" name="change" value="advance">
    <button name="seconds" value="\(String(seconds))">+ \(name)</button>
    </form>
    """
  }

  private static let advances = [
    ("1 second", 1), ("1 minute", 60), ("1 hour", 3600), ("1 day", 86_400), ("30 days", 2_592_000),
  ]
}
