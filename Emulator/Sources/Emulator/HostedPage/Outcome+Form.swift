extension Outcome {
  /// Reads the outcome from a form; nil if it is invalid.
  init?(form: Form) { self.init(status: form["outcome"], reason: form["reason"]) }
}
