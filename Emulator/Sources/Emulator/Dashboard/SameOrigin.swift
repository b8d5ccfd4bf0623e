import FlyingFox

/// Whether a form was sent by one of the dashboard's own pages, or by no page at all.
///
/// Any web page can have the reader's browser post a form to this computer. The browser then says
/// where the form came from, and no page can change what it says. Programs that are no browser say
/// nothing, and need no form to do harm.
enum SameOrigin {
  static func allows(_ request: HTTPRequest) -> Bool {
    if let site = request.headers[HTTPHeader("Sec-Fetch-Site")],
      !["same-origin", "none"].contains(site.lowercased())
    {
      return false
    }
    guard let origin = request.headers[HTTPHeader("Origin")] else { return true }
    // "null" is what a page of nowhere says, such as one in a sandbox.
    guard let host = request.headers[.host], !host.isEmpty else { return false }
    return ["http://\(host)", "https://\(host)"].contains { $0.lowercased() == origin.lowercased() }
  }
}
