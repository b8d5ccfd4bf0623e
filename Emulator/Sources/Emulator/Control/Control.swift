import Foundation
import HTTP

/// The control API: inspects and changes the emulator itself.
///
/// The service has none of these calls. They need no API key and do not count toward rate limits, so
/// reading changes nothing.
struct Control: Sendable {
  let emulation: Emulation
  /// The origin of links.
  let origin: String

  /// Handles one call.
  func respond(to request: HTTPRequest, on route: Route, body: Data) -> HTTPResponse {
    let isRead = request.method == .GET || request.method == .HEAD
    // Forms on other web sites can post here, but without CORS they cannot send JSON.
    guard isRead || request.method == .DELETE || request.isJSON else {
      return Response.invalid("body", hints: ["Content-Type: must be application/json"])
    }
    guard let form = Form(query: request.query) else {
      return Response.invalid("query", hints: ["query: must be percent-encoded UTF-8"])
    }
    do {
      return isRead
        ? try read(route, form) : try write(route, body: body, isDelete: request.method == .DELETE)
    } catch let failure as JournalFailure {
      return Response.stateFileError(failure)
    } catch let refusal as Refusal {
      return refusal.response
    } catch let invalid as InvalidBody {
      return Response.invalid("body", hints: invalid.hints)
    } catch {
      return Response.error(.internalServerError, "Internal Server Error")
    }
  }

  private func read(_ route: Route, _ form: Form) throws -> HTTPResponse {
    switch route {
    case .executions: return Executions(emulation: emulation).respond(to: form)
    case .sessions: return try sessions(form)
    case .session(let id):
      guard let session = emulation.session(id) else { throw notFound("session") }
      return Response.json(.ok, SessionResponse(session, emulation, origin: origin))
    case .outbox:
      let messages = emulation.outbox(
        session: form["session"], limit: try limit(form), origin: origin)
      return Response.json(.ok, ["messages": messages])
    case .webhooks:
      return Response.json(.ok, ["webhooks": emulation.endpoints().map(EndpointResponse.init)])
    case .deliveries:
      let deliveries = emulation.deliveries(session: form["session"], limit: try limit(form))
      return Response.json(.ok, ["deliveries": deliveries.map(DeliveryResponse.init)])
    case .delivery(let id):
      guard let delivery = emulation.delivery(id) else { throw notFound("delivery") }
      return Response.json(.ok, DeliveryResponse(delivery))
    case .clock: return clockResponse
    case .faults: return Response.json(.ok, ["faults": emulation.faults()])
    case .requests:
      let log = emulation.requests(limit: try limit(form))
      return Response.json(
        .ok,
        RequestLogResponse(total: log.total, requests: log.requests.map(LoggedRequestResponse.init))
      )
    case .accounts: return Response.json(.ok, ["accounts": emulation.balances()])
    case .open: return questionsResponse
    case .finish, .webhook, .send, .account, .reset:
      throw Refusal(Response.error(.methodNotAllowed, "Method not allowed"))
    }
  }

  private func write(_ route: Route, body: Data, isDelete: Bool) throws -> HTTPResponse {
    switch route {
    case .finish(let id): return try finish(id, try decode(body))
    case .webhooks: return try addEndpoint(try decode(body))
    case .webhook(let id):
      guard try emulation.removeEndpoint(id) else { throw notFound("webhook") }
      return done
    case .send(let id): return try sendAgain(id, try decode(body))
    case .clock: return try changeClock(try decode(body))
    case .faults where isDelete:
      emulation.clearFaults()
      return done
    case .faults:
      guard emulation.arm(try Fault.read(body)) else {
        throw InvalidBody(hints: ["body: the limit of \(Faults.maxCount) armed faults is reached"])
      }
      return Response.json(.ok, ["faults": emulation.faults()])
    case .account(let organization):
      return try setTokens(of: organization, try decode(body))
    case .open: return try choose(try decode(body))
    case .reset:
      try emulation.reset()
      return done
    case .executions, .sessions, .session, .outbox, .deliveries, .delivery, .requests, .accounts:
      throw Refusal(Response.error(.methodNotAllowed, "Method not allowed"))
    }
  }
}

extension Control {
  private var done: HTTPResponse { Response.json(.ok, ["done": true]) }

  func notFound(_ kind: String) -> Refusal {
    Refusal(Response.error(.notFound, "\(kind.capitalized) not found"))
  }

  private func decode<Value: Decodable>(_ body: Data) throws -> Value {
    guard String(validating: body, as: UTF8.self) != nil,
      let value = try? JSONDecoder().decode(Value.self, from: body)
    else { throw InvalidBody(hints: ["body: must be a JSON object with documented members"]) }
    return value
  }

  func limit(_ form: Form) throws -> Int {
    guard let text = form["limit"] else { return 100 }
    guard let limit = Int(text), (1...1000).contains(limit) else {
      throw Refusal(
        Response.invalid("query", hints: ["limit: must be an integer from 1 to 1000"]))
    }
    return limit
  }
}
