/// The pages an applicant sees.
///
/// Pure functions from a session to markup.
enum Pages {
  /// The page of the current step.
  static func open(_ session: Session) -> Markup {
    let step = session.step
    return layout(
      title: step.title,
      """
      <main>
      \(progress(at: step))
      <div class="card">
      \(Picture.of(step))
      <h1>\(step.title)</h1>
      \(text(of: step, for: session))
      \(stepButtons(from: step, in: session))
      </div>
      </main>
      \(endings(of: session))
      \(details(of: session))
      """)
  }

  /// The page of a finished or expired session.
  static func ended(_ session: Session, redirectLocation target: String?) -> Markup {
    let title =
      session.ending == nil ? "This session has expired" : "This session is finished"
    let text =
      session.ending == nil
      ? "It was not completed in time. Ask the sender for a new link."
      : "It has ended. You cannot repeat it or change its outcome."
    return layout(
      title: title,
      """
      <main>
      <div class="card">
      \(Picture.ended(session))
      <h1>\(title)</h1>
      <p>\(text)</p>
      \(backLink(for: session, to: target))
      </div>
      </main>
      \(details(of: session, leadingTo: target))
      """)
  }

  static let unknownSession = message(
    "Session not found",
    """
    <p>The link is wrong, or the emulator was restarted. Without
    <code>--state</code>, it keeps sessions only in memory.</p>
    """)

  /// The page after a failed write to the state file.
  static func notSaved(_ failure: JournalFailure) -> Markup {
    message(
      "Not saved",
      "<p>\(failure.text). The session has not changed. Go back and try again.</p>")
  }

  /// The page in place of one that does not exist, or that cannot be shown.
  static func error(_ title: String, _ text: String) -> Markup {
    message(title, "<p>\(text).</p><p><a class=\"button\" href=\"/\">Go to the dashboard</a></p>")
  }

  static let invalidForm = message(
    "Invalid outcome",
    """
    <p>Send a form with <code>outcome</code> set to <code>success</code>, <code>failed</code> or
    <code>abandoned</code>. <code>failed</code> needs a <code>reason</code> of 1 to 64
    characters from <code>a-z</code>, <code>0-9</code> and <code>_</code>.</p>
    <p>The session has not changed. Go back and choose again.</p>
    """)

  static let invalidStep = message(
    "Invalid step",
    """
    <p>Send a form with <code>to</code> set to
    \(Step.allCases.map { "<code>\($0.rawValue)</code>" as Markup }).</p>
    """)
}

extension Pages {
  private static func message(_ title: String, _ text: Markup) -> Markup {
    layout(
      title: title,
      """
      <main>
      <div class="card">
      <h1>\(title)</h1>
      \(text)
      </div>
      </main>
      """)
  }

  /// A link for visitors who submit twice and see this page instead of the redirect.
  ///
  /// It has the same target as the first redirect.
  private static func backLink(for session: Session, to target: String?) -> Markup {
    guard let target, let redirect = session.request.redirectURL else {
      return "<p>You can close this page.</p>"
    }
    return """
      <p><a class="button primary" href="\(target)" rel="noreferrer">\
      Go back to \(redirect.authority)</a></p>
      """
  }

  private static func details(of session: Session, leadingTo target: String? = nil) -> Markup {
    var rows: [(String, Markup)] = [
      ("Applicant", "<bdi>\(session.applicant)</bdi>"),
      ("Requested by", requester(of: session)),
      ("Session", "<code>\(session.id)</code>"),
    ]
    if let externalID = session.request.externalID {
      rows.append(("External ID", "<code><bdi>\(externalID)</bdi></code>"))
    }
    let workflow: Markup =
      session.request.workflowID.map { "<code>\($0)</code>" } ?? "none (standalone verification)"
    rows.append(("Workflow", workflow))
    if let expiresAt = session.expiresAt {
      rows.append(("Expires", Moment.markup(expiresAt)))
    }
    if let outcome = session.outcome {
      rows.append(("Outcome", "<code>\(outcome.status.rawValue)</code>"))
    }
    if let reason = session.outcome?.reason {
      rows.append(("Reason", "<code>\(reason.text)</code>"))
    }
    let destination: Markup =
      (target ?? session.request.redirectURL?.text).map { "<code>\($0)</code>" }
      ?? "no redirect URL"
    rows.append(("Redirects to", destination))
    return """
      <section class="details" aria-labelledby="details">
      <h2 id="details">This session</h2>
      \(Facts.list(rows))
      </section>
      """
  }

  /// The requester: the host of the redirect URL, or the organisation.
  static func requester(of session: Session) -> Markup {
    guard let redirect = session.request.redirectURL else {
      return "<code>\(session.organization)</code>"
    }
    return "<b>\(redirect.authority)</b> (<code>\(session.organization)</code>)"
  }

  private static func layout(title: String, _ content: Markup) -> Markup {
    Document.markup(
      title: title,
      """
      <body class="hosted">
      <header class="notice"><p><strong>deepidv emulator</strong>
      Nothing is verified here. Use made-up data.</p></header>
      \(content)
      </body>
      """)
  }
}

extension Session {
  /// The applicant's full name.
  var applicant: String { "\(request.firstName) \(request.lastName)" }
}
