import HTTP

/// The page or call of a path.
enum Route: Equatable {
  case sessions
  case session(id: String)
  case updateStatus(id: String)
  case hostedPage(id: String)
  case stepOfSession(id: String)
  case finishSession(id: String)
  case stylesheet
  /// A call of the control API, below `/emulator/`.
  case control(Control.Route)
  /// A page of the dashboard: `/`, and below `/dashboard/`.
  case dashboard(Dashboard.Route)

  init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if path == "/v1/sessions" {
      self = .sessions
    } else if path == Stylesheet.path {
      self = .stylesheet
    } else if parts.count == 4, parts[1] == "v1", parts[2] == "sessions", !parts[3].isEmpty {
      self = .session(id: parts[3])
    } else if parts.count == 5, parts[1] == "v1", parts[2] == "sessions", !parts[3].isEmpty,
      parts[4] == "update-status"
    {
      self = .updateStatus(id: parts[3])
    } else if parts.count == 3, parts[1] == "session", !parts[2].isEmpty {
      self = .hostedPage(id: parts[2])
    } else if parts.count == 4, parts[1] == "session", parts[3] == "step" {
      self = .stepOfSession(id: parts[2])
    } else if parts.count == 4, parts[1] == "session", parts[3] == "finish" {
      self = .finishSession(id: parts[2])
    } else if path == "/" {
      self = .dashboard(.sessions)
    } else if parts.count > 2, parts[1] == Dashboard.Route.prefix,
      let route = Dashboard.Route(Array(parts.dropFirst(2)))
    {
      self = .dashboard(route)
    } else if parts.count > 2, parts[1] == "emulator",
      let route = Control.Route(Array(parts.dropFirst(2)))
    {
      self = .control(route)
    } else {
      return nil
    }
  }

  /// The allowed methods, in the order of the `Allow` header.
  var methods: [HTTPMethod] {
    switch self {
    case .sessions: [.GET, .HEAD, .POST]
    case .stepOfSession, .finishSession: [.POST]
    case .updateStatus: [.PATCH]
    case .session, .hostedPage, .stylesheet: [.GET, .HEAD]
    case .control(let route): route.methods
    case .dashboard(let route): route.methods
    }
  }

  /// Whether it is a call of the API or of the control API, which programs use.
  var isCall: Bool {
    switch self {
    case .sessions, .session, .updateStatus, .control: true
    case .hostedPage, .stepOfSession, .finishSession, .stylesheet, .dashboard: false
    }
  }

  /// Whether it is an API call or an applicant's page, which the request log contains.
  var isLogged: Bool {
    switch self {
    case .sessions, .session, .updateStatus, .hostedPage, .stepOfSession, .finishSession: true
    case .stylesheet, .control, .dashboard: false
    }
  }
}
