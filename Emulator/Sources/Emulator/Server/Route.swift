import FlyingFox

/// Which page or call a path stands for.
enum Route: Equatable {
  case sessions
  case session(id: String)
  case hostedPage(id: String)
  case finishSession(id: String)
  case stylesheet
  case executions

  init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if path == "/v1/sessions" {
      self = .sessions
    } else if path == "/emulator/executions" {
      self = .executions
    } else if path == Stylesheet.path {
      self = .stylesheet
    } else if parts.count == 4, parts[1] == "v1", parts[2] == "sessions", !parts[3].isEmpty {
      self = .session(id: parts[3])
    } else if parts.count == 3, parts[1] == "session", !parts[2].isEmpty {
      self = .hostedPage(id: parts[2])
    } else if parts.count == 4, parts[1] == "session", parts[3] == "finish" {
      self = .finishSession(id: parts[2])
    } else {
      return nil
    }
  }

  /// The methods it takes, in the order they are listed in `Allow`.
  var methods: [HTTPMethod] {
    switch self {
    case .sessions: [.GET, .HEAD, .POST]
    case .finishSession: [.POST]
    case .session, .hostedPage, .stylesheet, .executions: [.GET, .HEAD]
    }
  }
}
