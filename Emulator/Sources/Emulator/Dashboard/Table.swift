/// A table that becomes a list of cards on narrow screens.
///
/// The roles keep it a table for screen readers when it is styled as blocks.
enum Table {
  static func markup(caption: String, columns: [String], rows: [[Markup]]) -> Markup {
    """
    <table role="table">
    <caption class="visually-hidden">\(caption)</caption>
    <thead role="rowgroup"><tr role="row">
    \(columns.map { "<th role=\"columnheader\" scope=\"col\">\($0)</th>" as Markup })
    </tr></thead>
    <tbody role="rowgroup">
    \(rows.map { row(columns, $0) })
    </tbody>
    </table>
    """
  }

  private static func row(_ columns: [String], _ cells: [Markup]) -> Markup {
    let cells = zip(columns, cells).map { column, cell -> Markup in
      "<td role=\"cell\"><span class=\"column\" aria-hidden=\"true\">\(column)</span><div>\(cell)</div></td>"
    }
    return "<tr role=\"row\">\(cells)</tr>"
  }
}
