extension Interface {
  static let statuses = ConstantGroup(
    name: "status", kind: .statuses, prefix: "DEEPIDV_", title: "Statuses",
    doc: """
      Returned by every function that can fail, and used for the status and the cause of a result. Codes are \
      never renumbered; new ones may be added. A create is safe to retry after DEEPIDV_E_NOT_SENT, \
      DEEPIDV_E_NOT_PROCESSED and DEEPIDV_E_RATE_LIMITED; after DEEPIDV_E_OUTCOME_UNKNOWN only in the same process, \
      with repeat_guard.
      """,
    constants: [
      status("OK", 0, .success, repeats: .never, "Success."),

      status("E_NULL", 1, .argument, "A required pointer is NULL."),
      status("E_LENGTH", 2, .argument, "The length exceeds the maximum object size."),
      status("E_TOO_LONG", 3, .argument, "The text is too long for this value."),
      status("E_NUL", 4, .argument, "The text contains a NUL byte."),
      status("E_UTF8", 5, .argument, "The text is not valid UTF-8."),
      status("E_CONTROL", 6, .argument, "The text contains a forbidden character."),
      status("E_RANGE", 7, .argument, "The number is out of range."),
      status("E_HANDLE", 8, .argument, "The pointer is not a live object of this type."),
      status("E_KEY", 9, .argument, "No option has this name."),
      status("E_BUFFER", 10, .argument, "The buffer is too small."),
      status("E_NOMEM", 11, .system, "Out of memory."),
      status(
        "E_SYSTEM", 12, .system,
        "The system could not provide a thread, a descriptor, random bytes or a signature."),
      status("E_TOKEN", 13, .argument, "The text is not a reconcile token."),
      status("E_PATH", 14, .argument, "The JSON path is malformed."),
      status(
        "E_LIBCURL", 15, .system,
        "The libcurl that is loaded cannot be used: see deepidv_libcurl_problem()."),

      status("E_REQUIRED", 20, .argument, "A required value is missing or empty."),
      status("E_EMAIL", 21, .argument, "The value does not have the form of an e-mail address."),
      status(
        "E_PHONE", 22, .argument,
        "The phone number is not E.164: + and 1 to 15 digits, the first not 0."),
      status(
        "E_URL", 23, .argument,
        "The value is not a valid URL with a host. Write an internationalized host name in ASCII (xn--)."
      ),
      status(
        "E_SCHEME", 24, .argument,
        "The URL must use https. A base URL may use http for this machine and for hosts in allow_http_hosts."
      ),
      status("E_USERINFO", 25, .argument, "The URL contains a user name or a password."),
      status("E_TYPE", 26, .argument, "The JSON value has another type than expected."),
      status("E_FIELD", 27, .argument, "A JSON member is not a field of the request."),
      status("E_SHORT_KEY", 28, .argument, "The key is shorter than 16 bytes."),
      status(
        "E_CA_FILE", 29, .argument,
        "The CA file is missing, unreadable, or contains no PEM certificate."),
      status("E_HTTP_PROXY", 30, .argument, "An http base URL cannot be used with a proxy."),
      status(
        "E_PROXY_SCHEME", 31, .argument,
        "The proxy URL must start with http://, https:// or socks5h://."),

      status(
        "E_TRACEPARENT", 32, .argument,
        "The text is not a traceparent of version 00 (W3C Trace Context)."),

      status("E_JSON", 40, .argument, "The text is not valid JSON."),
      status("E_JSON_DEPTH", 41, .argument, "The JSON is nested more than 64 levels deep."),
      status("E_JSON_OBJECT", 42, .argument, "The JSON value is not an object."),
      status("E_JSON_DUPLICATE", 43, .argument, "A JSON member occurs twice in one object."),

      status(
        "E_REPEATED", 50, .answer,
        "A URL parameter occurs twice with different values, or has a name that the service adds."
      ),
      status("E_MISMATCH", 51, .answer, "The redirect is not for the expected session."),
      status("E_ABSENT", 59, .answer, "There is no such value, or the list has ended."),

      status(
        "E_FORKED", 60, .client,
        "The client was created before a fork. Create a new client in this process."),
      status("E_CLOSED", 61, .answer, "The client is closed."),
      status(
        "E_BUSY", 62, .client, repeats: .safe, "Too many operations in flight (max_in_flight)."),
      status("E_EMPTY", 63, .answer, "No completion is available."),
      status("E_TIMEOUT", 64, .answer, "The timeout expired."),
      status("E_NO_OPERATION", 65, .client, "No such operation is in flight."),
      status("E_CANCELLED", 66, .client, "The operation was cancelled."),

      status("E_STATE", 70, .untrusted, "The state is missing or malformed."),
      status(
        "E_STATE_SIGNATURE", 71, .untrusted, "The state was not signed with any of these keys."),
      status("E_STATE_CONTEXT", 72, .untrusted, "The state was created for another context."),
      status(
        "E_STATE_EXPIRED", 73, .untrusted, "The state was created for this context but has expired."
      ),
      status("E_WEBHOOK_SIGNATURE", 74, .untrusted, "The signature matches none of the secrets."),
      status("E_WEBHOOK", 75, .untrusted, "The body is not a webhook event."),

      status(
        "E_NOT_SENT", 80, .outcome, repeats: .safe, "The request was not sent. It is safe to retry."
      ),
      status(
        "E_NOT_PROCESSED", 81, .outcome, repeats: .safe,
        "Only part of the request was sent, so it was not executed. It is safe to retry."),
      status(
        "E_OUTCOME_UNKNOWN", 82, .outcome, repeats: .never,
        "The request may or may not have been executed. Check before you send it again."),

      status(
        "E_DUPLICATE", 83, .outcome, repeats: .never,
        "Several sessions have this external id. Do not send the request again."),

      status("E_BAD_REQUEST", 90, .service, "The service refused the request as invalid (400)."),
      status("E_UNAUTHORIZED", 91, .service, "The API key is missing or invalid (401)."),
      status("E_BALANCE", 92, .service, "The token balance is too low (402)."),
      status("E_FORBIDDEN", 93, .service, "The API key does not permit this request (403)."),
      status("E_NOT_FOUND", 94, .service, "The workflow or the session was not found (404)."),
      status(
        "E_RATE_LIMITED", 95, .service, repeats: .safe,
        "The rate limit was exceeded. Nothing was executed; retry later."),
      status("E_REFUSED", 96, .service, "The service refused the request (another 4xx)."),
      status(
        "E_REDIRECTED", 97, .service,
        "The service returned an HTTP redirect, which is not followed."),

      status("E_RESOLVE", 110, .network, "The host name could not be resolved."),
      status("E_CONNECT", 111, .network, "The connection to the host failed."),
      status("E_TLS", 112, .network, "The TLS protocol or handshake failed."),
      status(
        "E_PROXY", 113, .network,
        "The proxy could not be reached, refused the connection, or failed."),
      status("E_CONNECTION_LOST", 114, .network, "The connection was lost before the response."),
      status("E_SERVER", 115, .network, "The service failed or timed out (408 or 5xx)."),
      status("E_ANSWER_EMPTY", 116, .network, "The response has no body."),
      status("E_ANSWER_CUT", 117, .network, "The response is incomplete."),
      status(
        "E_ANSWER_TOO_LARGE", 118, .network, "The response is larger than the library accepts."),
      status("E_ANSWER_UTF8", 119, .network, "The response is not valid UTF-8."),
      status(
        "E_ANSWER_JSON", 120, .network, "The response is not a JSON object of the expected form."),
      status("E_ANSWER_NO_ID", 121, .network, "The response has no session id."),
      status("E_ANSWER_HTTP", 122, .network, "The response is not well-formed HTTP."),
      status("E_NETWORK", 123, .network, "Another network error occurred."),
      status(
        "E_ANSWER_FOREIGN", 124, .network,
        "The response is about a session or an external id other than the requested one."),
      status("E_TLS_UNTRUSTED", 125, .network, "The TLS certificate of the host is not trusted."),
      status("E_TLS_NAME", 126, .network, "The TLS certificate is for another host name."),
      status("E_TLS_DATE", 127, .network, "The TLS certificate has expired or is not yet valid."),
      status(
        "E_ANSWER_LOOP", 128, .network,
        "The page has a next_token that was already used to request a page."),
      status(
        "E_ANSWER_ENCODING", 129, .network,
        "The response has a content coding that was not requested."),
    ])

  static let presentBits = ConstantGroup(
    name: "has", kind: .flags, prefix: "DEEPIDV_HAS_", title: "Contents of a redirect",
    doc: "Bits of deepidv_redirect.present: the documented parameters, and the fragment.",
    constants: [
      Constant(name: "DEEPIDV_HAS_SESSION_ID", value: 1, doc: "session_id= is present."),
      Constant(name: "DEEPIDV_HAS_STATUS", value: 2, doc: "status= is present."),
      Constant(name: "DEEPIDV_HAS_REASON", value: 4, doc: "reason= is present."),
      Constant(name: "DEEPIDV_HAS_FRAGMENT", value: 8, doc: "A # is present."),
      Constant(
        name: "DEEPIDV_HAS_OTHER_SESSION_ID", value: 16,
        doc: "sessionId= is present; it may be one of your own parameters."),
    ])

  static let redirectStatuses = ConstantGroup(
    name: "redirect_status", kind: .enumeration, prefix: "DEEPIDV_REDIRECT_",
    title: "Status of a redirect",
    doc: "Values of deepidv_redirect.status: the documented values, compared exactly.",
    constants: [
      Constant(
        name: "DEEPIDV_REDIRECT_OTHER", value: -1,
        doc: "A value that this version does not know: see the text."
      ),
      Constant(name: "DEEPIDV_REDIRECT_NONE", value: 0, doc: "No status."),
      Constant(
        name: "DEEPIDV_REDIRECT_SUCCESS", value: 1,
        doc: "Completed and submitted, which does not mean verified.", word: "success"),
      Constant(
        name: "DEEPIDV_REDIRECT_FAILED", value: 2, doc: "An error occurred during verification.",
        word: "failed"),
      Constant(
        name: "DEEPIDV_REDIRECT_ABANDONED", value: 3, doc: "The applicant left.", word: "abandoned"),
      Constant(
        name: "DEEPIDV_REDIRECT_SUBMITTED", value: 4,
        doc:
          "From the vendor's alternative form. It does not mean success: see DEEPIDV_FACT_OTHER_FORM.",
        word: "SUBMITTED"),
    ])

  static let redirectReasons = ConstantGroup(
    name: "reason", kind: .enumeration, prefix: "DEEPIDV_REASON_", title: "Reason of a redirect",
    doc:
      "Values of deepidv_redirect.reason: the documented values, compared exactly. The service may add values.",
    constants: [
      Constant(
        name: "DEEPIDV_REASON_OTHER", value: -1,
        doc: "A value that this version does not know: see the text."),
      Constant(name: "DEEPIDV_REASON_NONE", value: 0, doc: "No reason."),
      Constant(
        name: "DEEPIDV_REASON_DOCUMENT_UNREADABLE", value: 1,
        doc: "The ID document could not be processed.", word: "document_unreadable"),
      Constant(
        name: "DEEPIDV_REASON_FACE_MISMATCH", value: 2,
        doc: "The face did not match the document.", word: "face_mismatch"),
      Constant(
        name: "DEEPIDV_REASON_SESSION_EXPIRED", value: 3,
        doc: "The session timed out.", word: "session_expired"),
      Constant(
        name: "DEEPIDV_REASON_INTERNAL_ERROR", value: 4,
        doc: "The service had an internal error.", word: "internal_error"),
      Constant(
        name: "DEEPIDV_REASON_USER_CANCELLED", value: 5,
        doc: "The applicant chose to leave.", word: "user_cancelled"),
      Constant(
        name: "DEEPIDV_REASON_UNKNOWN", value: 6,
        doc: "The service did not classify the failure.", word: "unknown"),
    ])

  static let redirectFacts = ConstantGroup(
    name: "fact", kind: .flags, prefix: "DEEPIDV_FACT_", title: "Facts about a redirect",
    doc: """
      Bits of deepidv_redirect.facts: anomalies, which the contract does not describe. They are not errors, but \
      a forged URL often has one.
      """,
    constants: [
      Constant(
        name: "DEEPIDV_FACT_NO_SESSION_ID", value: 1, doc: "The session id is missing or empty."),
      Constant(
        name: "DEEPIDV_FACT_SUCCESS_WITH_REASON", value: 2,
        doc: "The status is success, but there is a reason."),
      Constant(
        name: "DEEPIDV_FACT_FAILED_WITHOUT_REASON", value: 4,
        doc: "The status is failed, but there is no reason."),
      Constant(
        name: "DEEPIDV_FACT_ABANDONED_OTHERWISE", value: 8,
        doc: "The status is abandoned, but the reason is not user_cancelled."),
      Constant(
        name: "DEEPIDV_FACT_OTHER_FORM", value: 16,
        doc: """
          sessionId= without session_id=, or the status SUBMITTED: the alternative form in one of the \
          vendor's guides, which differs from the API reference.
          """),
      Constant(
        name: "DEEPIDV_FACT_NOT_UTF8", value: 32,
        doc: "The decoded session id, status or reason is not valid UTF-8."),
      Constant(
        name: "DEEPIDV_FACT_REPEATED_EQUAL", value: 64,
        doc: "A documented parameter occurs more than once with the same value."),
      Constant(
        name: "DEEPIDV_FACT_JOINED_TWICE", value: 128,
        doc: """
          A second ? joins the parameters to the URL, as in /cb?a=b?session_id=s. It ends the preceding value.
          """),
    ])

  static let resultFacts = ConstantGroup(
    name: "result_fact", kind: .flags, prefix: "DEEPIDV_RESULT_FACT_",
    title: "Facts about a result",
    doc: """
      Bits of deepidv_result_facts() and deepidv_session.facts: parts of the response that the result leaves out. \
      They are not errors. deepidv_result_json() returns the whole response.
      """,
    constants: [
      Constant(
        name: "DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED", value: 1,
        doc: """
          The session_url of the response is unsafe for a browser and was left out. The session was created \
          nevertheless.
          """),
      Constant(
        name: "DEEPIDV_RESULT_FACT_MORE_SESSIONS", value: 2,
        doc: """
          The page had more sessions: more than requested, or entries without a usable id.
          """),
      Constant(
        name: "DEEPIDV_RESULT_FACT_MORE_LINKS", value: 4,
        doc: """
          The response had more links: more than 100, or some with a URL that is unsafe for a browser.
          """),
      Constant(
        name: "DEEPIDV_RESULT_FACT_MORE_HINTS", value: 8,
        doc: "The response had more than 100 hints."),
    ])

  static let sessionURLBits = ConstantGroup(
    name: "session_url_has", kind: .flags, prefix: "DEEPIDV_SESSION_URL_HAS_",
    title: "Contents of a session URL",
    doc: "Bits of deepidv_session_url.present.",
    constants: [
      Constant(
        name: "DEEPIDV_SESSION_URL_HAS_SESSION_ID", value: 1,
        doc: "The URL has the documented form, which includes an id."),
      Constant(name: "DEEPIDV_SESSION_URL_HAS_ORG_ID", value: 2, doc: "oid= is present."),
      Constant(
        name: "DEEPIDV_SESSION_URL_HAS_REDIRECT_URL", value: 4, doc: "redirect_url= is present."),
    ])

  static let eventKinds = ConstantGroup(
    name: "event_kind", kind: .enumeration, prefix: "DEEPIDV_EVENT_", title: "Kinds of completion",
    doc: "Values of deepidv_event.kind: the function that submitted the operation.",
    constants: [
      Constant(
        name: "DEEPIDV_EVENT_SESSION_CREATE", value: 1, doc: "deepidv_session_create_submit()."),
      Constant(
        name: "DEEPIDV_EVENT_SESSION_RECONCILE", value: 2,
        doc: "deepidv_session_reconcile_submit()."),
      Constant(
        name: "DEEPIDV_EVENT_SESSION_RETRIEVE", value: 3, doc: "deepidv_session_retrieve_submit()."),
      Constant(name: "DEEPIDV_EVENT_SESSION_LIST", value: 4, doc: "deepidv_session_list_submit()."),
      Constant(
        name: "DEEPIDV_EVENT_REDIRECT_CONFIRM", value: 5,
        doc: "deepidv_redirect_confirm_submit()."),
      Constant(
        name: "DEEPIDV_EVENT_SESSION_FIND_OR_CREATE", value: 6,
        doc: "deepidv_session_find_or_create_submit()."),
      Constant(
        name: "DEEPIDV_EVENT_SESSION_UPDATE_STATUS", value: 7,
        doc: "deepidv_session_update_status_submit()."),
      Constant(name: "DEEPIDV_EVENT_SESSION_WAIT", value: 8, doc: "deepidv_session_wait_submit()."),
    ])

  private static func status(
    _ name: String, _ value: Int64, _ kind: StatusKind, repeats: Repeat? = nil, _ text: String
  ) -> Constant {
    Constant(
      name: "DEEPIDV_\(name)", value: value, doc: text, word: nil, status: kind, repeats: repeats)
  }
}
