extension Interface {
  static let webhookTypes = ConstantGroup(
    name: "webhook_type", kind: .enumeration, prefix: "DEEPIDV_WEBHOOK_", title: "Types of webhook",
    doc:
      "Returned by deepidv_webhook_type(): the words of the contract, compared exactly. New types may be added.",
    constants: [
      Constant(
        name: "DEEPIDV_WEBHOOK_OTHER", value: -1,
        doc: "A type that this version does not know: see deepidv_webhook_type_text()."),
      Constant(
        name: "DEEPIDV_WEBHOOK_SESSION_CREATED", value: 1, doc: "The session was created.",
        word: "session.created"),
      Constant(
        name: "DEEPIDV_WEBHOOK_SESSION_SUBMITTED", value: 2,
        doc: "The applicant has finished; there is no decision yet.",
        word: "session.status.submitted"),
      Constant(
        name: "DEEPIDV_WEBHOOK_SESSION_VERIFIED", value: 3, doc: "The session is verified.",
        word: "session.status.verified"),
      Constant(
        name: "DEEPIDV_WEBHOOK_SESSION_REJECTED", value: 4, doc: "The session is rejected.",
        word: "session.status.rejected"),
      Constant(
        name: "DEEPIDV_WEBHOOK_SESSION_FAILED", value: 5,
        doc: "The session failed without a decision.", word: "session.status.failed"),
    ])

  static let webhookFamily = Family(
    title: "Webhook",
    doc: """
      The service calls your HTTPS endpoint when a session is created, submitted, verified, rejected or has \
      failed. No webhook is sent when it expires or is voided: retrieve sessions that stay undecided. The header \
      deepidv-signature holds the \
      signing secret itself, not a signature of the body. So a matching header proves that the sender knows the \
      secret, and nothing else: not that the body is unchanged, and not that the event is recent. Anybody who has \
      seen one delivery, such as a proxy that logs headers, can send any other. Accept webhooks over TLS only, keep \
      the header out of logs, and let only the service's addresses reach the endpoint if you know them. Before you \
      act on a decision, ask the service with deepidv_session_retrieve(). The service repeats deliveries, in any \
      order: deepidv_webhook_supersedes() tells which ones to ignore. docs/webhooks.md is a guide.
      """,
    functions: [
      Function(
        "deepidv_webhook_secrets_new", returns: .status,
        "Creates an empty set of secrets.",
        parameters: [.new("deepidv_webhook_secrets")],
        statuses: ["E_NULL", "E_NOMEM"], threads: .any, since: "0.1"),
      free("deepidv_webhook_secrets", "the secrets to wipe and free", since: "0.1"),
      Function(
        "deepidv_webhook_secrets_add", returns: .status,
        "Adds a secret. Every secret verifies.",
        """
        To rotate, add the new secret before the service uses it, and remove the old one when the service no longer \
        sends it. DEEPIDV_E_CONTROL: the secret contains a control character, often the line break at the end of a file.
        """,
        parameters: [
          Parameter(
            "secrets", .handle("deepidv_webhook_secrets"), "the set, with at most 16 secrets"),
          Parameter(
            "secret", .text, .copied, "the whole secret, such as whsec_..., 1 to 1,024 bytes"
          ).limit(1024).encoded(.bytes),
        ],
        statuses: handleStatuses
          + ["E_LENGTH", "E_TOO_LONG", "E_CONTROL", "E_RANGE", "E_NOMEM", "E_REQUIRED"],
        threads: .exclusive, since: "0.1"),
      Function(
        "deepidv_webhook_open", returns: .status,
        "Verifies a webhook and reads its event, in one call.",
        """
        The signature is checked first, and an unverified body is not parsed. The time of the check depends only on \
        the length of the signature received and the number of secrets. DEEPIDV_E_WEBHOOK_SIGNATURE: the signature is \
        wrong, missing or empty; respond with 401. DEEPIDV_E_WEBHOOK: the body is not a JSON object with a type and a \
        session record in data, the record has no id, a member that is read occurs twice, or the JSON is nested more \
        than 64 levels deep; respond with 400. DEEPIDV_E_TOO_LONG: respond with 413. The rules for texts are those \
        of results. A type has at most 256 bytes.
        """,
        parameters: [
          Parameter(
            "secrets", .constHandle("deepidv_webhook_secrets"), "the secrets, at least one"),
          Parameter(
            "signature", .text, optional: true,
            "the value of the header deepidv-signature; NULL if it is missing"
          ).encoded(.bytes),
          Parameter(
            "payload", .text, .copied, "the body as received, up to 4 MiB; any bytes"
          ).encoded(.bytes),
          .new("deepidv_webhook"),
        ],
        statuses: handleStatuses
          + [
            "E_LENGTH", "E_TOO_LONG", "E_NOMEM", "E_REQUIRED", "E_WEBHOOK_SIGNATURE", "E_WEBHOOK",
          ],
        threads: .any, since: "0.1", source: "Webhooks"),
      free(
        "deepidv_webhook", "the webhook to wipe and free, with all texts read from it",
        since: "0.1"),
      Function(
        "deepidv_webhook_type",
        returns: .int32(
          "DEEPIDV_WEBHOOK_..., or 0 if it is not a webhook", .constants("webhook_type")),
        "Returns the type of the event.", "Ignore types that you do not handle.",
        parameters: [webhook], threads: .any, since: "0.1", source: "Webhooks"),
      text("type_text", "Returns the type as received."),
      Function(
        "deepidv_webhook_session", returns: .status,
        "Returns all data of the event's session in one call.",
        """
        url is NULL unless the record has a session_url; json is the whole body; http_status, attempts, \
        elapsed_us, reconciled and found are 0.
        """,
        parameters: [
          webhook, Parameter("out_session", .structure("deepidv_session"), "the session data"),
        ],
        statuses: handleStatuses, threads: .any, since: "0.1", source: "Webhooks"),
      Function(
        "deepidv_webhook_verdict",
        returns: .int32(
          "DEEPIDV_VERDICT_...; DEEPIDV_VERDICT_UNKNOWN for another object", .constants("verdict")),
        "Returns what the status of the event's session means.",
        "To act on it, confirm it with deepidv_session_retrieve().",
        parameters: [webhook], threads: .any, since: "0.1", source: "Webhooks"),
      text(
        "key",
        "Returns the key of the event: a JSON array of its type, session id and updated_at.",
        """
        Repeated deliveries of an event have the same key, and different events have different keys. If the record \
        has no updated_at of at most 64 bytes, the key ends with null and is the same for every such event of this \
        type and session.
        """),
      text("json", "Returns the body, unchanged.", encoding: .bytes),
      text(
        "describe", "Returns the whole event as one JSON object.",
        """
        The members are type, type_text, key and verdict, with the values of the functions of these names; \
        verdict_name; and session_id, session_url, external_id, expires_at, session_status, session_progress and \
        facts. Otherwise as deepidv_result_describe().
        """),
      Function(
        "deepidv_webhook_supersedes", returns: .int32("1 or 0", .boolean),
        "Returns whether an event replaces another one of the same session.",
        """
        Store with each session the key of the last event that you applied, and apply an event only if its key \
        supersedes it. 1: the event has a later updated_at, or there is no other key. A time that is missing or \
        not in ISO 8601 is before all others. If the times are equal, or both are missing: 1 if the type has the \
        larger DEEPIDV_WEBHOOK_ number, so that a decision is never replaced by an earlier status. 0: the event is a repeat or out of date, the keys are about \
        different sessions, or one of the texts is not a key.
        """,
        parameters: [
          Parameter("key", .text, optional: true, "from deepidv_webhook_key()"),
          Parameter(
            "other", .text, optional: true,
            "the key of the event before it; NULL or empty if there is none"),
        ],
        threads: .any, since: "0.1", source: "Webhooks"),
    ])

  private static let webhook = Parameter(
    "webhook", .constHandle("deepidv_webhook"), "the webhook to read")

  private static func text(
    _ name: String, _ summary: String, _ discussion: String = "",
    encoding: TextEncoding = .utf8
  ) -> Function {
    Function(
      "deepidv_webhook_\(name)",
      returns: .text("borrowed from the webhook, or NULL", .object("webhook"), encoding),
      summary, discussion, parameters: [webhook, outLength], threads: .any, since: "0.1",
      source: "Webhooks")
  }
}
