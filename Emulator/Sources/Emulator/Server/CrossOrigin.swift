import HTTP

/// Lets scripts of chosen origins call the API (CORS).
///
/// The service does not document this, so that it is off by default: a browser then shows what a
/// front end without a server of its own would run into.
struct CrossOrigin: Sendable {
  let origins: [Origin]

  /// The answer to a question of a browser before a call; nil for other requests.
  func answerToPreflight(_ request: HTTPRequest, on route: Route?) -> HTTPResponse? {
    guard request.method == .OPTIONS, let route, route.isCall, origin(of: request) != nil,
      request.headers.contains(name: "access-control-request-method")
    else { return nil }
    return HTTPResponse(
      .noContent,
      headers: [
        "Access-Control-Allow-Methods": route.methods.map(\.rawValue).joined(separator: ", "),
        "Access-Control-Allow-Headers": "content-type, x-api-key",
        "Access-Control-Max-Age": "600",
      ])
  }

  /// Adds to the response to a call whether scripts of the caller's origin can read it.
  func permit(_ response: inout HTTPResponse, to request: HTTPRequest, on route: Route?) {
    guard !origins.isEmpty, route?.isCall ?? true else { return }
    response.headers.replaceOrAdd(name: "Vary", value: "Origin")
    guard let origin = origin(of: request) else { return }
    response.headers.replaceOrAdd(name: "Access-Control-Allow-Origin", value: origin)
    response.headers.replaceOrAdd(
      name: "Access-Control-Expose-Headers", value: "Date, Retry-After")
  }

  private func origin(of request: HTTPRequest) -> String? {
    guard let given = request.headers.first(name: "origin") else { return nil }
    return origins.first { $0.text == given.lowercased() }?.text
  }
}
