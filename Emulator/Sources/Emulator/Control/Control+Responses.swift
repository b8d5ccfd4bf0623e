import Foundation
import HTTP

extension Control {
  func sessions(_ form: Form) throws -> HTTPResponse {
    var before: ListQuery.Cursor?
    if let token = form["next_token"] {
      guard let cursor = ListQuery.Cursor(token: token) else {
        throw Refusal(
          Response.invalid("query", hints: ["next_token: must be one from an earlier response"]))
      }
      before = cursor
    }
    let page = emulation.sessions(before: before, limit: try limit(form))
    return Response.json(
      .ok,
      SessionListResponse(
        sessions: page.sessions.map { SessionResponse($0, emulation, origin: origin) },
        nextToken: page.next?.token)
    )
  }

  var clockResponse: HTTPResponse {
    let (clock, now) = (emulation.clock, emulation.now)
    return Response.json(
      .ok, ClockResponse(now: Timestamp.text(now.date), frozen: clock.isFrozen))
  }

  var questionsResponse: HTTPResponse {
    let readings = emulation.readings
    return Response.json(
      .ok,
      [
        "questions": OpenQuestion.all.map {
          OpenQuestionResponse(
            name: $0.name, value: $0.reading(readings), values: $0.values, about: $0.about)
        }
      ])
  }
}

/// A session with its record, outcome, redirect and timeline.
struct SessionResponse: Encodable {
  let record: SessionRecord
  let sessionURL: String
  let outcome: String?
  let reason: String?
  let redirect: String?
  let timeline: [Session.TimelineEvent]

  private enum CodingKeys: String, CodingKey {
    case record = "session_record"
    case sessionURL = "session_url"
    case outcome, reason, redirect, timeline
  }

  init(_ session: Session, _ emulation: Emulation, origin: String) {
    let now = emulation.now.date
    record = SessionRecord(session, at: now, readings: emulation.readings)
    sessionURL = CreatedSession.url(of: session, origin: origin)
    outcome = session.outcome?.status.rawValue
    reason = session.outcome?.reason?.text
    redirect = emulation.redirectLocation(from: session)
    timeline = session.timeline(at: now)
  }
}

extension Session {
  /// One entry of a session's timeline.
  struct TimelineEvent: Encodable, Equatable, Sendable {
    let what: String
    let at: String
  }

  /// All events of the session, oldest first.
  func timeline(at now: Date) -> [TimelineEvent] {
    var events = [(what: "created", at: createdAt)]
    events += visits.map { ("visited \($0.step)", $0.at) }
    if let ending {
      let reason = ending.outcome.reason.map { ": \($0.text)" } ?? ""
      events.append((ending.outcome.status.rawValue + reason, ending.at))
    }
    if let decision { events.append((decision.verdict.rawValue.lowercased(), decision.at)) }
    if hasExpired(at: now), let expiresAt { events.append(("expired", expiresAt)) }
    return events.sorted { $0.at < $1.at }
      .map { TimelineEvent(what: $0.what, at: Timestamp.text($0.at)) }
  }
}

struct SessionListResponse: Encodable {
  let sessions: [SessionResponse]
  let nextToken: String?

  private enum CodingKeys: String, CodingKey {
    case sessions
    case nextToken = "next_token"
  }
}

struct ClockResponse: Encodable {
  let now: String
  let frozen: Bool
}

struct OpenQuestionResponse: Encodable {
  let name: String
  let value: String
  let values: [String]
  let about: String
}

struct RequestLogResponse: Encodable {
  let total: Int
  let requests: [LoggedRequestResponse]
}

struct LoggedRequestResponse: Encodable {
  let number: Int
  let at: String
  let method: String
  let target: String
  let status: Int?
  let microseconds: Int
  let key: String?
  let bytesIn: Int
  let bytesOut: Int
  let fault: String?

  private enum CodingKeys: String, CodingKey {
    case number, at, method, target, status, microseconds, key, fault
    case bytesIn = "bytes_in"
    case bytesOut = "bytes_out"
  }

  init(_ request: LoggedRequest) {
    number = request.number
    at = Timestamp.text(request.at)
    method = request.method
    target = request.target
    status = request.status
    microseconds = request.microseconds
    key = request.key
    bytesIn = request.bytesIn
    bytesOut = request.bytesOut
    fault = request.fault
  }
}

/// A webhook endpoint with its secret, which the receiver needs to check signatures.
struct EndpointResponse: Encodable {
  let id: String
  let url: String
  let secret: String
  let types: [String]

  init(_ endpoint: Endpoint) {
    id = endpoint.id
    url = endpoint.url
    secret = endpoint.secret
    types = endpoint.types.isEmpty ? WebhookType.all : endpoint.types
  }
}

struct DeliveryResponse: Encodable {
  let id: String
  let webhook: String
  let type: String
  let session: String
  let status: Delivery.Status
  let createdAt: String
  let dueAt: String?
  let body: String
  let attempts: [Attempt]

  struct Attempt: Encodable {
    let at: String
    let milliseconds: Int
    let status: Int?
    let problem: String?
  }

  private enum CodingKeys: String, CodingKey {
    case id, webhook, type, session, status, body, attempts
    case createdAt = "created_at"
    case dueAt = "due_at"
  }

  init(_ delivery: Delivery) {
    id = delivery.id
    webhook = delivery.endpointID
    type = delivery.type
    session = delivery.sessionID
    status = delivery.status
    createdAt = Timestamp.text(delivery.createdAt)
    dueAt = delivery.dueAt.map(Timestamp.text)
    body = String(decoding: delivery.body, as: UTF8.self)
    attempts = delivery.attempts.map {
      Attempt(
        at: Timestamp.text($0.at), milliseconds: $0.milliseconds, status: $0.status,
        problem: $0.problem)
    }
  }
}
