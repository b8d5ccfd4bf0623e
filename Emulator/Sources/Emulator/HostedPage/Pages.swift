/// The pages an applicant sees.
///
/// Pure functions from a session to markup.
enum Pages {
  /// The page of the step that the applicant is at.
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
      \(words(of: step, for: session))
      \(stepButtons(from: step, in: session))
      </div>
      </main>
      \(endings(of: session))
      \(details(of: session))
      """)
  }

  /// The page of a session that has ended or run out, at whatever time and however often it is
  /// asked for.
  static func over(_ session: Session, redirectLocation target: String?) -> Markup {
    let title =
      session.ending == nil ? "This session has expired" : "This session is finished"
    let words =
      session.ending == nil
      ? "Its time ran out before it was completed. Ask whoever sent you here for a new link."
      : "It has ended, and cannot be taken again or end another way."
    return layout(
      title: title,
      """
      <main>
      <div class="card">
      \(Picture.over(session))
      <h1>\(title)</h1>
      <p>\(words)</p>
      \(backLink(for: session, to: target))
      </div>
      </main>
      \(details(of: session, leadingTo: target))
      """)
  }

  static let unknownSession = message(
    "No such session",
    """
    <p>The link is wrong, or the emulator has been started again since. Without
    <code>--state</code> it keeps its sessions in memory only.</p>
    """)

  static let invalidForm = message(
    "That is not an outcome",
    """
    <p>Send a form with <code>outcome</code> set to <code>success</code>, <code>failed</code> or
    <code>abandoned</code>. With <code>failed</code> goes a <code>reason</code> of 1 to 64
    characters out of <code>a-z</code>, <code>0-9</code> and <code>_</code>.</p>
    <p>The session is as it was: go back and choose again.</p>
    """)

  static let invalidStep = message(
    "That is not a step",
    """
    <p>Send a form with <code>to</code> set to
    \(Step.allCases.map { "<code>\($0.rawValue)</code>" as Markup }).</p>
    """)
}

extension Pages {
  private static func message(_ title: String, _ words: Markup) -> Markup {
    layout(
      title: title,
      """
      <main>
      <div class="card">
      <h1>\(title)</h1>
      \(words)
      </div>
      </main>
      """)
  }

  /// A link, since whoever submits twice sees this page in place of the first answer.
  ///
  /// It leads exactly where the first answer led.
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
      ("Asked by", asker(of: session)),
      ("Session", "<code>\(session.id)</code>"),
    ]
    if let externalID = session.request.externalID {
      rows.append(("External ID", "<code><bdi>\(externalID)</bdi></code>"))
    }
    let workflow: Markup =
      session.request.workflowID.map { "<code>\($0)</code>" } ?? "none: a standalone verification"
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
      ?? "nowhere: no redirect URL"
    rows.append(("Goes on to", destination))
    return """
      <section class="details" aria-labelledby="details">
      <h2 id="details">This session</h2>
      \(Facts.list(rows))
      </section>
      """
  }

  /// Who wants to know: the site that the applicant came from, as far as it can be told.
  static func asker(of session: Session) -> Markup {
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
  /// The applicant's whole name.
  var applicant: String { "\(request.firstName) \(request.lastName)" }
}
