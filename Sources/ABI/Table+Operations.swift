extension Interface {
  static let createFamily = Family(
    title: "Create session",
    doc: """
      POST /v1/sessions. Every accepted request creates a session, costs tokens and, by default, sends an \
      e-mail and a text message. The service has no idempotency key. The library therefore retries a create \
      only if it was certainly not executed, and always within the timeout of the operation. If the outcome \
      is unknown, the library uses the remaining time to search for the session by its external id. If it does \
      not find it, the status is DEEPIDV_E_OUTCOME_UNKNOWN and deepidv_result_cause() returns the reason. The \
      service may still execute such a create later: repeat it only from the same process, whose repeat_guard then \
      searches before it sends, or search with deepidv_session_reconcile() after a minute or two. From another \
      process, such as a job queue that delivers a job again, use deepidv_session_find_or_create(). Use each \
      external id for one create only, because two creates with the same id cannot be told apart. The library \
      cannot search for an external id of more than 1,024 bytes.
      """,
    functions: operation(
      "session_create", "Creates a session and waits for the result.",
      """
      An invalid request is refused before anything is sent, and deepidv_result_field() returns the field. \
      You may change or free the request as soon as the call returns.
      """,
      submitted: "Creates a session without waiting.",
      parameters: [
        Parameter(
          "request", .constHandle("deepidv_session_request"), "the applicant")
      ],
      refusals: ["E_REQUIRED", "E_TOO_LONG"], statuses: outcomes, source: "Create session")
      + operation(
        "session_find_or_create",
        "Searches for the session with the external id of the request, and creates it if there is none.",
        """
        For callers that may run twice, such as the jobs of a queue. Sessions of any age count. If there is one, it \
        is the result: deepidv_result_found() and deepidv_result_reconciled() return 1, and there is no session \
        URL, because the service returns the URL only once, to the create. Several sessions are \
        DEEPIDV_E_DUPLICATE. If the search fails, the status is DEEPIDV_E_NOT_SENT, \
        or the refusal of the service. The session is created only if \
        the service lists none. Two processes that call this at the same moment both find none, and create two \
        sessions; so does a call while an earlier create has not been executed yet. To exclude both, let only one \
        process at a time run the job, and deliver it again after a minute at the earliest.
        """,
        submitted: "Finds or creates a session without waiting.",
        parameters: [
          Parameter(
            "request", .constHandle("deepidv_session_request"),
            "the applicant; the external id is required, with up to 1,024 bytes")
        ],
        refusals: ["E_REQUIRED", "E_TOO_LONG"], statuses: outcomes,
        source: "Create session: how a lost session is found"))

  static let lookupFamily = Family(
    title: "Look up sessions",
    doc: """
      These requests are safe to repeat: the library retries them on network failures, within the timeout of \
      the operation. If no response arrives, the status is the cause itself, such as DEEPIDV_E_TIMEOUT.
      """,
    functions: operation(
      "session_retrieve", "Retrieves the record of a session. Only the record confirms an outcome.",
      """
      deepidv_result_session_status() returns its status, in the service's words. The status is \
      DEEPIDV_E_ANSWER_FOREIGN if the record is that of another session, which means that none of its \
      members id, idv_id and session_id is the requested id.
      """,
      submitted: "Retrieves the record of a session without waiting.",
      parameters: [
        Parameter("session_id", .text, .copied, "the session's id, up to 1,024 bytes").limit(1024)
      ],
      refusals: textStatuses + ["E_REQUIRED"], statuses: answers, source: "Retrieve, list, update")
      + operation(
        "session_list", "Retrieves a page of the list of sessions.",
        """
        deepidv_result_session_count() returns the number of sessions, deepidv_result_next_token() the token for \
        the next page. If external_id is given and a session on the page has another external id or none, the \
        status is DEEPIDV_E_ANSWER_FOREIGN: the service ignored the filter. If the next_token of a page equals the \
        token that requested it, the status is DEEPIDV_E_ANSWER_LOOP, because the list would never end. A single \
        call cannot detect a cycle of several tokens: when you loop over pages, stop at a token that you have \
        already used, or after a maximum number of pages.
        """,
        submitted: "Retrieves a page of the list of sessions without waiting.",
        parameters: [
          Parameter(
            "external_id", .text, .copied, optional: true,
            "only sessions with this external id; NULL for all sessions of the API key"),
          Parameter(
            "limit", .uint32,
            "maximum number of sessions on the page, 1 to 500; 0 for the default of the service, 50"
          ).range(0...500),
          Parameter(
            "next_token", .text, .copied, optional: true,
            "from the previous page; NULL for the first page"),
        ],
        refusals: textStatuses + ["E_REQUIRED", "E_RANGE"],
        statuses: answers + ["E_ANSWER_LOOP"],
        source: "Retrieve, list, update")
      + operation(
        "session_reconcile", "Searches for the session of a create whose outcome is unknown.",
        """
        The library repeats the search at growing intervals, while another one fits into the timeout. It \
        succeeds if exactly one session has the external id and was created after the request was sent; then deepidv_result_reconciled() returns 1. \
        Several sessions are DEEPIDV_E_DUPLICATE. If there is none, the status is still \
        DEEPIDV_E_OUTCOME_UNKNOWN. It is also DEEPIDV_E_OUTCOME_UNKNOWN if there are more pages, which may \
        have more such sessions, or if the rate limit prevented the search; see the cause. Any process with \
        the same API key can make this call.
        """,
        submitted: "Searches for a session without waiting.",
        parameters: [
          Parameter(
            "token", .text, .copied, "from deepidv_result_reconcile_token()"
          ).encoded(.ascii)
        ],
        refusals: textStatuses + ["E_TOKEN"],
        statuses: ["E_OUTCOME_UNKNOWN", "E_DUPLICATE"],
        source: "Create session: how a lost session is found")
      + [
        Function(
          "deepidv_reconcile_token", returns: .status,
          "Writes the token for deepidv_session_reconcile() without a result.",
          """
          For programs that record a create before they send it, so that they can search for its session if they \
          are killed before they get the result. With a result, use deepidv_result_reconcile_token().
          """,
          parameters: [
            Parameter(
              "external_id", .text, "the external id of the create, 1 to 1,024 bytes"
            ).limit(1024),
            Parameter(
              "sent_at_s", .uint64,
              "when it is sent, or shortly before: seconds since 1970, 0 to 999,999,999,999"
            ).range(0...999_999_999_999),
            Parameter(
              "buffer", .buffer, "the token; DEEPIDV_RECONCILE_TOKEN_SIZE bytes are always enough"
            ).encoded(.ascii),
            written,
          ],
          statuses: [
            "E_NULL", "E_LENGTH", "E_TOO_LONG", "E_NUL", "E_UTF8", "E_NOMEM", "E_REQUIRED",
            "E_RANGE", "E_BUFFER",
          ], threads: .any,
          since: "0.1", source: "Create session: how a lost session is found")
      ])

  /// How a request that changes something can end.
  static let changes = ["E_NOT_SENT", "E_NOT_PROCESSED", "E_OUTCOME_UNKNOWN"] + refusals

  /// How a create can end.
  static let outcomes = changes + ["E_DUPLICATE"]

  /// How a lookup can end.
  static let answers = refusals + causes

  private static let refusals = [
    "E_BAD_REQUEST", "E_UNAUTHORIZED", "E_BALANCE", "E_FORBIDDEN", "E_NOT_FOUND", "E_RATE_LIMITED",
    "E_REFUSED", "E_REDIRECTED",
  ]

  /// The causes of an outcome, where the status does not name one.
  static let causes = [
    "E_NOMEM", "E_SYSTEM", "E_TIMEOUT", "E_CANCELLED", "E_RESOLVE", "E_CONNECT", "E_TLS",
    "E_TLS_UNTRUSTED", "E_TLS_NAME", "E_TLS_DATE", "E_PROXY", "E_CONNECTION_LOST", "E_SERVER",
    "E_ANSWER_EMPTY", "E_ANSWER_CUT", "E_ANSWER_TOO_LARGE",
    "E_ANSWER_UTF8", "E_ANSWER_JSON", "E_JSON_DUPLICATE", "E_ANSWER_NO_ID", "E_ANSWER_HTTP",
    "E_ANSWER_FOREIGN", "E_ANSWER_ENCODING", "E_NETWORK",
  ]

  private static let client = Parameter(
    "client", .handle("deepidv_client"), "the client to send with")

  /// A blocking function and its `_submit` counterpart.
  static func operation(
    _ name: String, _ summary: String, _ discussion: String, submitted: String,
    parameters: [Parameter], refusals: [String], statuses: [String], answers: [String] = [],
    source: String
  ) -> [Function] {
    let admission = unique(
      clientStatuses + ["E_CLOSED", "E_BUSY", "E_SYSTEM", "E_NOMEM"] + refusals)
    var blocking = Function(
      "deepidv_\(name)", returns: .status, summary,
      discussion + " The call returns the status of the result.",
      parameters: [client] + parameters + [
        Parameter(
          "out_result", .outHandle("deepidv_result"),
          "the result, also on failure; NULL only if an argument was invalid, the client "
            + "accepts no more operations, or memory ran out")
      ],
      statuses: unique(admission + statuses), threads: .any, since: "0.1", source: source
    ).blocking
    blocking.answers = answers
    var submit =
      Function(
        "deepidv_\(name)_submit", returns: .status, submitted,
        """
        If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion for it, whatever \
        happens; it is available at once if the request could not be sent before its timeout. With any other \
        status there is no completion.
        """,
        parameters: [client] + parameters + [
          Parameter("tag", .uint64, "any number; returned with the completion"),
          Parameter(
            "out_op", .outUInt64, optional: true,
            "operation number, for deepidv_client_cancel()"),
        ],
        statuses: admission, threads: .any, since: "0.1", source: source)
    submit.submitOf = blocking.name
    return [blocking, submit]
  }

  private static func unique(_ statuses: [String]) -> [String] {
    statuses.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
