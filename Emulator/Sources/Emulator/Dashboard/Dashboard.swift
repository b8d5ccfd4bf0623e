import FlyingFox
import Foundation

/// The pages that show the emulator's state and let a person change it.
struct Dashboard: Sendable {
  let emulation: Emulation
  let host: TrustedHost

  init(_ emulation: Emulation) {
    self.emulation = emulation
    host = TrustedHost(address: emulation.settings.address)
  }

  /// Handles one request.
  func respond(to request: HTTPRequest, on route: Route, body: Data) -> HTTPResponse {
    guard host.allows(request) else {
      return refusal(.forbidden, "Use localhost or the IP address in the URL")
    }
    let isRead = request.method == .GET || request.method == .HEAD
    guard isRead || SameOrigin.allows(request) else {
      return refusal(.forbidden, "This form was sent by another web site")
    }
    guard let query = Form(query: request.target.query()), let form = Form(body: body) else {
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
      return refusal(
        .internalServerError, "The state file cannot be written: \(failure.problem)")
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
    _ route: Route, _ frame: Frame, status: HTTPStatusCode = .ok
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

  private func refusal(_ status: HTTPStatusCode, _ problem: String) -> HTTPResponse {
    Dashboard.response(
      status,
      Frame(emulation).markup(
        title: "Error", tab: nil,
        "<p>\(problem).</p><p><a class=\"button\" href=\"/\">Go to the sessions</a></p>"))
  }

  private static func response(_ status: HTTPStatusCode, _ markup: Markup) -> HTTPResponse {
    var response = Response.page(status, markup)
    // No framing: it would allow clickjacking.
    response.headers[HTTPHeader("Content-Security-Policy")] =
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
      + "frame-ancestors 'none'"
    // With no-referrer, browsers would also omit the Origin of forms.
    response.headers[HTTPHeader("Referrer-Policy")] = "same-origin"
    return response
  }
}
