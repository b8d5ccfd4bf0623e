extension Outcome {
  /// The outcome that a form chooses, or nil if it chooses none.
  ///
  /// A success has no reason, whatever was sent; a failure must give one; leaving has the usual one
  /// unless another is named.
  init?(form: Form) {
    let reason = form["reason"]
    switch form["outcome"].flatMap(Status.init) {
    case .success:
      self = .success
    case .failed:
      guard let reason = reason.flatMap({ Reason($0) }) else { return nil }
      self = .failed(reason)
    case .abandoned:
      guard let reason = reason.map({ Reason($0) }) ?? .userCancelled else { return nil }
      self = .abandoned(reason)
    case nil:
      return nil
    }
  }
}
