extension Interface {
  static let requestFamily = Family(
    title: "Session request",
    doc: """
      The applicant and how to invite them. Each setter checks its value at once. \
      deepidv_session_request_validate() and the create itself check for missing fields. Calling a setter again \
      replaces the value.
      """,
    functions: [
      Function(
        "deepidv_session_request_new", returns: .status,
        "Creates an empty request.",
        parameters: [.new("deepidv_session_request")],
        statuses: ["E_NULL", "E_NOMEM"], threads: .any, since: "0.1"),
      free(
        "deepidv_session_request", "the request to free; operations created from it continue",
        since: "0.1"),
      Function(
        "deepidv_session_request_set_json", returns: .status,
        "Replaces the whole request with a JSON object.",
        """
        Members may use snake_case or camelCase; if both are present, camelCase wins. null means absent. An \
        unknown member is refused, so that a misspelled field is not ignored. On failure the request is \
        unchanged.
        """,
        parameters: [
          request,
          Parameter("json", .text, .copied, "one JSON object, up to 1 MiB").limit(1_048_576),
          Parameter(
            "out_field", .outText, optional: true,
            "the refused field, in snake_case, or NULL; a constant text"
          ).encoded(.ascii),
          Parameter(
            "out_offset", .outSize, optional: true,
            "on failure, the byte offset at which parsing stopped"),
        ],
        statuses: textStatuses
          + ["E_JSON", "E_JSON_DEPTH", "E_JSON_OBJECT", "E_JSON_DUPLICATE", "E_TYPE", "E_FIELD"]
          + ["E_REQUIRED", "E_EMAIL", "E_PHONE", "E_RANGE", "E_CONTROL", "E_REPEATED"]
          + urlStatuses,
        threads: .exclusive, since: "0.1", source: "Create session, fields and aliases"),
      setText(
        "first_name", required: true, limit: 65_536,
        "the applicant's first name, up to 65,536 bytes; required"),
      setText(
        "last_name", required: true, limit: 65_536,
        "the applicant's last name, up to 65,536 bytes; required"),
      setText(
        "email", required: true, limit: 254,
        "the applicant's e-mail address, up to 254 bytes; required", ["E_EMAIL"]),
      setText(
        "phone", required: true, limit: 64,
        "the applicant's phone number in E.164, such as +15192223333; required", ["E_PHONE"],
        "The service may require at least 10 digits; the library accepts every E.164 number."),
      setText(
        "external_id", limit: 65_536,
        "your own reference for this session, up to 65,536 bytes; use each one only once"),
      setFlag(
        "send_email_invite", "Sets whether the service sends the applicant an e-mail. Default: yes."
      ),
      setFlag(
        "send_phone_invite",
        "Sets whether the service sends the applicant a text message. Default: yes."),
      setText(
        "workflow_id", limit: 65_536,
        "the workflow to run, up to 65,536 bytes; if not set, a standalone verification"),
      setText(
        "redirect_url", limit: 8192,
        "an https URL with a host and no user info, up to 8,192 bytes",
        ["E_CONTROL", "E_REPEATED"] + urlStatuses,
        """
        The applicant's browser returns to this URL; see deepidv_redirect_parse(). A URL is accepted if browsers open \
        it, by the host rules of the URL standard. The host must be in ASCII (xn-- for other scripts); the path, query \
        and fragment may contain other letters. DEEPIDV_E_REPEATED: the query already has a session_id, status or \
        reason, which the service adds itself.
        """),
      setter(
        "expires_in_hours",
        Parameter("hours", .uint32, "hours, 1 to 8,760").range(1...8760),
        "Sets the number of hours after which the session expires.",
        source: "expires_in_hours (documented elsewhere by the vendor)"),
      Function(
        "deepidv_session_request_set_search_first", returns: .status,
        "Sets whether deepidv_session_create() first searches for a session with this external id. Default: no.",
        """
        The create is then the same as deepidv_session_find_or_create(). It is not a field of the service, and \
        deepidv_session_request_set_json() leaves it unchanged. The request must have an external id.
        """,
        parameters: [request, yesOrNo],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_session_request_set_traceparent", returns: .status,
        "Sets the trace that the create belongs to. Default: none.",
        """
        Each request of the operation is sent with the header traceparent, as in W3C Trace Context. It is not a \
        field of the service: deepidv_session_request_set_json() leaves it unchanged, and creates that differ only \
        in it are the same for repeat_guard. An empty text removes it.
        """,
        parameters: [
          request,
          Parameter(
            "value", .text, .copied,
            "such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, or empty"
          ).limit(55).encoded(.ascii),
        ],
        statuses: ["E_TRACEPARENT", "E_LENGTH"] + handleStatuses, threads: .exclusive, since: "0.1",
        source: "https://www.w3.org/TR/trace-context/"),
      Function(
        "deepidv_session_request_validate", returns: .status,
        "Checks that the request has all required fields.",
        """
        With search_first, external_id is required. DEEPIDV_E_TOO_LONG: it has more than 1,024 bytes, and cannot be \
        searched for.
        """,
        parameters: [
          Parameter(
            "request", .constHandle("deepidv_session_request"), "the request to check"),
          Parameter(
            "out_field", .outText, optional: true,
            "the first field that is missing or too long, in snake_case, or NULL; a constant text"
          ).encoded(.ascii),
        ],
        statuses: ["E_REQUIRED", "E_TOO_LONG"] + handleStatuses, threads: .any, since: "0.1",
        source: "Create session, required fields"),
    ])

  private static let request = Parameter(
    "request", .handle("deepidv_session_request"), "the request to change")

  private static func setText(
    _ field: String, required: Bool = false, limit: Int, _ doc: String,
    _ statuses: [String] = [], _ discussion: String = ""
  ) -> Function {
    setter(
      field, required: required, Parameter("value", .text, .copied, doc).limit(limit),
      "Sets \(field).", discussion, ["E_REQUIRED"] + statuses)
  }

  private static func setFlag(_ field: String, _ summary: String) -> Function {
    setter(field, yesOrNo, summary)
  }

  /// The setter of a field.
  private static func setter(
    _ field: String, required: Bool = false, _ value: Parameter, _ summary: String,
    _ discussion: String = "", _ statuses: [String] = [], source: String? = nil
  ) -> Function {
    var function = Function(
      "deepidv_session_request_set_\(field)", returns: .status, summary, discussion,
      parameters: [request, value],
      statuses: value.kind.isText ? statuses + textStatuses : ["E_RANGE"] + handleStatuses,
      threads: .exclusive, since: "0.1", source: "Create session, \(source ?? field)")
    function.field = RequestField(name: field, required: required)
    return function
  }

  private static let yesOrNo = Parameter("value", .int32, "0 for no, 1 for yes")
    .meaning(.boolean)
}
