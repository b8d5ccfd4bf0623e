extension Interface {
  static let versionFamily = Family(
    title: "Version and status texts",
    doc: "Constant texts, valid for ever.",
    functions: [
      Function(
        "deepidv_version", returns: .text("the library's version, as in \"0.1.0\""),
        "Answers the version of the library that is loaded.",
        threads: .any),
      Function(
        "deepidv_abi_version", returns: .uint32("major * 65536 + minor"),
        "Answers the version of the interface that is loaded.",
        "A program needs the major number it was compiled with, and at least its minor one.",
        threads: .any),
      Function(
        "deepidv_status_name",
        returns: .text("a name, as in \"DEEPIDV_E_PHONE\"; \"DEEPIDV_E_?\" for an unknown code"),
        "Answers the name of a status.",
        parameters: [Parameter("status", .int32, .value, "any number")],
        threads: .any),
      Function(
        "deepidv_status_text",
        returns: .text("one English sentence, for an unknown code too"),
        "Answers what a status means. The sentence never holds anything that came from outside.",
        parameters: [Parameter("status", .int32, .value, "any number")],
        threads: .any),
    ])

  static let configFamily = Family(
    title: "Configuration",
    doc: """
      Options of a client. Each has a typed setter and a key for deepidv_config_set(), so that a \
      binding can pass a dictionary on with one loop. The environment is read only by \
      deepidv_config_from_env().
      """,
    functions: [
      Function(
        "deepidv_config_new", returns: .status,
        "Makes a config with the default of every option and no API key.",
        parameters: [.new("deepidv_config")],
        statuses: ["E_NULL", "E_NOMEM"], threads: .any),
      free("deepidv_config", "the config to end"),
      Function(
        "deepidv_config_set", returns: .status,
        "Sets an option by its key.",
        "A number is given in decimal digits. The keys are those that deepidv_config_key() lists.",
        parameters: [
          config,
          Parameter("name", .text, .borrowed, "an option's key, as in \"timeout_ms\""),
          Parameter("value", .text, .copied, "the value, as the typed setter would take it"),
        ],
        statuses: ["E_KEY"] + textStatuses + ["E_RANGE", "E_REQUIRED", "E_CONTROL"] + urlStatuses,
        threads: .exclusive),
      Function(
        "deepidv_config_key", returns: .text("the key, or NULL past the last"),
        "Lists the keys that deepidv_config_set() takes.",
        parameters: [
          Parameter("index", .uint32, .value, "0 for the first"), outLength,
        ],
        threads: .any),
      Function(
        "deepidv_config_set_api_key", returns: .status,
        "Sets the secret API key. Key: api_key. Required.",
        parameters: [
          config, Parameter("key", .text, .copied, "1 to 512 printable ASCII bytes, no space"),
        ],
        statuses: ["E_REQUIRED", "E_CONTROL"] + textStatuses, threads: .exclusive,
        source: "Create session, headers"),
      Function(
        "deepidv_config_set_base_url", returns: .status,
        "Sets where the service is. Key: base_url. Default: https://api.deepidv.com.",
        """
        It must be https, or http with a loopback host (127.0.0.0/8, [::1], localhost), and have \
        neither user-info nor query nor fragment. A path is kept: the API's own paths are appended.
        """,
        parameters: [
          config, Parameter("url", .text, .copied, "an absolute URL, up to 2,048 bytes"),
        ],
        statuses: ["E_REQUIRED", "E_CONTROL"] + urlStatuses + textStatuses, threads: .exclusive,
        source: "Create session, base URL"),
      Function(
        "deepidv_config_set_timeout_ms", returns: .status,
        "Sets the time an operation has, from its submission to its end. Key: timeout_ms. Default: 60000.",
        parameters: [
          config, Parameter("timeout_ms", .uint32, .value, "milliseconds, 1 to 86,400,000"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive),
      Function(
        "deepidv_config_set_connect_timeout_ms", returns: .status,
        "Sets the time for name lookup, TCP and TLS. Key: connect_timeout_ms. Default: 5000.",
        parameters: [
          config, Parameter("timeout_ms", .uint32, .value, "milliseconds, 1 to 86,400,000"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive),
      Function(
        "deepidv_config_set_max_in_flight", returns: .status,
        """
        Sets how many operations a client may hold at once, waiting and running. Key: max_in_flight. \
        Default: 10000.
        """,
        "One more is refused with DEEPIDV_E_BUSY. Completions that wait to be taken count too.",
        parameters: [config, Parameter("count", .uint32, .value, "1 to 1,000,000")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive),
      Function(
        "deepidv_config_set_rate_limit", returns: .status,
        "Sets how many requests a second are sent. Key: rate_limit. Default: 25, the service's own limit.",
        """
        All clients of this process with the same key, base URL and limits share it. When the service \
        answers 429, the rate goes down to what it has really let through of late and climbs back, so \
        that processes which share a key find their shares. What cannot be sent before its time is up \
        ends at once with DEEPIDV_E_RATE_LIMITED, at its submission or as soon as a 429 makes it so, and \
        deepidv_result_retry_after_ms() says how long to wait.
        """,
        parameters: [
          config,
          Parameter("per_second", .uint32, .value, "requests a second, 0 to 10,000; 0 is no limit"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, source: "Limits"),
      Function(
        "deepidv_config_set_rate_burst", returns: .status,
        "Sets how many requests may be sent at once after a silence. Key: rate_burst. Default: 35.",
        parameters: [config, Parameter("count", .uint32, .value, "requests, 1 to 10,000")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, source: "Limits"),
      Function(
        "deepidv_config_set_connection_reuse", returns: .status,
        "Sets whether a create may use a connection again. Key: connection_reuse. Default: 1.",
        """
        Nothing is sent twice either way. With 0 each create pays for a connection of its own, and an \
        idle connection that dies just then cannot make an outcome unknown.
        """,
        parameters: [config, Parameter("value", .uint32, .value, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive),
      Function(
        "deepidv_config_set_make_external_id", returns: .status,
        """
        Sets whether a create without an external id gets one. Key: make_external_id. Default: 1.
        """,
        "By it a session is found again whose answer was lost. It is unique and says nothing.",
        parameters: [config, Parameter("value", .uint32, .value, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive),
      Function(
        "deepidv_config_set_ca_file", returns: .status,
        "Sets the file of trusted certificates. Key: ca_file. Default: the system's.",
        "There is no way to turn verification off.",
        parameters: [config, Parameter("path", .text, .copied, "a PEM file, up to 4,095 bytes")],
        statuses: ["E_REQUIRED"] + textStatuses, threads: .exclusive),
      Function(
        "deepidv_config_set_proxy", returns: .status,
        "Sets a proxy. Key: proxy. Default: none; proxy variables of the environment are not read.",
        parameters: [
          config,
          Parameter(
            "url", .text, .copied,
            "an http://, https:// or socks5h:// URL without user-info; empty means none"),
        ],
        statuses: ["E_CONTROL"] + urlStatuses + textStatuses, threads: .exclusive),
      Function(
        "deepidv_config_set_user_agent", returns: .status,
        "Sets what stands before libdeepidv's own name in User-Agent. Key: user_agent. Default: nothing.",
        parameters: [
          config, Parameter("text", .text, .copied, "up to 256 printable ASCII bytes"),
        ],
        statuses: ["E_CONTROL"] + textStatuses, threads: .exclusive),
      Function(
        "deepidv_config_from_env", returns: .status,
        "Sets every option that has a variable in the environment.",
        """
        The variables are DEEPIDV_ and the key in capitals: DEEPIDV_API_KEY, DEEPIDV_BASE_URL and so \
        on. It stops at the first value that is refused. Do not call it while another thread \
        changes the environment.
        """,
        parameters: [
          config,
          Parameter(
            "out_key", .outText, .borrowed, optional: true,
            "the key of the option that was refused, or NULL; a constant text"),
        ],
        statuses: textStatuses + ["E_RANGE", "E_REQUIRED", "E_CONTROL"] + urlStatuses,
        threads: .exclusive),
    ])

  private static let config = Parameter(
    "config", .handle("deepidv_config"), .borrowed, "the config to change")
}
