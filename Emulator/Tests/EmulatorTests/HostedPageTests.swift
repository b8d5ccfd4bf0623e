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

@Suite struct RouteTests {
  @Test func paths() {
    #expect(Route(path: "/v1/sessions") == .sessions)
    #expect(Route(path: "/v1/sessions/sess_abc") == .session(id: "sess_abc"))
    #expect(Route(path: "/v1/sessions/a/update-status") == .updateStatus(id: "a"))
    #expect(Route(path: "/emulator/executions") == .control(.executions))
    #expect(Route(path: "/emulator/deliveries/a/send") == .control(.send(id: "a")))
    #expect(Route(path: "/session/sess_abc") == .hostedPage(id: "sess_abc"))
    #expect(Route(path: "/session/sess_abc/finish") == .finishSession(id: "sess_abc"))
    #expect(Route(path: "/session/sess_abc/step") == .stepOfSession(id: "sess_abc"))
    #expect(Route(path: "/emulator.css") == .stylesheet)
    #expect(Route(path: "/") == .dashboard(.sessions))
    #expect(Route(path: "/dashboard/clock") == .dashboard(.clock))
    #expect(Route(path: "/dashboard/sessions/a/decide") == .dashboard(.decide(session: "a")))
    #expect(Route(path: "/dashboard/deliveries/a/send") == .dashboard(.send(delivery: "a")))
  }

  @Test(
    arguments: [
      "", "/v1", "/dashboard", "/dashboard/", "/dashboard/clock/", "/dashboard/sessions/",
      "/v1/sessions/", "/v1/sessions/x/y", "/emulator", "/emulator/executions/",
      "/session", "/session/",
      "/session//finish2",
      "/session/a/b", "/session/a/finish/b", "v1/sessions",
    ])
  func unknownPaths(path: String) {
    #expect(Route(path: path) == nil)
  }
}
