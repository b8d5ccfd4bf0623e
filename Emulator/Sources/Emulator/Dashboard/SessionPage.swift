import Foundation

extension Dashboard {
  /// One session, what happened to it, and what can be done about it.
  func sessionPage(_ id: String, _ frame: Frame) throws(Missing) -> Markup {
    guard let session = emulation.session(id) else { throw Missing(what: "session") }
    return frame.markup(
      title: session.applicant, tab: .sessions,
      """
      <div class="columns">
      \(facts(of: session))
      <div>
      \(actions(on: session))
      \(timeline(of: session))
      </div>
      </div>
      \(deliveries(of: session))
      """)
  }

  private func facts(of session: Session) -> Markup {
    let status = session.status(at: emulation.now.date, readings: emulation.readings)
    let request = session.request
    let rows: [(String, Markup?)] = [
      ("Status", "\(Badge.markup(status)) \(Badge.markup(session.progress.rawValue, .plain))"),
      ("Outcome", session.outcome.map { "<code>\($0.status.rawValue)</code>" }),
      ("Reason", session.outcome?.reason.map { "<code>\($0.text)</code>" }),
      ("Session", "<code>\(session.id)</code>"),
      ("External ID", request.externalID.map { "<code><bdi>\($0)</bdi></code>" }),
      ("E-mail", "<bdi>\(request.email)</bdi>"),
      ("Phone", "<bdi>\(request.phone)</bdi>"),
      ("Workflow", request.workflowID.map { "<code>\($0)</code>" }),
      ("Account", "<code>\(session.organization)</code>"),
      ("Redirect URL", request.redirectURL.map { "<code>\($0.text)</code>" }),
      ("Goes on to", emulation.redirectLocation(from: session).map { "<code>\($0)</code>" }),
      ("Expires", session.expiresAt.map { Moment.markup($0) }),
    ]
    return """
      <section class="card" aria-labelledby="facts">
      <h2 id="facts">Session</h2>
      \(Facts.list(rows.compactMap { name, value in value.map { (name, $0) } }))
      </section>
      """
  }

  private func actions(on session: Session) -> Markup {
    let action: Markup = "\(Dashboard.path(to: session.id))/decide"
    let isOver = session.ending != nil || session.hasExpired(at: emulation.now.date)
    return """
      <section class="card" aria-labelledby="actions">
      <h2 id="actions">Act on it</h2>
      <p><a class="button\(isOver ? "" : " primary")" href="/session/\(session.id)">\
      \(isOver ? "See the applicant's page" : "Go on as the applicant")</a></p>
      <form method="post" action="\(action)" class="pair">
      <button name="verdict" value="VERIFIED">Verify</button>
      <button name="verdict" value="REJECTED">Reject</button>
      </form>
      <p class="hint">As by <code>update-status</code>, or by somebody in the service's console.</p>
      <p class="hint"><a href="/\(Route.prefix)/outbox?session=\(session.id)">Its messages</a></p>
      </section>
      """
  }

  private func timeline(of session: Session) -> Markup {
    """
    <section class="card" aria-labelledby="timeline">
    <h2 id="timeline">Timeline</h2>
    <ol class="timeline">
    \(session.timeline(at: emulation.now.date).map {
      "<li><b>\($0.what)</b> \(Moment.markup($0.at))</li>" as Markup
    })
    </ol>
    </section>
    """
  }

  private func deliveries(of session: Session) -> Markup {
    let deliveries = emulation.deliveries(session: session.id, limit: 50)
    guard !deliveries.isEmpty else { return "" }
    return """
      <section aria-labelledby="deliveries">
      <h2 id="deliveries">Webhooks about it</h2>
      \(deliveriesTable(deliveries, namesSession: false))
      </section>
      """
  }
}
