import Foundation
import HTTP

/// The pages that show the emulator's state and let a person change it.
struct Dashboard: Sendable {
  let emulation: Emulation
  /// The origin of links and commands.
  let origin: String

  /// Handles one request.
  func respond(to request: HTTPRequest, on route: Route, body: Data) -> HTTPResponse {
    let isRead = request.method == .GET || request.method == .HEAD
    guard isRead || SameOrigin.allows(request, at: origin) else {
      return refusal(.forbidden, "This form was sent by another web site")
    }
    guard let query = Form(query: request.query), let form = Form(body: body) else {
      return refusal(.badRequest, "The query and the form must be percent-encoded UTF-8")
    }
    do {
      return isRead
        ? try page(route, Frame(query: query, emulation)) : try act(route, form)
    } catch let missing as Missing {
      return refusal(.notFound, "This \(missing.what) does not exist")
    } catch let invalid as Invalid {
      let frame = Frame(problem: invalid.problem, emulation)
      return (try? page(invalid.route, frame, status: .badRequest))
        ?? refusal(.badRequest, invalid.problem)
    } catch let failure as JournalFailure {
      return refusal(.internalServerError, failure.text)
    } catch {
      return refusal(.internalServerError, "Internal error")
    }
  }

  /// An object that does not exist.
  struct Missing: Error {
    let what: String
  }

  /// An invalid form, and the page that it came from.
  struct Invalid: Error {
    let route: Route
    let problem: String
  }
}

extension Dashboard {
  private func page(
    _ route: Route, _ frame: Frame, status: HTTPStatus = .ok
  ) throws(Missing) -> HTTPResponse {
    let markup =
      switch route {
      case .sessions: sessionsPage(frame)
      case .session(let id), .decide(let id): try sessionPage(id, frame)
      case .requests: requestsPage(frame)
      case .outbox: outboxPage(frame)
      case .webhooks, .removeWebhook: webhooksPage(frame)
      case .delivery(let id), .send(let id): try deliveryPage(id, frame)
      case .clock: clockPage(frame)
      case .faults, .clearFaults: faultsPage(frame)
      case .settings, .tokens: settingsPage(frame)
      }
    return Dashboard.response(status, markup)
  }

  private func refusal(_ status: HTTPStatus, _ problem: String) -> HTTPResponse {
    Dashboard.response(
      status,
      Frame(emulation).markup(
        title: "Error", tab: nil,
        "<p>\(problem).</p><p><a class=\"button\" href=\"/\">Go to the sessions</a></p>"))
  }

  private static func response(_ status: HTTPStatus, _ markup: Markup) -> HTTPResponse {
    var response = Response.page(status, markup)
    response.headers.replaceOrAdd(
      name: "Content-Security-Policy",
      value: "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'")
    // With no-referrer, browsers would also omit the Origin of forms.
    response.headers.replaceOrAdd(name: "Referrer-Policy", value: "same-origin")
    return response
  }
}
