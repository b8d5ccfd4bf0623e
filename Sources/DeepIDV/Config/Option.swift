import DeepIDVCore

// The cases and their rows are generated from the options of the interface table.
extension Option {
  /// A row of the table: the option's key, its environment variable, and its type.
  struct Row {
    var key: StaticString
    var variable: StaticString
    var content: Content
  }

  enum Content {
    case text(limit: Int)
    case number(ClosedRange<UInt32>)
  }

  /// The option after this one.
  var next: Option? { Option(rawValue: rawValue + 1) }

  /// Returns the option with a key.
  static func named(_ key: Span<UInt8>) -> Option? {
    var candidate = Option(rawValue: 0)
    while let option = candidate {
      if key.equals(option.row.key) { return option }
      candidate = option.next
    }
    return nil
  }
}
