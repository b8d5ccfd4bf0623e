import Foundation

/// The state that `--state` stores across restarts.
///
/// It changes only by events, so the journal of events can restore it.
struct State: Sendable {
  var sessions = Sessions()
  /// The balance of each organisation; absent if it is still the initial one.
  var tokens: [String: Int] = [:]
  var clock = Clock()
  var endpoints: [Endpoint] = []
  var deliveries = Deliveries()
}

/// A change of the state.
///
/// The names of cases and members are part of the file format.
enum Event: Codable, Sendable {
  case created(Session, tokensLeft: Int)
  case visited(session: String, Session.Visit)
  case ended(session: String, Session.Ending)
  case decided(session: String, Session.Decision)
  case tokensSet(organization: String, tokens: Int)
  case clockSet(Clock)
  case endpointAdded(Endpoint)
  case endpointRemoved(id: String)
  case deliveryQueued(Delivery)
  /// Sent again on request.
  case deliveryRepeated(id: String, times: Int, at: Date)
  case deliveryTried(id: String, Delivery.Attempt)
  case forgotten
}

extension State {
  mutating func apply(_ event: Event) {
    switch event {
    case .created(let session, let tokensLeft):
      sessions.append(session)
      tokens[session.organization] = tokensLeft
    case .visited(let id, let visit):
      sessions.change(id) { $0.visit(visit) }
    case .ended(let id, let ending):
      sessions.change(id) { _ = $0.end(ending) }
    case .decided(let id, let decision):
      sessions.change(id) { $0.decide(decision) }
    case .tokensSet(let organization, let count):
      tokens[organization] = count
    case .clockSet(let clock):
      self.clock = clock
    case .endpointAdded(let endpoint):
      endpoints.append(endpoint)
    case .endpointRemoved(let id):
      endpoints.removeAll { $0.id == id }
      deliveries.giveUp(endpoint: id)
    case .deliveryQueued(let delivery):
      deliveries.append(delivery)
    case .deliveryRepeated(let id, let times, let now):
      deliveries.change(id) { $0.repeatSending(times, at: now) }
    case .deliveryTried(let id, let attempt):
      let endpoints = endpoints
      deliveries.change(id) { delivery in
        delivery.record(attempt)
        // The endpoint may have been removed during the attempt.
        if !endpoints.contains(where: { $0.id == delivery.endpointID }) { delivery.giveUp() }
      }
    case .forgotten:
      self = State()
    }
  }
}
