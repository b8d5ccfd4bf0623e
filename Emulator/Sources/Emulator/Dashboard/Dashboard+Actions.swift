import Foundation
import HTTP

extension Dashboard {
  /// Handles a form, and redirects the browser to a page.
  func act(_ route: Route, _ form: Form) throws -> HTTPResponse {
    switch route {
    case .decide(let id): return try decide(id, form)
    case .webhooks: return try addWebhook(form)
    case .removeWebhook(let id):
      guard try emulation.removeEndpoint(id) else { throw Missing(what: "webhook") }
      return back(to: "webhooks", .removed)
    case .send(let id): return try send(id, form)
    case .clock: return try changeClock(form)
    case .faults: return try arm(form)
    case .clearFaults:
      emulation.clearFaults()
      return back(to: "faults", .cleared)
    case .settings: return try choose(form)
    case .tokens(let organization): return try setTokens(of: organization, form)
    case .sessions, .session, .requests, .outbox, .delivery: throw Missing(what: "form")
    }
  }

  private func back(to page: String, _ notice: Notice) -> HTTPResponse {
    Response.seeOther("/\(Route.prefix)/\(page)?done=\(notice.rawValue)")
  }

  private func decide(_ id: String, _ form: Form) throws -> HTTPResponse {
    guard let verdict = form["verdict"].flatMap(Session.Decision.Verdict.init) else {
      throw Invalid(route: .session(id: id), problem: "Choose Verify or Reject")
    }
    switch try emulation.decide(id, verdict, by: nil) {
    case .decided: return back(to: "sessions/\(id)", .decided)
    case .unknownSession, .foreignSession: throw Missing(what: "session")
    case .notSubmitted:
      throw Invalid(
        route: .session(id: id),
        problem:
          "Only a submitted session can be verified or rejected (open question update-status)")
    }
  }

  private func addWebhook(_ form: Form) throws -> HTTPResponse {
    let secret = form["secret"].flatMap { $0.isEmpty ? nil : $0 }
    let types = WebhookType.all.filter { form[$0] != nil }
    guard
      let endpoint = Endpoint(
        url: form["url"] ?? "", secret: secret, types: types == WebhookType.all ? [] : types)
    else {
      throw Invalid(
        route: .webhooks,
        problem:
          "The URL must be http or https without a user name, and the secret must be visible ASCII")
    }
    guard try emulation.add(endpoint) else {
      throw Invalid(
        route: .webhooks, problem: "The limit of \(Emulation.maxEndpoints) webhooks is reached")
    }
    return back(to: "webhooks", .added)
  }

  private func send(_ id: String, _ form: Form) throws -> HTTPResponse {
    guard let times = form["times"].flatMap(Int.init), (1...10).contains(times) else {
      throw Invalid(route: .delivery(id: id), problem: "The number must be from 1 to 10")
    }
    switch try emulation.sendAgain(id, times: times) {
    case .repeated: return back(to: "deliveries/\(id)", .sent)
    case .unknownDelivery: throw Missing(what: "delivery")
    case .noEndpoint:
      throw Invalid(route: .delivery(id: id), problem: "The webhook was removed")
    }
  }

  private func changeClock(_ form: Form) throws -> HTTPResponse {
    let change: Clock.Change
    switch form["change"] {
    case "freeze": change = .freeze
    case "run": change = .run
    case "advance":
      guard let seconds = form["seconds"].flatMap(Double.init), seconds.isFinite else {
        throw Invalid(route: .clock, problem: "Seconds must be a number")
      }
      change = .advance(seconds)
    case "set":
      guard let date = form["to"].flatMap(Dashboard.date) else {
        throw Invalid(route: .clock, problem: "Enter a date and a time")
      }
      change = .set(date)
    case "now": change = .set(emulation.time.date())
    default: throw Invalid(route: .clock, problem: "Choose a change")
    }
    guard try emulation.changeClock([change]) else {
      throw Invalid(route: .clock, problem: "The date must be in the years 1970 to 9999")
    }
    return back(to: "clock", .clockChanged)
  }

  /// Parses a time as browsers send it (`2026-05-04T12:30`, seconds optional, no zone), or with a
  /// zone.
  private static func date(_ text: String) -> Date? {
    [text, "\(text)Z", "\(text):00Z"].lazy.compactMap { Timestamp.date($0)?.date }.first
  }

  private func arm(_ form: Form) throws -> HTTPResponse {
    // Validated by the same code as the API.
    var fault: [String: any Encodable] = [:]
    for name in ["kind", "method", "path"] {
      if let text = form[name], !text.isEmpty { fault[name] = text }
    }
    for name in ["count", "status", "milliseconds"] {
      guard let text = form[name], !text.isEmpty else { continue }
      guard let number = Int(text) else {
        throw Invalid(route: .faults, problem: "\(name): must be a whole number")
      }
      fault[name] = number
    }
    let kind = form["kind"] ?? ""
    // A cut response is always executed.
    if kind != "cut" { fault["execute"] = form["execute"] != nil }
    let body = Response.encoded(fault.mapValues(AnyValue.init))
    do throws(InvalidBody) {
      guard emulation.arm(try Fault.read(body)) else {
        throw InvalidBody(hints: ["The limit of \(Faults.maxCount) armed faults is reached"])
      }
    } catch {
      throw Invalid(route: .faults, problem: error.hints.joined(separator: "; "))
    }
    return back(to: "faults", .armed)
  }

  private func choose(_ form: Form) throws -> HTTPResponse {
    let choices = OpenQuestion.all.compactMap { question in
      form[question.name].map { (name: question.name, value: $0) }
    }
    do throws(UnknownReading) {
      try emulation.choose(choices)
    } catch {
      throw Invalid(route: .settings, problem: error.problem)
    }
    return back(to: "settings", .chosen)
  }

  private func setTokens(of organization: String, _ form: Form) throws -> HTTPResponse {
    guard let tokens = form["tokens"].flatMap(Int.init), (0...1_000_000_000).contains(tokens) else {
      throw Invalid(route: .settings, problem: "Tokens must be a number from 0 to 1000000000")
    }
    guard try emulation.setTokens(tokens, of: organization) else {
      throw Missing(what: "account")
    }
    return back(to: "settings", .tokensSet)
  }
}

/// Erases the type, which `[String: any Encodable]` needs to be encodable.
private struct AnyValue: Encodable {
  let value: any Encodable

  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
