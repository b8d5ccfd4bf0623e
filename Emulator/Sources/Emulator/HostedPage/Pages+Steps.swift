extension Pages {
  /// The list of steps, with texts for screen readers at completed ones.
  static func progress(at current: Step) -> Markup {
    var isAhead = false
    let items = Step.allCases.map { step -> Markup in
      if step == current {
        isAhead = true
        return """
          <li class="current" aria-current="step"><span>\(step.name)</span></li>
          """
      }
      return isAhead
        ? "<li><span>\(step.name)</span></li>"
        : "<li class=\"done\"><span>\(step.name)<span class=\"visually-hidden\">, done</span></span></li>"
    }
    return """
      <nav aria-label="Steps"><ol class="steps">
      \(items)
      </ol></nav>
      """
  }

  static func text(of step: Step, for session: Session) -> Markup {
    switch step {
    case .consent:
      """
      <p>Hello <bdi>\(session.applicant)</bdi>. \(requester(of: session)) asks you to verify your
      identity. On the real service, you would consent to the use of your data here.</p>
      """
    case .document:
      """
      <p>On the real service, you would photograph a passport, identity card or driving licence here.
      The emulator uses this specimen instead.</p>
      \(specimen(for: session))
      """
    case .selfie:
      """
      <p>On the real service, you would take a selfie here, to compare your face with the
      document. The emulator does not use your camera.</p>
      """
    case .review:
      """
      <p>This is what you would submit. The decision follows later.</p>
      \(Facts.list([
        ("Name", "<bdi>\(session.applicant)</bdi>"),
        ("Document", "a specimen"),
        ("Selfie", "a specimen"),
      ]))
      """
    }
  }

  private static func specimen(for session: Session) -> Markup {
    """
    <div class="specimen">
    <p class="kind">Specimen</p>
    <p><bdi>\(session.applicant)</bdi></p>
    <p class="number" aria-hidden="true">P&lt;SPECIMEN&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;</p>
    </div>
    """
  }

  /// The applicant's buttons: next, back and leave.
  static func stepButtons(from step: Step, in session: Session) -> Markup {
    let page = "/session/\(session.id)"
    let forward: Markup =
      if let next = step.next {
        """
        <form method="post" action="\(page)/step">
        <button class="primary" name="to" value="\(next.rawValue)">\(step.nextLabel)</button>
        </form>
        """
      } else {
        """
        <form method="post" action="\(page)/finish">
        <button class="primary" name="outcome" value="success">\(step.nextLabel)</button>
        </form>
        """
      }
    let back: Markup =
      if let previous = step.previous {
        """
        <form method="post" action="\(page)/step">
        <button class="quiet" name="to" value="\(previous.rawValue)">Back to \
        \(previous.name.lowercased())</button>
        </form>
        """
      } else {
        ""
      }
    return """
      \(forward)
      <div class="aside">
      \(back)
      <form method="post" action="\(page)/finish">
      <input type="hidden" name="reason" value="\(Reason.userCancelled.text)">
      <button class="quiet" name="outcome" value="abandoned">Leave</button>
      </form>
      </div>
      """
  }
}
