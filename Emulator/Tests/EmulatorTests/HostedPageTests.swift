import Foundation
import Testing

@testable import Emulator

@Suite struct MarkupTests {
  @Test func textIsEscaped() {
    let name = #"<script>alert("1")</script> & 'co'"#
    #expect(
      ("<p title=\"\(name)\">" as Markup).source
        == "<p title=\"&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;\">")
  }

  @Test func markupIsNot() {
    let inner: Markup = "<b>\("<")</b>"
    #expect(
      ("<p>\(inner)\([inner, inner])</p>" as Markup).source
        == "<p><b>&lt;</b><b>&lt;</b>\n<b>&lt;</b></p>")
  }

  @Test func controlCharacters() {
    #expect(Markup.escape("a\u{0}b\u{1b}c\r\nd\te") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}\nd\te")
  }

  @Test func otherTextSurvives() {
    #expect(Markup.escape("Zoë 山田 👩‍👩‍👧") == "Zoë 山田 👩‍👩‍👧")
  }
}

@Suite struct FormTests {
  private func outcome(_ form: String) -> Outcome? {
    Form(body: Data(form.utf8)).flatMap(Outcome.init(form:))
  }

  @Test func fields() throws {
    let form = try #require(Form(body: Data("a=1&b=x+y%3D&a=2&c&=d&&e==".utf8)))
    #expect(form["a"] == "1")
    #expect(form["b"] == "x y=")
    #expect(form["c"] == "")
    #expect(form["e"] == "=")
    #expect(form["f"] == nil)
  }

  @Test func outcomes() {
    #expect(outcome("outcome=success") == .success)
    #expect(outcome("outcome=success&reason=face_mismatch") == .success)
    #expect(outcome("outcome=failed&reason=face_mismatch") == .failed(.faceMismatch))
    #expect(outcome("outcome=failed&reason=document_expired")?.reason?.text == "document_expired")
    #expect(outcome("outcome=abandoned") == .abandoned(.userCancelled))
    #expect(outcome("outcome=abandoned&reason=session_expired") == .abandoned(.sessionExpired))
  }

  @Test(
    arguments: [
      "", "outcome", "outcome=", "outcome=SUCCESS", "outcome=success%", "outcome=%ff",
      "reason=unknown", "outcome=failed", "outcome=failed&reason=", "outcome=failed&reason=A",
      "outcome=failed&reason=a-b", "outcome=failed&reason=a%0d%0ab", "outcome=abandoned&reason=",
      "outcome=failed&reason=\(String(repeating: "a", count: 65))",
    ])
  func notAnOutcome(form: String) {
    #expect(outcome(form) == nil)
  }

  @Test func longestReason() {
    #expect(outcome("outcome=failed&reason=\(String(repeating: "a", count: 64))") != nil)
  }
}

@Suite struct SessionStoreTests {
  private let request = SessionRequest(
    firstName: "John", lastName: "Doe", email: "j@example.com", phone: "+15192223333",
    redirectURL: RedirectURL("https://yourapp.com/"), expiresInHours: 2)

  @Test func ids() async {
    let store = SessionStore()
    let session = await store.create(request, at: .distantPast)
    #expect(session.id.hasPrefix("sess_"))
    #expect(session.id.utf8.count == 25)
    #expect(await store.create(request, at: .distantPast).id != session.id)
    #expect(await store.session(session.id)?.id == session.id)
    #expect(await store.session("sess_abc") == nil)
  }

  @Test func expiry() async {
    let now = Date(timeIntervalSince1970: 0)
    let session = await SessionStore().create(request, at: now)
    let created = CreatedSession(session, origin: "http://127.0.0.1:1", organization: "a b")
    #expect(created.expiresAt == "1970-01-01T02:00:00.000Z")
    let query = "oid=a%20b&redirect_url=https%3A%2F%2Fyourapp.com%2F"
    #expect(created.sessionURL == "http://127.0.0.1:1/session/\(session.id)?\(query)")
  }

  @Test func theFirstOutcomeStays() async throws {
    let store = SessionStore()
    let id = await store.create(request, at: .distantPast).id
    guard case .finished(let first) = await store.finish(id, with: .success),
      case .alreadyFinished(let second) = await store.finish(id, with: .abandoned()),
      case .unknownSession = await store.finish("sess_abc", with: .success)
    else { throw CancellationError() }
    #expect(first.redirectTarget == "https://yourapp.com/?session_id=\(id)&status=success")
    #expect(second.redirectTarget == first.redirectTarget)
  }
}

@Suite struct RouteTests {
  @Test func paths() {
    #expect(Route(path: "/v1/sessions") == .createSession)
    #expect(Route(path: "/session/sess_abc") == .hostedPage(id: "sess_abc"))
    #expect(Route(path: "/session/sess_abc/finish") == .finishSession(id: "sess_abc"))
    #expect(Route(path: "/emulator.css") == .stylesheet)
  }

  @Test(
    arguments: [
      "", "/", "/v1", "/v1/sessions/", "/v1/sessions/x", "/session", "/session/",
      "/session//finish2",
      "/session/a/b", "/session/a/finish/b", "v1/sessions",
    ])
  func unknownPaths(path: String) {
    #expect(Route(path: path) == nil)
  }
}
