extension Pages {
  /// How far it is: what is done says so in words as well, for those who do not see the marks.
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
        : "<li class=\"done\"><span>\(step.name)<span class=\"unseen\">, done</span></span></li>"
    }
    return """
      <nav aria-label="Steps"><ol class="steps">
      \(items)
      </ol></nav>
      """
  }

  static func words(of step: Step, for session: Session) -> Markup {
    switch step {
    case .consent:
      """
      <p>Hello <bdi>\(session.applicant)</bdi>. \(asker(of: session)) asks you to verify who
      you are. On the real service you would agree here to your data being used for that.</p>
      """
    case .document:
      """
      <p>Here you would photograph a passport, an identity card or a driving licence. The emulator
      takes none: it pretends that this specimen was seen.</p>
      \(specimen(for: session))
      """
    case .selfie:
      """
      <p>Here you would look into the camera, so that your face can be compared with the one on the
      document. The emulator does not use your camera.</p>
      """
    case .review:
      """
      <p>This is what would be handed in. Whether it is verified is decided afterwards.</p>
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

  /// The buttons of the applicant: on, back, and away.
  static func stepButtons(from step: Step, in session: Session) -> Markup {
    let page = "/session/\(session.id)"
    let on: Markup =
      if let next = step.next {
        """
        <form method="post" action="\(page)/step">
        <button class="primary" name="to" value="\(next.rawValue)">\(step.consentingWords)</button>
        </form>
        """
      } else {
        """
        <form method="post" action="\(page)/finish">
        <button class="primary" name="outcome" value="success">\(step.consentingWords)</button>
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
      \(on)
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
