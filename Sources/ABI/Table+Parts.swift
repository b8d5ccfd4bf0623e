extension Interface {
  /// Every call on a handle can return these.
  static let handleStatuses = ["E_NULL", "E_HANDLE"]

  /// Every call that takes a text can return these.
  static let textStatuses =
    handleStatuses + ["E_LENGTH", "E_TOO_LONG", "E_NUL", "E_UTF8", "E_NOMEM"]

  /// Every call that takes a URL can return these.
  static let urlStatuses = ["E_URL", "E_SCHEME", "E_USERINFO"]

  /// Every call on a client can return these.
  static let clientStatuses = handleStatuses + ["E_FORKED"]

  static let outLength = Parameter(
    "out_len", .outSize, optional: true, "its length in bytes"
  ).length(of: "return")

  static func free(_ handle: String, _ doc: String, _ discussion: String = "", since: String)
    -> Function
  {
    Function(
      "\(handle)_free", returns: .nothing,
      "Frees a \(handle). NULL is allowed.", discussion,
      parameters: [Parameter("handle", .handle(handle), .consumed, optional: true, doc)],
      threads: .exclusive, since: since)
  }
}

extension Parameter {
  /// Where a new object is returned.
  static func new(_ handle: String) -> Parameter {
    Parameter("out_\(handle.dropFirst("deepidv_".count))", .outHandle(handle), "the new object")
  }
}
