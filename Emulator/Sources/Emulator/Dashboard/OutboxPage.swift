import Foundation

extension Dashboard {
  /// The e-mails and text messages that the service would have sent.
  func outboxPage(_ frame: Frame) -> Markup {
    let messages = emulation.outbox(session: frame["session"], limit: 100)
    return frame.markup(
      title: "Outbox", tab: .outbox, canRefresh: true,
      messages.isEmpty
        ? Example.empty(
          "No message yet",
          """
          Nothing is ever sent from here. What the service would send is kept, unless
          <code>send_email_invite</code> and <code>send_phone_invite</code> are false:
          """,
          Example.create(emulation))
        : """
        <p>Nothing was sent: this is what the service would have sent.</p>
        <ul class="messages">
        \(messages.map(card))
        </ul>
        """)
  }

  private func card(_ message: Message) -> Markup {
    let body = message.text.replacing(message.link, with: "").trimmingCharacters(
      in: .whitespacesAndNewlines)
    return """
      <li class="card" id="\(message.id)">
      <p class="to">\(Badge.markup(message.channel == .email ? "E-mail" : "SMS", .plain))
      <span>to <bdi>\(message.to)</bdi></span> \(Moment.markup(message.sentAt))</p>
      \(message.subject.map { "<h2>\($0)</h2>" as Markup } ?? "")
      <p class="text">\(body)</p>
      <p class="link"><a href="\(message.link)">\(message.link)</a></p>
      <p class="hint"><a href="\(Dashboard.path(to: message.sessionID))">Its session</a></p>
      </li>
      """
  }
}
