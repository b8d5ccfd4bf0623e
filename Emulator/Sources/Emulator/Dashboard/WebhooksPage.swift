import Foundation

extension Dashboard {
  /// The page of endpoints and deliveries.
  func webhooksPage(_ frame: Frame) -> Markup {
    let endpoints = emulation.endpoints()
    let deliveries = emulation.deliveries(limit: 100)
    return frame.markup(
      title: "Webhooks", tab: .webhooks, canRefresh: true,
      """
      \(endpoints.isEmpty ? noEndpoint : endpointsTable(endpoints))
      \(endpointForm)
      <section aria-labelledby="deliveries">
      <h2 id="deliveries">Deliveries</h2>
      \(deliveries.isEmpty ? noDelivery : deliveriesTable(deliveries))
      </section>
      """)
  }

  private func endpointsTable(_ endpoints: [Endpoint]) -> Markup {
    Table.markup(
      caption: "Endpoints", columns: ["Endpoint", "Events", "Signing secret", ""],
      rows: endpoints.map { endpoint in
        [
          "<code>\(endpoint.url)</code>",
          endpoint.types.isEmpty ? "all" : "\(endpoint.types.joined(separator: ", "))",
          """
          <details><summary>Show the secret of \(endpoint.url)</summary>
          <code>\(endpoint.secret)</code></details>
          """,
          """
          <form method="post" action="/\(Route.prefix)/webhooks/\(endpoint.id)/remove">
          <button class="small" aria-label="Remove \(endpoint.url)">Remove</button>
          </form>
          """,
        ]
      })
  }

  private var noEndpoint: Markup {
    Example.empty(
      title: "No webhooks registered",
      text: """
        Register an endpoint below, with the option <code>--webhook URL</code>, or with this call:
        """,
      command: Example.controlCall(
        to: "webhooks", body: #"{"url": "http://127.0.0.1:9000/webhook"}"#, origin: origin))
  }

  private var noDelivery: Markup {
    """
    <p>None yet. Each webhook gets a delivery when a session is created, submitted, failed, verified
    or rejected.</p>
    """
  }

  private var endpointForm: Markup {
    """
    <details class="card"\(emulation.endpoints().isEmpty ? " open" : "")>
    <summary>Register an endpoint</summary>
    <form method="post" action="/\(Route.prefix)/webhooks">
    <label for="url">URL</label>
    <input id="url" name="url" type="url" required placeholder="http://127.0.0.1:9000/webhook">
    <label for="secret">Signing secret</label>
    <input id="secret" name="secret" autocomplete="off" spellcheck="false"
    aria-describedby="secret-rule">
    <p id="secret-rule" class="hint">Sent unchanged in the <code>deepidv-signature</code> header.
    Leave empty to generate one.</p>
    <fieldset><legend>Events (none selected means all)</legend>
    \(WebhookType.all.map { type in
      "<label class=\"check\"><input type=\"checkbox\" name=\"\(type)\"> <code>\(type)</code></label>"
        as Markup
    })
    </fieldset>
    <button class="primary">Register</button>
    </form>
    </details>
    """
  }

  /// A table of deliveries, of one session or of all.
  func deliveriesTable(_ deliveries: [Delivery], namesSession: Bool = true) -> Markup {
    let columns = ["Event", "Status", "Attempts", "Last response", "Session", "Time", ""]
    return Table.markup(
      caption: "Deliveries", columns: columns.filter { namesSession || $0 != "Session" },
      rows: deliveries.map { delivery in
        [
          "<a href=\"\(Dashboard.path(toDelivery: delivery.id))\">\(delivery.type)</a>",
          "\(Badge.markup(delivery.status))\(next(delivery))",
          "\(String(delivery.attempts.count))",
          delivery.attempts.last.map(response) ?? Dashboard.nothing,
          namesSession ? link(toSessionOf: delivery) : nil,
          Moment.markup(delivery.createdAt),
          sendButtons(delivery, isSmall: true),
        ].compactMap(\.self)
      })
  }

  private func link(toSessionOf delivery: Delivery) -> Markup {
    "<a href=\"\(Dashboard.path(to: delivery.sessionID))\"><code>\(delivery.sessionID)</code></a>"
  }

  private func next(_ delivery: Delivery) -> Markup {
    guard let due = delivery.dueAt, !delivery.attempts.isEmpty else { return "" }
    return "<span class=\"under\">next at \(Moment.markup(due))</span>"
  }

  private func response(_ attempt: Delivery.Attempt) -> Markup {
    """
    \(Badge.markup(status: attempt.status)) \(String(attempt.milliseconds)) ms\
    \(attempt.problem.map { "<span class=\"under\">\($0)</span>" as Markup } ?? "")
    """
  }

  private func sendButtons(_ delivery: Delivery, isSmall: Bool) -> Markup {
    """
    <form method="post" action="\(Dashboard.path(toDelivery: delivery.id))/send" class="pair">
    <button class="\(isSmall ? "small" : "")" name="times" value="1">\(isSmall ? "Resend" : "Send again")</button>
    <button class="\(isSmall ? "small" : "")" name="times" value="2">\(isSmall ? "Send 2×" : "Send twice")</button>
    </form>
    """
  }

  static func path(toDelivery id: String) -> Markup { "/\(Route.prefix)/deliveries/\(id)" }

  /// The page of one delivery, with its body and all attempts.
  func deliveryPage(_ id: String, _ frame: Frame) throws(Missing) -> Markup {
    guard let delivery = emulation.delivery(id) else { throw Missing(what: "delivery") }
    let endpoint = emulation.endpoints().first { $0.id == delivery.endpointID }
    return frame.markup(
      title: delivery.type, tab: .webhooks,
      """
      <section class="card" aria-labelledby="facts">
      <h2 id="facts">Delivery</h2>
      \(Facts.list([
        ("Status", "\(Badge.markup(delivery.status))\(next(delivery))"),
        ("Endpoint", endpoint.map { "<code>\($0.url)</code>" } ?? "removed"),
        ("Session", link(toSessionOf: delivery)),
        ("Queued", Moment.markup(delivery.createdAt)),
      ]))
      \(sendButtons(delivery, isSmall: false))
      <p class="hint">Receivers must expect repeats. Detect them by <code>type</code>,
      <code>data.id</code> and <code>data.updated_at</code>.</p>
      </section>
      <section aria-labelledby="attempts">
      <h2 id="attempts">Attempts</h2>
      \(delivery.attempts.isEmpty ? "<p>None yet.</p>" : attemptsTable(delivery))
      </section>
      <section aria-labelledby="body">
      <h2 id="body">Body</h2>
      \(Example.block(Dashboard.indented(delivery.body)))
      </section>
      """)
  }

  private func attemptsTable(_ delivery: Delivery) -> Markup {
    Table.markup(
      caption: "Attempts", columns: ["Time", "Response"],
      rows: delivery.attempts.reversed().map { [Moment.markup($0.at), response($0)] })
  }

  /// Indented JSON; unchanged if it is not JSON.
  private static func indented(_ body: Data) -> String {
    let options: JSONSerialization.WritingOptions = [
      .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
    ]
    guard let value = try? JSONSerialization.jsonObject(with: body),
      let text = try? JSONSerialization.data(withJSONObject: value, options: options)
    else { return String(decoding: body, as: UTF8.self) }
    return String(decoding: text, as: UTF8.self)
  }
}
