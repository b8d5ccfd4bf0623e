extension Outcome {
  /// The outcome that a form chooses, or nil if it chooses none.
  init?(form: Form) { self.init(status: form["outcome"], reason: form["reason"]) }
}
