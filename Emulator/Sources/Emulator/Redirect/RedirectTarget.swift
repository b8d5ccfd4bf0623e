/// Where the browser goes when a session ends: the redirect URL with the result appended.
enum RedirectTarget {
  /// Joins a redirect URL and a result.
  ///
  /// A query of its own is kept and continued with `&`; a fragment stays at the end, since what
  /// follows a `#` never reaches the server.
  static func url(_ redirect: RedirectURL, sessionID: String, outcome: Outcome) -> String {
    let parts = redirect.text.split(
      separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let base = String(parts[0])
    let fragment = parts.count > 1 ? "#\(parts[1])" : ""
    return base + separator(after: base) + query(sessionID: sessionID, outcome: outcome) + fragment
  }

  /// The parameters, in the order of the documented examples.
  private static func query(sessionID: String, outcome: Outcome) -> String {
    var parameters = [("session_id", sessionID), ("status", outcome.status.rawValue)]
    if let reason = outcome.reason { parameters.append(("reason", reason.text)) }
    return parameters.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
  }

  private static func separator(after base: String) -> String {
    guard base.contains("?") else { return "?" }
    return base.hasSuffix("?") || base.hasSuffix("&") ? "" : "&"
  }
}
