import HTTP

extension Control {
  /// The calls of the control API, below `/emulator/`.
  enum Route: Equatable {
    case executions
    case sessions
    case session(id: String)
    case finish(id: String)
    case outbox
    case webhooks
    case webhook(id: String)
    case deliveries
    case delivery(id: String)
    case send(id: String)
    case clock
    case faults
    case requests
    case accounts
    case account(organization: String)
    case open
    case reset

    init?(_ parts: [String]) {
      switch (parts.first, parts.count) {
      case ("executions", 1): self = .executions
      case ("sessions", 1): self = .sessions
      case ("sessions", 2) where !parts[1].isEmpty: self = .session(id: parts[1])
      case ("sessions", 3) where parts[2] == "finish": self = .finish(id: parts[1])
      case ("outbox", 1): self = .outbox
      case ("webhooks", 1): self = .webhooks
      case ("webhooks", 2) where !parts[1].isEmpty: self = .webhook(id: parts[1])
      case ("deliveries", 1): self = .deliveries
      case ("deliveries", 2) where !parts[1].isEmpty: self = .delivery(id: parts[1])
      case ("deliveries", 3) where parts[2] == "send": self = .send(id: parts[1])
      case ("clock", 1): self = .clock
      case ("faults", 1): self = .faults
      case ("requests", 1): self = .requests
      case ("accounts", 1): self = .accounts
      case ("accounts", 2) where !parts[1].isEmpty: self = .account(organization: parts[1])
      case ("open", 1): self = .open
      case ("reset", 1): self = .reset
      default: return nil
      }
    }

    /// The allowed methods, in the order of the `Allow` header.
    var methods: [HTTPMethod] {
      switch self {
      case .executions, .sessions, .session, .outbox, .deliveries, .delivery, .requests, .accounts:
        [.GET, .HEAD]
      case .webhooks, .clock: [.GET, .HEAD, .POST]
      case .faults: [.GET, .HEAD, .POST, .DELETE]
      case .open: [.GET, .HEAD, .PATCH]
      case .webhook: [.DELETE]
      case .account: [.PATCH]
      case .finish, .send, .reset: [.POST]
      }
    }
  }
}
