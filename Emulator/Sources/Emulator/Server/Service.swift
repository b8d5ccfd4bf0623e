import FlyingFox
import Foundation

/// Takes every request and hands it to the part that answers it.
struct Service: HTTPHandler {
  private let emulation: Emulation
  private let connections: ConnectionGuard
  private let createSession: CreateSession
  private let retrieveSession: RetrieveSession
  private let listSessions: ListSessions
  private let updateStatus: UpdateStatus
  private let hostedPage: HostedPage
  private let control: Control
  private let dashboard: Dashboard
  private let host: TrustedHost

  init(_ emulation: Emulation, connections: ConnectionGuard = ConnectionGuard()) {
    self.emulation = emulation
    self.connections = connections
    createSession = CreateSession(emulation)
    retrieveSession = RetrieveSession(emulation: emulation)
    listSessions = ListSessions(emulation: emulation)
    updateStatus = UpdateStatus(emulation: emulation)
    hostedPage = HostedPage(emulation: emulation)
    control = Control(emulation: emulation)
    dashboard = Dashboard(emulation)
    host = TrustedHost(address: emulation.settings.address)
  }

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    connections.begin(request.remoteAddress)
    defer { connections.end(request.remoteAddress) }
    let start = emulation.time.steady()
    let now = emulation.now
    let answered = try await answered(request)
    var response = answered.response
    // By the clock that made the times in the bodies: callers compare them.
    response.headers[.date] = HTTPDate.text(now.date)
    if answered.isLogged {
      log(request, answered, at: now, took: emulation.time.steady() - start)
    }
    return request.method == .HEAD ? try await withoutBody(response) : response
  }

  /// An answer, and what the log says of it.
  private struct Answered {
    var response: HTTPResponse
    var bytesIn = 0
    var isLogged = false
    var fault: Fault?
  }

  private func answered(_ request: HTTPRequest) async throws -> Answered {
    if let refusal = tooLong(request) { return Answered(response: try await refusal.closing()) }
    let body: Data
    switch try await RequestBody(of: request) {
    case .whole(let data): body = data
    case .tooLarge: return Answered(response: tooLarge)
    case .endless: return Answered(response: try await tooLarge.closing())
    case .late:
      let refusal = Answer.error(.requestTimeout, "The body did not come in time")
      return Answered(response: try await refusal.closing())
    }

    let route = Route(path: request.path)
    var answered = Answered(
      response: HTTPResponse(statusCode: .ok), bytesIn: body.count,
      isLogged: route?.isOfTheService ?? false)
    answered.fault = emulation.takeFault(method: request.method.rawValue, path: request.path)
    answered.response =
      if let fault = answered.fault {
        try await response(to: request, on: route, body: body, under: fault)
      } else {
        response(to: request, on: route, body: body)
      }
    return answered
  }

  private func response(
    to request: HTTPRequest, on route: Route?, body: Data
  ) -> HTTPResponse {
    guard let route else { return Answer.error(.notFound, "Not found") }
    guard route.methods.contains(request.method) else {
      var refusal = Answer.error(.methodNotAllowed, "Method not allowed")
      refusal.headers[HTTPHeader("Allow")] = route.methods.map(\.rawValue).joined(separator: ", ")
      return refusal
    }
    do throws(Refusal) {
      return try answer(request, on: route, body: body)
    } catch {
      return error.response
    }
  }

  private func answer(
    _ request: HTTPRequest, on route: Route, body: Data
  ) throws(Refusal) -> HTTPResponse {
    switch route {
    case .sessions where request.method == .POST:
      return try createSession.answer(request, body: body)
    case .sessions:
      return try listSessions.answer(request)
    case .session(let id):
      return try retrieveSession.answer(request, id: id)
    case .updateStatus(let id):
      return try updateStatus.answer(request, id: id, body: body)
    case .hostedPage(let id):
      return hostedPage.show(id)
    case .stepOfSession(let id):
      return hostedPage.move(id, body: body)
    case .finishSession(let id):
      return hostedPage.finish(id, body: body)
    case .stylesheet:
      return Answer.stylesheet(Stylesheet.source)
    case .control(let route):
      guard host.allows(request) else {
        return Answer.error(.forbidden, "Call it by the name localhost, or by its address")
      }
      return control.answer(request, on: route, body: body)
    case .dashboard(let route):
      return dashboard.answer(request, on: route, body: body)
    }
  }
}

extension Service {
  /// The answer to a call that something goes wrong with.
  private func response(
    to request: HTTPRequest, on route: Route?, body: Data, under fault: Fault
  ) async throws -> HTTPResponse {
    if case .wait(let milliseconds) = fault.kind {
      let usual = fault.executes ? response(to: request, on: route, body: body) : nil
      try await Task.sleep(for: .milliseconds(milliseconds))
      return usual ?? response(to: request, on: route, body: body)
    }
    let usual = fault.executes ? response(to: request, on: route, body: body) : nil
    let connection = Connection(from: request.remoteAddress)
    switch fault.kind {
    case .status(let code, let contentType, let text, let headers):
      var answer = Answer.response(
        HTTPStatusCode(code, phrase: Fault.phrase(of: code)), contentType, Data(text.utf8))
      for (name, value) in headers { answer.headers[HTTPHeader(name)] = value }
      return answer
    case .wait: break
    case .close: connection?.end()
    case .reset: connection?.reset()
    case .cut: return try await (usual ?? tooLarge).closing(after: 0.5)
    case .garbage:
      connection?.send(Fault.garbage)
      connection?.end()
    }
    // Nobody hears it any more.
    return try await Answer.text(.internalServerError, "").closing()
  }

  private func log(
    _ request: HTTPRequest, _ answered: Answered, at now: Clock.Moment, took: Duration
  ) {
    let isAnswered = answered.fault?.isAnswered ?? true
    let size = Int(answered.response.headers[.contentLength] ?? "") ?? answered.response.size
    emulation.log(
      LoggedRequest(
        at: now.date, method: String(request.method.rawValue.prefix(20)),
        target: String(request.target.rawValue.prefix(LoggedRequest.longestTarget)),
        status: isAnswered ? answered.response.statusCode.code : nil,
        microseconds: Int(took / .microseconds(1)),
        key: request.headers[HTTPHeader("x-api-key")].map(LoggedRequest.redacted),
        bytesIn: answered.bytesIn, bytesOut: isAnswered ? size : 0, fault: answered.fault?.name))
  }

  /// The refusal of a request whose head is beyond any use.
  private func tooLong(_ request: HTTPRequest) -> HTTPResponse? {
    if request.target.rawValue.utf8.count > Service.longestTarget {
      return Answer.error(
        HTTPStatusCode(414, phrase: "URI Too Long"), "The target is longer than 8 KiB")
    }
    let size = request.headers.reduce(0) { $0 + $1.key.rawValue.utf8.count + $1.value.utf8.count }
    if size > Service.longestHeaders {
      return Answer.error(
        HTTPStatusCode(431, phrase: "Request Header Fields Too Large"),
        "The header is longer than 16 KiB")
    }
    return nil
  }

  private static let longestTarget = 8 << 10
  private static let longestHeaders = 16 << 10

  /// Decided before the key is looked at, as by the gateway that stands before such a service.
  private var tooLarge: HTTPResponse {
    Answer.error(.payloadTooLarge, "The body is larger than 1 MiB")
  }

  /// The answer to HEAD: the headers of a GET, with the length its body would have had.
  private func withoutBody(_ response: HTTPResponse) async throws -> HTTPResponse {
    let length = try await response.bodyData.count
    var head = HTTPResponse(statusCode: response.statusCode, headers: response.headers)
    head.headers[.contentLength] = String(length)
    return head
  }
}

extension HTTPResponse {
  /// How long its body is.
  fileprivate var size: Int {
    if case .httpBody(let body) = payload { body.count ?? 0 } else { 0 }
  }
}
