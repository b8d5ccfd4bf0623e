extension Interface {
  static let requestFamily = Family(
    title: "Session request",
    doc: """
      The applicant and how they are invited. Each setter checks its value at once, so that the \
      refused field is the one being set; what is missing is found by deepidv_session_request_validate() \
      and by the create itself. A setter called again replaces the value.
      """,
    functions: [
      Function(
        "deepidv_session_request_new", returns: .status,
        "Makes an empty request.",
        parameters: [.new("deepidv_session_request")],
        statuses: ["E_NULL", "E_NOMEM"], threads: .any),
      free("deepidv_session_request", "the request to end; operations made from it go on"),
      Function(
        "deepidv_session_request_set_json", returns: .status,
        "Replaces the whole request by a JSON object.",
        """
        Members may be spelled in snake_case or camelCase; when both are there, camelCase wins. null \
        counts as absent. A member that is not a field is refused, so that a typing error is not lost. \
        On failure the request is as it was.
        """,
        parameters: [
          request,
          Parameter("json", .text, .copied, "one JSON object, up to 1 MiB"),
          Parameter(
            "out_field", .outText, .borrowed, optional: true,
            "the field that was refused, in snake_case, or NULL; a constant text"),
          Parameter(
            "out_offset", .outSize, .borrowed, optional: true,
            "on failure, the byte of the JSON where reading stopped"),
        ],
        statuses: textStatuses
          + ["E_JSON", "E_JSON_DEPTH", "E_JSON_OBJECT", "E_JSON_DUPLICATE", "E_TYPE", "E_FIELD"]
          + ["E_REQUIRED", "E_EMAIL", "E_PHONE", "E_RANGE", "E_CONTROL"] + urlStatuses,
        threads: .exclusive, source: "Create session, fields and aliases"),
      setText("first_name", "the applicant's first name; required", ["E_REQUIRED"]),
      setText("last_name", "the applicant's last name; required", ["E_REQUIRED"]),
      setText(
        "email", "the applicant's e-mail address, up to 254 bytes; required",
        ["E_REQUIRED", "E_EMAIL"]),
      setText(
        "phone", "the applicant's phone number in E.164, as in +15192223333; required",
        ["E_REQUIRED", "E_PHONE"],
        "The service itself may want 10 digits or more; the library allows what E.164 does."),
      setText(
        "external_id", "your own reference for this session, best one that is used only once",
        ["E_REQUIRED"]),
      setFlag(
        "send_email_invite", "Chooses whether the service e-mails the applicant. Default: it does."),
      setFlag(
        "send_phone_invite", "Chooses whether the service texts the applicant. Default: it does."),
      setText(
        "workflow_id", "the workflow to run; without one, a standalone verification",
        ["E_REQUIRED"]),
      setText(
        "redirect_url", "an https URL with a host and no user-info, up to 8,192 bytes",
        ["E_REQUIRED", "E_CONTROL"] + urlStatuses,
        "The applicant's browser comes back there; see deepidv_redirect_parse()."),
      Function(
        "deepidv_session_request_set_expires_in_hours", returns: .status,
        "Sets after how many hours the session expires.",
        parameters: [
          request, Parameter("hours", .uint32, .value, "hours, 1 to 8,760"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive,
        source: "Create session, expires_in_hours (documented elsewhere by the vendor)"),
      Function(
        "deepidv_session_request_validate", returns: .status,
        "Says whether the request could be sent as it is.",
        parameters: [
          Parameter(
            "request", .constHandle("deepidv_session_request"), .borrowed, "the request to check"),
          Parameter(
            "out_field", .outText, .borrowed, optional: true,
            "the first required field that is missing, in snake_case, or NULL; a constant text"),
        ],
        statuses: ["E_REQUIRED"] + handleStatuses, threads: .any,
        source: "Create session, required fields"),
    ])

  private static let request = Parameter(
    "request", .handle("deepidv_session_request"), .borrowed, "the request to change")

  private static func setText(
    _ field: String, _ doc: String, _ statuses: [String], _ discussion: String = ""
  ) -> Function {
    Function(
      "deepidv_session_request_set_\(field)", returns: .status,
      "Sets \(field).", discussion,
      parameters: [request, Parameter("value", .text, .copied, doc)],
      statuses: statuses + textStatuses, threads: .exclusive,
      source: "Create session, \(field)")
  }

  private static func setFlag(_ field: String, _ summary: String) -> Function {
    Function(
      "deepidv_session_request_set_\(field)", returns: .status, summary,
      parameters: [request, Parameter("value", .int32, .value, "0 for no, 1 for yes")],
      statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive,
      source: "Create session, \(field)")
  }

  static let createFamily = Family(
    title: "Create session",
    doc: """
      POST /v1/sessions. Every accepted request makes a session, by default sends an e-mail and a text \
      message, and costs tokens, and the service knows no idempotency key. So a request whose fate is \
      unknown is never sent again by the library, and must not be by you: that is \
      DEEPIDV_E_OUTCOME_UNKNOWN, and deepidv_result_cause() says why.
      """,
    functions: [
      Function(
        "deepidv_session_create", returns: .status,
        "Creates a session and waits for the answer.",
        """
        The answered status is also that of the result. A request that is not valid is refused before \
        anything is sent, and deepidv_result_field() names the field.
        """,
        parameters: [
          client, createRequest,
          Parameter(
            "out_result", .outHandle("deepidv_result"), .owned(free: "deepidv_result_free"),
            "the result, also on failure; NULL only if the arguments were unusable, the client "
              + "takes no more work, or memory ran out"),
        ],
        statuses: clientStatuses + ["E_CLOSED", "E_BUSY", "E_SYSTEM", "E_NOMEM", "E_REQUIRED"]
          + outcomes,
        threads: .any, source: "Create session"),
      Function(
        "deepidv_session_create_submit", returns: .status,
        "Creates a session without waiting.",
        """
        If it answers DEEPIDV_OK, exactly one completion will come through deepidv_client_next(), \
        whatever happens. If it answers anything else, none will. The request may be changed or freed \
        as soon as the call returns.
        """,
        parameters: [
          client, createRequest,
          Parameter("tag", .uint64, .value, "any number; it comes back with the completion"),
          Parameter(
            "out_op", .outUInt64, .borrowed, optional: true,
            "the operation, for deepidv_client_cancel()"),
        ],
        statuses: clientStatuses + ["E_CLOSED", "E_BUSY", "E_SYSTEM", "E_NOMEM", "E_REQUIRED"],
        threads: .any, source: "Create session"),
    ])

  private static let client = Parameter(
    "client", .handle("deepidv_client"), .borrowed, "the client to send with")
  private static let createRequest = Parameter(
    "request", .constHandle("deepidv_session_request"), .borrowed, "the applicant")

  /// How a create can end.
  static let outcomes = [
    "E_NOT_SENT", "E_NOT_PROCESSED", "E_OUTCOME_UNKNOWN", "E_BAD_REQUEST", "E_UNAUTHORIZED",
    "E_BALANCE", "E_FORBIDDEN", "E_NOT_FOUND", "E_RATE_LIMITED", "E_REFUSED", "E_REDIRECTED",
  ]

  /// Why the fate of a create is what it is, where its status does not say.
  static let causes = [
    "E_NOMEM", "E_SYSTEM", "E_TIMEOUT", "E_CANCELLED", "E_RESOLVE", "E_CONNECT",
    "E_TLS", "E_PROXY", "E_CONNECTION_LOST", "E_SERVER", "E_ANSWER_EMPTY", "E_ANSWER_CUT",
    "E_ANSWER_TOO_LARGE", "E_ANSWER_UTF8", "E_ANSWER_JSON", "E_JSON_DUPLICATE", "E_ANSWER_NO_ID",
    "E_ANSWER_HTTP", "E_NETWORK",
  ]
}
