import FlyingFox
import Foundation

/// The shapes of a response, each with the headers it needs.
enum Answer {
  /// JSON as the service writes it.
  static func encoded(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Every value here is made of texts and numbers, which all can be written.
    return (try? encoder.encode(value)) ?? Data("null".utf8)
  }

  static func json(_ status: HTTPStatusCode, _ value: some Encodable) -> HTTPResponse {
    response(status, "application/json; charset=utf-8", encoded(value))
  }

  /// The `{"error"}` form of a refusal.
  static func error(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    json(status, ["error": text])
  }

  /// The `{"message"}` form of a refusal.
  static func message(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    json(status, ["message": text])
  }

  /// A 400 for some part of a request, with a hint for each problem.
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

  /// What is said when the state file could not be written.
  static func unwritten(_ failure: JournalFailure) -> HTTPResponse {
    error(.internalServerError, "The state file cannot be written: \(failure.problem)")
  }

  static func text(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    response(status, "text/plain; charset=utf-8", Data(text.utf8))
  }

  static func stylesheet(_ source: String) -> HTTPResponse {
    response(.ok, "text/css; charset=utf-8", Data(source.utf8))
  }

  static func page(_ status: HTTPStatusCode, _ markup: Markup) -> HTTPResponse {
    var page = response(status, "text/html; charset=utf-8", Data(markup.source.utf8))
    page.headers[HTTPHeader("Content-Security-Policy")] = pagePolicy
    return page
  }

  /// Sends the browser on with a GET, which is what 303 means after a form.
  static func seeOther(_ location: String) -> HTTPResponse {
    var redirect = response(.seeOther, "text/plain; charset=utf-8", Data())
    redirect.headers[.location] = location
    return redirect
  }

  /// `form-action` allows https: besides the page itself, because Chromium holds it against the
  /// redirect that answers a form as well, and that one goes to the integrator's site.
  private static let pagePolicy =
    "default-src 'none'; style-src 'self'; form-action 'self' https:; base-uri 'none'"

  static func response(
    _ status: HTTPStatusCode, _ contentType: String, _ body: Data
  ) -> HTTPResponse {
    var headers = usualHeaders
    headers[.contentType] = contentType
    return HTTPResponse(
      statusCode: status, headers: headers,
      // One chunk, so that a page is one write.
      body: HTTPBodySequence(data: body, suggestedBufferSize: max(1, body.count)))
  }

  private static let usualHeaders: HTTPHeaders = [
    .cacheControl: "no-store",
    HTTPHeader("Referrer-Policy"): "no-referrer",
    HTTPHeader("X-Content-Type-Options"): "nosniff",
  ]
}
