import Foundation
import HTTP

extension Control {
  struct FinishRequest: Decodable {
    let outcome: String?
    let reason: String?
  }

  func finish(_ id: String, _ request: FinishRequest) throws -> HTTPResponse {
    guard let outcome = Outcome(status: request.outcome, reason: request.reason) else {
      throw InvalidBody(hints: [
        "outcome: must be success, failed or abandoned", "reason: must be a-z, 0-9 and _",
      ])
    }
    switch try emulation.finish(id, with: outcome) {
    case .finished(let session):
      return Response.json(.ok, SessionResponse(session, emulation, origin: origin))
    case .alreadyFinished, .expired:
      return Response.error(.conflict, "The session has ended")
    case .unknownSession: throw notFound("session")
    }
  }

  struct EndpointRequest: Decodable {
    let url: String
    let secret: String?
    let types: [String]?
  }

  func addEndpoint(_ request: EndpointRequest) throws -> HTTPResponse {
    let types = request.types ?? []
    guard types.allSatisfy(WebhookType.all.contains) else {
      throw InvalidBody(hints: [
        "types: must be some of \(WebhookType.all.joined(separator: ", "))"
      ])
    }
    guard let endpoint = Endpoint(url: request.url, secret: request.secret, types: types) else {
      throw InvalidBody(hints: [
        "url: must be an http or https URL without a user name",
        "secret: must be 1 to 256 visible ASCII characters",
      ])
    }
    guard try emulation.add(endpoint) else {
      throw InvalidBody(hints: ["url: the limit of \(Emulation.maxEndpoints) webhooks is reached"])
    }
    return Response.json(.ok, EndpointResponse(endpoint))
  }

  struct SendRequest: Decodable {
    let times: Int?
  }

  func sendAgain(_ id: String, _ request: SendRequest) throws -> HTTPResponse {
    let times = request.times ?? 1
    guard (1...10).contains(times) else {
      throw InvalidBody(hints: ["times: must be an integer from 1 to 10"])
    }
    switch try emulation.sendAgain(id, times: times) {
    case .repeated(let delivery): return Response.json(.ok, DeliveryResponse(delivery))
    case .unknownDelivery: throw notFound("delivery")
    case .noEndpoint:
      return Response.error(.conflict, "The webhook was removed")
    }
  }

  struct ClockRequest: Decodable {
    let frozen: Bool?
    let now: String?
    let advanceSeconds: Double?

    private enum CodingKeys: String, CodingKey {
      case frozen, now
      case advanceSeconds = "advance_seconds"
    }
  }

  func changeClock(_ request: ClockRequest) throws -> HTTPResponse {
    var changes: [Clock.Change] = []
    if let frozen = request.frozen { changes.append(frozen ? .freeze : .run) }
    if let text = request.now {
      guard let moment = Timestamp.date(text) else {
        throw InvalidBody(hints: ["now: must be an ISO 8601 date, or date and time with a zone"])
      }
      changes.append(.set(moment.date))
    }
    if let seconds = request.advanceSeconds { changes.append(.advance(seconds)) }
    guard !changes.isEmpty else {
      throw InvalidBody(hints: ["body: must have frozen, now or advance_seconds"])
    }
    guard try emulation.changeClock(changes) else {
      throw InvalidBody(hints: ["body: must stay within the years 1970 to 9999"])
    }
    return clockResponse
  }

  struct TokensRequest: Decodable {
    let tokens: Int
  }

  func setTokens(of organization: String, _ request: TokensRequest) throws -> HTTPResponse {
    guard (0...1_000_000_000).contains(request.tokens) else {
      throw InvalidBody(hints: ["tokens: must be an integer from 0 to 1000000000"])
    }
    guard try emulation.setTokens(request.tokens, of: organization) else {
      throw notFound("account")
    }
    return Response.json(.ok, ["accounts": emulation.balances()])
  }

  func choose(_ request: [String: String]) throws -> HTTPResponse {
    do throws(UnknownReading) {
      try emulation.choose(request.sorted { $0.key < $1.key }.map { (name: $0, value: $1) })
    } catch {
      throw InvalidBody(hints: [error.problem])
    }
    return questionsResponse
  }
}
