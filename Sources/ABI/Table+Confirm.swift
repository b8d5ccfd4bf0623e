extension Interface {
  static let verdicts = ConstantGroup(
    name: "verdict", title: "Verdicts",
    doc: """
      deepidv_result_verdict(). Let an applicant through for DEEPIDV_VERDICT_VERIFIED and for nothing \
      else. New ones may be added.
      """,
    constants: [
      Constant(
        name: "DEEPIDV_VERDICT_UNKNOWN", value: 0,
        doc: """
          Nobody can say: the service was not reached or refused the question, which the result's status \
          tells, or it used a word that this version does not know. Ask again later.
          """),
      Constant(
        name: "DEEPIDV_VERDICT_VERIFIED", value: 1, doc: "The session is verified."),
      Constant(
        name: "DEEPIDV_VERDICT_REJECTED", value: 2, doc: "The session was decided, and rejected."),
      Constant(
        name: "DEEPIDV_VERDICT_SUBMITTED", value: 3,
        doc: "The applicant has finished, and nothing is decided. Ask again later."),
      Constant(
        name: "DEEPIDV_VERDICT_PENDING", value: 4,
        doc: """
          The applicant has not finished, whatever the redirect says. The service may be a moment behind: if \
          the redirect says success, ask again after a few seconds.
          """),
      Constant(
        name: "DEEPIDV_VERDICT_EXPIRED", value: 5,
        doc: """
          The session is over and nothing was decided: it has expired, was voided or has failed, which \
          deepidv_result_session_status() tells. It takes a new one.
          """),
      Constant(
        name: "DEEPIDV_VERDICT_FORGED", value: 6,
        doc: """
          The redirect is certainly not the one that the service made for this session: it has no session id, \
          another one, or one of the contract's parameters twice with different values. The service was not asked.
          """),
    ])

  static let confirmFamily = Family(
    title: "Confirm a redirect",
    doc: """
      The one call for the page that applicants come back to: it compares the redirect with the session \
      that you expect, asks the service how that session stands, and answers one verdict. What the redirect \
      says of how it went is never believed.
      """,
    functions: operation(
      "redirect_confirm",
      "Confirms a redirect and waits for the answer. deepidv_result_verdict() has it.",
      """
      A redirect that cannot be the one for this session is DEEPIDV_VERDICT_FORGED, with the status \
      DEEPIDV_E_MISMATCH or DEEPIDV_E_REPEATED, and nothing is sent. Else it is deepidv_session_retrieve() of \
      the expected session, and the result has the record as that one has. DEEPIDV_OK says that the service \
      was asked and has answered, not that the applicant was verified. An answer about another session is \
      DEEPIDV_E_ANSWER_FOREIGN.
      """,
      submitted: "Confirms a redirect without waiting.",
      parameters: [
        Parameter(
          "redirect", .text, "the redirect as it came, less than 4 GiB; any bytes"),
        Parameter(
          "session_id", .text, .copied,
          "the id stored for this user when the session was created, up to 1,024 bytes"),
      ],
      refusals: textStatuses + ["E_REQUIRED"],
      statuses: forgeries + answers,
      source: "Redirect result; Retrieve, list, update", since: "0.1")
      + [
        Function(
          "deepidv_verdict_name",
          returns: .text(
            "a name, as in \"DEEPIDV_VERDICT_VERIFIED\"; \"DEEPIDV_VERDICT_?\" for an unknown number"
          ),
          "Answers the name of a verdict.",
          parameters: [Parameter("verdict", .int32, "any number")],
          threads: .any, since: "0.1")
      ])

  /// How a redirect can be found out without asking.
  static let forgeries = ["E_MISMATCH", "E_REPEATED"]
}
