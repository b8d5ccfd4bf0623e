extension Interface {
  static let clientFamily = Family(
    title: "Client",
    doc: """
      One client serves a whole process. A program either makes blocking calls, or submits operations, watches \
      deepidv_client_fd() in its event loop and takes completions with deepidv_client_next().
      """,
    functions: [
      Function(
        "deepidv_client_new", returns: .status,
        "Creates a client. It opens no connection and starts no thread before the first operation.",
        """
        Checks the options against each other. DEEPIDV_E_SCHEME: the host of an http base URL is no longer in \
        allow_http_hosts. DEEPIDV_E_LIBCURL: deepidv_libcurl_problem() says why. DEEPIDV_E_HTTP_PROXY: an http base URL has a proxy. With use_environment, the value of a \
        variable can also be refused, with the status that its option would return.
        """,
        parameters: [
          Parameter(
            "config", .constHandle("deepidv_config"), .copied, "the options; an API key is required"
          ),
          .new("deepidv_client"),
        ],
        statuses: [
          "E_LIBCURL", "E_REQUIRED", "E_SCHEME", "E_CA_FILE", "E_HTTP_PROXY", "E_SYSTEM", "E_NOMEM",
          "E_CONTROL",
          "E_URL",
          "E_PROXY_SCHEME", "E_TOO_LONG", "E_UTF8",
        ] + handleStatuses, threads: .any, since: "0.1"),
      Function(
        "deepidv_client_close", returns: .status,
        "Closes a client: it accepts no more operations and cancels those in flight.",
        "deepidv_client_next() still returns their completions. Closing it again does nothing.",
        parameters: [client], statuses: clientStatuses, threads: .any, since: "0.1"),
      free(
        "deepidv_client", "the client to free",
        """
        Closes the client and drops completions that were not taken. Does not wait for the network. No other \
        thread may be inside a call on it.
        """, since: "0.1"),
      Function(
        "deepidv_client_fd",
        returns: .descriptor(
          "a descriptor, or -1 if the client is NULL, not a client, or was created before a fork"),
        "Returns a file descriptor that is readable if and only if a completion can be taken.",
        """
        Use it with poll, epoll or any event loop, level-triggered or edge-triggered. It belongs to the client: \
        do not read, write or close it.
        """,
        parameters: [client], threads: .any, since: "0.1"),
      Function(
        "deepidv_client_next", returns: .status,
        "Takes one completion from the queue. Never blocks.",
        """
        DEEPIDV_E_EMPTY: there is none at present. DEEPIDV_E_CLOSED: the client is closed and no more will come.
        """,
        parameters: [
          client,
          Parameter("out_event", .structure("deepidv_event"), "the completion"),
          Parameter(
            "out_result", .outHandle("deepidv_result"),
            "its result"),
        ],
        statuses: ["E_EMPTY", "E_CLOSED"] + clientStatuses, threads: .any, since: "0.1"
      ).answering("E_EMPTY", "E_CLOSED"),
      Function(
        "deepidv_client_take", returns: .status,
        "Waits for one submitted operation and takes its completion.",
        """
        Together with a _submit function it forms a blocking call that can be interrupted: wait with short \
        timeouts, handle your runtime's signals in between, and to stop, cancel the operation and call this \
        function once more. deepidv_client_next() does not return a completion that was taken here. As in a \
        blocking call, the waiting thread does network I/O if no other thread does. DEEPIDV_E_TIMEOUT: the \
        operation is still in flight. DEEPIDV_E_NO_OPERATION: no operation has this number, or its \
        completion was already taken.
        """,
        parameters: [
          client, Parameter("op", .uint64, "operation number from the _submit function"),
          Parameter(
            "timeout_ms", .int32, "milliseconds; 0 does not wait, -1 waits without limit"),
          Parameter("out_event", .structure("deepidv_event"), "the completion"),
          Parameter(
            "out_result", .outHandle("deepidv_result"),
            "its result"),
        ],
        statuses: ["E_TIMEOUT", "E_NO_OPERATION", "E_NOMEM"] + clientStatuses, threads: .any,
        since: "0.1"
      ).blocking.answering("E_TIMEOUT"),
      Function(
        "deepidv_client_wait", returns: .status,
        "Blocks until a completion can be taken.",
        parameters: [
          client,
          Parameter(
            "timeout_ms", .int32, "milliseconds; 0 does not wait, -1 waits without limit"),
        ],
        statuses: ["E_TIMEOUT", "E_CLOSED"] + clientStatuses, threads: .any, since: "0.1"
      ).blocking.answering("E_TIMEOUT", "E_CLOSED"),
      Function(
        "deepidv_client_grant", returns: .status,
        "Paces a client from outside: gives it permits, and waits until its requests need more.",
        """
        For a rate that several processes share, for example through Redis. From the first call on, the client sends \
        a request only with a permit, which the request uses up: also each retry, and each search that the library \
        makes by itself. The rate limiter of the client still applies. The call then waits until more requests wait \
        than there are permits; get permits for them, and call it again with these, from a thread that does nothing \
        else. Permits that are not used are kept. If no call begins within lease_ms after the last one has returned, \
        the permits are dropped, and only the rate limiter applies again; of several leases the longest counts. With \
        lease_ms 0 that happens at once: the call does not wait, and those that wait return. An operation that gets no \
        permit before its timeout ends with what its last attempt returned; without one, a create or a decision ends \
        with DEEPIDV_E_NOT_SENT, and a lookup with DEEPIDV_E_TIMEOUT.
        """,
        parameters: [
          client,
          Parameter(
            "permits", .uint32, "requests that may be sent, in addition to earlier permits"),
          Parameter("lease_ms", .uint32, "milliseconds for which permits are required; 0 ends it"),
          Parameter(
            "timeout_ms", .int32, "milliseconds; 0 does not wait, -1 waits without limit"),
          Parameter(
            "out_missing", .outUInt64, optional: true,
            "how many more permits the requests that wait need; 0 after the timeout"),
        ],
        statuses: ["E_CLOSED"] + clientStatuses, threads: .any, since: "0.1"
      ).blocking,
      Function(
        "deepidv_client_cancel", returns: .status,
        "Cancels a submitted operation.",
        """
        It still completes. A create completes with DEEPIDV_E_NOT_SENT if it had not been sent, and with \
        DEEPIDV_E_OUTCOME_UNKNOWN if it had: cancelling does not undo it at the service. A lookup completes \
        with DEEPIDV_E_CANCELLED, or with the failure of its last attempt.
        """,
        parameters: [
          client, Parameter("op", .uint64, "operation number from the _submit function"),
        ],
        statuses: ["E_NO_OPERATION"] + clientStatuses, threads: .any, since: "0.1"),
    ])

  private static let client = Parameter(
    "client", .handle("deepidv_client"), "the client")
}
