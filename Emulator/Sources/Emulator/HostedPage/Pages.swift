/// The pages an applicant sees.
///
/// Pure functions from a session to markup.
enum Pages {
  /// The page that asks how the session shall end.
  static func open(_ session: Session) -> Markup {
    let action: Markup = "/session/\(session.id)/finish"
    return layout(
      title: "Verify your identity",
      """
      <p>Hello <bdi>\(session.applicant)</bdi>. On the real service you would now take a picture of
      a document and of yourself. Here, you choose how it ends.</p>
      <section class="choice" aria-labelledby="complete">
      <h2 id="complete">Complete</h2>
      <p>Everything was handed in. Whether it is verified is decided later.</p>
      <form method="post" action="\(action)">
      <input type="hidden" name="outcome" value="success">
      <button class="primary">Complete the verification</button>
      </form>
      </section>
      <section class="choice" aria-labelledby="fail">
      <h2 id="fail">Fail</h2>
      <form method="post" action="\(action)">
      <input type="hidden" name="outcome" value="failed">
      <label for="reason">Something goes wrong. The reason:</label>
      <select id="reason" name="reason">
      <optgroup label="Documented reasons">
      \(documentedReasons.map(option))
      </optgroup>
      <optgroup label="Not documented">
      \(undocumentedReasons.map(option))
      </optgroup>
      </select>
      <button>Fail for this reason</button>
      </form>
      </section>
      <section class="choice" aria-labelledby="leave">
      <h2 id="leave">Leave</h2>
      <p>The applicant gives up before the end.</p>
      <form method="post" action="\(action)">
      <input type="hidden" name="outcome" value="abandoned">
      <input type="hidden" name="reason" value="\(Reason.userCancelled.text)">
      <button>Leave without finishing</button>
      </form>
      </section>
      \(details(of: session))
      """)
  }

  /// The page of a session that is over, at whatever time and however often it is asked for.
  static func finished(_ session: Session, wayBack target: String?) -> Markup {
    layout(
      title: "This session is finished",
      """
      <p>It has ended, and cannot be taken again or end another way.</p>
      \(wayBack(from: session, to: target))
      \(details(of: session))
      """)
  }

  static let unknownSession = layout(
    title: "No such session",
    """
    <p>The link is wrong, or the emulator has been started again since: it keeps its sessions in \
    memory only.</p>
    """)

  static let invalidForm = layout(
    title: "That is not an outcome",
    """
    <p>Send a form with <code>outcome</code> set to <code>success</code>, <code>failed</code> or
    <code>abandoned</code>. With <code>failed</code> goes a <code>reason</code> of 1 to 64
    characters out of <code>a-z</code>, <code>0-9</code> and <code>_</code>.</p>
    """)
}

extension Pages {
  private static let documentedReasons: [Reason] = [
    .documentUnreadable, .faceMismatch, .sessionExpired, .internalError, .unknown,
  ]

  /// An integration has to cope with reasons it has never heard of.
  private static let undocumentedReasons: [Reason] = [.documentExpired]

  private static func option(_ reason: Reason) -> Markup { "<option>\(reason.text)</option>" }

  /// A link, since whoever submits twice sees this page in place of the first answer.
  ///
  /// It leads exactly where the first answer led.
  private static func wayBack(from session: Session, to target: String?) -> Markup {
    guard let target, let redirect = session.request.redirectURL else {
      return "<p>You can close this page.</p>"
    }
    return """
      <p><a class="button primary" href="\(target)" rel="noreferrer">\
      Go back to \(redirect.authority)</a></p>
      """
  }

  private static func details(of session: Session) -> Markup {
    var rows: [(String, Markup)] = [
      ("Applicant", "<bdi>\(session.applicant)</bdi>"),
      ("Session", "<code>\(session.id)</code>"),
    ]
    if let externalID = session.request.externalID {
      rows.append(("External ID", "<code><bdi>\(externalID)</bdi></code>"))
    }
    if let workflowID = session.request.workflowID {
      rows.append(("Workflow", "<code>\(workflowID)</code>"))
    }
    if let outcome = session.outcome {
      rows.append(("Outcome", "<code>\(outcome.status.rawValue)</code>"))
    }
    if let reason = session.outcome?.reason {
      rows.append(("Reason", "<code>\(reason.text)</code>"))
    }
    let destination: Markup =
      session.request.redirectURL.map { "<code>\($0.text)</code>" } ?? "nowhere: no redirect URL"
    rows.append(("Goes on to", destination))
    return """
      <section aria-labelledby="details">
      <h2 id="details">Details</h2>
      <dl>
      \(rows.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" as Markup })
      </dl>
      </section>
      """
  }

  private static func layout(title: String, _ content: Markup) -> Markup {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>\(title) (deepidv emulator)</title>
    <link rel="stylesheet" href="\(Stylesheet.path)">
    </head>
    <body>
    <header><p><strong>deepidv emulator</strong>
    Nothing is verified here. Use made-up data.</p></header>
    <main>
    <h1>\(title)</h1>
    \(content)
    </main>
    </body>
    </html>

    """
  }
}

extension Session {
  /// The applicant's whole name.
  fileprivate var applicant: String { "\(request.firstName) \(request.lastName)" }
}
