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
        statuses: ["E_NULL", "E_NOMEM"], threads: .any, since: "0.1"),
      free(
        "deepidv_session_request", "the request to end; operations made from it go on", since: "0.1"
      ),
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
            "out_field", .outText, optional: true,
            "the field that was refused, in snake_case, or NULL; a constant text"),
          Parameter(
            "out_offset", .outSize, optional: true,
            "on failure, the byte of the JSON where reading stopped"),
        ],
        statuses: textStatuses
          + ["E_JSON", "E_JSON_DEPTH", "E_JSON_OBJECT", "E_JSON_DUPLICATE", "E_TYPE", "E_FIELD"]
          + ["E_REQUIRED", "E_EMAIL", "E_PHONE", "E_RANGE", "E_CONTROL", "E_REPEATED"]
          + urlStatuses,
        threads: .exclusive, since: "0.1", source: "Create session, fields and aliases"),
      setText("first_name", "the applicant's first name; required", ["E_REQUIRED"], since: "0.1"),
      setText("last_name", "the applicant's last name; required", ["E_REQUIRED"], since: "0.1"),
      setText(
        "email", "the applicant's e-mail address, up to 254 bytes; required",
        ["E_REQUIRED", "E_EMAIL"], since: "0.1"),
      setText(
        "phone", "the applicant's phone number in E.164, as in +15192223333; required",
        ["E_REQUIRED", "E_PHONE"],
        "The service itself may want 10 digits or more; the library allows what E.164 does.",
        since: "0.1"),
      setText(
        "external_id", "your own reference for this session, best one that is used only once",
        ["E_REQUIRED"], since: "0.1"),
      setFlag(
        "send_email_invite", "Chooses whether the service e-mails the applicant. Default: it does.",
        since: "0.1"),
      setFlag(
        "send_phone_invite", "Chooses whether the service texts the applicant. Default: it does.",
        since: "0.1"),
      setText(
        "workflow_id", "the workflow to run; without one, a standalone verification",
        ["E_REQUIRED"], since: "0.1"),
      setText(
        "redirect_url", "an https URL with a host and no user-info, up to 8,192 bytes",
        ["E_REQUIRED", "E_CONTROL", "E_REPEATED"] + urlStatuses,
        """
        The applicant's browser comes back there; see deepidv_redirect_parse(). It is accepted if browsers open it: \
        the host rules of the URL standard decide, and a host is written in ASCII, letters of other scripts as xn--. \
        In the path, the query and the fragment such letters may stand as they are. DEEPIDV_E_REPEATED says that the \
        query already has a session_id, status or reason, which the service will add.
        """, since: "0.1"),
      Function(
        "deepidv_session_request_set_expires_in_hours", returns: .status,
        "Sets after how many hours the session expires.",
        parameters: [
          request, Parameter("hours", .uint32, "hours, 1 to 8,760"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1",
        source: "Create session, expires_in_hours (documented elsewhere by the vendor)"),
      Function(
        "deepidv_session_request_validate", returns: .status,
        "Says whether the request could be sent as it is.",
        parameters: [
          Parameter(
            "request", .constHandle("deepidv_session_request"), "the request to check"),
          Parameter(
            "out_field", .outText, optional: true,
            "the first required field that is missing, in snake_case, or NULL; a constant text"),
        ],
        statuses: ["E_REQUIRED"] + handleStatuses, threads: .any, since: "0.1",
        source: "Create session, required fields"),
    ])

  private static let request = Parameter(
    "request", .handle("deepidv_session_request"), "the request to change")

  private static func setText(
    _ field: String, _ doc: String, _ statuses: [String], _ discussion: String = "", since: String
  ) -> Function {
    Function(
      "deepidv_session_request_set_\(field)", returns: .status,
      "Sets \(field).", discussion,
      parameters: [request, Parameter("value", .text, .copied, doc)],
      statuses: statuses + textStatuses, threads: .exclusive, since: since,
      source: "Create session, \(field)")
  }

  private static func setFlag(_ field: String, _ summary: String, since: String) -> Function {
    Function(
      "deepidv_session_request_set_\(field)", returns: .status, summary,
      parameters: [request, Parameter("value", .int32, "0 for no, 1 for yes")],
      statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: since,
      source: "Create session, \(field)")
  }
}
