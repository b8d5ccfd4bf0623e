import Foundation

extension Dashboard {
  /// The page to arm faults for the next calls.
  func faultsPage(_ frame: Frame) -> Markup {
    let faults = emulation.faults()
    return frame.markup(
      title: "Faults", tab: .faults,
      """
      \(faults.isEmpty ? noFault : faultsTable(faults))
      <section class="card" aria-labelledby="arm">
      <h2 id="arm">Arm a fault</h2>
      <form method="post" action="/\(Route.prefix)/faults">
      <fieldset><legend>Fault</legend>
      \(Dashboard.kinds.map(Dashboard.choice))
      </fieldset>
      <div class="line">
      <div><label for="status">For <code>status</code>: HTTP status</label>
      <input id="status" name="status" type="number" min="200" max="599" value="503"></div>
      <div><label for="milliseconds">For <code>wait</code>: milliseconds</label>
      <input id="milliseconds" name="milliseconds" type="number" min="0" max="60000" value="3000"></div>
      <div><label for="count">Number of calls</label>
      <input id="count" name="count" type="number" min="1" max="1000000" value="1" required></div>
      </div>
      <div class="line">
      <div><label for="method">Method</label>
      <select id="method" name="method"><option value="">any</option><option>POST</option>
      <option>GET</option><option>PATCH</option></select></div>
      <div class="wide"><label for="path">Path prefix</label>
      <input id="path" name="path" value="/v1/" required></div>
      </div>
      <label class="check"><input type="checkbox" name="execute"> <span>Execute the
      call before the fault (always on for <code>cut</code>)</span></label>
      <button class="primary">Arm fault</button>
      </form>
      </section>
      """)
  }

  private func faultsTable(_ faults: [Fault]) -> Markup {
    """
    \(Table.markup(
      caption: "Armed faults", columns: ["Fault", "Calls", "Executed first", "Remaining"],
      rows: faults.map { fault in
        [
          Badge.markup(fault.name, .waiting),
          "<code>\(fault.method ?? "any method") \(fault.path)</code>",
          fault.executes ? "yes" : "no", "\(String(fault.count))",
        ]
      }))
    <form method="post" action="/\(Route.prefix)/faults/clear"><button>Clear all faults</button></form>
    """
  }

  private var noFault: Markup {
    Example.empty(
      title: "No faults armed",
      text: """
        All calls get normal responses. Test how your code handles a call that is executed but gets no
        response:
        """,
      command: Example.controlCall(
        to: "faults", body: #"{"kind": "close", "execute": true, "method": "POST"}"#, origin: origin
      ))
  }

  private static let kinds: [(kind: String, description: String)] = [
    ("status", "Returns this HTTP status"),
    ("wait", "Delays the response"),
    ("close", "Closes the connection without a response"),
    ("reset", "Resets the connection without a response"),
    ("cut", "Sends half of the response body"),
    ("garbage", "Sends bytes that are not HTTP"),
  ]

  private static func choice(_ kind: String, _ description: String) -> Markup {
    """
    <label class="check"><input type="radio" name="kind" value="\(kind)"\
    \(kind == "status" ? " checked" : "")> <code>\(kind)</code> \(description)</label>
    """
  }
}
