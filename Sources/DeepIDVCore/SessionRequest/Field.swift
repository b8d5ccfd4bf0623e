// The cases and their rows are generated from the setters of a request in the interface table.
extension Field {
  /// The kind of a field's value.
  public enum Content: Equatable {
    /// A text with a limit in bytes.
    case text(limit: Int)
    case flag
    case number
  }

  /// A row of the table.
  struct Row {
    var name: StaticString
    var alias: StaticString
    var content: Content
    var required = false
  }

  /// Its name on the wire and in error reports, in snake_case.
  public var name: StaticString { row.name }

  /// The field after this one.
  var next: Field? { Field(rawValue: rawValue + 1) }
}
