import FlyingFox
import Foundation

/// Routes every request to its handler.
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
    let handled = try await handled(request)
    var response = handled.response
    // The emulator's clock, like the times in bodies, so that callers can compare them.
    response.headers[.date] = HTTPDate.text(now.date)
    if handled.isLogged {
      log(request, handled, at: now, took: emulation.time.steady() - start)
    }
    return request.method == .HEAD ? try await withoutBody(response) : response
  }

  /// A response, with data for the request log.
  private struct Handled {
    var response: HTTPResponse
    var bytesIn = 0
    var isLogged = false
    var fault: Fault?
  }

  private func handled(_ request: HTTPRequest) async throws -> Handled {
    if let refusal = tooLong(request) { return Handled(response: try await refusal.closing()) }
    let body: Data
    switch try await RequestBody(of: request) {
    case .whole(let data): body = data
    case .tooLarge: return Handled(response: tooLarge)
    case .endless: return Handled(response: try await tooLarge.closing())
    case .late:
      let refusal = Response.error(.requestTimeout, "The body did not arrive in time")
      return Handled(response: try await refusal.closing())
    }

    let route = Route(path: request.path)
    var handled = Handled(
      response: HTTPResponse(statusCode: .ok), bytesIn: body.count,
      isLogged: route?.isLogged ?? false)
    handled.fault = emulation.takeFault(method: request.method.rawValue, path: request.path)
    handled.response =
      if let fault = handled.fault {
        try await response(to: request, on: route, body: body, under: fault)
      } else {
        response(to: request, on: route, body: body)
      }
    return handled
  }

  private func response(
    to request: HTTPRequest, on route: Route?, body: Data
  ) -> HTTPResponse {
    guard let route else { return Response.error(.notFound, "Not found") }
    guard route.methods.contains(request.method) else {
      var refusal = Response.error(.methodNotAllowed, "Method not allowed")
      refusal.headers[HTTPHeader("Allow")] = route.methods.map(\.rawValue).joined(separator: ", ")
      return refusal
    }
    do throws(Refusal) {
      return try respond(to: request, on: route, body: body)
    } catch {
      return error.response
    }
  }

  private func respond(
    to request: HTTPRequest, on route: Route, body: Data
  ) throws(Refusal) -> HTTPResponse {
    switch route {
    case .sessions where request.method == .POST:
      return try createSession.respond(to: request, body: body)
    case .sessions:
      return try listSessions.respond(to: request)
    case .session(let id):
      return try retrieveSession.respond(to: request, id: id)
    case .updateStatus(let id):
      return try updateStatus.respond(to: request, id: id, body: body)
    case .hostedPage(let id):
      return hostedPage.show(id)
    case .stepOfSession(let id):
      return hostedPage.move(id, body: body)
    case .finishSession(let id):
      return hostedPage.finish(id, body: body)
    case .stylesheet:
      return Response.stylesheet(Stylesheet.source)
    case .control(let route):
      guard host.allows(request) else {
        return Response.error(.forbidden, "Use localhost or the IP address in the URL")
      }
      return control.respond(to: request, on: route, body: body)
    case .dashboard(let route):
      return dashboard.respond(to: request, on: route, body: body)
    }
  }
}

extension Service {
  /// The response to a call with an injected fault.
  private func response(
    to request: HTTPRequest, on route: Route?, body: Data, under fault: Fault
  ) async throws -> HTTPResponse {
    if case .wait(let milliseconds) = fault.kind {
      let normal = fault.executes ? response(to: request, on: route, body: body) : nil
      try await Task.sleep(for: .milliseconds(milliseconds))
      return normal ?? response(to: request, on: route, body: body)
    }
    let normal = fault.executes ? response(to: request, on: route, body: body) : nil
    let connection = Connection(from: request.remoteAddress)
    switch fault.kind {
    case .status(let code, let contentType, let text, let headers):
      var response = Response.response(
        HTTPStatusCode(code, phrase: Fault.phrase(of: code)), contentType: contentType,
        body: Data(text.utf8))
      for (name, value) in headers { response.headers[HTTPHeader(name)] = value }
      return response
    case .wait: break
    case .close: connection?.shutDown()
    case .reset: connection?.reset()
    case .cut: return try await (normal ?? tooLarge).closing(after: 0.5)
    case .garbage:
      connection?.send(Fault.garbage)
      connection?.shutDown()
    }
    // Not sent: the connection is closed.
    return try await Response.text(.internalServerError, "").closing()
  }

  private func log(
    _ request: HTTPRequest, _ handled: Handled, at now: Clock.Moment, took: Duration
  ) {
    let sendsStatus = handled.fault?.sendsStatus ?? true
    let size = Int(handled.response.headers[.contentLength] ?? "") ?? handled.response.size
    emulation.log(
      LoggedRequest(
        at: now.date, method: String(request.method.rawValue.prefix(20)),
        target: String(request.target.rawValue.prefix(LoggedRequest.maxTargetSize)),
        status: sendsStatus ? handled.response.statusCode.code : nil,
        microseconds: Int(took / .microseconds(1)),
        key: request.headers[HTTPHeader("x-api-key")].map(LoggedRequest.redacted),
        bytesIn: handled.bytesIn, bytesOut: sendsStatus ? size : 0, fault: handled.fault?.name))
  }

  /// The error for a target or header that is too long; nil otherwise.
  private func tooLong(_ request: HTTPRequest) -> HTTPResponse? {
    if request.target.rawValue.utf8.count > Service.maxTargetSize {
      return Response.error(
        HTTPStatusCode(414, phrase: "URI Too Long"), "The target is longer than 8 KiB")
    }
    let size = request.headers.reduce(0) { $0 + $1.key.rawValue.utf8.count + $1.value.utf8.count }
    if size > Service.maxHeaderSize {
      return Response.error(
        HTTPStatusCode(431, phrase: "Request Header Fields Too Large"),
        "The header is longer than 16 KiB")
    }
    return nil
  }

  private static let maxTargetSize = 8 << 10
  private static let maxHeaderSize = 16 << 10

  /// The error for a body that is too large.
  ///
  /// It comes before the check of the key, as from a gateway in front of a service.
  private var tooLarge: HTTPResponse {
    Response.error(.payloadTooLarge, "The body is larger than 1 MiB")
  }

  /// The response to HEAD: the headers of a GET, with its `Content-Length`.
  private func withoutBody(_ response: HTTPResponse) async throws -> HTTPResponse {
    let length = try await response.bodyData.count
    var head = HTTPResponse(statusCode: response.statusCode, headers: response.headers)
    head.headers[.contentLength] = String(length)
    return head
  }
}

extension HTTPResponse {
  /// The size of the body.
  fileprivate var size: Int {
    if case .httpBody(let body) = payload { body.count ?? 0 } else { 0 }
  }
}
