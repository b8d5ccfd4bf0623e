import FlyingFox
import Foundation

extension Emulation {
  /// Finds out who is calling, or refuses the call with 401, 403 or 429.
  ///
  /// Every call of the service comes by here first. One that is refused for another reason later has
  /// used its turn.
  func caller(of request: HTTPRequest) throws(Refusal) -> Caller {
    let admission = admit(apiKey: request.headers[HTTPHeader("x-api-key")])
    if case .admitted(let caller) = admission { return caller }
    throw Refusal(refusal(of: admission))
  }

  private func refusal(of admission: Limits.Admission) -> HTTPResponse {
    let readings = readings
    var status = HTTPStatusCode.unauthorized
    switch admission {
    case .tooManyRequests(let wait):
      var refusal = Answer.message(.tooManyRequests, "Too Many Requests")
      switch readings.retryAfter {
      case .absent: break
      case .seconds: refusal.headers[HTTPHeader("Retry-After")] = String(wait)
      case .date:
        let date = now.date.addingTimeInterval(Double(wait))
        refusal.headers[HTTPHeader("Retry-After")] = HTTPDate.text(date)
      }
      return refusal
    case .missingKey where readings.missingKey == .forbidden: status = .forbidden
    case .missingKey, .unknownKey, .admitted: break
    }
    return Answer.json(
      status, [readings.unknownKeyBody.rawValue: "Missing or invalid API key"])
  }
}
