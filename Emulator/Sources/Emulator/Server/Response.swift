import FlyingFox
import Foundation

/// Creates HTTP responses of each kind, with the headers it needs.
enum Response {
  /// Compact JSON with sorted keys.
  static func encoded(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Cannot fail: all values consist of strings and numbers.
    return (try? encoder.encode(value)) ?? Data("null".utf8)
  }

  static func json(_ status: HTTPStatusCode, _ value: some Encodable) -> HTTPResponse {
    response(status, contentType: "application/json; charset=utf-8", body: encoded(value))
  }

  /// An error as `{"error"}`.
  static func error(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    json(status, ["error": text])
  }

  /// An error as `{"message"}`.
  static func message(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    json(status, ["message": text])
  }

  /// A 400 for the body or query, with a hint for each problem.
  static func invalid(
    _ part: String, hints: [String], as form: Readings.InvalidBody = .message
  ) -> HTTPResponse {
    struct Problems: Encodable {
      let message: String
      let hints: [String]
    }
    return switch form {
    case .message: json(.badRequest, Problems(message: "Invalid request \(part)", hints: hints))
    case .error: error(.badRequest, "Invalid request \(part): \(hints.joined(separator: "; "))")
    }
  }

  /// The 500 after a failed write to the state file.
  static func stateFileError(_ failure: JournalFailure) -> HTTPResponse {
    error(.internalServerError, "The state file cannot be written: \(failure.problem)")
  }

  static func text(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    response(status, contentType: "text/plain; charset=utf-8", body: Data(text.utf8))
  }

  static func stylesheet(_ source: String) -> HTTPResponse {
    response(.ok, contentType: "text/css; charset=utf-8", body: Data(source.utf8))
  }

  static func page(_ status: HTTPStatusCode, _ markup: Markup) -> HTTPResponse {
    var page = response(
      status, contentType: "text/html; charset=utf-8", body: Data(markup.source.utf8))
    page.headers[HTTPHeader("Content-Security-Policy")] = pagePolicy
    return page
  }

  /// Redirects the browser after a form; with 303, it uses GET.
  static func seeOther(_ location: String) -> HTTPResponse {
    var redirect = response(.seeOther, contentType: "text/plain; charset=utf-8", body: Data())
    redirect.headers[.location] = location
    return redirect
  }

  /// `form-action` allows https: because Chromium also applies it to the redirect after a form,
  /// which leads to the integrator's site.
  private static let pagePolicy =
    "default-src 'none'; style-src 'self'; form-action 'self' https:; base-uri 'none'"

  static func response(
    _ status: HTTPStatusCode, contentType: String, body: Data
  ) -> HTTPResponse {
    var headers = defaultHeaders
    headers[.contentType] = contentType
    return HTTPResponse(
      statusCode: status, headers: headers,
      // One chunk, so that the body is one write.
      body: HTTPBodySequence(data: body, suggestedBufferSize: max(1, body.count)))
  }

  private static let defaultHeaders: HTTPHeaders = [
    .cacheControl: "no-store",
    HTTPHeader("Referrer-Policy"): "no-referrer",
    HTTPHeader("X-Content-Type-Options"): "nosniff",
  ]
}
