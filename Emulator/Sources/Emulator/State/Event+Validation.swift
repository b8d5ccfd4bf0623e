import Foundation

extension Event {
  /// What no emulator would have written; nil if the event is valid.
  ///
  /// The state file may have been edited. Ids and URLs from it get into links and headers, and dates
  /// into arithmetic that must not overflow.
  func flaw(after state: State) -> String? {
    switch self {
    case .created(let session, let tokensLeft):
      if state.sessions[session.id] != nil { return "a session that exists already" }
      return session.flaw ?? (tokensLeft < 0 ? "a negative number of tokens" : nil)
    case .visited(let id, let visit): return Event.flaw(ofID: id) ?? visit.flaw
    case .ended(let id, let ending): return Event.flaw(ofID: id) ?? ending.flaw
    case .decided(let id, let decision): return Event.flaw(ofID: id) ?? decision.flaw
    case .tokensSet(_, let tokens): return tokens < 0 ? "a negative number of tokens" : nil
    case .clockSet(let clock): return clock.flaw
    case .endpointAdded(let endpoint): return endpoint.flaw
    case .endpointRemoved(let id): return Event.flaw(ofID: id)
    case .deliveryQueued(let delivery): return delivery.flaw
    case .deliveryRepeated(let id, let times, let at):
      guard (1...10).contains(times) else { return "a number of repeats that is not 1 to 10" }
      return Event.flaw(ofID: id) ?? Event.flaw(of: at)
    case .deliveryTried(let id, let attempt): return Event.flaw(ofID: id) ?? attempt.flaw
    case .forgotten: return nil
    }
  }

  /// The flaw of a date, which may also be up to a year after the last one of the clock.
  fileprivate static func flaw(of date: Date?) -> String? {
    guard let date else { return nil }
    let last = Clock.range.upperBound.addingTimeInterval(366 * 86_400)
    return (Clock.range.lowerBound...last).contains(date)
      ? nil : "a date outside the years 1970 to 9999"
  }

  fileprivate static func flaw(ofID id: String) -> String? {
    let isID =
      (1...64).contains(id.utf8.count)
      && id.utf8.allSatisfy { PercentEncoding.isAlphanumeric($0) || "-_".utf8.contains($0) }
    return isID ? nil : "an id with characters that ids do not have"
  }
}

extension Session {
  fileprivate var flaw: String? {
    [id, userID].lazy.compactMap(Event.flaw(ofID:)).first
      ?? [createdAt, expiresAt].lazy.compactMap(Event.flaw(of:)).first
      ?? ending?.flaw ?? decision?.flaw ?? visits.lazy.compactMap(\.flaw).first
      ?? (visits.count > Session.maxVisits ? "too many visits" : nil)
  }
}

extension Session.Ending {
  fileprivate var flaw: String? {
    // A browser is sent there.
    if let target, RedirectURL(target) == nil { return "a redirect to an invalid URL" }
    let reason = outcome.reason
    guard reason.map({ Reason($0.text) != nil }) ?? true,
      (reason == nil) == (outcome.status == .success)
    else { return "an invalid outcome" }
    return Event.flaw(of: at)
  }
}

extension Session.Decision {
  fileprivate var flaw: String? { Event.flaw(of: at) }
}

extension Session.Visit {
  fileprivate var flaw: String? {
    Step(rawValue: step) == nil ? "an unknown step" : Event.flaw(of: at)
  }
}

extension Clock {
  fileprivate var flaw: String? {
    let span = Clock.range.upperBound.timeIntervalSince1970
    guard abs(ahead) <= span else { return "a clock outside the years 1970 to 9999" }
    return Event.flaw(of: frozenAt)
  }
}

extension Endpoint {
  fileprivate var flaw: String? {
    Endpoint(url: url, secret: secret) == nil || !types.allSatisfy(WebhookType.all.contains)
      ? "an invalid webhook" : Event.flaw(ofID: id)
  }
}

extension Delivery {
  fileprivate var flaw: String? {
    guard (0...1000).contains(wished), attempts.count <= Delivery.maxAttempts else {
      return "too many attempts"
    }
    return [id, endpointID, sessionID].lazy.compactMap(Event.flaw(ofID:)).first
      ?? [createdAt, dueAt].lazy.compactMap(Event.flaw(of:)).first
      ?? attempts.lazy.compactMap(\.flaw).first
  }
}

extension Delivery.Attempt {
  fileprivate var flaw: String? { Event.flaw(of: at) }
}
