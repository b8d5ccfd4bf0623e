import Foundation
import HTTP

/// Creates HTTP responses of each kind, with the headers it needs.
enum Response {
  /// Compact JSON with sorted keys.
  static func encoded(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Cannot fail: all values consist of strings and numbers.
    return (try? encoder.encode(value)) ?? Data("null".utf8)
  }

  static func json(_ status: HTTPStatus, _ value: some Encodable) -> HTTPResponse {
    response(status, contentType: "application/json; charset=utf-8", body: Array(encoded(value)))
  }

  /// An error as `{"error"}`.
  static func error(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
    json(status, ["error": text])
  }

  /// An error as `{"message"}`.
  static func message(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
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
    error(.internalServerError, failure.text)
  }

  /// An error as a page for a browser, and as `{"error"}` for other programs.
  static func error(_ status: HTTPStatus, _ text: String, for request: HTTPRequest) -> HTTPResponse
  {
    // Programs accept anything, and only browsers name HTML.
    let accepted = request.headers["accept"].joined(separator: ",").lowercased()
    return accepted.contains("text/html")
      ? page(status, Pages.error(status.reasonPhrase, text)) : error(status, text)
  }

  static func text(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
    response(status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
  }

  static func stylesheet(_ source: String) -> HTTPResponse {
    response(.ok, contentType: "text/css; charset=utf-8", body: Array(source.utf8))
  }

  static func page(_ status: HTTPStatus, _ markup: Markup) -> HTTPResponse {
    var page = response(
      status, contentType: "text/html; charset=utf-8", body: Array(markup.source.utf8))
    page.headers.add(name: "Content-Security-Policy", value: pagePolicy)
    return page
  }

  /// Redirects the browser after a form; with 303, it uses GET.
  static func seeOther(_ location: String) -> HTTPResponse {
    var redirect = response(.seeOther, contentType: "text/plain; charset=utf-8", body: [])
    redirect.headers.add(name: "Location", value: location)
    return redirect
  }

  /// The content security policy of all pages but the dashboard.
  ///
  /// `form-action` allows https: because Chromium also applies it to the redirect after a form,
  /// which leads to the integrator's site. No other site can frame a page: it could trick the
  /// applicant into pressing a button (clickjacking).
  private static let pagePolicy =
    "default-src 'none'; style-src 'self'; form-action 'self' https:; base-uri 'none'; "
    + "frame-ancestors 'none'"

  static func response(
    _ status: HTTPStatus, contentType: String, body: [UInt8]
  ) -> HTTPResponse {
    HTTPResponse(
      status,
      headers: [
        "Content-Type": contentType, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
      ], body: body)
  }
}
