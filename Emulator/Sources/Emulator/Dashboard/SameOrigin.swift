import FlyingFox

/// Whether a form was sent by the dashboard itself or by a program that is not a browser.
///
/// Any web page can make the user's browser post a form to this computer. The browser then states
/// the form's origin, and no page can change that. Other programs send no origin, and they do not
/// need a form to attack.
enum SameOrigin {
  static func allows(_ request: HTTPRequest) -> Bool {
    if let site = request.headers[HTTPHeader("Sec-Fetch-Site")],
      !["same-origin", "none"].contains(site.lowercased())
    {
      return false
    }
    guard let origin = request.headers[HTTPHeader("Origin")] else { return true }
    // A sandboxed page has the origin "null".
    guard let host = request.headers[.host], !host.isEmpty else { return false }
    return ["http://\(host)", "https://\(host)"].contains { $0.lowercased() == origin.lowercased() }
  }
}
