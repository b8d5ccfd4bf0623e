extension Interface {
  static let statuses = ConstantGroup(
    name: "status", title: "Statuses",
    doc: """
      The answer of every call that can fail, and the status and cause of a result. Codes are never \
      renumbered; new ones may be added. Only DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_PROCESSED and \
      DEEPIDV_E_RATE_LIMITED leave a create safe to repeat.
      """,
    constants: [
      status("OK", 0, "Success."),

      status("E_NULL", 1, "A required pointer is NULL."),
      status("E_LENGTH", 2, "A length is too large to be one."),
      status("E_TOO_LONG", 3, "The text is longer than this value may be."),
      status("E_NUL", 4, "The text has a NUL byte inside."),
      status("E_UTF8", 5, "The text is not UTF-8."),
      status("E_CONTROL", 6, "The text has a character that may not stand there."),
      status("E_RANGE", 7, "The number is outside its range."),
      status("E_HANDLE", 8, "The pointer is not a live object of this type."),
      status("E_KEY", 9, "No option has this name."),
      status("E_BUFFER", 10, "The buffer is too small."),
      status("E_NOMEM", 11, "Memory ran out."),
      status(
        "E_SYSTEM", 12, "The system refused a thread, a descriptor, random bytes or a signature."),
      status("E_TOKEN", 13, "The text is not a reconcile token."),

      status("E_REQUIRED", 20, "A required value is missing or empty."),
      status("E_EMAIL", 21, "The value does not have the shape of an e-mail address."),
      status(
        "E_PHONE", 22, "The phone number is not E.164: + and 1 to 15 digits, the first not 0."),
      status(
        "E_URL", 23,
        "The value is not a valid URL with a host. A host with other letters is written in ASCII, as xn--."
      ),
      status(
        "E_SCHEME", 24,
        "The URL must be https; http is only for a base URL on this machine, or of a host in allow_http_hosts."
      ),
      status("E_USERINFO", 25, "The URL carries a user name or a password."),
      status("E_TYPE", 26, "A JSON value has the wrong type for its field."),
      status("E_FIELD", 27, "A JSON member is not a field of the request."),
      status("E_SHORT_KEY", 28, "The key has fewer than 16 bytes."),
      status(
        "E_CA_FILE", 29,
        "The file of trusted certificates is missing, unreadable, or has no PEM certificate."),
      status("E_HTTP_PROXY", 30, "An http base URL cannot be used with a proxy."),
      status("E_PROXY_SCHEME", 31, "The proxy must be http://, https:// or socks5h://."),

      status("E_JSON", 40, "The text is not JSON."),
      status("E_JSON_DEPTH", 41, "The JSON is nested more than 64 levels deep."),
      status("E_JSON_OBJECT", 42, "The JSON is not an object."),
      status("E_JSON_DUPLICATE", 43, "A JSON member occurs twice in one object."),

      status(
        "E_REPEATED", 50,
        "A parameter of the URL occurs twice with different values, or is one that the service adds."
      ),
      status("E_MISMATCH", 51, "The redirect is not about the expected session."),
      status("E_ABSENT", 59, "There is no such parameter, or none any more."),

      status(
        "E_FORKED", 60,
        "The client belongs to the process before the fork: make a new one in this process."),
      status("E_CLOSED", 61, "The client is closed."),
      status("E_BUSY", 62, "As many operations as the client may hold are under way."),
      status("E_EMPTY", 63, "No completion is waiting."),
      status("E_TIMEOUT", 64, "The time ran out."),
      status("E_NO_OPERATION", 65, "No such operation is under way."),
      status("E_CANCELLED", 66, "The operation was cancelled."),

      status("E_STATE", 70, "The state is missing, or is none that this library makes."),
      status("E_STATE_SIGNATURE", 71, "The state was not signed with one of these keys."),
      status("E_STATE_CONTEXT", 72, "The state was made for another context."),
      status("E_STATE_EXPIRED", 73, "The state was made for this context, and has expired."),

      status("E_NOT_SENT", 80, "The request was not sent. It is safe to try again."),
      status(
        "E_NOT_PROCESSED", 81,
        "The request left only in part, so it was not executed. It is safe to try again."),
      status(
        "E_OUTCOME_UNKNOWN", 82,
        "The session may or may not have been created. Do not send the request again."),

      status(
        "E_DUPLICATE", 83, "Several sessions were created for this request. Do not send it again."),

      status("E_BAD_REQUEST", 90, "The service refused the request as invalid (400)."),
      status("E_UNAUTHORIZED", 91, "The API key is missing or not valid (401)."),
      status("E_BALANCE", 92, "The token balance does not suffice (402)."),
      status("E_FORBIDDEN", 93, "The API key may not do this (403)."),
      status("E_NOT_FOUND", 94, "The workflow or the session was not found (404)."),
      status(
        "E_RATE_LIMITED", 95, "The rate limit is exceeded. Nothing was executed; try again later."),
      status("E_REFUSED", 96, "The service refused the request (another 4xx)."),
      status("E_REDIRECTED", 97, "The service answered with a redirect, which is not followed."),

      status("E_RESOLVE", 110, "The host's name could not be resolved."),
      status("E_CONNECT", 111, "The host could not be connected to."),
      status("E_TLS", 112, "The TLS connection failed, in its protocol or handshake."),
      status("E_PROXY", 113, "The proxy could not be reached, refused, or failed."),
      status("E_CONNECTION_LOST", 114, "The connection was lost before the answer."),
      status("E_SERVER", 115, "The service failed, or timed out (408 or 5xx)."),
      status("E_ANSWER_EMPTY", 116, "The answer has no body."),
      status("E_ANSWER_CUT", 117, "The answer broke off."),
      status("E_ANSWER_TOO_LARGE", 118, "The answer is larger than the library accepts."),
      status("E_ANSWER_UTF8", 119, "The answer is not UTF-8."),
      status("E_ANSWER_JSON", 120, "The answer is not a JSON object of the expected form."),
      status("E_ANSWER_NO_ID", 121, "The answer has no session id."),
      status("E_ANSWER_HTTP", 122, "The answer is not well-formed HTTP."),
      status("E_NETWORK", 123, "The network failed in another way."),
      status(
        "E_ANSWER_FOREIGN", 124,
        "The answer is about another session, or repeats another external id, than was sent."),
      status("E_TLS_UNTRUSTED", 125, "The TLS certificate of the host is not trusted."),
      status("E_TLS_NAME", 126, "The TLS certificate is for another name than the host's."),
      status("E_TLS_DATE", 127, "The TLS certificate has expired, or is not yet valid."),
      status(
        "E_ANSWER_LOOP", 128, "The page's next_token is one that it was asked with already."),
      status(
        "E_ANSWER_ENCODING", 129, "The answer has a content coding that was not asked for."),
    ])

  static let presentBits = ConstantGroup(
    name: "has", title: "What a redirect carries",
    doc: "Bits of deepidv_redirect.present. The contract's parameters, and the fragment.",
    constants: [
      Constant(name: "DEEPIDV_HAS_SESSION_ID", value: 1, doc: "session_id= is there."),
      Constant(name: "DEEPIDV_HAS_STATUS", value: 2, doc: "status= is there."),
      Constant(name: "DEEPIDV_HAS_REASON", value: 4, doc: "reason= is there."),
      Constant(name: "DEEPIDV_HAS_FRAGMENT", value: 8, doc: "A # is there."),
      Constant(
        name: "DEEPIDV_HAS_OTHER_SESSION_ID", value: 16,
        doc: "sessionId= is there, which may as well be a parameter of your own."),
    ])

  static let redirectStatuses = ConstantGroup(
    name: "redirect", title: "Status of a redirect",
    doc: "deepidv_redirect.status, by the contract's words, compared exactly.",
    constants: [
      Constant(
        name: "DEEPIDV_REDIRECT_OTHER", value: -1,
        doc: "A word unknown to this version: read its text."
      ),
      Constant(name: "DEEPIDV_REDIRECT_NONE", value: 0, doc: "No status."),
      Constant(
        name: "DEEPIDV_REDIRECT_SUCCESS", value: 1,
        doc: "Completed and submitted. That is not the same as verified.", word: "success"),
      Constant(
        name: "DEEPIDV_REDIRECT_FAILED", value: 2, doc: "An error while verifying.", word: "failed"),
      Constant(
        name: "DEEPIDV_REDIRECT_ABANDONED", value: 3, doc: "The applicant left.", word: "abandoned"),
      Constant(
        name: "DEEPIDV_REDIRECT_SUBMITTED", value: 4,
        doc: "A word of the vendor's other form. It is not success: see DEEPIDV_FACT_OTHER_FORM.",
        word: "SUBMITTED"),
    ])

  static let redirectReasons = ConstantGroup(
    name: "reason", title: "Reason of a redirect",
    doc: "deepidv_redirect.reason, by the contract's words, compared exactly. New words may come.",
    constants: [
      Constant(
        name: "DEEPIDV_REASON_OTHER", value: -1,
        doc: "A word unknown to this version: read its text."),
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
        doc: "An error on the service's side.", word: "internal_error"),
      Constant(
        name: "DEEPIDV_REASON_USER_CANCELLED", value: 5,
        doc: "The applicant chose to leave.", word: "user_cancelled"),
      Constant(
        name: "DEEPIDV_REASON_UNKNOWN", value: 6,
        doc: "A failure that the service itself does not classify.", word: "unknown"),
    ])

  static let redirectFacts = ConstantGroup(
    name: "fact", title: "Facts about a redirect",
    doc: """
      Bits of deepidv_redirect.facts: combinations that the contract does not foresee. They are not \
      errors; a forged URL often has one.
      """,
    constants: [
      Constant(
        name: "DEEPIDV_FACT_NO_SESSION_ID", value: 1, doc: "The session id is missing or empty."),
      Constant(name: "DEEPIDV_FACT_SUCCESS_WITH_REASON", value: 2, doc: "success, yet a reason."),
      Constant(name: "DEEPIDV_FACT_FAILED_WITHOUT_REASON", value: 4, doc: "failed, and no reason."),
      Constant(
        name: "DEEPIDV_FACT_ABANDONED_OTHERWISE", value: 8,
        doc: "abandoned, with another reason than user_cancelled or with none."),
      Constant(
        name: "DEEPIDV_FACT_OTHER_FORM", value: 16,
        doc: """
          sessionId= without session_id=, or the status SUBMITTED: so says one of the vendor's guides, \
          and the contract does not.
          """),
      Constant(
        name: "DEEPIDV_FACT_NOT_UTF8", value: 32,
        doc: "The session id, the status or the reason is not UTF-8 once decoded."),
      Constant(
        name: "DEEPIDV_FACT_REPEATED_EQUAL", value: 64,
        doc: "One of the parameters occurs again with the same value."),
      Constant(
        name: "DEEPIDV_FACT_JOINED_TWICE", value: 128,
        doc: """
          A second ? joins the parameters to the URL, as in /cb?a=b?session_id=s: it ended the value before it.
          """),
    ])

  static let resultFacts = ConstantGroup(
    name: "result_fact", title: "Facts about a result",
    doc: """
      Bits of deepidv_result_facts() and deepidv_session.facts: what an answer had beside what the result has \
      of it. None of them makes a result a failure; deepidv_result_json() has all of it.
      """,
    constants: [
      Constant(
        name: "DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED", value: 1,
        doc: """
          The answer's session_url is not one that a browser may be sent to, and so is left out. The session \
          was created all the same.
          """),
      Constant(
        name: "DEEPIDV_RESULT_FACT_MORE_SESSIONS", value: 2,
        doc: """
          The page had more sessions: more than were asked for, or elements without a usable id.
          """),
      Constant(
        name: "DEEPIDV_RESULT_FACT_MORE_LINKS", value: 4,
        doc: """
          The answer had more links: more than 100, or some whose URL no browser may be sent to.
          """),
      Constant(
        name: "DEEPIDV_RESULT_FACT_MORE_HINTS", value: 8,
        doc: "The answer had more than 100 hints."),
    ])

  static let sessionURLBits = ConstantGroup(
    name: "session_url_has", title: "What a session URL carries",
    doc: "Bits of deepidv_session_url.present.",
    constants: [
      Constant(
        name: "DEEPIDV_SESSION_URL_HAS_SESSION_ID", value: 1,
        doc: "The URL has the documented shape, and so an id."),
      Constant(name: "DEEPIDV_SESSION_URL_HAS_ORG_ID", value: 2, doc: "oid= is there."),
      Constant(
        name: "DEEPIDV_SESSION_URL_HAS_REDIRECT_URL", value: 4, doc: "redirect_url= is there."),
    ])

  static let eventKinds = ConstantGroup(
    name: "event", title: "Kinds of completion",
    doc: "deepidv_event.kind: which call was submitted.",
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
    ])

  private static func status(_ name: String, _ value: Int64, _ text: String) -> Constant {
    Constant(name: "DEEPIDV_\(name)", value: value, doc: text)
  }
}
