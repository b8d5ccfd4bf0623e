extension Interface {
  static let versionFamily = Family(
    title: "Version and status texts",
    doc: "Constant texts stay valid.",
    functions: [
      Function(
        "deepidv_version", returns: .text("the version of the library, such as \"0.1.0\""),
        "Returns the version of the loaded library.",
        threads: .any, since: "0.1"),
      Function(
        "deepidv_abi_version", returns: .uint32("major * 65536 + minor"),
        "Returns the version of the loaded interface (ABI).",
        "A program needs the major number that it was compiled with, and at least that minor number.",
        threads: .any, since: "0.1"),
      Function(
        "deepidv_status_name",
        returns: .text("a name, such as \"DEEPIDV_E_PHONE\"; \"DEEPIDV_E_?\" for an unknown code"),
        "Returns the name of a status.",
        parameters: [Parameter("status", .int32, "any number")],
        threads: .any, since: "0.1"),
      Function(
        "deepidv_status_text",
        returns: .text("one or two English sentences, also for an unknown code"),
        "Returns what a status means. The text never contains data from outside the library.",
        parameters: [Parameter("status", .int32, "any number")],
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
          Parameter("out", .buffer, "the text; 256 bytes are always enough"),
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
          Parameter("name", .text, "the key of an option, such as \"timeout_ms\""),
          Parameter("value", .text, .copied, "the value, as for the typed setter"),
        ],
        statuses: ["E_KEY"] + textStatuses + [
          "E_RANGE", "E_REQUIRED", "E_CONTROL", "E_PROXY_SCHEME",
        ]
          + urlStatuses,
        threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_key", returns: .text("the key, or NULL after the last one"),
        "Returns one of the keys that deepidv_config_set() accepts.",
        parameters: [
          Parameter("index", .uint32, "0 for the first"), outLength,
        ],
        threads: .any, since: "0.1"),
      Function(
        "deepidv_config_set_api_key", returns: .status,
        "Sets the secret API key. Key: api_key. Required.",
        parameters: [
          config, Parameter("key", .text, .copied, "1 to 512 printable ASCII bytes, no space"),
        ],
        statuses: ["E_REQUIRED", "E_CONTROL"] + textStatuses, threads: .exclusive, since: "0.1",
        source: "Create session, headers"),
      Function(
        "deepidv_config_set_base_url", returns: .status,
        "Sets the URL of the service. Key: base_url. Default: https://api.deepidv.com.",
        """
        It must use https; http is accepted for a loopback host (127.0.0.0/8, [::1], localhost) and for the hosts \
        in allow_http_hosts, which must be set first. User info, a query or a fragment is refused, even an empty \
        one. A path is kept, and the paths of the API are appended to it.
        """,
        parameters: [
          config, Parameter("url", .text, .copied, "an absolute URL, up to 2,048 bytes"),
        ],
        statuses: ["E_REQUIRED", "E_CONTROL"] + urlStatuses + textStatuses, threads: .exclusive,
        since: "0.1",
        source: "Create session, base URL"),
      Function(
        "deepidv_config_set_timeout_ms", returns: .status,
        "Sets the timeout of an operation, from submission to completion. Key: timeout_ms. Default: 25000.",
        """
        It includes all retries. Keep it shorter than any timeout that kills your process or its request. By \
        default, gunicorn kills a worker that is silent for 30 seconds: a create killed this way leaves no reconcile \
        token, and you cannot know whether the session exists.
        """,
        parameters: [
          config, Parameter("timeout_ms", .uint32, "milliseconds, 1 to 86,400,000"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_connect_timeout_ms", returns: .status,
        "Sets the timeout for name lookup, TCP and TLS. Key: connect_timeout_ms. Default: 5000.",
        parameters: [
          config, Parameter("timeout_ms", .uint32, "milliseconds, 1 to 86,400,000"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_max_in_flight", returns: .status,
        """
        Sets the maximum number of operations in flight, including waiting ones. Key: max_in_flight. \
        Default: 10000.
        """,
        "Beyond it, operations are refused with DEEPIDV_E_BUSY. Completions that have not been taken count too.",
        parameters: [config, Parameter("count", .uint32, "1 to 1,000,000")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_rate_limit", returns: .status,
        "Sets the maximum number of requests per second. Key: rate_limit. Default: 25, the limit of the service.",
        """
        All clients of this process with the same key, base URL and limits share it. When the service \
        returns 429, the rate drops to what the service has recently accepted and then rises again, so that \
        all processes with the same key get a share. A request that cannot be sent before its timeout fails \
        at once with DEEPIDV_E_RATE_LIMITED, at submission or when a 429 arrives; \
        deepidv_result_retry_after_ms() returns how long to wait.
        """,
        parameters: [
          config,
          Parameter(
            "per_second", .uint32, "requests per second, 0 to 10,000; 0 means no limit"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1", source: "Limits"),
      Function(
        "deepidv_config_set_rate_burst", returns: .status,
        "Sets the maximum number of requests that are sent at once after an idle period. Key: rate_burst. Default: 35.",
        parameters: [config, Parameter("count", .uint32, "requests, 1 to 10,000")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1", source: "Limits"),
      Function(
        "deepidv_config_set_connection_reuse", returns: .status,
        "Sets whether a create may reuse a connection. Key: connection_reuse. Default: 1.",
        """
        With either value, a create that may have been executed is not sent again before repeat_guard allows it. \
        With 0, each create opens a new connection. That takes longer, but the outcome cannot become unknown because the service closed an idle connection at \
        the same moment.
        """,
        parameters: [config, Parameter("value", .uint32, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_make_external_id", returns: .status,
        """
        Sets whether a create without an external id gets one. Key: make_external_id. Default: 1.
        """,
        "It lets the library find the session if the response is lost. It is unique and random.",
        parameters: [config, Parameter("value", .uint32, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_repeat_guard", returns: .status,
        "Sets whether repeated creates are guarded. Key: repeat_guard. Default: 1.",
        """
        The library remembers creates whose outcome is unknown. If the same request is made again, it is not sent: \
        the library searches for the session of the first one, and returns it if it exists. If not, the outcome \
        stays unknown, and the request is sent when a search finds nothing after settle_ms. A create that cannot be \
        searched for, because its external id is missing or longer than 1,024 bytes, is sent after settle_ms. After \
        DEEPIDV_OK, the same request finds that session until twice settle_ms after it was last sent; if \
        deepidv_session_reconcile() or a search before sending found it, it is forgotten at once. Requests \
        are the same if all fields are, apart from redirect_url, which a state makes different each time, and an external \
        id that the library made. The clients of a process with the same key and base URL share this memory: the latest \
        1,024 creates, for up to a day.
        """,
        parameters: [config, Parameter("value", .uint32, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_settle_ms", returns: .status,
        """
        Sets how long the service may take to execute a create that it received. Key: settle_ms. Default: 120000.
        """,
        """
        Only repeat_guard uses it. If a create is executed later than this, and was sent again by then, two sessions \
        exist.
        """,
        parameters: [
          config, Parameter("settle_ms", .uint32, "milliseconds, 1 to 86,400,000"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_ca_file", returns: .status,
        "Sets the file of the trusted CA certificates. Key: ca_file. Default: the system's.",
        """
        deepidv_client_new() returns DEEPIDV_E_CA_FILE if it cannot read a certificate from the file. An https:// \
        proxy is verified with it too. Verification cannot be turned off.
        """,
        parameters: [config, Parameter("path", .text, .copied, "a PEM file, up to 4,095 bytes")],
        statuses: ["E_REQUIRED"] + textStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_proxy", returns: .status,
        "Sets a proxy. Key: proxy. Default: none; see use_environment for HTTPS_PROXY.",
        """
        Put credentials into the URL, percent-encoded, as in http://user:p%40ss@proxy:3128; an HTTP proxy receives \
        them with Basic authentication. They are never printed. deepidv_client_new() refuses a proxy for an http \
        base URL with DEEPIDV_E_HTTP_PROXY, because the proxy could read the API key.
        """,
        parameters: [
          config,
          Parameter(
            "url", .text, .copied,
            "an http://, https:// or socks5h:// URL without a path; empty means none"),
        ],
        statuses: ["E_CONTROL", "E_URL", "E_PROXY_SCHEME"] + textStatuses, threads: .exclusive,
        since: "0.1"),
      Function(
        "deepidv_config_set_user_agent", returns: .status,
        "Sets a prefix for the User-Agent header. Key: user_agent. Default: empty.",
        parameters: [
          config, Parameter("text", .text, .copied, "up to 256 printable ASCII bytes"),
        ],
        statuses: ["E_CONTROL"] + textStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_allow_http_hosts", returns: .status,
        """
        Sets the hosts other than this machine that a base URL may use with http. Key: allow_http_hosts. Default: none.
        """,
        """
        Only for test doubles, such as http://emulator:8080 in a container network: the API key and the applicant's \
        data are sent unencrypted, to whichever host has that name. Each entry is an exact host name or IP address \
        without a port; there are no wildcards. Set this option before the base URL; deepidv_client_new() checks \
        both again.
        """,
        parameters: [
          config,
          Parameter(
            "hosts", .text, .copied,
            "comma-separated names and addresses, up to 2,048 bytes; empty means none"),
        ],
        statuses: ["E_CONTROL"] + textStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_use_environment", returns: .status,
        """
        Sets whether the client reads the variables HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR, which other \
        programs use too. Key: use_environment. Default: 0.
        """,
        """
        deepidv_client_new() reads them once, for an https base URL. An option takes precedence over its variables: \
        proxy, even an empty one, over HTTPS_PROXY and NO_PROXY; ca_file over SSL_CERT_FILE and SSL_CERT_DIR. \
        Lower-case https_proxy and no_proxy take precedence over upper-case ones. An unusable HTTPS_PROXY or \
        SSL_CERT_FILE is refused as the option would be. With 0, the client only checks whether the variables are \
        set: if a connection fails, the message of the result says that a variable was not read. Do not create \
        clients while another thread changes the environment.
        """,
        parameters: [config, Parameter("value", .uint32, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
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
            "the key of the refused option, or NULL; a constant text"),
        ],
        statuses: textStatuses + ["E_RANGE", "E_REQUIRED", "E_CONTROL", "E_PROXY_SCHEME"]
          + urlStatuses,
        threads: .exclusive, since: "0.1"),
    ])

  private static let config = Parameter(
    "config", .handle("deepidv_config"), "the config to change")
}
