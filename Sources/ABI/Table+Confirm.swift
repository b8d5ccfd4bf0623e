extension Interface {
  static let verdicts = ConstantGroup(
    name: "verdict", kind: .enumeration, prefix: "DEEPIDV_VERDICT_", title: "Verdicts",
    doc: """
      Returned by deepidv_result_verdict(). Accept an applicant only for DEEPIDV_VERDICT_VERIFIED. New \
      verdicts may be added.
      """,
    constants: [
      Constant(
        name: "DEEPIDV_VERDICT_UNKNOWN", value: 0,
        doc: """
          Not known: the service could not be reached or refused the request (see the result's status), or it \
          returned a status that this version does not know. Ask again later.
          """),
      Constant(
        name: "DEEPIDV_VERDICT_VERIFIED", value: 1, doc: "The session is verified."),
      Constant(
        name: "DEEPIDV_VERDICT_REJECTED", value: 2, doc: "The session is rejected."),
      Constant(
        name: "DEEPIDV_VERDICT_SUBMITTED", value: 3,
        doc: "The applicant has finished; there is no decision yet. Ask again later."),
      Constant(
        name: "DEEPIDV_VERDICT_PENDING", value: 4,
        doc: """
          The applicant has not finished, whatever the redirect says. The record may lag behind: if the redirect \
          says success, ask again after a few seconds.
          """),
      Constant(
        name: "DEEPIDV_VERDICT_EXPIRED", value: 5,
        doc: """
          The session ended without a decision: it expired, was voided or failed, see \
          deepidv_result_session_status(). Create a new session.
          """),
      Constant(
        name: "DEEPIDV_VERDICT_FORGED", value: 6,
        doc: """
          The redirect cannot be the one that the service sent for this session: the session id is missing \
          or different, or a documented parameter occurs twice with different values. No request was sent.
          """),
    ])

  static let confirmFamily = Family(
    title: "Confirm a redirect",
    doc: """
      Call this on the page that applicants return to. It compares the redirect with the session that you \
      expect, retrieves that session from the service, and gives one verdict. The status and reason in the \
      redirect never affect the verdict.
      """,
    functions: operation(
      "redirect_confirm",
      "Confirms a redirect and waits for the result. deepidv_result_verdict() returns the verdict.",
      """
      If the redirect cannot belong to this session, the verdict is DEEPIDV_VERDICT_FORGED, the status is \
      DEEPIDV_E_MISMATCH or DEEPIDV_E_REPEATED, and no request is sent. Otherwise the call works like \
      deepidv_session_retrieve() with the expected session, and the result holds its record. DEEPIDV_OK means \
      that the service returned the record, not that the applicant is verified. A response about another session \
      is DEEPIDV_E_ANSWER_FOREIGN.
      """,
      submitted: "Confirms a redirect without waiting.",
      parameters: [
        Parameter(
          "redirect", .text, "the redirect as received, less than 4 GiB; any bytes"
        ).encoded(.bytes),
        Parameter(
          "session_id", .text, .copied,
          "the id that you stored for this user at the create, up to 1,024 bytes"
        ).limit(1024),
      ],
      refusals: textStatuses + ["E_REQUIRED"],
      statuses: forgeries + answers, answers: forgeries,
      source: "Redirect result; Retrieve, list, update")
      + [
        Function(
          "deepidv_verdict_name",
          returns: .text(
            "a name, such as \"DEEPIDV_VERDICT_VERIFIED\"; \"DEEPIDV_VERDICT_?\" for an unknown number",
            .constant, .ascii, nullable: false),
          "Returns the name of a verdict.",
          parameters: [
            Parameter("verdict", .int32, "any number").meaning(.constants("verdict"))
          ],
          threads: .any, since: "0.1")
      ])

  /// How a redirect can be rejected without a request.
  static let forgeries = ["E_MISMATCH", "E_REPEATED"]
}
