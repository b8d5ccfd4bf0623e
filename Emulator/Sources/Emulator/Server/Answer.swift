import FlyingFox
import Foundation

/// The shapes of a response, each with the headers it needs.
enum Answer {
  static func json(_ status: HTTPStatusCode, _ value: some Encodable) -> HTTPResponse {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let body = try? encoder.encode(value) else {
      return text(.internalServerError, "Internal Server Error")
    }
    return response(status, "application/json; charset=utf-8", body)
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
  static func invalid(_ part: String, hints: [String]) -> HTTPResponse {
    struct Problems: Encodable {
      let message: String
      let hints: [String]
    }
    return json(.badRequest, Problems(message: "Invalid request \(part)", hints: hints))
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

  private static func response(
    _ status: HTTPStatusCode, _ contentType: String, _ body: Data
  ) -> HTTPResponse {
    HTTPResponse(
      statusCode: status,
      headers: [
        .contentType: contentType,
        .cacheControl: "no-store",
        HTTPHeader("Referrer-Policy"): "no-referrer",
        HTTPHeader("X-Content-Type-Options"): "nosniff",
      ],
      // One chunk, so that a page is one write.
      body: HTTPBodySequence(data: body, suggestedBufferSize: max(1, body.count)))
  }
}
