extension Interface {
  static let redirectFamily = Family(
    title: "Redirect",
    doc: """
      What the applicant's browser brings back. These functions allocate nothing, keep nothing, and \
      may be called from a signal handler. A redirect is a claim, not a proof: compare its session id \
      with the one you stored for that user, then ask the service how the session stands. Queries are \
      split and decoded as application/x-www-form-urlencoded is by the URL standard: at &, then at the \
      first =; + is a space, %XX a byte, any other % itself; what is empty between two & is nothing. One thing is \
      added, since nobody knows how the service joins its parameters to a URL that has a query: where session_id, \
      status or reason is missing otherwise, the last ? directly before the name of such a one and = ends what is \
      before it, as & does. A reason is not missing with success or SUBMITTED, and sessionId is where there is no id \
      at all.
      """,
    functions: [
      Function(
        "deepidv_redirect_parse", returns: .status,
        "Reads the result parameters out of a redirect.",
        """
        Takes an absolute URL, a path with a query, or a bare query with or without its question mark. \
        Parameters that are not the contract's are passed over; those of the contract may come in any \
        order, their names and words percent-encoded or not. That one is missing is no failure: see \
        present and facts. The same parameter twice is DEEPIDV_E_REPEATED if the decoded values differ: \
        the first of them stands, and repeated is one that differs. With equal values it is one, and a fact. A \
        repeated sessionId counts only where session_id is missing.
        """,
        parameters: [
          urlText,
          Parameter(
            "out", .structure("deepidv_redirect"), "what was found; zeroed first"),
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_REPEATED"], threads: .any, since: "0.1",
        source: "Redirect result"),
      Function(
        "deepidv_redirect_matches", returns: .status,
        "Says whether a redirect is about the session you expect.",
        """
        Compares the decoded session id with the expected one, in a time that depends on their \
        lengths only.
        """,
        parameters: [
          urlText,
          Parameter(
            "redirect", .constStructure("deepidv_redirect"),
            "as deepidv_redirect_parse() filled it from the same text"),
          Parameter("session_id", .text, "the id stored for this user"),
        ],
        statuses: ["E_MISMATCH", "E_NULL", "E_LENGTH", "E_RANGE"], threads: .any, since: "0.1",
        source: "Redirect result: a result is a claim"),
      Function(
        "deepidv_redirect_param", returns: .status,
        "Finds a parameter of your own in a redirect.",
        """
        Compares decoded names byte by byte. With DEEPIDV_E_REPEATED there are several with different \
        values, and out is the first: deepidv_redirect_next_param() gives them all. A parameter without = has an empty value.
        """,
        parameters: [
          urlText,
          Parameter("name", .text, "its name, not encoded; any bytes"),
          Parameter("out", .structure("deepidv_span"), "its value"),
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_REPEATED", "E_ABSENT"], threads: .any,
        since: "0.1",
        source: "Redirect result; application/x-www-form-urlencoded"),
      Function(
        "deepidv_redirect_next_param", returns: .status,
        "Gives the parameters of a redirect one after the other, in their order.",
        """
        Set param to zero, then call it with the same text for as long as it answers DEEPIDV_OK. \
        DEEPIDV_E_ABSENT is the end, and param is zero again.
        """,
        parameters: [
          urlText,
          Parameter(
            "param", .structure("deepidv_param"), "the one before, then the next one"),
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_RANGE", "E_ABSENT"], threads: .any,
        since: "0.1",
        source: "Redirect result; application/x-www-form-urlencoded"),
      Function(
        "deepidv_span_decode", returns: .status,
        "Makes a span readable: + becomes a space, %XX a byte.",
        """
        The text is NUL-terminated, and span->length + 1 bytes are always enough. With DEEPIDV_E_UTF8 \
        or DEEPIDV_E_NUL, which say that the decoded bytes are not UTF-8 or have a NUL inside, they \
        are written all the same. With DEEPIDV_E_BUFFER nothing is written but out_len.
        """,
        parameters: [
          urlText,
          Parameter(
            "span", .constStructure("deepidv_span"), "a span of that text"),
          Parameter("out", .buffer, "the decoded text, capacity bytes at most"),
          Parameter(
            "out_len", .outSize, optional: true, "its length in bytes without the NUL"),
        ],
        statuses: ["E_BUFFER", "E_UTF8", "E_NUL", "E_NULL", "E_LENGTH", "E_RANGE"],
        threads: .any, since: "0.1", source: "Redirect result; application/x-www-form-urlencoded"),
      Function(
        "deepidv_session_url_parse", returns: .status,
        "Takes a session URL of the documented shape apart.",
        """
        That shape is http or https, a host, /session/ and an id, then perhaps a query with oid and \
        redirect_url. Of any other URL nothing is present, and that is no failure: shapes may change, so \
        hand the URL on untouched. The host is not judged. In the id, which is a piece of a path, + is \
        itself, though deepidv_span_decode() makes it a space.
        """,
        parameters: [
          Parameter("url", .text, "the session URL, less than 4 GiB; any bytes"),
          Parameter(
            "out", .structure("deepidv_session_url"), "what was found; zeroed first"),
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_REPEATED"], threads: .any, since: "0.1",
        source: "Create session: session_url"),
    ])

  private static let urlText = Parameter(
    "url", .text, "the redirect, less than 4 GiB; any bytes")
}
