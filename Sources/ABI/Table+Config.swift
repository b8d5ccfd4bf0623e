extension Interface {
  static let versionFamily = Family(
    title: "Version and status texts",
    doc: "Constant texts stay valid.",
    functions: [
      Function(
        "deepidv_version",
        returns: .text(
          "the version of the library, such as \"0.1.0\"", .constant, .ascii, nullable: false),
        "Returns the version of the loaded library.",
        threads: .any, since: "0.1"),
      Function(
        "deepidv_abi_version", returns: .uint32("major * 65536 + minor"),
        "Returns the version of the loaded interface (ABI).",
        "A program needs the major number that it was compiled with, and at least that minor number.",
        threads: .any, since: "0.1"),
      Function(
        "deepidv_status_name",
        returns: .text(
          "a name, such as \"DEEPIDV_E_PHONE\"; \"DEEPIDV_E_?\" for an unknown code", .constant,
          .ascii,
          nullable: false),
        "Returns the name of a status.",
        parameters: [
          Parameter("status", .int32, "any number").meaning(.constants("status"))
        ],
        threads: .any, since: "0.1"),
      Function(
        "deepidv_status_text",
        returns: .text(
          "one or two English sentences, also for an unknown code", .constant, .ascii,
          nullable: false),
        "Returns what a status means. The text never contains data from outside the library.",
        parameters: [
          Parameter("status", .int32, "any number").meaning(.constants("status"))
        ],
        threads: .any, since: "0.1"),
      Function(
        "deepidv_libcurl_problem", returns: .status,
        "Says what is wrong with the libcurl that is loaded; an empty text if all is well.",
        """
        Either it is too old or lacks a part that is needed, and deepidv_client_new() returns DEEPIDV_E_LIBCURL; or it \
        can be used, but its version is known to harm the program. The text names the version that was found and the \
        one that is wanted. Call it once and log the text.
        """,
        parameters: [
          Parameter("buffer", .buffer, "the text; 256 bytes are always enough").encoded(.ascii),
          written,
        ],
        statuses: ["E_NULL", "E_LENGTH", "E_BUFFER", "E_NOMEM"], threads: .any, since: "0.1"),
    ])

  static let configFamily = Family(
    title: "Configuration",
    doc: """
      The options of a client. Each has a typed setter, and a key for deepidv_config_set(), so that a \
      binding can set the options in a dictionary. The environment is read only by \
      deepidv_config_from_env(), and by deepidv_client_new() if use_environment is 1. In a setuid or setgid \
      program both treat it as empty.
      """,
    functions: [
      Function(
        "deepidv_config_new", returns: .status,
        "Creates a config with the default value of every option and no API key.",
        parameters: [.new("deepidv_config")],
        statuses: ["E_NULL", "E_NOMEM"], threads: .any, since: "0.1"),
      free("deepidv_config", "the config to free", since: "0.1"),
      Function(
        "deepidv_config_set", returns: .status,
        "Sets an option by its key.",
        "Pass numbers in decimal digits. deepidv_config_key() lists the keys.",
        parameters: [
          config,
          Parameter("name", .text, "the key of an option, such as \"timeout_ms\"").encoded(.ascii),
          Parameter("value", .text, .copied, "the value, as for the typed setter"),
        ],
        statuses: ["E_KEY"] + textStatuses + [
          "E_RANGE", "E_REQUIRED", "E_CONTROL", "E_PROXY_SCHEME",
        ]
          + urlStatuses,
        threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_key",
        returns: .text("the key, or NULL after the last one", .constant, .ascii),
        "Returns one of the keys that deepidv_config_set() accepts.",
        parameters: [
          Parameter("index", .uint32, "0 for the first"), outLength,
        ],
        threads: .any, since: "0.1"),
    ] + options + [
      Function(
        "deepidv_config_from_env", returns: .status,
        "Sets every option whose variable is in the environment.",
        """
        The name of a variable is DEEPIDV_ and the key in capitals: DEEPIDV_API_KEY, DEEPIDV_BASE_URL and so \
        on. The call stops at the first value that is refused. Do not call it while another thread \
        changes the environment.
        """,
        parameters: [
          config,
          Parameter(
            "out_key", .outText, optional: true,
            "the key of the refused option, or NULL; a constant text"
          ).encoded(.ascii),
        ],
        statuses: textStatuses + ["E_RANGE", "E_REQUIRED", "E_CONTROL", "E_PROXY_SCHEME"]
          + urlStatuses,
        threads: .exclusive, since: "0.1")
    ])

  static let config = Parameter(
    "config", .handle("deepidv_config"), "the config to change")
}
