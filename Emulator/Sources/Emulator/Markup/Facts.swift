/// A list of names and values.
enum Facts {
  static func list(_ rows: [(String, Markup)]) -> Markup {
    """
    <dl>
    \(rows.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" as Markup })
    </dl>
    """
  }
}
