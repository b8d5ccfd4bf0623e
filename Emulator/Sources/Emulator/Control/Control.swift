import FlyingFox
import Foundation

/// The control API: inspects and changes the emulator itself.
///
/// The service has none of these calls. They need no API key and do not count toward rate limits, so
/// reading changes nothing.
struct Control: Sendable {
  let emulation: Emulation

  /// Answers one call.
  func answer(_ request: HTTPRequest, on route: Route, body: Data) -> HTTPResponse {
    let isRead = request.method == .GET || request.method == .HEAD
    // A form on some web page can post here, but not JSON, unless it is allowed to by this server.
    guard isRead || request.method == .DELETE || request.isJSON else {
      return Answer.invalid("body", hints: ["Content-Type: must be application/json"])
    }
    guard let form = Form(query: request.target.query()) else {
      return Answer.invalid("query", hints: ["query: must be percent-encoded UTF-8"])
    }
    do {
      return isRead
        ? try read(route, form) : try write(route, body: body, isDelete: request.method == .DELETE)
    } catch let failure as JournalFailure {
      return Answer.unwritten(failure)
    } catch let refusal as Refusal {
      return refusal.response
    } catch let invalid as InvalidBody {
      return Answer.invalid("body", hints: invalid.hints)
    } catch {
      return Answer.error(.internalServerError, "Internal Server Error")
    }
  }

  private func read(_ route: Route, _ form: Form) throws -> HTTPResponse {
    switch route {
    case .executions: return Executions(emulation: emulation).answer(form)
    case .sessions: return try sessions(form)
    case .session(let id):
      guard let session = emulation.session(id) else { throw noSuch("session") }
      return Answer.json(.ok, SessionResponse(session, emulation))
    case .outbox:
      let messages = emulation.outbox(session: form["session"], limit: try limit(form))
      return Answer.json(.ok, ["messages": messages])
    case .webhooks:
      return Answer.json(.ok, ["webhooks": emulation.endpoints().map(EndpointResponse.init)])
    case .deliveries:
      let deliveries = emulation.deliveries(session: form["session"], limit: try limit(form))
      return Answer.json(.ok, ["deliveries": deliveries.map(DeliveryResponse.init)])
    case .delivery(let id):
      guard let delivery = emulation.delivery(id) else { throw noSuch("delivery") }
      return Answer.json(.ok, DeliveryResponse(delivery))
    case .clock: return shownClock
    case .faults: return Answer.json(.ok, ["faults": emulation.faults()])
    case .requests:
      let log = emulation.requests(limit: try limit(form))
      return Answer.json(
        .ok,
        RequestLogResponse(total: log.total, requests: log.requests.map(LoggedRequestResponse.init))
      )
    case .accounts: return Answer.json(.ok, ["accounts": emulation.balances()])
    case .open: return shownQuestions
    case .finish, .webhook, .send, .account, .reset:
      throw Refusal(Answer.error(.methodNotAllowed, "Method not allowed"))
    }
  }

  private func write(_ route: Route, body: Data, isDelete: Bool) throws -> HTTPResponse {
    switch route {
    case .finish(let id): return try finish(id, try wish(body))
    case .webhooks: return try addEndpoint(try wish(body))
    case .webhook(let id):
      guard try emulation.removeEndpoint(id) else { throw noSuch("webhook") }
      return done
    case .send(let id): return try sendAgain(id, try wish(body))
    case .clock: return try changeClock(try wish(body))
    case .faults where isDelete:
      emulation.clearFaults()
      return done
    case .faults:
      guard emulation.arm(try Fault.read(body)) else {
        throw InvalidBody(hints: ["body: no more than \(Faults.most) faults can be armed"])
      }
      return Answer.json(.ok, ["faults": emulation.faults()])
    case .account(let organization):
      return try setTokens(of: organization, try wish(body))
    case .open: return try choose(try wish(body))
    case .reset:
      try emulation.forget()
      return done
    case .executions, .sessions, .session, .outbox, .deliveries, .delivery, .requests, .accounts:
      throw Refusal(Answer.error(.methodNotAllowed, "Method not allowed"))
    }
  }
}

extension Control {
  private var done: HTTPResponse { Answer.json(.ok, ["done": true]) }

  func noSuch(_ what: String) -> Refusal {
    Refusal(Answer.error(.notFound, "There is no such \(what)"))
  }

  /// The body as what is expected.
  private func wish<Wish: Decodable>(_ body: Data) throws -> Wish {
    guard String(validating: body, as: UTF8.self) != nil,
      let wish = try? JSONDecoder().decode(Wish.self, from: body)
    else { throw InvalidBody(hints: ["body: must be a JSON object, with members as listed"]) }
    return wish
  }

  /// The `limit` parameter.
  func limit(_ form: Form) throws -> Int {
    guard let text = form["limit"] else { return 100 }
    guard let limit = Int(text), (1...1000).contains(limit) else {
      throw Refusal(
        Answer.invalid("query", hints: ["limit: must be an integer from 1 to 1000"]))
    }
    return limit
  }
}
