extension Interface {
  static let sizes = ConstantGroup(
    name: "size", kind: .sizes, prefix: "DEEPIDV_", title: "Sizes",
    doc: "Buffer sizes in bytes.",
    constants: [
      Constant(
        name: "DEEPIDV_STATE_SIZE", value: 128,
        doc: "Large enough for a state of any version, with its NUL."),
      Constant(
        name: "DEEPIDV_RECONCILE_TOKEN_SIZE", value: 1088,
        doc: "Large enough for any reconcile token, with its NUL."),
    ])

  static let stateFamily = Family(
    title: "State",
    doc: """
      A state binds a redirect to the browser that it was created for. It is a short text in the redirect URL of \
      a create, and returns with the applicant. It is signed with your key, expires, and is valid for one context \
      only: a value that identifies the browser, such as its session cookie. Without the key, nobody can create a \
      state or find out its context. It proves that the same browser returned before the state expired, not how \
      the verification ended: for that, see deepidv_redirect_confirm(). A state can be used more than once until it \
      expires. docs/state.md specifies the format.
      """,
    functions: [
      Function(
        "deepidv_state_keys_new", returns: .status,
        "Creates an empty set of keys.",
        parameters: [.new("deepidv_state_keys")],
        statuses: ["E_NULL", "E_NOMEM"], threads: .any, since: "0.1"),
      free("deepidv_state_keys", "the keys to wipe and free", since: "0.1"),
      Function(
        "deepidv_state_keys_add", returns: .status,
        "Adds a key. The first key signs; every key verifies.",
        """
        To rotate keys, create a set with the new key first and the old key second, and keep the old key until its \
        states have expired. Use 32 random bytes as a key, and use them for nothing else.
        """,
        parameters: [
          Parameter(
            "keys", .handle("deepidv_state_keys"), "the set, with at most 16 keys"),
          Parameter(
            "key", .text, .copied,
            "16 to 1,024 bytes of any value; DEEPIDV_NTS only if none of them is 0"
          ).limit(1024).encoded(.bytes),
        ],
        statuses: handleStatuses
          + ["E_LENGTH", "E_TOO_LONG", "E_RANGE", "E_NOMEM", "E_REQUIRED", "E_SHORT_KEY"],
        threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_state_new", returns: .status,
        "Creates a state for one browser.",
        parameters: [
          keys, context,
          Parameter(
            "lifetime_s", .uint32,
            "seconds until it expires, 1 to 31,536,000; at least the lifetime of the session"
          ).range(1...31_536_000),
          Parameter(
            "buffer", .buffer, "the state; DEEPIDV_STATE_SIZE bytes are always enough"
          ).encoded(.ascii),
          written,
        ],
        statuses: keyedStatuses + ["E_RANGE", "E_BUFFER", "E_SYSTEM"], threads: .any, since: "0.1"),
      Function(
        "deepidv_redirect_url_with_state", returns: .status,
        "Adds a state to a redirect URL, as the parameter state.",
        """
        The URL may already have a query and a fragment. DEEPIDV_E_REPEATED: the query already has a state, or a \
        parameter that the service adds itself.
        """,
        parameters: [
          Parameter(
            "url", .text, "a URL that deepidv_session_request_set_redirect_url() accepts"
          ),
          Parameter("state", .text, "from deepidv_state_new()").encoded(.ascii),
          Parameter(
            "buffer", .buffer,
            "the URL; url_len + DEEPIDV_STATE_SIZE bytes are always enough"),
          written,
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_TOO_LONG", "E_NUL", "E_UTF8", "E_CONTROL", "E_NOMEM"]
          + ["E_REQUIRED", "E_BUFFER", "E_STATE", "E_REPEATED"] + urlStatuses,
        threads: .any, since: "0.1", source: "Create session, redirect_url"),
      Function(
        "deepidv_state_verify", returns: .status,
        "Checks that a redirect returned in the browser that its state was created for.",
        """
        DEEPIDV_E_STATE: the state is missing or malformed, or it expires more than 31,536,000 seconds from now, \
        which means that a clock is wrong. DEEPIDV_E_STATE_SIGNATURE: the state was forged or changed, or its key \
        was removed; nothing else about it is checked. DEEPIDV_E_STATE_CONTEXT: the state is genuine but belongs to \
        another browser, which also happens if an applicant switches devices. DEEPIDV_E_STATE_EXPIRED: the state \
        belongs to this browser but has expired. Log the status, but show the same page for all of them. The time that \
        the check takes does not depend on how much of a guess is right.
        """,
        parameters: [
          keys,
          Parameter(
            "redirect", .text, "the redirect as received, or only the state; any bytes"
          ).encoded(.bytes),
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
    "keys", .constHandle("deepidv_state_keys"), "the keys, at least one")

  private static let context = Parameter(
    "context", .text,
    "a value that identifies the browser, such as its session cookie; 1 to 4,096 bytes of any value"
  ).limit(4096).encoded(.bytes)

  /// How long a text is that a function wrote into the caller's memory.
  static let written = Parameter(
    "out_len", .outSize, optional: true,
    "its length in bytes without the NUL, also with DEEPIDV_E_BUFFER"
  ).length(of: "buffer")
}
