import FlyingFox
import Foundation

extension Emulation {
  /// Identifies the caller, or rejects the call with 401, 403 or 429.
  ///
  /// The first check of every API call. Calls that a later check rejects count toward the limits too.
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
      var refusal = Response.message(.tooManyRequests, "Too Many Requests")
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
    return Response.json(
      status, [readings.unknownKeyBody.rawValue: "Missing or invalid API key"])
  }
}
