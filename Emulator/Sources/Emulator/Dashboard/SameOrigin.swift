import HTTP

/// Whether a form was sent by the dashboard itself or by a program that is not a browser.
///
/// Any web page can make the user's browser post a form to this computer. The browser then states
/// the form's origin, and no page can change that. Other programs send no origin, and they do not
/// need a form to attack.
enum SameOrigin {
  static func allows(_ request: HTTPRequest, at origin: String) -> Bool {
    if let site = request.headers.first(name: "sec-fetch-site"),
      !["same-origin", "none"].contains(site.lowercased())
    {
      return false
    }
    guard let sender = request.headers.first(name: "origin") else { return true }
    // A sandboxed page has the origin "null".
    return [origin, "http://\(request.authority)", "https://\(request.authority)"]
      .contains { $0.lowercased() == sender.lowercased() }
  }
}
