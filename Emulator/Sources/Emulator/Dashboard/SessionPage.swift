import Foundation

extension Dashboard {
  /// The page of one session, with its timeline and actions.
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
      ("Redirects to", emulation.redirectLocation(from: session).map { "<code>\($0)</code>" }),
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
      <h2 id="actions">Actions</h2>
      <p><a class="button\(isOver ? "" : " primary")" href="/session/\(session.id)">\
      \(isOver ? "Open the applicant's page" : "Continue as the applicant")</a></p>
      <form method="post" action="\(action)" class="pair">
      <button name="verdict" value="VERIFIED">Verify</button>
      <button name="verdict" value="REJECTED">Reject</button>
      </form>
      <p class="hint">Same as <code>update-status</code>, or a decision in the service's console.</p>
      <p class="hint"><a href="/\(Route.prefix)/outbox?session=\(session.id)">Messages of this session</a></p>
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
      <h2 id="deliveries">Webhook deliveries</h2>
      \(deliveriesTable(deliveries, namesSession: false))
      </section>
      """
  }
}
