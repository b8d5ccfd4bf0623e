extension Interface {
  static let sizes = ConstantGroup(
    name: "size", title: "Sizes",
    doc: "Bytes that a buffer needs.",
    constants: [
      Constant(
        name: "DEEPIDV_STATE_SIZE", value: 128,
        doc: "Enough for a state of any version, its NUL included.")
    ])

  static let stateFamily = Family(
    title: "State",
    doc: """
      Binds a redirect to the browser it was made for. A state is a short text that goes into the \
      redirect URL of a create and comes back with the applicant. It is signed with your key, expires, and \
      is good for one context only: what you know the browser by, such as its session cookie. Nobody can make one or \
      find out its context. It proves who comes back, not how it went: only the service knows that, see \
      deepidv_redirect_confirm(). It may come back more than once until it expires. The format is in \
      docs/state.md.
      """,
    functions: [
      Function(
        "deepidv_state_keys_new", returns: .status,
        "Makes an empty set of keys.",
        parameters: [.new("deepidv_state_keys")],
        statuses: ["E_NULL", "E_NOMEM"], threads: .any, since: "0.1"),
      free("deepidv_state_keys", "the keys to wipe and end", since: "0.1"),
      Function(
        "deepidv_state_keys_add", returns: .status,
        "Adds a key. The first one signs; each of them verifies.",
        """
        To change keys, make a set with the new one first and the old one behind it, for as long as states \
        last. A key is best 32 random bytes that are used for nothing else.
        """,
        parameters: [
          Parameter(
            "keys", .handle("deepidv_state_keys"), "the set, of 16 keys at most"),
          Parameter(
            "key", .text, .copied, "16 to 1,024 bytes, any; DEEPIDV_NTS only if none of them is 0"),
        ],
        statuses: handleStatuses
          + ["E_LENGTH", "E_TOO_LONG", "E_RANGE", "E_NOMEM", "E_REQUIRED", "E_SHORT_KEY"],
        threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_state_new", returns: .status,
        "Makes a state for one browser.",
        parameters: [
          keys, context,
          Parameter(
            "lifetime_s", .uint32,
            "seconds until it expires, 1 to 31,536,000; as long as the session at least"),
          Parameter(
            "out", .buffer, "the state; DEEPIDV_STATE_SIZE bytes are always enough"),
          written,
        ],
        statuses: keyedStatuses + ["E_RANGE", "E_BUFFER", "E_SYSTEM"], threads: .any, since: "0.1"),
      Function(
        "deepidv_redirect_url_with_state", returns: .status,
        "Puts a state into a redirect URL, as the parameter state.",
        """
        The URL may have a query and a fragment of its own. DEEPIDV_E_REPEATED says that its query already has a \
        state, or a parameter that the service will add: which of two counts would be a guess.
        """,
        parameters: [
          Parameter(
            "url", .text, "what deepidv_session_request_set_redirect_url() takes"),
          Parameter("state", .text, "from deepidv_state_new()"),
          Parameter(
            "out", .buffer,
            "the URL; url_len + DEEPIDV_STATE_SIZE bytes are always enough"),
          written,
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_NUL", "E_UTF8", "E_CONTROL", "E_NOMEM"]
          + ["E_REQUIRED", "E_BUFFER", "E_STATE", "E_REPEATED"] + urlStatuses,
        threads: .any, since: "0.1", source: "Create session, redirect_url"),
      Function(
        "deepidv_state_verify", returns: .status,
        "Says whether a redirect came back in the browser it was made for.",
        """
        DEEPIDV_E_STATE: there is none, or it is malformed, or it expires later than any that can have been made by \
        now: a clock is wrong. DEEPIDV_E_STATE_SIGNATURE: it was made up or \
        changed, or its key is gone; more is not said of such a one. DEEPIDV_E_STATE_CONTEXT: it is genuine, \
        and another browser's, which also happens to applicants who go on with another device. \
        DEEPIDV_E_STATE_EXPIRED: it is this browser's, and late. Tell them apart in your log; whoever is at the \
        browser needs to hear only that it does not go on here. The time it takes does not depend on how much of a guess \
        was right.
        """,
        parameters: [
          keys,
          Parameter(
            "redirect", .text, "the redirect as it came, or the state alone; any bytes"),
          context,
        ],
        statuses: keyedStatuses
          + ["E_STATE", "E_STATE_SIGNATURE", "E_STATE_CONTEXT", "E_STATE_EXPIRED", "E_REPEATED"]
          + ["E_SYSTEM"],
        threads: .any, since: "0.1", source: "Redirect result: a result is a claim"),
    ])

  private static let keyedStatuses =
    handleStatuses + ["E_LENGTH", "E_TOO_LONG", "E_NOMEM", "E_REQUIRED"]

  private static let keys = Parameter(
    "keys", .constHandle("deepidv_state_keys"), "the keys, one at least")

  private static let context = Parameter(
    "context", .text,
    "what you know the browser by, as its session cookie; 1 to 4,096 bytes, any")

  private static let written = Parameter(
    "out_len", .outSize, optional: true,
    "its length in bytes without the NUL; with DEEPIDV_E_BUFFER as well")
}
