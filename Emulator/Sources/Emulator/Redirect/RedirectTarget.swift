/// Where the browser goes when a session ends: the redirect URL with the result appended.
enum RedirectTarget {
  /// Appends the result to a redirect URL.
  ///
  /// By default it extends an existing query with `&`, and keeps a fragment at the end, because
  /// browsers do not send what follows a `#`. The returned URL is ASCII.
  static func url(
    _ redirect: RedirectURL, sessionID: String, outcome: Outcome, readings: Readings = Readings()
  ) -> String {
    let query = query(sessionID: sessionID, outcome: outcome, readings: readings)
    let text = PercentEncoding.encodeNonASCII(redirect.text)
    switch readings.redirectJoin {
    case .merge:
      let parts = text.split(
        separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let base = String(parts[0])
      let fragment = parts.count > 1 ? "#\(parts[1])" : ""
      return base + separator(after: base) + query + fragment
    case .questionMark:
      return "\(text)?\(query)"
    case .afterFragment:
      return text + separator(after: text) + query
    }
  }

  /// The parameters, by default in the order of the documented examples.
  private static func query(sessionID: String, outcome: Outcome, readings: Readings) -> String {
    let isGuide = readings.redirectNames == .guide
    let status = isGuide ? guideStatus(outcome.status) : outcome.status.rawValue
    let id = (isGuide ? "sessionId" : "session_id", sessionID)
    var parameters = [id, ("status", status)]
    if readings.redirectOrder == .statusFirst { parameters.reverse() }
    if let reason = outcome.reason { parameters.append(("reason", reason.text)) }
    if readings.redirectRepeats == .yes { parameters.append(id) }
    return parameters.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
  }

  /// The values in the guide that shows `status=SUBMITTED`.
  private static func guideStatus(_ status: Outcome.Status) -> String {
    status == .success ? "SUBMITTED" : status.rawValue.uppercased()
  }

  private static func separator(after base: String) -> String {
    guard base.contains("?") else { return "?" }
    return base.hasSuffix("?") || base.hasSuffix("&") ? "" : "&"
  }
}
