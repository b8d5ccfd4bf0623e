/// Commands to copy, for empty pages.
enum Example {
  static func block(_ command: String) -> Markup {
    "<pre tabindex=\"0\"><code>\(command)</code></pre>"
  }

  static func empty(title: String, text: Markup, command: String) -> Markup {
    """
    <div class="empty">
    <h2>\(title)</h2>
    <p>\(text)</p>
    \(block(command))
    </div>
    """
  }

  static func create(_ emulation: Emulation, origin: String) -> String {
    // Do not show keys from the command line.
    let key = "dk_emulator"
    let isAccepted = emulation.settings.accounts.contains { $0.keys.contains(.init(key)) }
    return """
      curl \(origin)/v1/sessions \\
        -H 'Content-Type: application/json' \\
        -H 'x-api-key: \(isAccepted ? key : "YOUR_API_KEY")' \\
        -d '{"first_name": "Ada", "last_name": "Lovelace",
             "email": "ada@example.com", "phone": "+15192223333",
             "external_id": "order-1042",
             "redirect_url": "https://yourapp.com/verify-callback"}'
      """
  }

  /// A call of the control API.
  static func controlCall(to path: String, body: String, origin: String) -> String {
    """
    curl \(origin)/emulator/\(path) \\
      -H 'Content-Type: application/json' \\
      -d '\(body)'
    """
  }
}
