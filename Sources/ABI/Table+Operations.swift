extension Interface {
  static let createFamily = Family(
    title: "Create session",
    doc: """
      POST /v1/sessions. Every accepted request makes a session, by default sends an e-mail and a text \
      message, and costs tokens, and the service knows no idempotency key. So the library sends a request \
      again only when it was certainly not executed, always within the one timeout of the operation. A \
      create whose fate is unknown is looked for by its external id with what time is left; when it cannot \
      be found, that is DEEPIDV_E_OUTCOME_UNKNOWN, deepidv_result_cause() says why, and it must not be \
      sent again by you either. It may still be executed later: an answer that is missing proves nothing, \
      so look again with deepidv_session_reconcile() after a minute or two. An external id is best used \
      for one create only: of two creates with the same one, neither can be told from the other. One of \
      more than 1,024 bytes cannot be looked for.
      """,
    functions: operation(
      "session_create", "Creates a session and waits for the answer.",
      """
      A request that is not valid is refused before anything is sent, and deepidv_result_field() names \
      the field. The request may be changed or freed as soon as the call returns.
      """,
      submitted: "Creates a session without waiting.",
      parameters: [
        Parameter(
          "request", .constHandle("deepidv_session_request"), "the applicant")
      ],
      refusals: ["E_REQUIRED"], statuses: outcomes, source: "Create session", since: "0.1"))

  static let lookupFamily = Family(
    title: "Look up sessions",
    doc: """
      Requests that are safe to repeat: they are sent again when the network fails, within the timeout of \
      the operation. One that got no answer ends with the cause itself as its status, \
      such as DEEPIDV_E_TIMEOUT.
      """,
    functions: operation(
      "session_retrieve", "Asks how a session stands. This is how an outcome is confirmed.",
      """
      deepidv_result_session_status() has the answer, in the service's words. A record of another session is \
      DEEPIDV_E_ANSWER_FOREIGN: none of its id, idv_id and session_id, which are names of the same id, is \
      the one that was asked for.
      """,
      submitted: "Asks how a session stands, without waiting.",
      parameters: [
        Parameter("session_id", .text, .copied, "the session's id, up to 1,024 bytes")
      ],
      refusals: textStatuses + ["E_REQUIRED"], statuses: answers, source: "Retrieve, list, update",
      since: "0.1")
      + operation(
        "session_list", "Asks for a page of sessions.",
        """
        deepidv_result_session_count() says how many, deepidv_result_next_token() asks for the next page. With \
        external_id, a page with a session that has another one, or none, is DEEPIDV_E_ANSWER_FOREIGN: the \
        service has not heeded it. A page whose next_token is the one that it was asked with would be \
        asked for without an end: it is DEEPIDV_E_ANSWER_LOOP. A circle of several tokens no single call \
        can see. If you loop over pages, end when a token comes that you have had before, or after as many \
        pages as there can be.
        """,
        submitted: "Asks for a page of sessions, without waiting.",
        parameters: [
          Parameter(
            "external_id", .text, .copied, optional: true,
            "only sessions with your own reference; NULL for all of the sender's"),
          Parameter(
            "limit", .uint32,
            "sessions on the page at most, 1 to 500; 0 for the service's 50"),
          Parameter(
            "next_token", .text, .copied, optional: true,
            "where the page before ended; NULL for the first page"),
        ],
        refusals: textStatuses + ["E_REQUIRED", "E_RANGE"],
        statuses: answers + ["E_ANSWER_LOOP"],
        source: "Retrieve, list, update", since: "0.1")
      + operation(
        "session_reconcile", "Looks for the session of a create whose outcome was unknown.",
        """
        It asks again and again until the timeout. Exactly one session with the same external id, created \
        after the request was sent, is the one: then deepidv_result_reconciled() is 1. Several are \
        DEEPIDV_E_DUPLICATE. None is DEEPIDV_E_OUTCOME_UNKNOWN still, and so is one on a page that is not the \
        last, since the others are not known. It is the same if the rate limit did not let it ask, which the cause \
        tells. Any process with the same key can do it.
        """,
        submitted: "Looks for a session without waiting.",
        parameters: [
          Parameter(
            "token", .text, .copied, "from deepidv_result_reconcile_token()")
        ],
        refusals: textStatuses + ["E_TOKEN"],
        statuses: ["E_OUTCOME_UNKNOWN", "E_DUPLICATE"],
        source: "Create session: how a lost session is found", since: "0.1"))

  /// How a create can end.
  static let outcomes =
    ["E_NOT_SENT", "E_NOT_PROCESSED", "E_OUTCOME_UNKNOWN", "E_DUPLICATE"] + refusals

  /// How a question can end.
  static let answers = refusals + causes

  private static let refusals = [
    "E_BAD_REQUEST", "E_UNAUTHORIZED", "E_BALANCE", "E_FORBIDDEN", "E_NOT_FOUND", "E_RATE_LIMITED",
    "E_REFUSED", "E_REDIRECTED",
  ]

  /// Why the fate of an operation is what it is, where its status does not say.
  static let causes = [
    "E_NOMEM", "E_SYSTEM", "E_TIMEOUT", "E_CANCELLED", "E_RESOLVE", "E_CONNECT", "E_TLS",
    "E_TLS_UNTRUSTED", "E_TLS_NAME", "E_TLS_DATE", "E_PROXY", "E_CONNECTION_LOST", "E_SERVER",
    "E_ANSWER_EMPTY", "E_ANSWER_CUT", "E_ANSWER_TOO_LARGE",
    "E_ANSWER_UTF8", "E_ANSWER_JSON", "E_JSON_DUPLICATE", "E_ANSWER_NO_ID", "E_ANSWER_HTTP",
    "E_ANSWER_FOREIGN", "E_ANSWER_ENCODING", "E_NETWORK",
  ]

  private static let client = Parameter(
    "client", .handle("deepidv_client"), "the client to send with")

  /// A blocking call and the one that is its twin on the queue.
  static func operation(
    _ name: String, _ summary: String, _ discussion: String, submitted: String,
    parameters: [Parameter], refusals: [String], statuses: [String], source: String, since: String
  ) -> [Function] {
    let admission = unique(
      clientStatuses + ["E_CLOSED", "E_BUSY", "E_SYSTEM", "E_NOMEM"] + refusals)
    return [
      Function(
        "deepidv_\(name)", returns: .status, summary,
        discussion + " The answered status is also that of the result.",
        parameters: [client] + parameters + [
          Parameter(
            "out_result", .outHandle("deepidv_result"),
            "the result, also on failure; NULL only if the arguments were unusable, the client "
              + "takes no more work, or memory ran out")
        ],
        statuses: unique(admission + statuses), threads: .any, since: since, source: source),
      Function(
        "deepidv_\(name)_submit", returns: .status, submitted,
        """
        If it answers DEEPIDV_OK, exactly one completion will come through deepidv_client_next(), \
        whatever happens, and at once for what could not be sent in time. If it answers anything else, \
        none will.
        """,
        parameters: [client] + parameters + [
          Parameter("tag", .uint64, "any number; it comes back with the completion"),
          Parameter(
            "out_op", .outUInt64, optional: true,
            "the operation, for deepidv_client_cancel()"),
        ],
        statuses: admission, threads: .any, since: since, source: source),
    ]
  }

  private static func unique(_ statuses: [String]) -> [String] {
    statuses.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
