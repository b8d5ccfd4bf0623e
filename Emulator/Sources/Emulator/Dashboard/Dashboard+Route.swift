import HTTP

extension Dashboard {
  /// The pages and forms of the dashboard.
  enum Route: Equatable {
    case sessions
    case session(id: String)
    case decide(session: String)
    case requests
    case outbox
    case webhooks
    case removeWebhook(id: String)
    case delivery(id: String)
    case send(delivery: String)
    case clock
    case faults
    case clearFaults
    case settings
    case tokens(organization: String)

    static let prefix = "dashboard"

    /// `parts` are the path components after `/dashboard/`; empty for `/`.
    init?(_ parts: [String]) {
      switch (parts.first, parts.count) {
      case (nil, _): self = .sessions
      case ("sessions", 2) where !parts[1].isEmpty: self = .session(id: parts[1])
      case ("sessions", 3) where parts[2] == "decide": self = .decide(session: parts[1])
      case ("requests", 1): self = .requests
      case ("outbox", 1): self = .outbox
      case ("webhooks", 1): self = .webhooks
      case ("webhooks", 3) where parts[2] == "remove": self = .removeWebhook(id: parts[1])
      case ("deliveries", 2) where !parts[1].isEmpty: self = .delivery(id: parts[1])
      case ("deliveries", 3) where parts[2] == "send": self = .send(delivery: parts[1])
      case ("clock", 1): self = .clock
      case ("faults", 1): self = .faults
      case ("faults", 2) where parts[1] == "clear": self = .clearFaults
      case ("settings", 1): self = .settings
      case ("accounts", 3) where parts[2] == "tokens": self = .tokens(organization: parts[1])
      default: return nil
      }
    }

    /// The allowed methods, in the order of the `Allow` header.
    var methods: [HTTPMethod] {
      switch self {
      case .sessions, .session, .requests, .outbox, .delivery: [.GET, .HEAD]
      case .webhooks, .clock, .faults, .settings: [.GET, .HEAD, .POST]
      case .decide, .removeWebhook, .send, .clearFaults, .tokens: [.POST]
      }
    }
  }
}
