/// A whole HTML document.
enum Document {
  /// `body` is the whole element; `refresh` is the reload interval in seconds.
  static func markup(title: String, refresh: Int? = nil, _ body: Markup) -> Markup {
    let reload: Markup =
      refresh.map { "<meta http-equiv=\"refresh\" content=\"\(String($0))\">\n" } ?? ""
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="robots" content="noindex">
      <meta name="color-scheme" content="light dark">
      \(reload)<title>\(title) (deepidv emulator)</title>
      <link rel="stylesheet" href="\(Stylesheet.path)">
      </head>
      \(body)
      </html>

      """
  }
}
