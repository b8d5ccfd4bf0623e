// The options of a client, each of which is a setter and a key.

extension Interface {
  static let options: [Function] =
    [
      option(
        "api_key", .required, "Sets the secret API key.",
        value: Parameter("key", .text, .copied, "1 to 512 printable ASCII bytes, no space")
          .limit(512).encoded(.ascii),
        statuses: ["E_REQUIRED", "E_CONTROL"], source: "Create session, headers"),
      option(
        "base_url", .value("https://api.deepidv.com"), "Sets the URL of the service.",
        """
        It must use https; http is accepted for a loopback host (127.0.0.0/8, [::1], localhost) and for the hosts \
        in allow_http_hosts, which must be set first. User info, a query or a fragment is refused, even an empty \
        one. A path is kept, and the paths of the API are appended to it.
        """,
        value: Parameter("url", .text, .copied, "an absolute URL, up to 2,048 bytes").limit(2048),
        statuses: ["E_REQUIRED", "E_CONTROL"] + urlStatuses, source: "Create session, base URL"),
      option(
        "timeout_ms", .value("25000"),
        "Sets the timeout of an operation, from submission to completion.",
        """
        It includes all retries. A create or a decision is not sent when less than a fifth of it is left, because it \
        could hardly be answered in time. Keep it shorter than any timeout that kills your process or its request. By \
        default, gunicorn kills a worker that is silent for 30 seconds: a create killed this way leaves no reconcile \
        token, and you cannot know whether the session exists.
        """,
        value: milliseconds("timeout_ms")),
      option(
        "connect_timeout_ms", .value("5000"), "Sets the timeout for name lookup, TCP and TLS.",
        value: milliseconds("timeout_ms")),
      option(
        "max_in_flight", .value("10000"),
        "Sets the maximum number of operations in flight, including waiting ones.",
        "Beyond it, operations are refused with DEEPIDV_E_BUSY. Completions that have not been taken count too.",
        value: Parameter("count", .uint32, "operations, 1 to 1,000,000").range(1...1_000_000)),
      option(
        "rate_limit", .value("25", note: ", the limit of the service"),
        "Sets the maximum number of requests per second.",
        """
        All clients of this process with the same key, base URL and limits share it. When the service \
        returns 429, the rate drops to what the service has recently accepted and then rises again, so that \
        all processes with the same key get a share. A request that cannot be sent in time fails \
        at once with DEEPIDV_E_RATE_LIMITED, at submission or when a 429 arrives; \
        deepidv_result_retry_after_ms() returns how long to wait.
        """,
        value: Parameter(
          "per_second", .uint32, "requests per second, 0 to 10,000; 0 means no limit"
        )
        .range(0...10_000),
        source: "Limits"),
      option(
        "rate_burst", .value("35"),
        "Sets the maximum number of requests that are sent at once after an idle period.",
        value: Parameter("count", .uint32, "requests, 1 to 10,000").range(1...10_000),
        source: "Limits"),
      option(
        "connection_reuse", .value("1"), "Sets whether a create may reuse a connection.",
        """
        With either value, a create that may have been executed is not sent again before repeat_guard allows it. \
        With 0, each create opens a new connection. That takes longer, but the outcome cannot become unknown because \
        the service closed an idle connection at the same moment.
        """,
        value: yesOrNo),
      option(
        "make_external_id", .value("1"), "Sets whether a create without an external id gets one.",
        "It lets the library find the session if the response is lost. It is unique and random.",
        value: yesOrNo),
      option(
        "repeat_guard", .value("1"), "Sets whether repeated creates are guarded.",
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
        value: yesOrNo),
      option(
        "settle_ms", .value("120000"),
        "Sets how long the service may take to execute a create that it received.",
        """
        Only repeat_guard uses it. If a create is executed later than this, and was sent again by then, two sessions \
        exist.
        """,
        value: milliseconds("settle_ms")),
      option(
        "ca_file", .unset("the system's"), "Sets the file of the trusted CA certificates.",
        """
        deepidv_client_new() returns DEEPIDV_E_CA_FILE if it cannot read a certificate from the file. An https:// \
        proxy is verified with it too. Verification cannot be turned off.
        """,
        value: Parameter("path", .text, .copied, "a PEM file, up to 4,095 bytes").limit(4095),
        statuses: ["E_REQUIRED"]),
      option(
        "proxy", .unset("none; see use_environment for HTTPS_PROXY"), "Sets a proxy.",
        """
        Put credentials into the URL, percent-encoded, as in http://user:p%40ss@proxy:3128; an HTTP proxy receives \
        them with Basic authentication. They are never printed. deepidv_client_new() refuses a proxy for an http \
        base URL with DEEPIDV_E_HTTP_PROXY, because the proxy could read the API key.
        """,
        value: Parameter(
          "url", .text, .copied,
          "an http://, https:// or socks5h:// URL without a path, up to 2,048 bytes; empty means none"
        ).limit(2048),
        statuses: ["E_CONTROL", "E_URL", "E_PROXY_SCHEME"]),
      option(
        "user_agent", .unset("empty"), "Sets a prefix for the User-Agent header.",
        value: Parameter("text", .text, .copied, "up to 256 printable ASCII bytes")
          .limit(256).encoded(.ascii),
        statuses: ["E_CONTROL"]),
      option(
        "allow_http_hosts", .unset("none"),
        "Sets the hosts other than this machine that a base URL may use with http.",
        """
        Only for test doubles, such as http://emulator:8080 in a container network: the API key and the applicant's \
        data are sent unencrypted, to whichever host has that name. Each entry is an exact host name or IP address \
        without a port; there are no wildcards. Set this option before the base URL; deepidv_client_new() checks \
        both again.
        """,
        value: Parameter(
          "hosts", .text, .copied,
          "comma-separated names and addresses, up to 2,048 bytes; empty means none"
        ).limit(2048),
        statuses: ["E_CONTROL"]),
      option(
        "log_level", .value("0", note: ", off"),
        "Sets which log records deepidv_client_next_log() returns.",
        "deepidv_config_set() and the environment variable also accept the words: off, error, warning, info, debug.",
        value: Parameter(
          "level", .uint32, "DEEPIDV_LEVEL_..., 0 to 4: off, error, warning, info, debug"
        ).range(0...4)),
      option(
        "use_environment", .value("0"),
        """
        Sets whether the client reads the variables HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR, which other \
        programs use too.
        """,
        """
        deepidv_client_new() reads them once, for an https base URL. An option takes precedence over its variables: \
        proxy, even an empty one, over HTTPS_PROXY and NO_PROXY; ca_file over SSL_CERT_FILE and SSL_CERT_DIR. \
        Lower-case https_proxy and no_proxy take precedence over upper-case ones. An unusable HTTPS_PROXY or \
        SSL_CERT_FILE is refused as the option would be. With 0, the client only checks whether the variables are \
        set: if a connection fails, the message of the result says that a variable was not read. Do not create \
        clients while another thread changes the environment.
        """,
        value: yesOrNo),
    ]

  private static let yesOrNo = Parameter("value", .uint32, "0 for no, 1 for yes")
    .meaning(.boolean)

  private static func milliseconds(_ name: String) -> Parameter {
    Parameter(name, .uint32, "milliseconds, 1 to 86,400,000").range(1...86_400_000)
  }

  /// The setter of an option.
  private static func option(
    _ key: String, _ standard: Option.Standard, _ summary: String, _ discussion: String = "",
    value: Parameter, statuses: [String] = [], source: String? = nil
  ) -> Function {
    let option = Option(key: key, standard: standard)
    var function = Function(
      "deepidv_config_set_\(key)", returns: .status, "\(summary) \(option.sentences)", discussion,
      parameters: [config, value],
      statuses: value.kind.isText ? statuses + textStatuses : ["E_RANGE"] + handleStatuses,
      threads: .exclusive, since: "0.1", source: source)
    function.option = option
    return function
  }
}
