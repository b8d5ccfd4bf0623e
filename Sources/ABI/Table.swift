extension Interface {
  /// The interface of this version.
  package static let current = Interface(
    version: Version(major: 0, minor: 1, patch: 0, date: "November 23, 2026"),
    abi: ABIVersion(major: 0, minor: 1),
    conventions: conventions,
    handles: handles,
    constants: [
      statuses, presentBits, redirectStatuses, redirectReasons, redirectFacts, sessionURLBits,
      eventKinds, decisions, verdicts, resultFacts, webhookTypes, sizes, logLevels, logCodes,
    ],
    structures: structures,
    families: [
      versionFamily, configFamily, requestFamily, clientFamily, createFamily, lookupFamily,
      decisionFamily, resultFamily, pathFamily,
      redirectFamily,
      stateFamily, confirmFamily, webhookFamily, diagnosticsFamily,
    ])

  static let conventions = [
    Paragraph(
      title: "Texts",
      text: """
        An input text is a pointer and a length in bytes: UTF-8, without a NUL inside. Pass DEEPIDV_NTS as \
        the length of a NUL-terminated text. The library copies what it keeps before the call returns. An \
        output text is a pointer to a NUL-terminated text, and the call also returns its length, unless you \
        pass NULL for that. The text belongs to the object that it was read from and lives as long as that \
        object. An absent text is NULL, an empty text is "".
        """),
    Paragraph(
      title: "Ownership",
      text: """
        Each pointer is marked with one of four words. borrowed: an input is used only during the call; an \
        output is valid as long as the object that it describes. copied: the library keeps its own copy. \
        owned: you must free it, with the function named. consumed: the call frees it, even on failure. A \
        _free function does nothing if it is passed NULL. Objects may be freed in any order, and freeing \
        never waits for the network.
        """),
    Paragraph(
      title: "Failures",
      text: """
        Every function that can fail returns a deepidv_status; 0 is success. The details of a failed \
        operation (HTTP status, message, field) are in its result object. There is no last-error function, \
        no errno and no error callback. Every function checks required pointers for NULL, and validates \
        lengths, numbers and handle types. It cannot reliably detect a handle that has been freed. On \
        failure, outputs are set to zero or NULL, unless the function says otherwise.
        """),
    Paragraph(
      title: "Threads",
      text: """
        Each function has one of two thread classes. any: any number of threads may call it at once. \
        exclusive: no other call may use the same handle at the same time. A blocking call does network I/O \
        on the calling thread, also for other operations of the client; the client's worker thread, which \
        blocks all signals, does the rest. On the caller's threads, the library blocks no signal except \
        SIGPIPE, so that a garbage collector can stop them at any point. Signal handlers may run at any \
        point of a call. They may end the process by _exit, but must not longjmp out of the call and must not call the \
        library, except the functions under Redirect. A thread is never cancelled inside a call. In a forked \
        child, calls on a client created before the fork return DEEPIDV_E_FORKED; create a new client there.
        """),
    Paragraph(
      title: "Memory",
      text: """
        If memory runs out, the call returns DEEPIDV_E_NOMEM. What has begun then continues with 256 KiB that the \
        library keeps for this; only if these do not suffice, as for hundreds of operations in flight, the process \
        ends. The library wipes its own \
        copies of names, addresses, keys and bodies before it frees them; no copy outlives the client, \
        request or result that it belongs to. libcurl gets neither the key nor a body, only what TLS \
        encrypts right away; it does not wipe its copies of a proxy's credentials, nor OpenSSL the response \
        that it decrypted last on a connection. If libcurl uses the \
        OpenSSL that this library is linked to, connections of this library ignore SSLKEYLOGFILE in the \
        environment, so that no TLS secrets are written to a file. With another TLS library, or another copy \
        of OpenSSL, SSLKEYLOGFILE may have an effect; in a security review, check what libcurl was built \
        with.
        """),
    Paragraph(
      title: "Notation",
      text: """
        Lists of statuses omit the prefix DEEPIDV_ and are in the order of the codes. Contract names what \
        a function implements: a section of the Create Session reference, or of another page, of deepidv's API \
        documentation.
        """),
  ]

  static let handles = [
    Handle(
      name: "deepidv_config",
      doc: "The options of a client. deepidv_client_new() copies them."),
    Handle(
      name: "deepidv_client",
      doc: "Connections to the service, a worker thread, and a completion queue."),
    Handle(
      name: "deepidv_session_request",
      doc: "The applicant to verify: the body of a Create Session request."),
    Handle(
      name: "deepidv_result",
      doc: "The outcome of one operation. Immutable, and independent of the client."),
    Handle(
      name: "deepidv_state_keys",
      doc: "The secret keys of states. The first key signs; every key verifies."),
    Handle(
      name: "deepidv_webhook_secrets",
      doc: "The signing secrets of webhooks. Every secret verifies."),
    Handle(
      name: "deepidv_webhook",
      doc: "A webhook event whose signature was verified. Immutable."),
  ]

  static let structures = [
    Structure(
      name: "deepidv_span",
      doc: "A part of the caller's text, by position, so that the text may be moved.",
      fields: [
        Field(name: "offset", type: .uint32, doc: "first byte"),
        Field(name: "length", type: .uint32, doc: "bytes"),
      ]),
    Structure(
      name: "deepidv_redirect",
      doc: """
        What the query of a redirect claims. Nothing in it is signed: anybody can type it. Spans are \
        raw parts of the parsed text; deepidv_span_decode() decodes them.
        """,
      fields: [
        Field(name: "present", type: .uint32, .constants("has"), doc: "DEEPIDV_HAS_... bits"),
        Field(
          name: "status", type: .int32, .constants("redirect_status"), doc: "DEEPIDV_REDIRECT_..."),
        Field(name: "reason", type: .int32, .constants("reason"), doc: "DEEPIDV_REASON_..."),
        Field(name: "facts", type: .uint32, .constants("fact"), doc: "DEEPIDV_FACT_... bits"),
        Field(name: "session_id", type: .structure("deepidv_span"), doc: "session id"),
        Field(name: "status_text", type: .structure("deepidv_span"), doc: "status as received"),
        Field(name: "reason_text", type: .structure("deepidv_span"), doc: "reason as received"),
        Field(name: "fragment", type: .structure("deepidv_span"), doc: "what follows the #"),
        Field(
          name: "repeated", type: .structure("deepidv_span"),
          doc: "the conflicting value, with DEEPIDV_E_REPEATED"),
        Field(
          name: "other_session_id", type: .structure("deepidv_span"),
          doc: "value of sessionId=, from the alternative form"),
        Field(name: "reserved", type: .words(4), doc: "zero"),
      ]),
    Structure(
      name: "deepidv_param",
      doc: """
        One query parameter, and the position of the next. Set it to zero to start at the first. Spans \
        are raw parts of the text; deepidv_span_decode() decodes them.
        """,
      fields: [
        Field(name: "name", type: .structure("deepidv_span"), doc: "what precedes the first ="),
        Field(name: "value", type: .structure("deepidv_span"), doc: "what follows it"),
        Field(name: "position", type: .uint32, doc: "where the search for the next one starts"),
        Field(
          name: "reserved", type: .words(3),
          doc: "zero; the first holds the position of a second ? that joins parameters"),
      ]),
    Structure(
      name: "deepidv_session_url",
      doc: "The parts of a session URL in the documented form. Spans are raw parts of the text.",
      fields: [
        Field(
          name: "present", type: .uint32, .constants("session_url_has"),
          doc: "DEEPIDV_SESSION_URL_HAS_... bits"),
        Field(name: "session_id", type: .structure("deepidv_span"), doc: "session id"),
        Field(name: "org_id", type: .structure("deepidv_span"), doc: "organization id"),
        Field(
          name: "redirect_url", type: .structure("deepidv_span"),
          doc: "where the browser goes afterwards"),
        Field(
          name: "repeated", type: .structure("deepidv_span"),
          doc: "the conflicting value, with DEEPIDV_E_REPEATED"),
        Field(name: "reserved", type: .words(3), doc: "zero"),
      ]),
    Structure(
      name: "deepidv_event",
      doc: "One completion, taken from the queue by deepidv_client_next().",
      fields: [
        Field(name: "op", type: .uint64, doc: "operation number from the _submit function"),
        Field(name: "tag", type: .uint64, doc: "the tag passed to the _submit function"),
        Field(name: "status", type: .int32, .constants("status"), doc: "a deepidv_status"),
        Field(name: "kind", type: .uint32, .constants("event_kind"), doc: "DEEPIDV_EVENT_..."),
        Field(name: "reserved", type: .words(4), doc: "zero"),
      ]),
    Structure(
      name: "deepidv_session",
      doc: """
        The session of a result or of a webhook in one struct. Each member has the value that the function beside it \
        returns, or would return for the record in a webhook. Texts are borrowed from the result or the webhook. An \
        absent text is NULL with length 0.
        """,
      fields: [
        Field(name: "id", type: .text, doc: "deepidv_result_session_id()"),
        Field(name: "url", type: .text, doc: "deepidv_result_session_url()"),
        Field(name: "external_id", type: .text, doc: "deepidv_result_external_id()"),
        Field(name: "expires_at", type: .text, doc: "deepidv_result_expires_at()"),
        Field(name: "status", type: .text, doc: "deepidv_result_session_status()"),
        Field(name: "progress", type: .text, doc: "deepidv_result_session_progress()"),
        Field(name: "json", type: .text, encoding: .bytes, doc: "deepidv_result_json()"),
        Field(name: "elapsed_us", type: .uint64, doc: "deepidv_result_elapsed_us()"),
        Field(
          name: "http_status", type: .int32, .range(0...599), doc: "deepidv_result_http_status()"),
        Field(name: "attempts", type: .uint32, doc: "deepidv_result_attempts()"),
        Field(name: "link_count", type: .uint32, doc: "deepidv_result_link_count()"),
        Field(name: "reconciled", type: .int32, .boolean, doc: "deepidv_result_reconciled()"),
        Field(
          name: "verdict", type: .int32, .constants("verdict"), doc: "deepidv_result_verdict()"),
        Field(
          name: "facts", type: .uint32, .constants("result_fact"), doc: "deepidv_result_facts()"),
        Field(name: "found", type: .int32, .boolean, doc: "deepidv_result_found()"),
        Field(name: "reserved", type: .words(3), doc: "zero"),
      ]),
    statistics, logRecord,
  ]
}
