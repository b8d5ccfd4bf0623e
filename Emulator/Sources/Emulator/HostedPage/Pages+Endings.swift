extension Pages {
  /// Buttons for all outcomes at any step, which the real service does not have.
  static func endings(of session: Session) -> Markup {
    let action: Markup = "/session/\(session.id)/finish"
    return """
      <aside class="endings" aria-labelledby="endings">
      <h2 id="endings">Choose an outcome</h2>
      <p>Only the emulator has these buttons. They end the session and redirect the browser as the service would.</p>
      <form method="post" action="\(action)">
      <h3 id="complete">Success</h3>
      <button name="outcome" value="success" aria-describedby="complete-words">success</button>
      <p id="complete-words" class="hint">The applicant submitted everything. This does not mean verified.</p>
      </form>
      <form method="post" action="\(action)" aria-labelledby="fail">
      <h3 id="fail">Failed</h3>
      <input type="hidden" name="outcome" value="failed">
      <div class="choices">
      \(documentedReasons.map(button))
      </div>
      </form>
      <form method="post" action="\(action)" aria-labelledby="leave">
      <h3 id="leave">Abandoned</h3>
      <input type="hidden" name="outcome" value="abandoned">
      <div class="choices">
      \(button(.userCancelled))
      </div>
      </form>
      <form method="post" action="\(action)" aria-labelledby="other">
      <h3 id="other">Undocumented reason</h3>
      <p class="hint">The service may add reasons at any time. Test that your code accepts one.</p>
      <div class="line">
      <div><label for="outcome">Outcome</label>
      <select id="outcome" name="outcome">
      <option>failed</option>
      <option>abandoned</option>
      </select></div>
      <div class="wide"><label for="reason">Reason</label>
      <input id="reason" name="reason" value="\(Reason.documentExpired.text)" required
      pattern="[a-z0-9_]+" maxlength="64" autocomplete="off" autocapitalize="none"
      spellcheck="false" aria-describedby="reason-rule"></div>
      <button>End session</button>
      </div>
      <p id="reason-rule" class="hint">1 to 64 characters: <code>a-z</code>, <code>0-9</code> and
      <code>_</code>.</p>
      </form>
      </aside>
      """
  }

  private static let documentedReasons: [Reason] = [
    .documentUnreadable, .faceMismatch, .sessionExpired, .internalError, .unknown,
  ]

  private static func button(_ reason: Reason) -> Markup {
    "<button name=\"reason\" value=\"\(reason.text)\">\(reason.text)</button>"
  }
}
