extension Interface {
  static let resultFamily = Family(
    title: "Result",
    doc: """
      How an operation ended, whether well or not. Texts belong to the result. With NULL or another \
      object in its place, texts are NULL and numbers 0. What is about the session can be read in one call, \
      deepidv_result_session(), instead of in ten. \
      What an answer says is handed on as it came, if every program reads it alike: a text with a control \
      character inside, NUL among them, is absent, and an id with one is no id. (In an external id, which is \
      yours, only NUL is barred.) An id has at most 1,024 bytes. URLs are there to send a browser to: they are \
      https, or http to this machine (localhost, 127.0.0.0/8, [::1]), without control characters, spaces, \
      backslashes and user names; another one is absent. A result has no more sessions than were asked for, \
      and of links and hints the first 100; deepidv_result_facts() tells what was left out.
      """,
    functions: [
      free("deepidv_result", "the result to end, with all texts read from it", since: "0.1"),
      Function(
        "deepidv_result_status", returns: .status,
        "Answers how the operation ended; of a create, DEEPIDV_OK is a session.",
        parameters: [result], statuses: ends, threads: .any, since: "0.1"),
      Function(
        "deepidv_result_cause", returns: .status,
        "Answers why it ended so.",
        """
        For DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_PROCESSED and DEEPIDV_E_OUTCOME_UNKNOWN the particular \
        reason, such as DEEPIDV_E_CONNECT or DEEPIDV_E_TIMEOUT; else the same as the status.
        """,
        parameters: [result], statuses: ends, threads: .any, since: "0.1"),
      Function(
        "deepidv_result_http_status",
        returns: .int32("200 to 599, or 0 if no answer came"),
        "Answers the HTTP status of the final answer.",
        parameters: [result], threads: .any, since: "0.1"),
      text(
        "message", "Answers what can be said to a person about a failure; NULL on success.",
        """
        The service's own words if it sent any (its message, error, detail or plain text, in that \
        order, else HTTP and the status), with control characters replaced and cut after 4,096 bytes; \
        otherwise, without an HTTP status, the library's: what the cause means, and what may help. \
        The service may repeat what it was sent: treat it as personal data.
        """, source: "Create session, errors: message extraction order", since: "0.1"),
      text(
        "field", "Answers which field of the request the library refused, in snake_case, or NULL.",
        since: "0.1"),
      text(
        "api_code", "Answers the service's own error code, or NULL.",
        source: "Create session, errors: code", since: "0.1"),
      count(
        "hint_count",
        "Answers how many hints of the service's the result has: with its refusal, 100 at most.",
        since: "0.1"),
      item(
        "hint", "Answers one hint, with control characters replaced.",
        source: "Create session, errors: hints", since: "0.1"),
      Function(
        "deepidv_result_attempts", returns: .uint32("attempts"),
        "Answers how often sending was begun: 0 if nothing ever left.",
        parameters: [result], threads: .any, since: "0.1"),
      Function(
        "deepidv_result_elapsed_us", returns: .uint64("microseconds"),
        "Answers the time from submission to the end, in microseconds.",
        parameters: [result], threads: .any, since: "0.1"),
      text(
        "json", "Answers the body of the answer, byte for byte, or NULL if there was none.",
        "It need not be JSON, nor UTF-8, when the status is not DEEPIDV_OK; go by its length.",
        since: "0.1"),
      Function(
        "deepidv_result_session", returns: .status,
        "Answers all that is said of the session in one call.",
        """
        The same as the functions that deepidv_session names, also of a result that ended badly. It is for \
        bindings, to which each call costs something, and for programs that read much of it.
        """,
        parameters: [
          result, Parameter("out", .structure("deepidv_session"), "what it says"),
        ],
        statuses: handleStatuses, threads: .any, since: "0.1",
        source: "Create session; Retrieve, list, update"),
      text(
        "session_id", "Answers the session's id, or NULL. It is opaque: do not take it apart.",
        source: "Create session, id", since: "0.1"),
      text(
        "session_url", "Answers where the applicant goes, untouched, or NULL.",
        """
        NULL with DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED if the service sent one that a browser must not be \
        sent to, such as javascript:. It is refused whole, never repaired.
        """,
        source: "Create session, session_url", since: "0.1"),
      text(
        "external_id", "Answers your own reference, or the one that the library made, or NULL.",
        source: "Create session, externalId", since: "0.1"),
      text(
        "expires_at", "Answers when the session expires, in ISO 8601 as it came, or NULL.",
        source: "Create session, expires_at", since: "0.1"),
      count(
        "session_count",
        "Answers how many sessions the result speaks of: of a page, or of DEEPIDV_E_DUPLICATE.",
        "No more than were asked for: see DEEPIDV_RESULT_FACT_MORE_SESSIONS.", since: "0.1"),
      item(
        "session_id_at", "Answers the id of one of the sessions.", source: "Retrieve, list, update",
        since: "0.1"),
      text(
        "session_status", "Answers how a retrieved session stands, as in \"VERIFIED\", or NULL.",
        "The service's words: PENDING, SUBMITTED, VERIFIED, REJECTED, VOIDED, EXPIRED, FAILED; new ones may come.",
        source: "Retrieve, list, update: status", since: "0.1"),
      text(
        "session_progress", "Answers how far the applicant of a retrieved session is, or NULL.",
        source: "Retrieve, list, update: session_progress", since: "0.1"),
      Function(
        "deepidv_result_verdict",
        returns: .int32("DEEPIDV_VERDICT_..., unknown if it was not a confirmation"),
        "Answers what a confirmation has found: the one thing to decide by.",
        parameters: [result], threads: .any, since: "0.1",
        source: "Redirect result; Retrieve, list, update"),
      text(
        "next_token", "Answers what asks for the next page of a list, or NULL on the last.",
        "It is never the one that this page was asked with, and never empty.",
        source: "Retrieve, list, update: next_token", since: "0.1"),
      Function(
        "deepidv_result_reconciled", returns: .int32("1 or 0"),
        "Answers whether the session was found by looking for it, its own answer having been lost.",
        "Such a session has an id, but no session URL: the service tells that only once.",
        parameters: [result], threads: .any, since: "0.1"),
      text(
        "reconcile_token",
        "Answers what deepidv_session_reconcile() needs, or NULL unless the outcome is unknown.",
        "It holds the time and the external id, and no secret. Keep it until the outcome is known.",
        since: "0.1"),
      Function(
        "deepidv_result_retry_after_ms",
        returns: .uint64("milliseconds, or 0 if there is nothing to wait for"),
        "Answers how long to wait before the next request.",
        """
        What the service asked for. If it did not say, or was not asked because the request could not be \
        sent in time, when the library's own pace would have let it go.
        """,
        parameters: [result], threads: .any, since: "0.1",
        source: "Create session, 429: Retry-After"),
      Function(
        "deepidv_result_facts", returns: .uint32("DEEPIDV_RESULT_FACT_... bits"),
        "Answers what the answer had that the result has not.",
        "0 is the usual: all of it is there.",
        parameters: [result], threads: .any, since: "0.1"),
      count(
        "link_count", "Answers how many links of the session the result has, 100 at most.",
        "One whose URL no browser may be sent to is left out: see DEEPIDV_RESULT_FACT_MORE_LINKS.",
        since: "0.1"),
      item("link", "Answers one link's URL.", source: "Create session, links", since: "0.1"),
      item(
        "link_rel", "Answers one link's rel, or its type, or NULL.",
        source: "Create session, links", since: "0.1"),
    ])

  /// How an operation can end, and why.
  private static let ends =
    handleStatuses + ["E_REQUIRED"] + forgeries + outcomes + causes + ["E_ANSWER_LOOP"]

  private static let result = Parameter(
    "result", .constHandle("deepidv_result"), "the result to read")

  private static func text(
    _ name: String, _ summary: String, _ discussion: String = "", source: String? = nil,
    since: String
  ) -> Function {
    Function(
      "deepidv_result_\(name)", returns: .text("borrowed from the result, or NULL"), summary,
      discussion, parameters: [result, outLength], threads: .any, since: since, source: source)
  }

  private static func count(
    _ name: String, _ summary: String, _ discussion: String = "", since: String
  ) -> Function {
    Function(
      "deepidv_result_\(name)", returns: .uint32("how many"), summary, discussion,
      parameters: [result], threads: .any, since: since)
  }

  private static func item(_ name: String, _ summary: String, source: String, since: String)
    -> Function
  {
    Function(
      "deepidv_result_\(name)", returns: .text("borrowed from the result; NULL past the last"),
      summary,
      parameters: [result, Parameter("index", .uint32, "0 for the first"), outLength],
      threads: .any, since: since, source: source)
  }
}
