import Foundation
import HTTP

/// Routes every request to its handler.
struct Service: HTTPHandler {
  private let emulation: Emulation
  private let hosts: OwnHosts
  private let crossOrigin: CrossOrigin
  private let createSession: CreateSession

  init(_ emulation: Emulation) {
    self.emulation = emulation
    hosts = OwnHosts(emulation.settings)
    crossOrigin = CrossOrigin(origins: emulation.settings.allowedOrigins)
    createSession = CreateSession(emulation)
  }

  /// One request, with what its response depends on.
  struct Call: Sendable {
    let request: HTTPRequest
    let route: Route?
    /// The origin of links in the response.
    let origin: String
    let body: Data
    let began: Duration
    let now: Clock.Moment
  }

  func answer(to request: HTTPRequest) -> HTTPAnswer {
    let route = Route(path: request.path)
    let origin = hosts.origin(for: request)
    let call = Call(
      request: request, route: route, origin: origin ?? "", body: Data(request.body),
      began: emulation.time.steady(), now: emulation.now)
    guard origin != nil else {
      let refusal = Response.error(.forbidden, OwnHosts.refusal, for: request)
      return .response(finished(refusal, of: call))
    }
    if let answer = crossOrigin.answerToPreflight(request, on: route) {
      return .response(finished(answer, of: call, isLogged: false))
    }
    if let fault = emulation.takeFault(method: request.method.rawValue, path: request.path) {
      return answer(to: call, under: fault)
    }
    return .response(finished(response(to: call), of: call))
  }

  func refusal(of problem: HTTPProblem) -> HTTPResponse {
    let refusal =
      switch problem {
      case .malformed: Response.error(.badRequest, "This is not a valid HTTP request")
      case .targetTooLong: Response.error(.uriTooLong, "The target is longer than 8 KiB")
      case .headerTooLarge:
        Response.error(.requestHeaderFieldsTooLarge, "The header is longer than 16 KiB")
      // Before the check of the key, as by a gateway in front of a service.
      case .bodyTooLarge: Response.error(.payloadTooLarge, "The body is larger than 1 MiB")
      case .late: Response.error(.requestTimeout, "The request did not arrive in time")
      }
    return dated(refusal, at: emulation.now)
  }
}

extension Service {
  /// The response without a fault.
  func response(to call: Call) -> HTTPResponse {
    guard let route = call.route else {
      return Response.error(.notFound, "Not found", for: call.request)
    }
    guard route.methods.contains(call.request.method) else {
      var refusal = Response.error(.methodNotAllowed, "Method not allowed", for: call.request)
      refusal.headers.add(
        name: "Allow", value: route.methods.map(\.rawValue).joined(separator: ", "))
      return refusal
    }
    do throws(Refusal) {
      return try respond(to: call, on: route)
    } catch {
      return error.response
    }
  }

  private func respond(to call: Call, on route: Route) throws(Refusal) -> HTTPResponse {
    let (request, body) = (call.request, call.body)
    switch route {
    case .sessions where request.method == .POST:
      return try createSession.respond(to: request, body: body, origin: call.origin)
    case .sessions:
      return try ListSessions(emulation: emulation).respond(to: request)
    case .session(let id):
      return try RetrieveSession(emulation: emulation).respond(to: request, id: id)
    case .updateStatus(let id):
      return try UpdateStatus(emulation: emulation).respond(to: request, id: id, body: body)
    case .hostedPage(let id):
      return HostedPage(emulation: emulation).show(id)
    case .stepOfSession(let id):
      return HostedPage(emulation: emulation).move(id, body: body)
    case .finishSession(let id):
      return HostedPage(emulation: emulation).finish(id, body: body)
    case .stylesheet:
      return Response.stylesheet(Stylesheet.source)
    case .control(let route):
      return Control(emulation: emulation, origin: call.origin)
        .respond(to: request, on: route, body: body)
    case .dashboard(let route):
      return Dashboard(emulation: emulation, origin: call.origin)
        .respond(to: request, on: route, body: body)
    }
  }

  /// Adds the headers that all responses have, and logs the call.
  func finished(
    _ response: HTTPResponse, of call: Call, under fault: Fault? = nil, isLogged: Bool = true
  ) -> HTTPResponse {
    var response = dated(response, at: call.now)
    crossOrigin.permit(&response, to: call.request, on: call.route)
    if isLogged, call.route?.isLogged ?? false { log(response, of: call, under: fault) }
    return response
  }

  /// Adds the emulator's time, which bodies have too, so that callers can compare them.
  private func dated(_ response: HTTPResponse, at now: Clock.Moment) -> HTTPResponse {
    var response = response
    response.headers.replaceOrAdd(name: "Date", value: HTTPDate.text(now.date))
    return response
  }

  private func log(_ response: HTTPResponse, of call: Call, under fault: Fault?) {
    let sendsStatus = fault?.sendsStatus ?? true
    let took = emulation.time.steady() - call.began
    emulation.log(
      LoggedRequest(
        at: call.now.date, method: String(call.request.method.rawValue.prefix(20)),
        target: String(call.request.target.prefix(LoggedRequest.maxTargetSize)),
        status: sendsStatus ? Int(response.status.code) : nil,
        microseconds: Int(took / .microseconds(1)),
        key: call.request.headers.first(name: "x-api-key").map(LoggedRequest.redacted),
        bytesIn: call.body.count, bytesOut: sendsStatus ? response.body.count : 0,
        fault: fault?.name))
  }
}
