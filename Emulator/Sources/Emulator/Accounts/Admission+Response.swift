import Foundation
import HTTP

extension Emulation {
  /// Identifies the caller, or rejects the call with 401, 403 or 429.
  ///
  /// The first check of every API call. Calls that a later check rejects count toward the limits too.
  func caller(of request: HTTPRequest) throws(Refusal) -> Caller {
    let admission = admit(apiKey: request.headers.first(name: "x-api-key"))
    if case .admitted(let caller) = admission { return caller }
    throw Refusal(refusal(of: admission))
  }

  private func refusal(of admission: Limits.Admission) -> HTTPResponse {
    let readings = readings
    var status = HTTPStatus.unauthorized
    switch admission {
    case .tooManyRequests(let wait):
      var refusal = Response.message(.tooManyRequests, "Too Many Requests")
      switch readings.retryAfter {
      case .absent: break
      case .seconds: refusal.headers.add(name: "Retry-After", value: String(wait))
      case .date:
        let date = now.date.addingTimeInterval(Double(wait))
        refusal.headers.add(name: "Retry-After", value: HTTPDate.text(date))
      }
      return refusal
    case .missingKey where readings.missingKey == .forbidden: status = .forbidden
    case .missingKey, .unknownKey, .admitted: break
    }
    return Response.json(
      status, [readings.unknownKeyBody.rawValue: "Missing or invalid API key"])
  }
}
