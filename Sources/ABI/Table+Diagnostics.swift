extension Interface {
  static let logLevels = ConstantGroup(
    name: "log_level", kind: .enumeration, prefix: "DEEPIDV_LEVEL_", title: "Log levels",
    doc: "Values of the option log_level and of deepidv_log.level.",
    constants: [
      Constant(name: "DEEPIDV_LEVEL_OFF", value: 0, doc: "No records.", word: "off"),
      Constant(
        name: "DEEPIDV_LEVEL_ERROR", value: 1,
        doc: "Somebody has to act: the outcome of an operation is unknown.", word: "error"),
      Constant(
        name: "DEEPIDV_LEVEL_WARNING", value: 2,
        doc: "Operations that failed, and 429s.", word: "warning"),
      Constant(
        name: "DEEPIDV_LEVEL_INFO", value: 3,
        doc: "Operations that succeeded, retries and searches.", word: "info"),
      Constant(
        name: "DEEPIDV_LEVEL_DEBUG", value: 4,
        doc: "Every request, response and connection.", word: "debug"),
    ])

  static let logCodes = ConstantGroup(
    name: "log_code", kind: .enumeration, prefix: "DEEPIDV_LOG_", title: "Log records",
    doc:
      "Values of deepidv_log.code, with the level and the meaning of deepidv_log.value. New codes may be added.",
    constants: [
      Constant(
        name: "DEEPIDV_LOG_LOST", value: 1,
        doc: "Warning. value: how many older records were dropped before this one.", word: "lost"),
      Constant(
        name: "DEEPIDV_LOG_SUBMITTED", value: 2,
        doc: "Debug: an operation was accepted. value: its timeout in milliseconds.",
        word: "submitted"),
      Constant(
        name: "DEEPIDV_LOG_CONNECTED", value: 3,
        doc: "Debug: a connection was made. value: microseconds since the attempt began.",
        word: "connected"),
      Constant(
        name: "DEEPIDV_LOG_ATTEMPT", value: 4,
        doc: """
          Debug: a request and its response have ended; http_status is 0 if there was no response. value: \
          microseconds since the attempt began.
          """, word: "attempt"),
      Constant(
        name: "DEEPIDV_LOG_STALE", value: 5,
        doc:
          "Debug: a kept connection was closed by the peer; the request is sent on a new one. value: 0.",
        word: "stale"),
      Constant(
        name: "DEEPIDV_LOG_THROTTLED", value: 6,
        doc: "Warning: the service returned 429. value: milliseconds of its Retry-After, or 0.",
        word: "throttled"),
      Constant(
        name: "DEEPIDV_LOG_RETRY", value: 7,
        doc:
          "Info: the request will be sent again. value: milliseconds until then; after a 429, 0: when the rate limiter allows it.",
        word: "retry"),
      Constant(
        name: "DEEPIDV_LOG_SEARCH", value: 8,
        doc: "Info: the library will search for the session. value: milliseconds until then.",
        word: "search"),
      Constant(
        name: "DEEPIDV_LOG_ENDED", value: 9,
        doc: """
          The operation ended: info if its status is DEEPIDV_OK, error with DEEPIDV_E_OUTCOME_UNKNOWN, otherwise \
          warning. value: microseconds since the submission.
          """, word: "ended"),
    ])

  /// What a client counts: all words of `deepidv_stats`, in this order.
  package static let statistics = Structure(
    name: "deepidv_stats",
    doc: """
      What a client has counted since it was created. Counters are updated one by one, so a reader may see some of \
      them a moment earlier than others. Requests include retries and searches; operations do not.
      """,
    fields: [
      counter("submitted", "operations that were accepted"),
      counter("in_flight", "operations that have not ended"),
      counter("succeeded", "operations that ended with DEEPIDV_OK"),
      counter(
        "not_executed",
        "operations that ended with DEEPIDV_E_NOT_SENT or DEEPIDV_E_NOT_PROCESSED"),
      counter("outcome_unknown", "operations that ended with DEEPIDV_E_OUTCOME_UNKNOWN"),
      counter("refused", "operations that the service refused: statuses 90 to 99"),
      counter("failed", "operations that ended with any other status"),
      counter("cancelled", "operations, counted above too, whose cause is DEEPIDV_E_CANCELLED"),
      counter("timed_out", "operations, counted above too, whose cause is DEEPIDV_E_TIMEOUT"),
      counter("requests", "requests of which at least one byte was sent"),
      counter("retries", "requests that were sent again, without the further requests of a wait"),
      counter("searches", "requests that searched for the session of a create, or for a decision"),
      counter("throttled", "responses with status 429"),
      counter("connections_opened", "connections that were made"),
      counter("connections_reused", "requests on a connection that had carried one before"),
      counter("connections_stale", "kept connections that turned out to be closed"),
      counter("bytes_sent", "bytes of HTTP requests, before encryption"),
      counter("bytes_received", "bytes of HTTP responses, after decryption"),
      counter("logs_lost", "log records that were dropped because nobody took them"),
      counter("elapsed_us", "microseconds of all operations that have ended, in total"),
      Field(
        name: "latency", type: .counters(latencyBuckets),
        doc: """
          how many operations took how long: element i counts those of at least 2^i and less than 2^(i+1) \
          microseconds; the first also those of less than 1, the last also longer ones
          """),
      Field(name: "reserved", type: .words(16), doc: "zero"),
    ])

  private static let latencyBuckets = 32

  private static func counter(_ name: String, _ doc: String) -> Field {
    Field(name: name, type: .uint64, doc: doc)
  }

  static let logRecord = Structure(
    name: "deepidv_log",
    doc: """
      A log record. It holds numbers only: no API key, no text of a request or a response. A number that does not \
      apply is 0.
      """,
    fields: [
      Field(name: "time_us", type: .uint64, doc: "microseconds since 1970, by the system's clock"),
      Field(name: "op", type: .uint64, doc: "operation number"),
      Field(name: "tag", type: .uint64, doc: "the tag of the operation"),
      Field(name: "value", type: .uint64, doc: "see the code"),
      Field(name: "level", type: .int32, .constants("log_level"), doc: "DEEPIDV_LEVEL_..."),
      Field(name: "code", type: .int32, .constants("log_code"), doc: "DEEPIDV_LOG_..."),
      Field(name: "kind", type: .uint32, .constants("event_kind"), doc: "DEEPIDV_EVENT_..."),
      Field(
        name: "status", type: .int32, .constants("status"),
        doc: "status of the operation, if it has ended"),
      Field(
        name: "cause", type: .int32, .constants("status"),
        doc: "cause of the status, or what ended an attempt"),
      Field(name: "http_status", type: .int32, doc: "HTTP status of the latest response"),
      Field(name: "attempt", type: .uint32, doc: "how many times the request itself was sent"),
      Field(name: "reserved", type: .words(5), doc: "zero"),
    ])

  static let diagnosticsFamily = Family(
    title: "Statistics and logs",
    doc: """
      What a client does, in numbers: counters for dashboards, and records for the question what happened to one \
      operation. Neither contains an API key, personal data or any text from a request or a response.
      """,
    functions: [
      Function(
        "deepidv_client_stats", returns: .status,
        "Reads the counters of a client. Waits for nothing.",
        parameters: [
          client, Parameter("out_stats", .structure("deepidv_stats"), "the counters"),
        ],
        statuses: clientStatuses, threads: .any, since: "0.1"),
      Function(
        "deepidv_client_describe", returns: .status,
        "Writes the counters of a client as one JSON object.",
        "The members have the names of those of deepidv_stats; latency is an array of numbers.",
        parameters: [
          client,
          Parameter("buffer", .buffer, "the JSON text; 4 KiB are always enough").encoded(.ascii),
          written,
        ],
        statuses: ["E_BUFFER", "E_LENGTH"] + clientStatuses, threads: .any, since: "0.1"),
      Function(
        "deepidv_client_next_log", returns: .status,
        "Takes the oldest log record. Never blocks.",
        """
        There are records only if the option log_level is set. A client keeps the latest 1,024 records that were not \
        taken; when it drops older ones, the next record is DEEPIDV_LOG_LOST. Call the function after you have \
        taken completions, and from time to time if there are none. DEEPIDV_E_EMPTY: there is no record at present.
        """,
        parameters: [
          client, Parameter("out_log", .structure("deepidv_log"), "the record"),
        ],
        statuses: ["E_EMPTY"] + clientStatuses, threads: .any, since: "0.1"),
    ])

  private static let client = Parameter("client", .handle("deepidv_client"), "the client")
}
