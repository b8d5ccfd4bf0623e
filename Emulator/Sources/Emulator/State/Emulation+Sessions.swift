import Foundation

extension Emulation {
  enum CreateResult: Sendable {
    case created(Session)
    case noTokens
  }

  /// Creates a session, which costs a token, and applies its scripted outcome, if any.
  func create(_ request: SessionRequest, by sender: Caller) throws(JournalFailure) -> CreateResult {
    let (creation, hasWork) = try change { locked, now throws(JournalFailure) in
      let tokens = locked.tokens(sender.organization, settings)
      guard tokens > 0 else { return (CreateResult.noTokens, false) }
      var session = Session(
        request: request, sender: sender, createdAt: now.date, naming: locked.readings.sessionID)
      var events: [Event] = [.created(session, tokensLeft: tokens - 1)]
      events += locked.webhooks(WebhookType.created, session, at: now.date)
      if let script = Script(request) {
        events += locked.ending(&session, with: script.outcome, at: now.date)
        if case .decided(let verdict) = script {
          events += locked.deciding(&session, verdict, at: now.date)
        }
      }
      try locked.record(events)
      return (.created(session), events.count > 1)
    }
    if hasWork { announceWork() }
    return creation
  }

  /// The session with this id.
  func session(_ id: String) -> Session? { read { locked, _ in locked.state.sessions[id] } }

  enum FinishResult: Sendable {
    case finished(Session)
    /// The session had already ended.
    case alreadyFinished(Session)
    case expired(Session)
    case unknownSession
  }

  /// Records the outcome; of two at the same time, one gets `alreadyFinished`.
  func finish(_ id: String, with outcome: Outcome) throws(JournalFailure) -> FinishResult {
    let result = try change { locked, now throws(JournalFailure) in
      guard var session = locked.state.sessions[id] else { return FinishResult.unknownSession }
      if session.hasExpired(at: now.date) { return .expired(session) }
      guard session.ending == nil else { return .alreadyFinished(session) }
      try locked.record(locked.ending(&session, with: outcome, at: now.date))
      return .finished(session)
    }
    announceWork()
    return result
  }

  /// Records that the applicant has reached a step of the hosted page.
  func visit(_ id: String, step: String) throws(JournalFailure) {
    try change { locked, now throws(JournalFailure) in
      guard let session = locked.state.sessions[id], session.ending == nil,
        !session.hasExpired(at: now.date)
      else { return }
      var visited = session
      let visit = Session.Visit(step: step, at: now.date)
      visited.visit(visit)
      // Do not write an event that changes nothing.
      guard visited.visits.count > session.visits.count else { return }
      try locked.record([.visited(session: id, visit)])
    }
  }

  enum DecideResult: Sendable {
    case decided(SessionRecord)
    case unknownSession
    case foreignSession
    /// The session has not been submitted yet.
    case notSubmitted
  }

  /// Verifies or rejects a session; `caller` is nil for the dashboard.
  func decide(
    _ id: String, _ verdict: Session.Decision.Verdict, by caller: Caller?
  ) throws(JournalFailure) -> DecideResult {
    let result = try change { locked, now throws(JournalFailure) in
      guard var session = locked.state.sessions[id] else { return DecideResult.unknownSession }
      guard caller == nil || caller?.organization == session.organization else {
        return .foreignSession
      }
      if locked.readings.updateStatus == .submitted, session.outcome != .success {
        return .notSubmitted
      }
      try locked.record(locked.deciding(&session, verdict, at: now.date))
      return .decided(SessionRecord(session, at: now.date, readings: locked.readings))
    }
    announceWork()
    return result
  }

  /// A page of the sessions that the query of this caller selects.
  func page(_ query: ListQuery, for caller: Caller) -> (records: [SessionRecord], next: String?) {
    let (page, now, readings) = read {
      ($0.state.sessions.page(query, for: caller), $1, $0.readings)
    }
    return (
      page.sessions.map { SessionRecord($0, at: now.date, readings: readings) }, page.next?.token
    )
  }

  /// A page of the sessions of all accounts, newest first.
  func sessions(before: ListQuery.Cursor? = nil, limit: Int) -> Sessions.Page {
    read { locked, _ in locked.state.sessions.page(before: before, limit: limit) }
  }

  /// The number of sessions in total and with each external id.
  func executions() -> (total: Int, byExternalID: [ExternalID: Int]) {
    read { locked, _ in (locked.state.sessions.count, locked.state.sessions.countsByExternalID) }
  }

  func executions(_ id: ExternalID) -> Int {
    read { locked, _ in locked.state.sessions.count(id) }
  }

  /// The invitations, newest first, with links to this origin.
  func outbox(session id: String? = nil, limit: Int, origin: String) -> [Message] {
    var messages: [Message] = []
    func add(_ session: Session) {
      messages += session.messages(link: CreatedSession.url(of: session, origin: origin))
    }
    if let id {
      if let session = session(id) { add(session) }
      return messages
    }
    var before: ListQuery.Cursor?
    repeat {
      let page = sessions(before: before, limit: limit)
      page.sessions.forEach(add)
      before = page.next
    } while messages.count < limit && before != nil
    return Array(messages.prefix(limit))
  }

  /// The redirect of an ended or expired session; nil for others, or without a redirect URL.
  func redirectLocation(from session: Session) -> String? {
    if session.ending != nil { return session.redirectTarget }
    guard let redirect = session.request.redirectURL, session.hasExpired(at: now.date) else {
      return nil
    }
    return RedirectTarget.url(
      redirect, sessionID: session.id, outcome: .failed(.sessionExpired), readings: readings)
  }
}

extension Emulation.LockedState {
  /// Ends a session, and returns the events, including webhooks.
  fileprivate func ending(
    _ session: inout Session, with outcome: Outcome, at now: Date
  ) -> [Event] {
    let target = session.request.redirectURL.map {
      RedirectTarget.url($0, sessionID: session.id, outcome: outcome, readings: readings)
    }
    let ending = Session.Ending(outcome: outcome, at: now, target: target)
    guard session.end(ending) else { return [] }
    let events: [Event] = [.ended(session: session.id, ending)]
    return switch outcome.status {
    case .success: events + webhooks(WebhookType.submitted, session, at: now)
    case .failed: events + webhooks(WebhookType.failed, session, at: now)
    case .abandoned: events
    }
  }

  /// Verifies or rejects a session, and returns the events, including webhooks.
  fileprivate func deciding(
    _ session: inout Session, _ verdict: Session.Decision.Verdict, at now: Date
  ) -> [Event] {
    let decision = Session.Decision(verdict: verdict, at: now)
    session.decide(decision)
    let type = verdict == .verified ? WebhookType.verified : WebhookType.rejected
    return [.decided(session: session.id, decision)] + webhooks(type, session, at: now)
  }

  /// The deliveries to queue for an event of a session.
  fileprivate func webhooks(_ type: String, _ session: Session, at now: Date) -> [Event] {
    let endpoints = state.endpoints.filter { $0.wants(type) }
    guard !endpoints.isEmpty else { return [] }
    let record = SessionRecord(session, at: now, readings: readings)
    let body = Response.encoded(WebhookBody(type: type, data: record))
    return endpoints.map {
      .deliveryQueued(Delivery(to: $0, type: type, sessionID: session.id, body: body, at: now))
    }
  }
}

private struct WebhookBody: Encodable {
  let type: String
  let data: SessionRecord
}
