extension Interface {
  static let decisions = ConstantGroup(
    name: "decision", kind: .enumeration, prefix: "DEEPIDV_DECISION_", title: "Decisions",
    doc: """
      Passed to deepidv_session_update_status(). Each has the number of the verdict that a session has after it.
      """,
    constants: [
      Constant(name: "DEEPIDV_DECISION_VERIFIED", value: 1, doc: "The session is verified."),
      Constant(name: "DEEPIDV_DECISION_REJECTED", value: 2, doc: "The session is rejected."),
    ])

  static let decisionFamily = Family(
    title: "Decisions",
    doc: """
      Decide about a session yourself, or wait until it is decided. A server learns about decisions by webhook; \
      deepidv_session_wait() is for scripts, tests and tools.
      """,
    functions: operation(
      "session_update_status", "Verifies or rejects a session.",
      """
      DEEPIDV_OK: the service returned the session's record, and its status is the one requested. The library \
      retries the request only if it was certainly not executed, because each execution may send webhooks and \
      e-mails. If the response is lost, it retrieves the record until the record shows the decision; then \
      deepidv_result_reconciled() returns 1. If the record does not show it before the timeout, the status is \
      DEEPIDV_E_OUTCOME_UNKNOWN: the service may still execute the request. deepidv_result_session_status() \
      then returns the status of the session when it was last seen, or NULL if it was not seen. Retrieve the \
      session after a minute or two, before you send another decision.
      """,
      submitted: "Verifies or rejects a session without waiting.",
      parameters: [
        Parameter("session_id", .text, .copied, "the session's id, up to 1,024 bytes").limit(1024),
        Parameter(
          "decision", .int32, "one of DEEPIDV_DECISION_..., such as DEEPIDV_DECISION_VERIFIED"
        ).meaning(.constants("decision")),
      ],
      refusals: textStatuses + ["E_REQUIRED", "E_RANGE"], statuses: changes,
      source: "Retrieve, list, update")
      + operation(
        "session_wait",
        "Waits until a session has ended: until it is decided, or cannot be any more.",
        """
        Retrieves the session, within the rate limit. It asks at once, then after pauses of 0.5, 1, 2, 4, 8 and 15 \
        seconds, then every 30 seconds (each up to a fifth shorter or longer), and a last time one second before \
        the timeout. It ends with DEEPIDV_OK as soon as the status is VERIFIED, REJECTED, EXPIRED, \
        VOIDED or FAILED; deepidv_result_verdict() tells which. It ends with DEEPIDV_E_TIMEOUT, and the record \
        that was last retrieved, when there is no time for another request: up to a second before the timeout, and \
        after one request if the timeout is shorter than about 1.25 s. If the service refuses a request, \
        it ends with that status. Network failures do not end it; they are its status only if no record could \
        be retrieved. It counts as one operation in flight, and uses no connection while it pauses; but each \
        wait costs a request every 30 seconds of the rate limit, which other operations queue for: run a few \
        hundred at most. The timeout of the client does not apply.
        """,
        submitted: "Waits until a session has ended, without blocking.",
        parameters: [
          Parameter("session_id", .text, .copied, "the session's id, up to 1,024 bytes").limit(
            1024),
          Parameter("timeout_ms", .uint32, "milliseconds to wait at most, 1 to 86,400,000")
            .range(1...86_400_000),
        ],
        refusals: textStatuses + ["E_REQUIRED", "E_RANGE"], statuses: answers,
        answers: ["E_TIMEOUT"], source: "Retrieve, list, update: status"))

  static let pathFamily = Family(
    title: "JSON of a result",
    doc: """
      Read any value of the response without a JSON library. A path is a list of member names and array indexes \
      with dots between them: "session_record.uploads.selfie" or "session_record.workflow_steps.0". An index is \
      decimal digits, 0 for the first element. In a name, write a dot as \\. and a backslash as \\\\ (in a string \
      literal of C, double each backslash); any other backslash and an empty name are DEEPIDV_E_PATH. A path has at most 1,024 bytes. DEEPIDV_E_ABSENT: there is no such value, it \
      is null, or there was no response. DEEPIDV_E_TYPE: it, or a value on the way to it, has another type. \
      DEEPIDV_E_JSON_DUPLICATE: a member on the way occurs twice. DEEPIDV_E_JSON: the response is not JSON. Each \
      call reads the response from its beginning and allocates nothing.
      """,
    functions: [
      value(
        "string", "Copies a string of the response.",
        """
        The output is NUL-terminated. DEEPIDV_E_NUL: the string contains a NUL; it is written nevertheless. \
        On DEEPIDV_E_BUFFER, out_len is set all the same.
        """,
        [
          Parameter("buffer", .buffer, "the string, unescaped, capacity bytes at most"),
          Parameter("out_len", .outSize, optional: true, "its length in bytes without the NUL")
            .length(of: "buffer"),
        ], ["E_BUFFER", "E_NUL"]),
      value(
        "int", "Reads an integer of the response.",
        """
        A number with a fraction or an exponent is DEEPIDV_E_TYPE, one that does not fit into 64 bits \
        DEEPIDV_E_RANGE.
        """,
        [Parameter("out_value", .outInt64, "the number")], ["E_RANGE"]),
      value(
        "bool", "Reads a boolean of the response.", "",
        [Parameter("out_value", .outInt32, "1 or 0").meaning(.boolean)], []),
    ])

  private static func value(
    _ name: String, _ summary: String, _ discussion: String, _ outputs: [Parameter],
    _ statuses: [String]
  ) -> Function {
    Function(
      "deepidv_result_\(name)", returns: .status, summary, discussion,
      parameters: [
        Parameter("result", .constHandle("deepidv_result"), "the result to read"),
        Parameter("path", .text, "the way to the value").limit(1024),
      ] + outputs,
      statuses: handleStatuses + [
        "E_LENGTH", "E_TOO_LONG", "E_PATH", "E_TYPE", "E_ABSENT", "E_JSON", "E_JSON_DUPLICATE",
      ] + statuses,
      threads: .any, since: "0.1", source: "Retrieve, list, update"
    ).answering("E_ABSENT")
  }
}
