extension Interface {
  static let versionFamily = Family(
    title: "Version and status texts",
    doc: "Constant texts, valid for ever.",
    functions: [
      Function(
        "deepidv_version", returns: .text("the library's version, as in \"0.1.0\""),
        "Answers the version of the library that is loaded.",
        threads: .any, since: "0.1"),
      Function(
        "deepidv_abi_version", returns: .uint32("major * 65536 + minor"),
        "Answers the version of the interface that is loaded.",
        "A program needs the major number it was compiled with, and at least its minor one.",
        threads: .any, since: "0.1"),
      Function(
        "deepidv_status_name",
        returns: .text("a name, as in \"DEEPIDV_E_PHONE\"; \"DEEPIDV_E_?\" for an unknown code"),
        "Answers the name of a status.",
        parameters: [Parameter("status", .int32, "any number")],
        threads: .any, since: "0.1"),
      Function(
        "deepidv_status_text",
        returns: .text("one English sentence, for an unknown code too"),
        "Answers what a status means. The sentence never holds anything that came from outside.",
        parameters: [Parameter("status", .int32, "any number")],
        threads: .any, since: "0.1"),
    ])

  static let configFamily = Family(
    title: "Configuration",
    doc: """
      Options of a client. Each has a typed setter and a key for deepidv_config_set(), so that a \
      binding can pass a dictionary on with one loop. The environment is read only by \
      deepidv_config_from_env(), and, if use_environment says so, by deepidv_client_new(); in a setuid or \
      setgid program it is taken for empty.
      """,
    functions: [
      Function(
        "deepidv_config_new", returns: .status,
        "Makes a config with the default of every option and no API key.",
        parameters: [.new("deepidv_config")],
        statuses: ["E_NULL", "E_NOMEM"], threads: .any, since: "0.1"),
      free("deepidv_config", "the config to end", since: "0.1"),
      Function(
        "deepidv_config_set", returns: .status,
        "Sets an option by its key.",
        "A number is given in decimal digits. The keys are those that deepidv_config_key() lists.",
        parameters: [
          config,
          Parameter("name", .text, "an option's key, as in \"timeout_ms\""),
          Parameter("value", .text, .copied, "the value, as the typed setter would take it"),
        ],
        statuses: ["E_KEY"] + textStatuses + [
          "E_RANGE", "E_REQUIRED", "E_CONTROL", "E_PROXY_SCHEME",
        ]
          + urlStatuses,
        threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_key", returns: .text("the key, or NULL past the last"),
        "Lists the keys that deepidv_config_set() takes.",
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
        "Sets where the service is. Key: base_url. Default: https://api.deepidv.com.",
        """
        It must be https, or http with a loopback host (an address of 127.0.0.0/8, [::1], localhost) or one \
        of allow_http_hosts, which is to be set first; and have neither user-info nor query nor fragment, \
        not even an empty one. A path is kept: the API's own paths are appended.
        """,
        parameters: [
          config, Parameter("url", .text, .copied, "an absolute URL, up to 2,048 bytes"),
        ],
        statuses: ["E_REQUIRED", "E_CONTROL"] + urlStatuses + textStatuses, threads: .exclusive,
        since: "0.1",
        source: "Create session, base URL"),
      Function(
        "deepidv_config_set_timeout_ms", returns: .status,
        "Sets the time an operation has, from its submission to its end. Key: timeout_ms. Default: 25000.",
        """
        Keep it shorter than the time after which something else ends your process or its request. Servers \
        that fork their workers kill one that is silent for 30 seconds, as gunicorn does by default: a create \
        that is killed leaves no reconcile token, and nobody knows whether there is a session.
        """,
        parameters: [
          config, Parameter("timeout_ms", .uint32, "milliseconds, 1 to 86,400,000"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_connect_timeout_ms", returns: .status,
        "Sets the time for name lookup, TCP and TLS. Key: connect_timeout_ms. Default: 5000.",
        parameters: [
          config, Parameter("timeout_ms", .uint32, "milliseconds, 1 to 86,400,000"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_max_in_flight", returns: .status,
        """
        Sets how many operations a client may hold at once, waiting and running. Key: max_in_flight. \
        Default: 10000.
        """,
        "One more is refused with DEEPIDV_E_BUSY. Completions that wait to be taken count too.",
        parameters: [config, Parameter("count", .uint32, "1 to 1,000,000")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
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
          Parameter("per_second", .uint32, "requests a second, 0 to 10,000; 0 is no limit"),
        ],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1", source: "Limits"),
      Function(
        "deepidv_config_set_rate_burst", returns: .status,
        "Sets how many requests may be sent at once after a silence. Key: rate_burst. Default: 35.",
        parameters: [config, Parameter("count", .uint32, "requests, 1 to 10,000")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1", source: "Limits"),
      Function(
        "deepidv_config_set_connection_reuse", returns: .status,
        "Sets whether a create may use a connection again. Key: connection_reuse. Default: 1.",
        """
        Nothing is sent twice either way. With 0 each create pays for a connection of its own, and an \
        idle connection that dies just then cannot make an outcome unknown.
        """,
        parameters: [config, Parameter("value", .uint32, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_make_external_id", returns: .status,
        """
        Sets whether a create without an external id gets one. Key: make_external_id. Default: 1.
        """,
        "By it a session is found again whose answer was lost. It is unique and says nothing.",
        parameters: [config, Parameter("value", .uint32, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_ca_file", returns: .status,
        "Sets the file of trusted certificates. Key: ca_file. Default: the system's.",
        """
        deepidv_client_new() looks into it, and answers DEEPIDV_E_CA_FILE if no certificate can be read from \
        it. An https:// proxy is checked against it as well. There is no way to turn verification off.
        """,
        parameters: [config, Parameter("path", .text, .copied, "a PEM file, up to 4,095 bytes")],
        statuses: ["E_REQUIRED"] + textStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_proxy", returns: .status,
        "Sets a proxy. Key: proxy. Default: none; see use_environment for HTTPS_PROXY.",
        """
        A login stands in the URL, percent-encoded, as in http://user:p%40ss@proxy:3128; an HTTP proxy gets it \
        as Basic. It is never printed. The proxy of an http base URL is refused by deepidv_client_new() with \
        DEEPIDV_E_HTTP_PROXY: it would read the API key.
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
        "Sets what stands before libdeepidv's own name in User-Agent. Key: user_agent. Default: nothing.",
        parameters: [
          config, Parameter("text", .text, .copied, "up to 256 printable ASCII bytes"),
        ],
        statuses: ["E_CONTROL"] + textStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_allow_http_hosts", returns: .status,
        """
        Sets which hosts a base URL may name with http, beside this machine. Key: allow_http_hosts. Default: none.
        """,
        """
        For test doubles, as in http://emulator:8080 in a network of containers. The API key and the applicant's \
        data then travel in clear, and whoever answers to that name gets them: never for the service. Each \
        is an exact name or IP address, without a port; there are no wildcards. Set it before the base URL; \
        deepidv_client_new() checks both again.
        """,
        parameters: [
          config,
          Parameter(
            "hosts", .text, .copied,
            "names and addresses with commas between them, up to 2,048 bytes; empty means none"),
        ],
        statuses: ["E_CONTROL"] + textStatuses, threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_config_set_use_environment", returns: .status,
        """
        Sets whether variables are read that other programs share: HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and \
        SSL_CERT_DIR. Key: use_environment. Default: 0.
        """,
        """
        They are read once, by deepidv_client_new(), for an https base URL. An option that was set goes before \
        its variable: a proxy, also an empty one, before HTTPS_PROXY and NO_PROXY, and a ca_file before both of the \
        others. https_proxy and no_proxy go before those in capitals. An HTTPS_PROXY or SSL_CERT_FILE that cannot \
        be used is refused as the option would be. With 0 only their presence is looked at: the message of a \
        result then says that one was not read, where a connection could not be made. Do not make clients \
        while another thread changes the environment.
        """,
        parameters: [config, Parameter("value", .uint32, "0 for no, 1 for yes")],
        statuses: ["E_RANGE"] + handleStatuses, threads: .exclusive, since: "0.1"),
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
            "out_key", .outText, optional: true,
            "the key of the option that was refused, or NULL; a constant text"),
        ],
        statuses: textStatuses + ["E_RANGE", "E_REQUIRED", "E_CONTROL", "E_PROXY_SCHEME"]
          + urlStatuses,
        threads: .exclusive, since: "0.1"),
    ])

  private static let config = Parameter(
    "config", .handle("deepidv_config"), "the config to change")
}
