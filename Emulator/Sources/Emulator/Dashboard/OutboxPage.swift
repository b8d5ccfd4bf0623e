import Foundation

extension Dashboard {
  /// The e-mails and text messages that the service would have sent.
  func outboxPage(_ frame: Frame) -> Markup {
    let messages = emulation.outbox(session: frame["session"], limit: 100, origin: origin)
    return frame.markup(
      title: "Outbox", tab: .outbox, canRefresh: true,
      messages.isEmpty
        ? Example.empty(
          title: "No messages yet",
          text: """
            The emulator sends nothing. Messages that the service would send appear here, unless
            <code>send_email_invite</code> and <code>send_phone_invite</code> are false:
            """,
          command: Example.create(emulation, origin: origin))
        : """
        <p>These messages were not sent. The real service would have sent them.</p>
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
      <p class="hint"><a href="\(Dashboard.path(to: message.sessionID))">View session</a></p>
      </li>
      """
  }
}
