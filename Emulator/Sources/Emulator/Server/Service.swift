import FlyingFox
import Foundation

/// Takes every request and hands it to the part that answers it.
struct Service: HTTPHandler {
  let createSession: CreateSession
  let retrieveSession: RetrieveSession
  let listSessions: ListSessions
  let hostedPage: HostedPage
  let executions: Executions
  let time: TimeSource
  /// Where this emulator is reached.
  ///
  /// Known only once it listens, hence asked for at each use.
  let origin: @Sendable () async -> String

  init(
    settings: Settings, time: TimeSource = .system,
    origin: @escaping @Sendable () async -> String
  ) {
    let sessions = SessionStore()
    let account = Account(settings: settings)
    let organization = settings.organization
    createSession = CreateSession(
      account: account, sessions: sessions, workflows: Set(settings.workflows),
      organization: organization, time: time)
    retrieveSession = RetrieveSession(
      account: account, sessions: sessions, organization: organization, time: time)
    listSessions = ListSessions(
      account: account, sessions: sessions, organization: organization, time: time)
    hostedPage = HostedPage(sessions: sessions, time: time)
    executions = Executions(sessions: sessions)
    self.time = time
    self.origin = origin
  }

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    var response = try await response(to: request)
    // By the clock that made the times in the bodies: callers compare them.
    response.headers[.date] = HTTPDate.text(time.date())
    return request.method == .HEAD ? try await withoutBody(response) : response
  }

  private func response(to request: HTTPRequest) async throws -> HTTPResponse {
    let body: Data
    switch try await RequestBody(of: request) {
    case .whole(let data): body = data
    case .tooLarge: return tooLarge
    case .endless: return try await closing(tooLarge)
    }

    guard let route = Route(path: request.path) else { return Answer.error(.notFound, "Not found") }
    guard route.methods.contains(request.method) else {
      var refusal = Answer.error(.methodNotAllowed, "Method not allowed")
      refusal.headers[HTTPHeader("Allow")] = route.methods.map(\.rawValue).joined(separator: ", ")
      return refusal
    }
    do throws(Refusal) {
      return try await answer(request, on: route, body: body)
    } catch {
      return error.response
    }
  }

  private func answer(
    _ request: HTTPRequest, on route: Route, body: Data
  ) async throws(Refusal) -> HTTPResponse {
    switch route {
    case .sessions where request.method == .POST:
      return try await createSession.answer(request, body: body, origin: origin())
    case .sessions:
      return try await listSessions.answer(request)
    case .session(let id):
      return try await retrieveSession.answer(request, id: id)
    case .executions:
      return await executions.answer(request)
    case .hostedPage(let id):
      return await hostedPage.show(id)
    case .finishSession(let id):
      return await hostedPage.finish(id, body: body)
    case .stylesheet:
      return Answer.stylesheet(Stylesheet.source)
    }
  }

  /// Decided before the key is looked at, as by the gateway that stands before such a service.
  private var tooLarge: HTTPResponse {
    Answer.error(.payloadTooLarge, "The body is larger than 1 MiB")
  }

  private func closing(_ response: HTTPResponse) async throws -> HTTPResponse {
    let body = try await response.bodyData
    var closing = HTTPResponse(
      statusCode: response.statusCode, headers: response.headers,
      body: HTTPBodySequence(
        from: LastWords(bytes: Array(body)), count: body.count, suggestedBufferSize: body.count))
    closing.headers[.connection] = "close"
    return closing
  }

  /// The answer to HEAD: the headers of a GET, with the length its body would have had.
  private func withoutBody(_ response: HTTPResponse) async throws -> HTTPResponse {
    let length = try await response.bodyData.count
    var head = HTTPResponse(statusCode: response.statusCode, headers: response.headers)
    head.headers[.contentLength] = String(length)
    return head
  }
}
