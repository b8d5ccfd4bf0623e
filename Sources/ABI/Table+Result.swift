extension Interface {
  static let resultFamily = Family(
    title: "Result",
    doc: """
      The outcome of an operation, successful or not. Texts belong to the result. If the result is NULL or \
      another kind of object, texts are NULL and numbers 0. deepidv_result_session() returns all session data \
      in one call. Texts from the response are returned unchanged. A text that contains a control character, \
      including NUL, is treated as absent, and an id with one as missing; in your external id only NUL is \
      forbidden. An id has at most 1,024 bytes. URLs are safe to open in a browser: they use https, or http to \
      this machine (localhost, 127.0.0.0/8, [::1]), and contain no control characters, spaces, backslashes or \
      user info; other URLs are treated as absent. A result has at most as many sessions as requested, 100 links \
      and 100 hints; deepidv_result_facts() shows what was left out.
      """,
    functions: [
      free("deepidv_result", "the result to free, with all texts read from it", since: "0.1"),
      Function(
        "deepidv_result_status", returns: .status,
        "Returns the status of the operation. For a create, DEEPIDV_OK means that the session exists.",
        parameters: [result], statuses: ends, threads: .any, since: "0.1"),
      Function(
        "deepidv_result_cause", returns: .status,
        "Returns the cause of the status.",
        """
        For DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_PROCESSED and DEEPIDV_E_OUTCOME_UNKNOWN, the specific reason, such \
        as DEEPIDV_E_CONNECT or DEEPIDV_E_TIMEOUT. Otherwise the same as the status.
        """,
        parameters: [result], statuses: ends, threads: .any, since: "0.1"),
      Function(
        "deepidv_result_http_status",
        returns: .int32("200 to 599, or 0 if there was no response", .range(0...599)),
        "Returns the HTTP status of the final response.",
        parameters: [result], threads: .any, since: "0.1"),
      text(
        "message", "Returns an error message for people, or NULL on success.",
        """
        If the HTTP status is 300 or more, the text of the service: its message, error or detail, or the plain \
        text, in that order, or else HTTP and the status. Control characters are replaced, and the text is cut \
        after 4,096 bytes. If the response has no error message, a text of the library that explains the cause \
        and what may help. The service may repeat data from the request: treat the message as personal data.
        """, source: "Create session, errors: message extraction order"),
      text(
        "field",
        "Returns the field of the request that the library refused, in snake_case, or NULL."),
      text(
        "api_code", "Returns the error code of the service, or NULL.",
        source: "Create session, errors: code"),
      text(
        "request_id",
        "Returns the id that the service gave the request, or NULL: quote it to its support.",
        """
        The value of the response's header X-Request-Id; if it has none, of Request-Id, X-Correlation-Id, \
        X-Amzn-RequestId, X-Amzn-Trace-Id or CF-Ray, in this order. A value of more than 96 bytes, or with \
        anything but printable ASCII, is ignored.
        """, encoding: .ascii),
      count(
        "hint_count",
        "Returns the number of hints in an error response of the service, at most 100."),
      item(
        "hint", "Returns a hint, with control characters replaced.",
        source: "Create session, errors: hints"),
      Function(
        "deepidv_result_attempts", returns: .uint32("number of attempts"),
        "Returns how many times the library started to send the request; 0 if nothing was sent.",
        parameters: [result], threads: .any, since: "0.1"),
      Function(
        "deepidv_result_elapsed_us", returns: .uint64("microseconds"),
        "Returns the time from submission to completion, in microseconds.",
        parameters: [result], threads: .any, since: "0.1"),
      text(
        "json", "Returns the body of the response, unchanged, or NULL if there was none.",
        "Unless the status is DEEPIDV_OK, it may be neither JSON nor UTF-8; rely on the length.",
        encoding: .bytes),
      text(
        "describe", "Returns the whole result as one JSON object.",
        """
        For languages in which each call is expensive or structures are inconvenient. The members have the names and \
        the values of the other functions: status, cause, http_status, message, field, api_code, request_id, attempts, \
        elapsed_us, retry_after_ms, facts, reconcile_token, next_token, session_id, session_url, external_id, \
        expires_at, session_status, session_progress and verdict. A text that would be NULL is null. reconciled and \
        found are true or false. hints and session_ids are arrays of texts, links an array of objects with url and \
        rel. status_name, cause_name and verdict_name are the names of these values. All members are always \
        present, in no particular order; later versions may add others. The response itself is not included: see \
        deepidv_result_json(). Like message, the text may contain personal data. The first call creates the text; \
        NULL if memory runs out.
        """),
      Function(
        "deepidv_result_session", returns: .status,
        "Returns all data of the session in one call.",
        """
        The members have the values of the functions named in deepidv_session, also if the operation failed. Use \
        it in bindings, where each call is expensive, and in programs that read many of the values.
        """,
        parameters: [
          result, Parameter("out_session", .structure("deepidv_session"), "the session data"),
        ],
        statuses: handleStatuses, threads: .any, since: "0.1",
        source: "Create session; Retrieve, list, update"),
      text(
        "session_id", "Returns the session id, or NULL. It is opaque: do not parse it.",
        source: "Create session, id"),
      text(
        "session_url", "Returns the URL to send the applicant to, unchanged, or NULL.",
        """
        NULL with DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED if the URL from the service is unsafe for a browser, \
        such as javascript:. The library does not repair such a URL.
        """,
        source: "Create session, session_url"),
      text(
        "external_id", "Returns your external id, or the one that the library created, or NULL.",
        source: "Create session, externalId"),
      text(
        "expires_at", "Returns when the session expires, in ISO 8601 as received, or NULL.",
        source: "Create session, expires_at"),
      count(
        "session_count",
        "Returns the number of sessions on a page, or found with DEEPIDV_E_DUPLICATE.",
        "At most as many as requested: see DEEPIDV_RESULT_FACT_MORE_SESSIONS."),
      item(
        "session_id_at", "Returns the id of one of the sessions.", source: "Retrieve, list, update"),
      Function(
        "deepidv_result_session_record_at", returns: .status,
        "Finds the record of one of the sessions in the response.",
        """
        The span is a JSON object in deepidv_result_json(), with all members that the service returned for the \
        session. DEEPIDV_E_ABSENT: there is no such session.
        """,
        parameters: [
          result, Parameter("index", .uint32, "0 for the first"),
          Parameter("out_span", .structure("deepidv_span"), "the position of the record"),
        ],
        statuses: handleStatuses + ["E_ABSENT"], threads: .any, since: "0.1",
        source: "Retrieve, list, update"
      ).answering("E_ABSENT"),
      text(
        "session_status",
        "Returns the status of a retrieved session, such as \"VERIFIED\", or NULL.",
        "The service uses PENDING, SUBMITTED, VERIFIED, REJECTED, VOIDED, EXPIRED and FAILED, and may add others.",
        source: "Retrieve, list, update: status"),
      text(
        "session_progress",
        "Returns the progress of the applicant in a retrieved session, or NULL.",
        source: "Retrieve, list, update: session_progress"),
      Function(
        "deepidv_result_verdict",
        returns: .int32(
          "DEEPIDV_VERDICT_...; DEEPIDV_VERDICT_UNKNOWN if the result has no record of the session",
          .constants("verdict")),
        "Returns the verdict of a confirmation, a retrieve, a wait or an update: the only value to base a decision on.",
        parameters: [result], threads: .any, since: "0.1",
        source: "Redirect result; Retrieve, list, update"),
      text(
        "next_token", "Returns the token for the next page of a list, or NULL on the last page.",
        "It is never empty, and never the token that requested this page.",
        source: "Retrieve, list, update: next_token"),
      Function(
        "deepidv_result_reconciled", returns: .int32("1 or 0", .boolean),
        "Returns whether a search has found the session, or whether a record has settled a decision.",
        """
        A session that was found has an id but no session URL: the service returns the URL only once. For a \
        decision: the response was lost, and a record retrieved afterwards shows the decision.
        """,
        parameters: [result], threads: .any, since: "0.1"),
      Function(
        "deepidv_result_found", returns: .int32("1 or 0", .boolean),
        "Returns whether the session was found before this call sent anything: an earlier call created it.",
        "0 if this call created it, also if the response was lost and a search found it.",
        parameters: [result], threads: .any, since: "0.1"),
      text(
        "reconcile_token",
        "Returns the token for deepidv_session_reconcile() if the outcome is unknown, or NULL.",
        "It contains the time and the external id, but no secret. Keep it until the outcome is known."
      ),
      Function(
        "deepidv_result_retry_after_ms",
        returns: .uint64("milliseconds, or 0 if there is no need to wait"),
        "Returns how long to wait before the next request.",
        """
        The value from the service, at most a year. If it sent none, or if the request was not sent because of its timeout, \
        the time until the library's own rate limit would allow the request. If the outcome of a create is unknown \
        and repeat_guard is on, at least the time until the create can be sent again.
        """,
        parameters: [result], threads: .any, since: "0.1",
        source: "Create session, 429: Retry-After"),
      Function(
        "deepidv_result_facts",
        returns: .uint32("DEEPIDV_RESULT_FACT_... bits", .constants("result_fact")),
        "Returns which parts of the response the result leaves out.",
        "0, the usual value, means that nothing was left out.",
        parameters: [result], threads: .any, since: "0.1"),
      count(
        "link_count", "Returns the number of links of the session, at most 100.",
        "Links with a URL that is unsafe for a browser are left out: see DEEPIDV_RESULT_FACT_MORE_LINKS."
      ),
      item("link", "Returns the URL of a link.", source: "Create session, links"),
      item(
        "link_rel", "Returns the rel of a link, or else its type, or NULL.",
        source: "Create session, links"),
    ])

  /// The possible statuses and causes of an operation.
  private static let ends =
    handleStatuses + ["E_REQUIRED", "E_TOO_LONG"] + forgeries + outcomes + causes + [
      "E_ANSWER_LOOP"
    ]

  private static let result = Parameter(
    "result", .constHandle("deepidv_result"), "the result to read")

  private static func text(
    _ name: String, _ summary: String, _ discussion: String = "", encoding: TextEncoding = .utf8,
    source: String? = nil
  ) -> Function {
    Function(
      "deepidv_result_\(name)",
      returns: .text("borrowed from the result, or NULL", .object("result"), encoding), summary,
      discussion, parameters: [result, outLength], threads: .any, since: "0.1", source: source)
  }

  private static func count(
    _ name: String, _ summary: String, _ discussion: String = ""
  ) -> Function {
    Function(
      "deepidv_result_\(name)", returns: .uint32("the number"), summary, discussion,
      parameters: [result], threads: .any, since: "0.1")
  }

  private static func item(_ name: String, _ summary: String, source: String) -> Function {
    Function(
      "deepidv_result_\(name)",
      returns: .text("borrowed from the result; NULL after the last one", .object("result")),
      summary,
      parameters: [result, Parameter("index", .uint32, "0 for the first"), outLength],
      threads: .any, since: "0.1", source: source)
  }
}
