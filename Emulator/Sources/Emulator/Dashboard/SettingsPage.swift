import Foundation

extension Dashboard {
  /// The page of accounts and open questions.
  func settingsPage(_ frame: Frame) -> Markup {
    frame.markup(
      title: "Settings", tab: .settings,
      """
      <section aria-labelledby="accounts">
      <h2 id="accounts">Accounts</h2>
      \(Table.markup(
        caption: "Accounts", columns: ["Account", "Keys", "Calls today", "Tokens left"],
        rows: emulation.balances().map(row)))
      </section>
      <section class="card" aria-labelledby="open">
      <h2 id="open">Open questions</h2>
      <p>The service's public documentation is contradictory or silent on these points. Your code
      should work with every value. The first value is the default; the option
      <code>--open NAME=VALUE</code> selects another one at startup.</p>
      <form method="post" action="/\(Route.prefix)/settings">
      <div class="questions">
      \(OpenQuestion.all.map(question))
      </div>
      <button class="primary">Save</button>
      </form>
      </section>
      """)
  }

  private func row(_ balance: Emulation.Balance) -> [Markup] {
    let limit = balance.callsADay > 0 ? " of \(balance.callsADay)" : ""
    return [
      "<code>\(balance.organization)</code>",
      """
      \(balance.keys.map {
        "<span><code>\($0.key)</code>\($0.isTest ? " (test)" : "")</span>" as Markup
      })
      """,
      "\(String(balance.callsToday))\(limit)",
      """
      <form method="post" class="line"
      action="/\(Route.prefix)/accounts/\(PercentEncoding.encode(balance.organization))/tokens">
      <input name="tokens" type="number" min="0" max="1000000000" required
      value="\(String(balance.tokens))" aria-label="Tokens of \(balance.organization)">
      <button class="small">Set</button>
      </form>
      """,
    ]
  }

  private func question(_ question: OpenQuestion) -> Markup {
    let current = question.reading(emulation.readings)
    return """
      <div>
      <label for="\(question.name)"><code>\(question.name)</code> <span>\(question.about)</span></label>
      <select id="\(question.name)" name="\(question.name)">
      \(question.values.map { value in
        "<option\(value == current ? " selected" : "" as Markup)>\(value)</option>" as Markup
      })
      </select>
      </div>
      """
  }
}
