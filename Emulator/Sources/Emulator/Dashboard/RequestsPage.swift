import Foundation

extension Dashboard {
  /// The recent calls, newest first.
  func requestsPage(_ frame: Frame) -> Markup {
    let log = emulation.requests(limit: 200)
    return frame.markup(
      title: "Requests", tab: .requests, canRefresh: true,
      log.requests.isEmpty
        ? Example.empty(
          title: "No requests yet", text: "API calls and page views are listed here. Try one:",
          command: Example.create(emulation, origin: origin))
        : """
        <p>\(log.total == log.requests.count ? "All" : "The last \(log.requests.count) of") \
        \(String(log.total)) API calls and page views. Keys are shortened.</p>
        \(requestsTable(log.requests))
        """)
  }

  private func requestsTable(_ requests: [LoggedRequest]) -> Markup {
    Table.markup(
      caption: "Requests",
      columns: ["#", "Call", "Response", "Duration", "Key", "In / out", "Time"],
      rows: requests.map { request in
        [
          "\(String(request.number))",
          "<code><b>\(request.method)</b> \(request.target)</code>",
          """
          \(Badge.markup(status: request.status))\
          \(request.fault.map { "<span class=\"under\">fault: \($0)</span>" as Markup } ?? "")
          """,
          "\(Dashboard.duration(microseconds: request.microseconds))",
          request.key.map { "<code>\($0)</code>" } ?? Dashboard.nothing,
          "\(String(request.bytesIn)) / \(String(request.bytesOut)) B",
          Moment.markup(request.at),
        ]
      })
  }

  private static func duration(microseconds: Int) -> String {
    microseconds < 1000
      ? "\(microseconds) µs"
      : microseconds < 1_000_000
        ? "\(Double(microseconds / 10) / 100) ms" : "\(Double(microseconds / 10_000) / 100) s"
  }
}
