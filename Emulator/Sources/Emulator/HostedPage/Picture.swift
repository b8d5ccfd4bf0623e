/// The icons of the hosted page.
///
/// They repeat the text beside them, and are hidden from screen
/// readers.
enum Picture {
  static func of(_ step: Step) -> Markup {
    switch step {
    case .consent:
      drawing(
        "<path d=\"M24 5 41 11v12c0 11-7 17-17 20C14 40 7 34 7 23V11z\"/><path d=\"m16 24 6 6 11-12\"/>"
      )
    case .document:
      drawing(
        """
        <rect x="5" y="10" width="38" height="28" rx="4"/><circle cx="16" cy="21" r="4"/>
        <path d="M9.5 31c1-4 12-4 13 0M28 19h10M28 25h10M28 31h6"/>
        """)
    case .selfie:
      drawing(
        """
        <path d="M5 14V8a3 3 0 0 1 3-3h6M34 5h6a3 3 0 0 1 3 3v6M43 34v6a3 3 0 0 1-3 3h-6M14 43H8a3 3 0 0 1-3-3v-6"/>
        <circle cx="24" cy="19" r="6"/><path d="M12 36c2-10 22-10 24 0"/>
        """)
    case .review:
      drawing(
        """
        <path d="M12 7h24v36H12zM18 4h12v6H18z"/><path d="m17 27 5 5 9-10"/>
        """)
    }
  }

  static func ended(_ session: Session) -> Markup {
    guard let outcome = session.outcome else {
      return drawing("<circle cx=\"24\" cy=\"24\" r=\"19\"/><path d=\"M24 12v12l8 5\"/>")
    }
    return outcome.status == .success
      ? drawing("<circle cx=\"24\" cy=\"24\" r=\"19\"/><path d=\"m15 24 7 7 12-14\"/>")
      : drawing("<circle cx=\"24\" cy=\"24\" r=\"19\"/><path d=\"M13 24h22\"/>")
  }

  private static func drawing(_ strokes: Markup) -> Markup {
    """
    <svg class="picture" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true"
    focusable="false">\(strokes)</svg>
    """
  }
}
