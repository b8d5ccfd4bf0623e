import Foundation

/// The layout around each page of the dashboard.
struct Frame {
  private let query: Form?
  private let problem: String?
  private let clock: Clock
  private let now: Date

  init(query: Form? = nil, problem: String? = nil, _ emulation: Emulation) {
    self.query = query
    self.problem = problem
    clock = emulation.clock
    now = emulation.now.date
  }

  /// A query parameter of the page.
  subscript(name: String) -> String? { query?[name] }

  /// The pages in the navigation.
  enum Tab: String, CaseIterable {
    case sessions, requests, outbox, webhooks, clock, faults, settings

    var path: String { self == .sessions ? "/" : "/\(Dashboard.Route.prefix)/\(rawValue)" }
    var name: String { rawValue.capitalized }
  }

  /// Renders a page; `canRefresh` offers automatic reloading.
  func markup(
    title: String, tab: Tab?, canRefresh: Bool = false, _ content: Markup
  ) -> Markup {
    let isRefreshing = canRefresh && self["refresh"] == "5"
    return Document.markup(
      title: title, refresh: isRefreshing ? 5 : nil,
      """
      <body class="dashboard">
      <a class="skip" href="#main">Skip to the content</a>
      <header class="bar">
      <p class="brand"><a href="/">deepidv <span>emulator</span></a></p>
      <nav aria-label="Pages"><ul>
      \(Tab.allCases.map { link(to: $0, isCurrent: $0 == tab) })
      </ul></nav>
      \(time)
      </header>
      <main id="main">
      <div class="head">
      <h1 dir="auto">\(title)</h1>
      \(canRefresh ? refreshSwitch(tab, isRefreshing) : "")
      </div>
      \(banner)
      \(content)
      </main>
      </body>
      """)
  }

  private func link(to tab: Tab, isCurrent: Bool) -> Markup {
    let mark: Markup = isCurrent ? " aria-current=\"page\"" : ""
    return "<li><a href=\"\(tab.path)\"\(mark)>\(tab.name)</a></li>"
  }

  private var time: Markup {
    let state: Markup =
      clock.isFrozen ? " <b>frozen</b>" : clock.ahead.magnitude >= 1 ? " <b>moved</b>" : ""
    return """
      <p class="time"><span class="visually-hidden">The emulator's clock:</span>\
      \(Moment.markup(now))\(state)</p>
      """
  }

  private func refreshSwitch(_ tab: Tab?, _ isOn: Bool) -> Markup {
    let path = tab?.path ?? "/"
    return isOn
      ? "<p class=\"refresh\">Reloads every 5 seconds. <a href=\"\(path)\">Stop</a></p>"
      : "<p class=\"refresh\"><a href=\"\(path)?refresh=5\">Reload every 5 seconds</a></p>"
  }

  private var banner: Markup {
    if let problem {
      return "<p class=\"banner error\" role=\"alert\"><b>Not done.</b> \(problem).</p>"
    }
    guard let notice = self["done"].flatMap(Notice.init) else { return "" }
    return "<p class=\"banner\" role=\"status\"><b>Done.</b> \(notice.text)</p>"
  }
}
