extension Interface {
  /// The interface of this version.
  package static let current = Interface(
    version: Version(major: 0, minor: 1, patch: 0, date: "November 23, 2026"),
    abi: ABIVersion(major: 0, minor: 1),
    conventions: conventions,
    handles: handles,
    constants: [
      statuses, presentBits, redirectStatuses, redirectReasons, redirectFacts, sessionURLBits,
      eventKinds, verdicts, resultFacts, sizes,
    ],
    structures: structures,
    families: [
      versionFamily, configFamily, requestFamily, clientFamily, createFamily, lookupFamily,
      resultFamily,
      redirectFamily,
      stateFamily, confirmFamily,
    ])

  static let conventions = [
    Paragraph(
      title: "Texts",
      text: """
        A text goes in as pointer and length in bytes, UTF-8, without a NUL inside, and is copied before \
        the call returns. DEEPIDV_NTS as the length says that it ends at its NUL. A text comes out as a \
        NUL-terminated pointer with its length beside it (NULL if you do not want it); it belongs \
        to the object it was read from and lives as long. Absent is NULL, empty is "".
        """),
    Paragraph(
      title: "Ownership",
      text: """
        Four words, printed at every pointer. borrowed: used during the call only, or, coming out, \
        valid as long as the object it describes. copied: the library keeps its own copy. owned: yours \
        to end, with the function named. consumed: ended by the call, whatever it answers. A _free of \
        NULL does nothing. Objects may be freed in any order, and freeing never waits for the network.
        """),
    Paragraph(
      title: "Failures",
      text: """
        Every call that can fail answers a deepidv_status; 0 is success. What went wrong with an \
        operation (HTTP status, message, field) is read from its result object. There is no \
        last error, no errno, no callback. A pointer that must not be NULL is checked, and so is \
        every length, number and handle type. An object that has been freed cannot be checked for \
        reliably. Outputs are set to zero or NULL when a call fails, unless it says otherwise.
        """),
    Paragraph(
      title: "Threads",
      text: """
        Two classes, printed at every function. any: from any number of threads at once. exclusive: \
        no other call on the same handle meanwhile. A blocking call does the network's \
        work on the thread that waits, and meanwhile that of other operations too; what remains is done by \
        a thread of the client's own, which blocks all signals. No signal but SIGPIPE is ever blocked on a thread \
        of yours, so that a collector may stop it anywhere. Handlers of signals may run anywhere in a call: they may \
        end the process with _exit(), must not jump out of the call, and must not call the library, but for \
        deepidv_redirect_parse(). No thread is cancelled inside a call. In a process that was \
        forked, calls on a client made before the fork answer DEEPIDV_E_FORKED; make a new client there.
        """),
    Paragraph(
      title: "Memory",
      text: """
        Where the C library reports that memory ran out, a call answers DEEPIDV_E_NOMEM. The few small \
        objects of the Swift runtime, under a kilobyte a handle, end the process instead. What the library \
        itself holds of names, addresses, keys and bodies is wiped from memory before it is given back; \
        nothing outlives the client, the request or the result that it was for. libcurl wipes nothing: of \
        requests that were sent, copies stay in memory that it has given back, with the API key, the \
        applicant's data and a proxy's login in them. With libcurl 7.88 each is found up to ten times after \
        50 creates over TLS, when everything has been freed, and no more often after 500. \
        SSLKEYLOGFILE in the environment has no effect on connections of this library, so that no \
        secrets of TLS are written to a file, where libcurl uses the OpenSSL that this library is linked \
        to. With another TLS library, or another OpenSSL, it may have one: whoever reviews that looks at \
        what libcurl was built with.
        """),
    Paragraph(
      title: "Notation",
      text: """
        Statuses are listed without their DEEPIDV_, in the order of their codes. Contract names the \
        part of the service's own documentation that a function follows.
        """),
  ]

  static let handles = [
    Handle(
      name: "deepidv_config",
      doc: "How a client reaches the service. Copied by deepidv_client_new()."),
    Handle(
      name: "deepidv_client",
      doc: "Connections to the service, a worker thread, and a queue of completions."),
    Handle(
      name: "deepidv_session_request",
      doc: "An applicant to be verified: the body of a Create Session call."),
    Handle(
      name: "deepidv_result",
      doc: "How one operation ended. Immutable, and independent of the client."),
    Handle(
      name: "deepidv_state_keys",
      doc: "The secrets of states: the first signs, all of them verify."),
  ]

  static let structures = [
    Structure(
      name: "deepidv_span",
      doc: "A piece of the caller's own text, by position, so that the text may be moved.",
      fields: [
        Field(name: "offset", type: .uint32, doc: "first byte"),
        Field(name: "length", type: .uint32, doc: "bytes"),
      ]),
    Structure(
      name: "deepidv_redirect",
      doc: """
        What the query of a redirect claims. Nothing in it is signed: anybody can type it. Spans are \
        raw pieces of the parsed text; deepidv_span_decode() makes them readable.
        """,
      fields: [
        Field(name: "present", type: .uint32, doc: "DEEPIDV_HAS_... bits"),
        Field(name: "status", type: .int32, doc: "DEEPIDV_REDIRECT_..."),
        Field(name: "reason", type: .int32, doc: "DEEPIDV_REASON_..."),
        Field(name: "facts", type: .uint32, doc: "DEEPIDV_FACT_... bits"),
        Field(name: "session_id", type: .structure("deepidv_span"), doc: "the session's id"),
        Field(name: "status_text", type: .structure("deepidv_span"), doc: "the status as it came"),
        Field(name: "reason_text", type: .structure("deepidv_span"), doc: "the reason as it came"),
        Field(name: "fragment", type: .structure("deepidv_span"), doc: "what follows the #"),
        Field(
          name: "repeated", type: .structure("deepidv_span"),
          doc: "another value of it, with DEEPIDV_E_REPEATED"),
        Field(
          name: "other_session_id", type: .structure("deepidv_span"),
          doc: "what sessionId= says, which the contract does not have"),
        Field(name: "reserved", type: .words(4), doc: "zero"),
      ]),
    Structure(
      name: "deepidv_param",
      doc: """
        A parameter of a query, and the place to go on from: zeroed, it stands before the first. Spans \
        are raw pieces of the text; deepidv_span_decode() makes them readable.
        """,
      fields: [
        Field(name: "name", type: .structure("deepidv_span"), doc: "what is before the first ="),
        Field(name: "value", type: .structure("deepidv_span"), doc: "what is behind it"),
        Field(name: "next", type: .uint32, doc: "where the next one is looked for"),
        Field(
          name: "reserved", type: .words(3),
          doc: "zero; the first is where a second ? joins, if one does"),
      ]),
    Structure(
      name: "deepidv_session_url",
      doc: "What a session URL of the documented shape holds. Spans are raw pieces of the text.",
      fields: [
        Field(name: "present", type: .uint32, doc: "DEEPIDV_SESSION_URL_HAS_... bits"),
        Field(name: "session_id", type: .structure("deepidv_span"), doc: "the session's id"),
        Field(name: "org_id", type: .structure("deepidv_span"), doc: "the organization's id"),
        Field(
          name: "redirect_url", type: .structure("deepidv_span"),
          doc: "where the browser goes afterwards"),
        Field(
          name: "repeated", type: .structure("deepidv_span"),
          doc: "another value of it, with DEEPIDV_E_REPEATED"),
        Field(name: "reserved", type: .words(3), doc: "zero"),
      ]),
    Structure(
      name: "deepidv_event",
      doc: "One completion, taken from the queue by deepidv_client_next().",
      fields: [
        Field(name: "op", type: .uint64, doc: "the operation, as submit named it"),
        Field(name: "tag", type: .uint64, doc: "the caller's number, as given to submit"),
        Field(name: "status", type: .int32, doc: "a deepidv_status"),
        Field(name: "kind", type: .uint32, doc: "DEEPIDV_EVENT_..."),
        Field(name: "reserved", type: .words(4), doc: "zero"),
      ]),
    Structure(
      name: "deepidv_session",
      doc: """
        What a result says of its session, in one piece: each member is what the function answers that it names. The \
        texts are borrowed from the result. Absent is NULL and 0.
        """,
      fields: [
        Field(name: "id", type: .text, doc: "deepidv_result_session_id()"),
        Field(name: "url", type: .text, doc: "deepidv_result_session_url()"),
        Field(name: "external_id", type: .text, doc: "deepidv_result_external_id()"),
        Field(name: "expires_at", type: .text, doc: "deepidv_result_expires_at()"),
        Field(name: "status", type: .text, doc: "deepidv_result_session_status()"),
        Field(name: "progress", type: .text, doc: "deepidv_result_session_progress()"),
        Field(name: "json", type: .text, doc: "deepidv_result_json()"),
        Field(name: "elapsed_us", type: .uint64, doc: "deepidv_result_elapsed_us()"),
        Field(name: "http_status", type: .int32, doc: "deepidv_result_http_status()"),
        Field(name: "attempts", type: .uint32, doc: "deepidv_result_attempts()"),
        Field(name: "link_count", type: .uint32, doc: "deepidv_result_link_count()"),
        Field(name: "reconciled", type: .int32, doc: "deepidv_result_reconciled()"),
        Field(name: "verdict", type: .int32, doc: "deepidv_result_verdict()"),
        Field(name: "facts", type: .uint32, doc: "deepidv_result_facts()"),
        Field(name: "reserved", type: .words(4), doc: "zero"),
      ]),
  ]
}
