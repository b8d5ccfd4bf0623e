import ABI

extension Header {
  /// The opening comment of the header: purpose and example.
  func opening(_ interface: Interface) -> [String] {
    Comment.block(
      ["deepidv.h: the C interface of libdeepidv \(interface.version.text).", generatedNotice, ""]
        + Layout.wrap(Header.purpose, width: Header.proseWidth - 3)
        + ["", "Example (you provide key and json; a real program checks every status):", ""]
        + Header.example.map { $0.isEmpty ? "" : "  " + $0 })
  }

  /// The purpose of the library.
  static let purpose = """
    libdeepidv creates identity verification sessions with the deepidv service and parses the \
    redirects of returning applicants. A retry never executes a create twice: if the outcome is \
    unknown, the status says so.
    """

  /// The example in the header.
  ///
  /// A test of the header compiles it.
  static let example = [
    "deepidv_config *config = NULL;",
    "deepidv_client *client = NULL;",
    "deepidv_session_request *request = NULL;",
    "deepidv_result *result = NULL;",
    "",
    "deepidv_config_new(&config);",
    "deepidv_config_set_api_key(config, key, DEEPIDV_NTS);",
    "deepidv_client_new(config, &client);",
    "deepidv_session_request_new(&request);",
    "deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL);",
    "if (deepidv_session_create(client, request, &result) == DEEPIDV_OK)",
    "  puts(deepidv_result_session_url(result, NULL));",
    "",
    "deepidv_result_free(result);",
    "deepidv_session_request_free(request);",
    "deepidv_client_free(client);",
    "deepidv_config_free(config);",
  ]

  /// The conventions, which apply to every function.
  func conventions(_ interface: Interface) -> [String] {
    let titles = interface.conventions.map(\.title.count).max() ?? 0
    let paragraphs = interface.conventions.map { paragraph in
      Layout.hang(
        Layout.pad(paragraph.title, titles + 2), paragraph.text, width: Header.proseWidth - 3)
    }
    return Comment.block(["Conventions", ""] + paragraphs.joined(separator: [""]))
  }
}
