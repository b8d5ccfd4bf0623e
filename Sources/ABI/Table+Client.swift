extension Interface {
  static let clientFamily = Family(
    title: "Client",
    doc: """
      One client serves a whole process. Blocking calls need nothing else; an event loop watches \
      deepidv_client_fd() and takes completions with deepidv_client_next().
      """,
    functions: [
      Function(
        "deepidv_client_new", returns: .status,
        "Makes a client. Nothing is connected and no thread started before the first operation.",
        """
        What the options say together is checked here: DEEPIDV_E_SCHEME is for an http base URL whose host is \
        not in allow_http_hosts any more, DEEPIDV_E_HTTP_PROXY for one with a proxy. With use_environment, what a \
        variable says may be refused too, as its option would be.
        """,
        parameters: [
          Parameter(
            "config", .constHandle("deepidv_config"), .copied, "options; an API key is required"),
          .new("deepidv_client"),
        ],
        statuses: [
          "E_REQUIRED", "E_SCHEME", "E_CA_FILE", "E_HTTP_PROXY", "E_SYSTEM", "E_NOMEM", "E_CONTROL",
          "E_URL",
          "E_PROXY_SCHEME", "E_TOO_LONG", "E_UTF8",
        ] + handleStatuses, threads: .any, since: "0.1"),
      Function(
        "deepidv_client_close", returns: .status,
        "Takes no more work and cancels what is under way.",
        "Completions still come through deepidv_client_next(). A second close does nothing.",
        parameters: [client], statuses: clientStatuses, threads: .any, since: "0.1"),
      free(
        "deepidv_client", "the client to end",
        """
        Closes it and drops the completions that were not taken. It does not wait for the network. No \
        other thread may be inside a call on it.
        """, since: "0.1"),
      Function(
        "deepidv_client_fd",
        returns: .descriptor(
          "a descriptor, or -1 if the client is NULL, not a client, or from before a fork"),
        "Answers a descriptor that is readable exactly while a completion waits.",
        """
        For poll, epoll or any event loop, level-triggered or not. It belongs to the client: do not \
        read, write or close it.
        """,
        parameters: [client], threads: .any, since: "0.1"),
      Function(
        "deepidv_client_next", returns: .status,
        "Takes one completion from the queue. Never blocks.",
        """
        DEEPIDV_E_EMPTY says that none is waiting, DEEPIDV_E_CLOSED that none will come any more.
        """,
        parameters: [
          client,
          Parameter("out_event", .structure("deepidv_event"), "the completion"),
          Parameter(
            "out_result", .outHandle("deepidv_result"),
            "its result"),
        ],
        statuses: ["E_EMPTY", "E_CLOSED"] + clientStatuses, threads: .any, since: "0.1"),
      Function(
        "deepidv_client_take", returns: .status,
        "Waits for one operation that was submitted, and takes its completion.",
        """
        With its _submit function it is a blocking call that can be interrupted: wait in slices, look in between at \
        what your runtime asks for, and cancel the operation and take it once more if you must stop. A completion \
        that is taken so does not come through deepidv_client_next(). As in a blocking call, the waiting thread does \
        the network's work if no other thread does. DEEPIDV_E_TIMEOUT says that it has not ended yet and goes on, \
        DEEPIDV_E_NO_OPERATION that there is none with this number, or that its completion has been taken.
        """,
        parameters: [
          client, Parameter("op", .uint64, "the operation, as submit named it"),
          Parameter(
            "timeout_ms", .int32, "milliseconds; 0 only looks, -1 waits without an end"),
          Parameter("out_event", .structure("deepidv_event"), "the completion"),
          Parameter(
            "out_result", .outHandle("deepidv_result"),
            "its result"),
        ],
        statuses: ["E_TIMEOUT", "E_NO_OPERATION", "E_NOMEM"] + clientStatuses, threads: .any,
        since: "0.1"),
      Function(
        "deepidv_client_wait", returns: .status,
        "Blocks until a completion waits to be taken.",
        parameters: [
          client,
          Parameter(
            "timeout_ms", .int32, "milliseconds; 0 only looks, -1 waits without an end"),
        ],
        statuses: ["E_TIMEOUT", "E_CLOSED"] + clientStatuses, threads: .any, since: "0.1"),
      Function(
        "deepidv_client_cancel", returns: .status,
        "Cancels an operation that was submitted.",
        """
        Its completion comes as always: DEEPIDV_E_NOT_SENT if it was still waiting. Cancelling what \
        has been sent does not undo it at the service, and is DEEPIDV_E_OUTCOME_UNKNOWN.
        """,
        parameters: [
          client, Parameter("op", .uint64, "the operation, as submit named it"),
        ],
        statuses: ["E_NO_OPERATION"] + clientStatuses, threads: .any, since: "0.1"),
    ])

  private static let client = Parameter(
    "client", .handle("deepidv_client"), "the client")
}
