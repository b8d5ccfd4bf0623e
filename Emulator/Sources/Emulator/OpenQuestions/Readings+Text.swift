extension Readings {
  /// Parses choices in the form `NAME=VALUE`.
  init(choices: [String]) throws(UnknownReading) {
    for choice in choices {
      let parts = choice.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      try choose(parts.count > 1 ? String(parts[1]) : "", for: String(parts[0]))
    }
  }

  /// Sets the reading of one question.
  mutating func choose(_ value: String, for name: String) throws(UnknownReading) {
    guard let question = OpenQuestion.named(name) else {
      throw UnknownReading(problem: "unknown open question")
    }
    guard question.read(&self, value) else {
      throw UnknownReading(problem: "\(name) must be \(question.values.joined(separator: " or "))")
    }
  }
}

/// Why a choice was rejected.
public struct UnknownReading: Error, Equatable {
  /// The error message.
  public let problem: String
}
