import Foundation

extension Dashboard {
  /// The list of sessions, newest first.
  func sessionsPage(_ frame: Frame) -> Markup {
    let before = frame["before"].flatMap(ListQuery.Cursor.init(token:))
    let page = emulation.sessions(before: before, limit: 50)
    return frame.markup(
      title: "Sessions", tab: .sessions, canRefresh: true,
      """
      \(figures)
      \(page.sessions.isEmpty ? noSessions : sessionsTable(page.sessions))
      \(older(page.next))
      """)
  }

  private func sessionsTable(_ sessions: [Session]) -> Markup {
    let (now, readings) = (emulation.now.date, emulation.readings)
    return Table.markup(
      caption: "Sessions",
      columns: ["Applicant", "Status", "External ID", "Redirects to", "Created"],
      rows: sessions.map { session in
        [
          """
          <a href="\(Dashboard.path(to: session.id))"><bdi>\(session.applicant)</bdi></a>
          <span class="under"><code>\(session.id)</code></span>
          """,
          "\(Badge.markup(session.status(at: now, readings: readings)))\(Dashboard.detail(of: session))",
          session.request.externalID.map { "<code><bdi>\($0)</bdi></code>" } ?? Dashboard.nothing,
          session.request.redirectURL.map { "\($0.authority)" } ?? Dashboard.nothing,
          Moment.markup(session.createdAt),
        ]
      })
  }

  private var noSessions: Markup {
    Example.empty(
      title: "No sessions yet",
      text: "Create one, and open the <code>session_url</code> of the response:",
      command: Example.create(emulation, origin: origin))
  }

  private func older(_ next: ListQuery.Cursor?) -> Markup {
    guard let next else { return "" }
    return """
      <p><a class="button" href="/?before=\(PercentEncoding.encode(next.token))">Older sessions</a></p>
      """
  }

  /// The counters at the top of the page.
  private var figures: Markup {
    let waiting = emulation.deliveries(limit: .max).count { $0.status == .waiting }
    let balance = emulation.balances()
    let figures: [(String, Int, Frame.Tab)] = [
      ("sessions", emulation.read { locked, _ in locked.state.sessions.count }, .sessions),
      ("calls logged", emulation.requests(limit: 1).total, .requests),
      ("webhooks waiting", waiting, .webhooks),
      ("faults armed", emulation.faults().count, .faults),
      ("tokens left", balance.reduce(0) { $0 + $1.tokens }, .settings),
    ]
    return """
      <ul class="figures">
      \(figures.map { name, count, tab in
        "<li><a href=\"\(tab.path)\"><b>\(count.formatted(.number.locale(Locale(identifier: "en_US"))))</b> \(name)</a></li>" as Markup
      })
      </ul>
      """
  }
}

extension Dashboard {
  /// The placeholder for a missing value.
  static let nothing: Markup = "<span class=\"nothing\">none</span>"

  static func path(to session: String) -> Markup { "/\(Route.prefix)/sessions/\(session)" }

  /// The reason of the outcome, or the current step.
  static func detail(of session: Session) -> Markup {
    if let reason = session.outcome?.reason {
      return "<span class=\"under\"><code>\(reason.text)</code></span>"
    }
    return session.ending == nil && !session.visits.isEmpty
      ? "<span class=\"under\">at \(session.step.name.lowercased())</span>" : ""
  }
}
