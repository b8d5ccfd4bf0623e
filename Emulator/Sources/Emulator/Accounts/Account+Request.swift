import FlyingFox

extension Account {
  /// Finds out who is calling, or refuses the call with 401 or 429.
  ///
  /// Every call of the service comes by here first. One that is refused for another reason later has
  /// used its turn.
  func caller(of request: HTTPRequest, at now: Duration) throws(Refusal) -> Caller {
    switch admit(apiKey: request.headers[HTTPHeader("x-api-key")], at: now) {
    case .admitted(let caller): return caller
    case .unknownKey:
      throw Refusal(Answer.error(.unauthorized, "Missing or invalid API key"))
    case .tooManyRequests:
      throw Refusal(Answer.message(.tooManyRequests, "Too Many Requests"))
    }
  }
}
