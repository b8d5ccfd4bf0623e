import FlyingFox
import Foundation

extension Control {
  struct FinishWish: Decodable {
    let outcome: String?
    let reason: String?
  }

  func finish(_ id: String, _ wish: FinishWish) throws -> HTTPResponse {
    guard let outcome = Outcome(status: wish.outcome, reason: wish.reason) else {
      throw InvalidBody(hints: [
        "outcome: must be success, failed or abandoned", "reason: must be a-z, 0-9 and _",
      ])
    }
    switch try emulation.finish(id, with: outcome) {
    case .finished(let session): return Answer.json(.ok, SessionResponse(session, emulation))
    case .alreadyFinished, .expired:
      return Answer.error(HTTPStatusCode(409, phrase: "Conflict"), "The session is over")
    case .unknownSession: throw noSuch("session")
    }
  }

  struct EndpointWish: Decodable {
    let url: String
    let secret: String?
    let types: [String]?
  }

  func addEndpoint(_ wish: EndpointWish) throws -> HTTPResponse {
    let types = wish.types ?? []
    guard types.allSatisfy(WebhookType.all.contains) else {
      throw InvalidBody(hints: [
        "types: must be of \(WebhookType.all.joined(separator: ", "))"
      ])
    }
    guard let endpoint = Endpoint(url: wish.url, secret: wish.secret, types: types) else {
      throw InvalidBody(hints: [
        "url: must be an http or https URL without user name",
        "secret: must be 1 to 256 visible ASCII characters",
      ])
    }
    guard try emulation.add(endpoint) else {
      throw InvalidBody(hints: ["url: there are \(Emulation.mostEndpoints) webhooks already"])
    }
    return Answer.json(.ok, EndpointResponse(endpoint))
  }

  struct SendWish: Decodable {
    let times: Int?
  }

  func sendAgain(_ id: String, _ wish: SendWish) throws -> HTTPResponse {
    let times = wish.times ?? 1
    guard (1...10).contains(times) else {
      throw InvalidBody(hints: ["times: must be an integer from 1 to 10"])
    }
    switch try emulation.sendAgain(id, times: times) {
    case .repeated(let delivery): return Answer.json(.ok, DeliveryResponse(delivery))
    case .unknownDelivery: throw noSuch("delivery")
    case .noEndpoint:
      return Answer.error(HTTPStatusCode(409, phrase: "Conflict"), "Its webhook was removed")
    }
  }

  struct ClockWish: Decodable {
    let frozen: Bool?
    let now: String?
    let advanceSeconds: Double?

    private enum CodingKeys: String, CodingKey {
      case frozen, now
      case advanceSeconds = "advance_seconds"
    }
  }

  func changeClock(_ wish: ClockWish) throws -> HTTPResponse {
    var changes: [Clock.Change] = []
    if let frozen = wish.frozen { changes.append(frozen ? .freeze : .run) }
    if let text = wish.now {
      guard let moment = Timestamp.date(text) else {
        throw InvalidBody(hints: ["now: must be an ISO 8601 date, or date and time with a zone"])
      }
      changes.append(.set(moment.date))
    }
    if let seconds = wish.advanceSeconds { changes.append(.advance(seconds)) }
    guard !changes.isEmpty else {
      throw InvalidBody(hints: ["body: must have frozen, now or advance_seconds"])
    }
    guard try emulation.changeClock(changes) else {
      throw InvalidBody(hints: ["body: must stay within the years 1970 to 9999"])
    }
    return shownClock
  }

  struct TokensWish: Decodable {
    let tokens: Int
  }

  func setTokens(of organization: String, _ wish: TokensWish) throws -> HTTPResponse {
    guard (0...1_000_000_000).contains(wish.tokens) else {
      throw InvalidBody(hints: ["tokens: must be an integer from 0 to 1000000000"])
    }
    guard try emulation.setTokens(wish.tokens, of: organization) else { throw noSuch("account") }
    return Answer.json(.ok, ["accounts": emulation.balances()])
  }

  func choose(_ wish: [String: String]) throws -> HTTPResponse {
    do throws(UnknownReading) {
      try emulation.choose(wish.sorted { $0.key < $1.key }.map { (name: $0, value: $1) })
    } catch {
      throw InvalidBody(hints: [error.problem])
    }
    return shownQuestions
  }
}
