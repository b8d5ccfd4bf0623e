extension Interface {
  static let redirectFamily = Family(
    title: "Redirect",
    doc: """
      Functions that parse the URL to which the applicant's browser returns. Except deepidv_redirect_describe(), they \
      allocate no memory, keep no references, and may be called from a signal handler. A redirect is a claim, not a proof: compare \
      its session id with the one you stored for that user, then retrieve the session from the service. \
      Queries are split and decoded as application/x-www-form-urlencoded in the URL standard: split at &, \
      then at the first =; + decodes to a space, %XX to a byte, any other % to itself; empty pieces between \
      two & are ignored. There is one extension, because the service does not document how it adds its \
      parameters to a URL that already has a query. If session_id, status or reason would be missing \
      otherwise, the last ? directly before its name and = acts as a separator, like &. The extension does \
      not look for a reason if the status is success or SUBMITTED. It looks for sessionId too if there is no \
      session id at all.
      """,
    functions: [
      Function(
        "deepidv_redirect_parse", returns: .status,
        "Reads the result parameters of a redirect.",
        """
        Accepts an absolute URL, a path with a query, or a query with or without its question mark. Other \
        parameters are ignored. The documented ones may be in any order, and their names and values may be \
        percent-encoded. A missing parameter is not an error: see present and facts. If a parameter occurs \
        twice and the decoded values differ, the call returns DEEPIDV_E_REPEATED; the struct holds the first \
        value, and repeated is one that differs. If the values are equal, the call succeeds and sets \
        DEEPIDV_FACT_REPEATED_EQUAL. A repeated sessionId counts only if session_id is missing.
        """,
        parameters: [
          urlText,
          Parameter(
            "out_redirect", .structure("deepidv_redirect"), "the result; set to zero first"),
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_REPEATED"], threads: .any, since: "0.1",
        source: "Redirect result"
      ).answering("E_REPEATED"),
      Function(
        "deepidv_redirect_describe", returns: .status,
        "Reads a redirect and writes its values as one JSON object, decoded.",
        """
        For languages in which byte offsets are inconvenient. The members are session_id, status, status_text, \
        reason, reason_text, facts, fragment and other_session_id, as in deepidv_redirect; and params, an array of \
        all parameters in order, each an object with name and value. A text that is absent is null. As in the URL \
        standard, bytes that are not valid UTF-8 are replaced with U+FFFD; see DEEPIDV_FACT_NOT_UTF8. Nothing is \
        written if the redirect is ambiguous (DEEPIDV_E_REPEATED). DEEPIDV_E_TOO_LONG: the JSON has more than 1 \
        MiB. To compare the session id with yours in constant time, use deepidv_redirect_parse() and \
        deepidv_redirect_matches(), which need no decoding.
        """,
        parameters: [
          urlText,
          Parameter("buffer", .buffer, "the JSON text; 8 KiB are nearly always enough"),
          written,
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_REPEATED", "E_BUFFER", "E_NOMEM"],
        threads: .any, since: "0.1", source: "Redirect result"
      ).answering("E_REPEATED"),
      Function(
        "deepidv_redirect_matches", returns: .status,
        "Checks that a redirect is about the session that you expect.",
        """
        Compares the decoded session id with the expected one. The time does not depend on the bytes of the \
        expected id, only on its length and on the redirect.
        """,
        parameters: [
          urlText,
          Parameter(
            "redirect", .constStructure("deepidv_redirect"),
            "filled in by deepidv_redirect_parse() from the same text"),
          Parameter("session_id", .text, "the id stored for this user"),
        ],
        statuses: ["E_MISMATCH", "E_NULL", "E_LENGTH", "E_RANGE"], threads: .any, since: "0.1",
        source: "Redirect result: a result is a claim"
      ).answering("E_MISMATCH"),
      Function(
        "deepidv_redirect_param", returns: .status,
        "Finds one of your own parameters in a redirect.",
        """
        Compares decoded names byte by byte. DEEPIDV_E_REPEATED: the parameter occurs several times with different \
        values, and out_span is the first; deepidv_redirect_next_param() returns all of them. A parameter without = has an \
        empty value.
        """,
        parameters: [
          urlText,
          Parameter("name", .text, "the decoded name; any bytes").encoded(.bytes),
          Parameter("out_span", .structure("deepidv_span"), "its value"),
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_REPEATED", "E_ABSENT"], threads: .any,
        since: "0.1",
        source: "Redirect result; application/x-www-form-urlencoded"
      ).answering("E_REPEATED", "E_ABSENT"),
      Function(
        "deepidv_redirect_next_param", returns: .status,
        "Iterates over the parameters of a redirect, in order.",
        """
        Set param to zero, then call the function with the same text as long as it returns DEEPIDV_OK. \
        DEEPIDV_E_ABSENT marks the end and sets param to zero again.
        """,
        parameters: [
          urlText,
          Parameter(
            "param", .inoutStructure("deepidv_param"),
            "the previous parameter; replaced by the next one"),
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_RANGE", "E_ABSENT"], threads: .any,
        since: "0.1",
        source: "Redirect result; application/x-www-form-urlencoded"
      ).answering("E_ABSENT"),
      Function(
        "deepidv_span_decode", returns: .status,
        "Decodes a span: + becomes a space, %XX a byte.",
        """
        The output is NUL-terminated; span->length + 1 bytes are always enough. DEEPIDV_E_UTF8 and \
        DEEPIDV_E_NUL: the decoded bytes are not valid UTF-8 or contain a NUL; they are written nevertheless. \
        DEEPIDV_E_BUFFER: only out_len is written.
        """,
        parameters: [
          urlText,
          Parameter(
            "span", .constStructure("deepidv_span"), "a span of that text"),
          Parameter("buffer", .buffer, "the decoded text, capacity bytes at most").encoded(.bytes),
          Parameter(
            "out_len", .outSize, optional: true, "its length in bytes without the NUL"
          ).length(of: "buffer"),
        ],
        statuses: ["E_BUFFER", "E_UTF8", "E_NUL", "E_NULL", "E_LENGTH", "E_RANGE"],
        threads: .any, since: "0.1", source: "Redirect result; application/x-www-form-urlencoded"),
      Function(
        "deepidv_session_url_parse", returns: .status,
        "Parses a session URL of the documented form.",
        """
        The form is http or https, a host, /session/ and an id, optionally followed by a query with oid and \
        redirect_url. For any other URL, present is 0 and the call still succeeds: the form may change, so \
        pass session URLs on unchanged. The host is not checked. The id is part of the path, where + is \
        literal, but deepidv_span_decode() decodes it to a space.
        """,
        parameters: [
          Parameter("url", .text, "the session URL, less than 4 GiB; any bytes").encoded(.bytes),
          Parameter(
            "out_session_url", .structure("deepidv_session_url"), "the result; set to zero first"),
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_REPEATED"], threads: .any, since: "0.1",
        source: "Create session: session_url"
      ).answering("E_REPEATED"),
    ])

  private static let urlText = Parameter(
    "url", .text, "the redirect, less than 4 GiB; any bytes"
  ).encoded(.bytes)
}
