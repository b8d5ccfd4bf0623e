/// A coloured label.
enum Badge {
  enum Tone: String { case good, bad, waiting, plain }

  static func markup(_ text: String, _ tone: Tone) -> Markup {
    "<span class=\"badge \(tone.rawValue)\">\(text)</span>"
  }

  static func markup(_ status: SessionRecord.Status) -> Markup {
    let tone: Tone =
      switch status {
      case .verified: .good
      case .rejected, .failed: .bad
      case .submitted: .waiting
      case .pending, .expired, .voided: .plain
      }
    return markup(status.rawValue, tone)
  }

  static func markup(_ status: Delivery.Status) -> Markup {
    let tone: Tone =
      switch status {
      case .delivered: .good
      case .failed: .bad
      case .waiting: .waiting
      }
    return markup(status.rawValue, tone)
  }

  /// The badge of an HTTP status; nil if there was no response.
  static func markup(status: Int?) -> Markup {
    guard let status else { return markup("no response", .bad) }
    let tone: Tone = status < 300 ? .good : status < 400 ? .plain : .bad
    return markup(String(status), tone)
  }
}
