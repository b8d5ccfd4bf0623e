/*
 * deepidv.h: the C interface of libdeepidv 0.1.0.
 * Generated from Sources/ABI by abigen (make abi). Do not edit.
 *
 * libdeepidv creates identity verification sessions with the deepidv service and parses
 * the redirects of returning applicants. A retry never executes a create twice: if the
 * outcome is unknown, the status says so.
 *
 * Example (you provide key and json; a real program checks every status):
 *
 *   deepidv_config *config = NULL;
 *   deepidv_client *client = NULL;
 *   deepidv_session_request *request = NULL;
 *   deepidv_result *result = NULL;
 *
 *   deepidv_config_new(&config);
 *   deepidv_config_set_api_key(config, key, DEEPIDV_NTS);
 *   deepidv_client_new(config, &client);
 *   deepidv_session_request_new(&request);
 *   deepidv_session_request_set_json(request, json, DEEPIDV_NTS, NULL, NULL);
 *   if (deepidv_session_create(client, request, &result) == DEEPIDV_OK)
 *     puts(deepidv_result_session_url(result, NULL));
 *
 *   deepidv_result_free(result);
 *   deepidv_session_request_free(request);
 *   deepidv_client_free(client);
 *   deepidv_config_free(config);
 */

/*
 * Conventions
 *
 * Texts      An input text is a pointer and a length in bytes: UTF-8, without a NUL
 *            inside. Pass DEEPIDV_NTS as the length of a NUL-terminated text. The
 *            library copies what it keeps before the call returns. An output text is a
 *            pointer to a NUL-terminated text, and the call also returns its length,
 *            unless you pass NULL for that. The text belongs to the object that it was
 *            read from and lives as long as that object. An absent text is NULL, an
 *            empty text is "".
 *
 * Ownership  Each pointer is marked with one of four words. borrowed: an input is used
 *            only during the call; an output is valid as long as the object that it
 *            describes. copied: the library keeps its own copy. owned: you must free
 *            it, with the function named. consumed: the call frees it, even on failure.
 *            A _free function does nothing if it is passed NULL. Objects may be freed
 *            in any order, and freeing never waits for the network.
 *
 * Failures   Every function that can fail returns a deepidv_status; 0 is success. The
 *            details of a failed operation (HTTP status, message, field) are in its
 *            result object. There is no last-error function, no errno and no error
 *            callback. Every function checks required pointers for NULL, and validates
 *            lengths, numbers and handle types. It cannot reliably detect a handle that
 *            has been freed. On failure, outputs are set to zero or NULL, unless the
 *            function says otherwise.
 *
 * Threads    Each function has one of two thread classes. any: any number of threads
 *            may call it at once. exclusive: no other call may use the same handle at
 *            the same time. A blocking call does network I/O on the calling thread,
 *            also for other operations of the client; the client's worker thread, which
 *            blocks all signals, does the rest. On the caller's threads, the library
 *            blocks no signal except SIGPIPE, so that a garbage collector can stop them
 *            at any point. Signal handlers may run at any point of a call. They may end
 *            the process by _exit, but must not longjmp out of the call and must not
 *            call the library, except the functions under Redirect. A thread is never
 *            cancelled inside a call. In a forked child, calls on a client created
 *            before the fork return DEEPIDV_E_FORKED; create a new client there.
 *
 * Memory     If memory runs out, the call returns DEEPIDV_E_NOMEM. What has begun then
 *            continues with 256 KiB that the library keeps for this; only if these do
 *            not suffice, as for hundreds of operations in flight, the process ends.
 *            The library wipes its own copies of names, addresses, keys and bodies
 *            before it frees them; no copy outlives the client, request or result that
 *            it belongs to. libcurl gets neither the key nor a body, only what TLS
 *            encrypts right away; it does not wipe its copies of a proxy's credentials,
 *            nor OpenSSL the response that it decrypted last on a connection. If
 *            libcurl uses the OpenSSL that this library is linked to, connections of
 *            this library ignore SSLKEYLOGFILE in the environment, so that no TLS
 *            secrets are written to a file. With another TLS library, or another copy
 *            of OpenSSL, SSLKEYLOGFILE may have an effect; in a security review, check
 *            what libcurl was built with.
 *
 * Notation   Lists of statuses omit the prefix DEEPIDV_ and are in the order of the
 *            codes. Contract names what a function implements: a section of the Create
 *            Session reference, or of another page, of deepidv's API documentation.
 */

#ifndef DEEPIDV_H
#define DEEPIDV_H

#include <stddef.h>
#include <stdint.h>

#if defined UINTPTR_MAX && UINTPTR_MAX <= 0xFFFFFFFF
#error "libdeepidv does not support 32-bit platforms"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header; deepidv_version() returns that of the loaded library. */
#define DEEPIDV_VERSION_TEXT  "0.1.0"
#define DEEPIDV_VERSION_MAJOR 0
#define DEEPIDV_VERSION_MINOR 1
#define DEEPIDV_VERSION_PATCH 0
#define DEEPIDV_ABI_MAJOR     0
#define DEEPIDV_ABI_MINOR     1

/** Pass as the length of a NUL-terminated text. */
#define DEEPIDV_NTS ((size_t)-1)

/** DEEPIDV_OK or a DEEPIDV_E_ constant. */
typedef int32_t deepidv_status;

/* ---- Constants ------------------------------------------------------------------- */

/*
 * Statuses
 *
 * Returned by every function that can fail, and used for the status and the cause of a
 * result. Codes are never renumbered; new ones may be added. A create is safe to retry
 * after DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_PROCESSED and DEEPIDV_E_RATE_LIMITED; after
 * DEEPIDV_E_OUTCOME_UNKNOWN only in the same process, with repeat_guard.
 */
#define DEEPIDV_OK                    0  /* Success. */
#define DEEPIDV_E_NULL                1  /* A required pointer is NULL. */
#define DEEPIDV_E_LENGTH              2  /* The length exceeds the maximum object size. */
#define DEEPIDV_E_TOO_LONG            3  /* The text is too long for this value. */
#define DEEPIDV_E_NUL                 4  /* The text contains a NUL byte. */
#define DEEPIDV_E_UTF8                5  /* The text is not valid UTF-8. */
#define DEEPIDV_E_CONTROL             6  /* The text contains a forbidden character. */
#define DEEPIDV_E_RANGE               7  /* The number is out of range. */
#define DEEPIDV_E_HANDLE              8  /* The pointer is not a live object of this type. */
#define DEEPIDV_E_KEY                 9  /* No option has this name. */
#define DEEPIDV_E_BUFFER             10  /* The buffer is too small. */
#define DEEPIDV_E_NOMEM              11  /* Out of memory. */
/* The system could not provide a thread, a descriptor, random bytes or a signature. */
#define DEEPIDV_E_SYSTEM             12
#define DEEPIDV_E_TOKEN              13  /* The text is not a reconcile token. */
#define DEEPIDV_E_PATH               14  /* The JSON path is malformed. */
/* The libcurl that is loaded cannot be used: see deepidv_libcurl_problem(). */
#define DEEPIDV_E_LIBCURL            15

#define DEEPIDV_E_REQUIRED           20  /* A required value is missing or empty. */
/* The value does not have the form of an e-mail address. */
#define DEEPIDV_E_EMAIL              21
/* The phone number is not E.164: + and 1 to 15 digits, the first not 0. */
#define DEEPIDV_E_PHONE              22
/* The value is not a valid URL with a host. Write an internationalized host name in ASCII
   (xn--). */
#define DEEPIDV_E_URL                23
/* The URL must use https. A base URL may use http for this machine and for hosts in
   allow_http_hosts. */
#define DEEPIDV_E_SCHEME             24
#define DEEPIDV_E_USERINFO           25  /* The URL contains a user name or a password. */
#define DEEPIDV_E_TYPE               26  /* The JSON value has another type than expected. */
#define DEEPIDV_E_FIELD              27  /* A JSON member is not a field of the request. */
#define DEEPIDV_E_SHORT_KEY          28  /* The key is shorter than 16 bytes. */
/* The CA file is missing, unreadable, or contains no PEM certificate. */
#define DEEPIDV_E_CA_FILE            29
#define DEEPIDV_E_HTTP_PROXY         30  /* An http base URL cannot be used with a proxy. */
/* The proxy URL must start with http://, https:// or socks5h://. */
#define DEEPIDV_E_PROXY_SCHEME       31
/* The text is not a traceparent of version 00 (W3C Trace Context). */
#define DEEPIDV_E_TRACEPARENT        32

#define DEEPIDV_E_JSON               40  /* The text is not valid JSON. */
#define DEEPIDV_E_JSON_DEPTH         41  /* The JSON is nested more than 64 levels deep. */
#define DEEPIDV_E_JSON_OBJECT        42  /* The JSON value is not an object. */
#define DEEPIDV_E_JSON_DUPLICATE     43  /* A JSON member occurs twice in one object. */

/* A URL parameter occurs twice with different values, or has a name that the service adds. */
#define DEEPIDV_E_REPEATED           50
#define DEEPIDV_E_MISMATCH           51  /* The redirect is not for the expected session. */
#define DEEPIDV_E_ABSENT             59  /* There is no such value, or the list has ended. */
/* The client was created before a fork. Create a new client in this process. */
#define DEEPIDV_E_FORKED             60
#define DEEPIDV_E_CLOSED             61  /* The client is closed. */
#define DEEPIDV_E_BUSY               62  /* Too many operations in flight (max_in_flight). */
#define DEEPIDV_E_EMPTY              63  /* No completion is available. */
#define DEEPIDV_E_TIMEOUT            64  /* The timeout expired. */
#define DEEPIDV_E_NO_OPERATION       65  /* No such operation is in flight. */
#define DEEPIDV_E_CANCELLED          66  /* The operation was cancelled. */

#define DEEPIDV_E_STATE              70  /* The state is missing or malformed. */
#define DEEPIDV_E_STATE_SIGNATURE    71  /* The state was not signed with any of these keys. */
#define DEEPIDV_E_STATE_CONTEXT      72  /* The state was created for another context. */
/* The state was created for this context but has expired. */
#define DEEPIDV_E_STATE_EXPIRED      73
#define DEEPIDV_E_WEBHOOK_SIGNATURE  74  /* The signature matches none of the secrets. */
#define DEEPIDV_E_WEBHOOK            75  /* The body is not a webhook event. */

#define DEEPIDV_E_NOT_SENT           80  /* The request was not sent. It is safe to retry. */
/* Only part of the request was sent, so it was not executed. It is safe to retry. */
#define DEEPIDV_E_NOT_PROCESSED      81
/* The request may or may not have been executed. Check before you send it again. */
#define DEEPIDV_E_OUTCOME_UNKNOWN    82
/* Several sessions have this external id. Do not send the request again. */
#define DEEPIDV_E_DUPLICATE          83

#define DEEPIDV_E_BAD_REQUEST        90  /* The service refused the request as invalid (400). */
#define DEEPIDV_E_UNAUTHORIZED       91  /* The API key is missing or invalid (401). */
#define DEEPIDV_E_BALANCE            92  /* The token balance is too low (402). */
#define DEEPIDV_E_FORBIDDEN          93  /* The API key does not permit this request (403). */
#define DEEPIDV_E_NOT_FOUND          94  /* The workflow or the session was not found (404). */
/* The rate limit was exceeded. Nothing was executed; retry later. */
#define DEEPIDV_E_RATE_LIMITED       95
#define DEEPIDV_E_REFUSED            96  /* The service refused the request (another 4xx). */
/* The service returned an HTTP redirect, which is not followed. */
#define DEEPIDV_E_REDIRECTED         97

#define DEEPIDV_E_RESOLVE           110  /* The host name could not be resolved. */
#define DEEPIDV_E_CONNECT           111  /* The connection to the host failed. */
#define DEEPIDV_E_TLS               112  /* The TLS protocol or handshake failed. */
/* The proxy could not be reached, refused the connection, or failed. */
#define DEEPIDV_E_PROXY             113
#define DEEPIDV_E_CONNECTION_LOST   114  /* The connection was lost before the response. */
#define DEEPIDV_E_SERVER            115  /* The service failed or timed out (408 or 5xx). */
#define DEEPIDV_E_ANSWER_EMPTY      116  /* The response has no body. */
#define DEEPIDV_E_ANSWER_CUT        117  /* The response is incomplete. */
#define DEEPIDV_E_ANSWER_TOO_LARGE  118  /* The response is larger than the library accepts. */
#define DEEPIDV_E_ANSWER_UTF8       119  /* The response is not valid UTF-8. */
/* The response is not a JSON object of the expected form. */
#define DEEPIDV_E_ANSWER_JSON       120
#define DEEPIDV_E_ANSWER_NO_ID      121  /* The response has no session id. */
#define DEEPIDV_E_ANSWER_HTTP       122  /* The response is not well-formed HTTP. */
#define DEEPIDV_E_NETWORK           123  /* Another network error occurred. */
/* The response is about a session or an external id other than the requested one. */
#define DEEPIDV_E_ANSWER_FOREIGN    124
#define DEEPIDV_E_TLS_UNTRUSTED     125  /* The TLS certificate of the host is not trusted. */
#define DEEPIDV_E_TLS_NAME          126  /* The TLS certificate is for another host name. */
/* The TLS certificate has expired or is not yet valid. */
#define DEEPIDV_E_TLS_DATE          127
/* The page has a next_token that was already used to request a page. */
#define DEEPIDV_E_ANSWER_LOOP       128
/* The response has a content coding that was not requested. */
#define DEEPIDV_E_ANSWER_ENCODING   129

/*
 * Contents of a redirect
 *
 * Bits of deepidv_redirect.present: the documented parameters, and the fragment.
 */
#define DEEPIDV_HAS_SESSION_ID        1  /* session_id= is present. */
#define DEEPIDV_HAS_STATUS            2  /* status= is present. */
#define DEEPIDV_HAS_REASON            4  /* reason= is present. */
#define DEEPIDV_HAS_FRAGMENT          8  /* A # is present. */
/* sessionId= is present; it may be one of your own parameters. */
#define DEEPIDV_HAS_OTHER_SESSION_ID 16

/*
 * Status of a redirect
 *
 * Values of deepidv_redirect.status: the documented values, compared exactly.
 */
/* A value that this version does not know: see the text. */
#define DEEPIDV_REDIRECT_OTHER     (-1)
#define DEEPIDV_REDIRECT_NONE         0  /* No status. */
/* "success": Completed and submitted, which does not mean verified. */
#define DEEPIDV_REDIRECT_SUCCESS      1
#define DEEPIDV_REDIRECT_FAILED       2  /* "failed": An error occurred during verification. */
#define DEEPIDV_REDIRECT_ABANDONED    3  /* "abandoned": The applicant left. */
/* "SUBMITTED": From the vendor's alternative form. It does not mean success: see
   DEEPIDV_FACT_OTHER_FORM. */
#define DEEPIDV_REDIRECT_SUBMITTED    4

/*
 * Reason of a redirect
 *
 * Values of deepidv_redirect.reason: the documented values, compared exactly. The
 * service may add values.
 */
/* A value that this version does not know: see the text. */
#define DEEPIDV_REASON_OTHER               (-1)
#define DEEPIDV_REASON_NONE                   0  /* No reason. */
/* "document_unreadable": The ID document could not be processed. */
#define DEEPIDV_REASON_DOCUMENT_UNREADABLE    1
/* "face_mismatch": The face did not match the document. */
#define DEEPIDV_REASON_FACE_MISMATCH          2
#define DEEPIDV_REASON_SESSION_EXPIRED        3  /* "session_expired": The session timed out. */
/* "internal_error": The service had an internal error. */
#define DEEPIDV_REASON_INTERNAL_ERROR         4
/* "user_cancelled": The applicant chose to leave. */
#define DEEPIDV_REASON_USER_CANCELLED         5
/* "unknown": The service did not classify the failure. */
#define DEEPIDV_REASON_UNKNOWN                6

/*
 * Facts about a redirect
 *
 * Bits of deepidv_redirect.facts: anomalies, which the contract does not describe. They
 * are not errors, but a forged URL often has one.
 */
#define DEEPIDV_FACT_NO_SESSION_ID           1  /* The session id is missing or empty. */
/* The status is success, but there is a reason. */
#define DEEPIDV_FACT_SUCCESS_WITH_REASON     2
/* The status is failed, but there is no reason. */
#define DEEPIDV_FACT_FAILED_WITHOUT_REASON   4
/* The status is abandoned, but the reason is not user_cancelled. */
#define DEEPIDV_FACT_ABANDONED_OTHERWISE     8
/* sessionId= without session_id=, or the status SUBMITTED: the alternative form in one of
   the vendor's guides, which differs from the API reference. */
#define DEEPIDV_FACT_OTHER_FORM             16
/* The decoded session id, status or reason is not valid UTF-8. */
#define DEEPIDV_FACT_NOT_UTF8               32
/* A documented parameter occurs more than once with the same value. */
#define DEEPIDV_FACT_REPEATED_EQUAL         64
/* A second ? joins the parameters to the URL, as in /cb?a=b?session_id=s. It ends the
   preceding value. */
#define DEEPIDV_FACT_JOINED_TWICE          128

/*
 * Contents of a session URL
 *
 * Bits of deepidv_session_url.present.
 */
/* The URL has the documented form, which includes an id. */
#define DEEPIDV_SESSION_URL_HAS_SESSION_ID   1
#define DEEPIDV_SESSION_URL_HAS_ORG_ID       2  /* oid= is present. */
#define DEEPIDV_SESSION_URL_HAS_REDIRECT_URL 4  /* redirect_url= is present. */

/*
 * Kinds of completion
 *
 * Values of deepidv_event.kind: the function that submitted the operation.
 */
#define DEEPIDV_EVENT_SESSION_CREATE         1  /* deepidv_session_create_submit(). */
#define DEEPIDV_EVENT_SESSION_RECONCILE      2  /* deepidv_session_reconcile_submit(). */
#define DEEPIDV_EVENT_SESSION_RETRIEVE       3  /* deepidv_session_retrieve_submit(). */
#define DEEPIDV_EVENT_SESSION_LIST           4  /* deepidv_session_list_submit(). */
#define DEEPIDV_EVENT_REDIRECT_CONFIRM       5  /* deepidv_redirect_confirm_submit(). */
#define DEEPIDV_EVENT_SESSION_FIND_OR_CREATE 6  /* deepidv_session_find_or_create_submit(). */
#define DEEPIDV_EVENT_SESSION_UPDATE_STATUS  7  /* deepidv_session_update_status_submit(). */
#define DEEPIDV_EVENT_SESSION_WAIT           8  /* deepidv_session_wait_submit(). */

/*
 * Decisions
 *
 * Passed to deepidv_session_update_status(). Each has the number of the verdict that a
 * session has after it.
 */
#define DEEPIDV_DECISION_VERIFIED 1  /* The session is verified. */
#define DEEPIDV_DECISION_REJECTED 2  /* The session is rejected. */

/*
 * Verdicts
 *
 * Returned by deepidv_result_verdict(). Accept an applicant only for
 * DEEPIDV_VERDICT_VERIFIED. New verdicts may be added.
 */
/* Not known: the service could not be reached or refused the request (see the result's
   status), or it returned a status that this version does not know. Ask again later. */
#define DEEPIDV_VERDICT_UNKNOWN   0
#define DEEPIDV_VERDICT_VERIFIED  1  /* The session is verified. */
#define DEEPIDV_VERDICT_REJECTED  2  /* The session is rejected. */
/* The applicant has finished; there is no decision yet. Ask again later. */
#define DEEPIDV_VERDICT_SUBMITTED 3
/* The applicant has not finished, whatever the redirect says. The record may lag behind: if
   the redirect says success, ask again after a few seconds. */
#define DEEPIDV_VERDICT_PENDING   4
/* The session ended without a decision: it expired, was voided or failed, see
   deepidv_result_session_status(). Create a new session. */
#define DEEPIDV_VERDICT_EXPIRED   5
/* The redirect cannot be the one that the service sent for this session: the session id is
   missing or different, or a documented parameter occurs twice with different values. No
   request was sent. */
#define DEEPIDV_VERDICT_FORGED    6

/*
 * Facts about a result
 *
 * Bits of deepidv_result_facts() and deepidv_session.facts: parts of the response that
 * the result leaves out. They are not errors. deepidv_result_json() returns the whole
 * response.
 */
/* The session_url of the response is unsafe for a browser and was left out. The session was
   created nevertheless. */
#define DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED 1
/* The page had more sessions: more than requested, or entries without a usable id. */
#define DEEPIDV_RESULT_FACT_MORE_SESSIONS       2
/* The response had more links: more than 100, or some with a URL that is unsafe for a
   browser. */
#define DEEPIDV_RESULT_FACT_MORE_LINKS          4
#define DEEPIDV_RESULT_FACT_MORE_HINTS          8  /* The response had more than 100 hints. */

/*
 * Types of webhook
 *
 * Returned by deepidv_webhook_type(): the words of the contract, compared exactly. New
 * types may be added.
 */
/* A type that this version does not know: see deepidv_webhook_type_text(). */
#define DEEPIDV_WEBHOOK_OTHER             (-1)
/* "session.created": The session was created. */
#define DEEPIDV_WEBHOOK_SESSION_CREATED      1
/* "session.status.submitted": The applicant has finished; there is no decision yet. */
#define DEEPIDV_WEBHOOK_SESSION_SUBMITTED    2
/* "session.status.verified": The session is verified. */
#define DEEPIDV_WEBHOOK_SESSION_VERIFIED     3
/* "session.status.rejected": The session is rejected. */
#define DEEPIDV_WEBHOOK_SESSION_REJECTED     4
/* "session.status.failed": The session failed without a decision. */
#define DEEPIDV_WEBHOOK_SESSION_FAILED       5

/*
 * Sizes
 *
 * Buffer sizes in bytes.
 */
/* Large enough for a state of any version, with its NUL. */
#define DEEPIDV_STATE_SIZE            128
/* Large enough for any reconcile token, with its NUL. */
#define DEEPIDV_RECONCILE_TOKEN_SIZE 1088

/*
 * Log levels
 *
 * Values of the option log_level and of deepidv_log.level.
 */
#define DEEPIDV_LEVEL_OFF     0  /* "off": No records. */
/* "error": Somebody has to act: the outcome of an operation is unknown. */
#define DEEPIDV_LEVEL_ERROR   1
#define DEEPIDV_LEVEL_WARNING 2  /* "warning": Operations that failed, and 429s. */
#define DEEPIDV_LEVEL_INFO    3  /* "info": Operations that succeeded, retries and searches. */
#define DEEPIDV_LEVEL_DEBUG   4  /* "debug": Every request, response and connection. */

/*
 * Log records
 *
 * Values of deepidv_log.code, with the level and the meaning of deepidv_log.value. New
 * codes may be added.
 */
/* "lost": Warning. value: how many older records were dropped before this one. */
#define DEEPIDV_LOG_LOST      1
/* "submitted": Debug: an operation was accepted. value: its timeout in milliseconds. */
#define DEEPIDV_LOG_SUBMITTED 2
/* "connected": Debug: a connection was made. value: microseconds since the attempt began. */
#define DEEPIDV_LOG_CONNECTED 3
/* "attempt": Debug: a request and its response have ended; http_status is 0 if there was no
   response. value: microseconds since the attempt began. */
#define DEEPIDV_LOG_ATTEMPT   4
/* "stale": Debug: a kept connection was closed by the peer; the request is sent on a new
   one. value: 0. */
#define DEEPIDV_LOG_STALE     5
/* "throttled": Warning: the service returned 429. value: milliseconds of its Retry-After, or
   0. */
#define DEEPIDV_LOG_THROTTLED 6
/* "retry": Info: the request will be sent again. value: milliseconds until then; after a
   429, 0: when the rate limiter allows it. */
#define DEEPIDV_LOG_RETRY     7
/* "search": Info: the library will search for the session. value: milliseconds until then. */
#define DEEPIDV_LOG_SEARCH    8
/* "ended": The operation ended: info if its status is DEEPIDV_OK, error with
   DEEPIDV_E_OUTCOME_UNKNOWN, otherwise warning. value: microseconds since the submission. */
#define DEEPIDV_LOG_ENDED     9

/* ---- Objects --------------------------------------------------------------------- */

/** The options of a client. deepidv_client_new() copies them. */
typedef struct deepidv_config deepidv_config;

/** Connections to the service, a worker thread, and a completion queue. */
typedef struct deepidv_client deepidv_client;

/** The applicant to verify: the body of a Create Session request. */
typedef struct deepidv_session_request deepidv_session_request;

/** The outcome of one operation. Immutable, and independent of the client. */
typedef struct deepidv_result deepidv_result;

/** The secret keys of states. The first key signs; every key verifies. */
typedef struct deepidv_state_keys deepidv_state_keys;

/** The signing secrets of webhooks. Every secret verifies. */
typedef struct deepidv_webhook_secrets deepidv_webhook_secrets;

/** A webhook event whose signature was verified. Immutable. */
typedef struct deepidv_webhook deepidv_webhook;

/* ---- Structures ------------------------------------------------------------------ */

/*
 * The caller allocates these structs, so their members are public and their layout
 * never changes.
 */

/** A part of the caller's text, by position, so that the text may be moved. */
typedef struct deepidv_span {
  uint32_t offset; /* first byte */
  uint32_t length; /* bytes */
} deepidv_span;

/**
 * What the query of a redirect claims. Nothing in it is signed: anybody can type it.
 * Spans are raw parts of the parsed text; deepidv_span_decode() decodes them.
 */
typedef struct deepidv_redirect {
  uint32_t     present;          /* DEEPIDV_HAS_... bits */
  int32_t      status;           /* DEEPIDV_REDIRECT_... */
  int32_t      reason;           /* DEEPIDV_REASON_... */
  uint32_t     facts;            /* DEEPIDV_FACT_... bits */
  deepidv_span session_id;       /* session id */
  deepidv_span status_text;      /* status as received */
  deepidv_span reason_text;      /* reason as received */
  deepidv_span fragment;         /* what follows the # */
  deepidv_span repeated;         /* the conflicting value, with DEEPIDV_E_REPEATED */
  deepidv_span other_session_id; /* value of sessionId=, from the alternative form */
  uint32_t     reserved[4];      /* zero */
} deepidv_redirect;

/**
 * One query parameter, and the position of the next. Set it to zero to start at the
 * first. Spans are raw parts of the text; deepidv_span_decode() decodes them.
 */
typedef struct deepidv_param {
  deepidv_span name;        /* what precedes the first = */
  deepidv_span value;       /* what follows it */
  uint32_t     position;    /* where the search for the next one starts */
  uint32_t     reserved[3]; /* zero; the first holds the position of a second ? that joins
                               parameters */
} deepidv_param;

/**
 * The parts of a session URL in the documented form. Spans are raw parts of the text.
 */
typedef struct deepidv_session_url {
  uint32_t     present;      /* DEEPIDV_SESSION_URL_HAS_... bits */
  deepidv_span session_id;   /* session id */
  deepidv_span org_id;       /* organization id */
  deepidv_span redirect_url; /* where the browser goes afterwards */
  deepidv_span repeated;     /* the conflicting value, with DEEPIDV_E_REPEATED */
  uint32_t     reserved[3];  /* zero */
} deepidv_session_url;

/** One completion, taken from the queue by deepidv_client_next(). */
typedef struct deepidv_event {
  uint64_t op;          /* operation number from the _submit function */
  uint64_t tag;         /* the tag passed to the _submit function */
  int32_t  status;      /* a deepidv_status */
  uint32_t kind;        /* DEEPIDV_EVENT_... */
  uint32_t reserved[4]; /* zero */
} deepidv_event;

/**
 * The session of a result or of a webhook in one struct. Each member has the value that
 * the function beside it returns, or would return for the record in a webhook. Texts
 * are borrowed from the result or the webhook. An absent text is NULL with length 0.
 */
typedef struct deepidv_session {
  const char *id;              /* deepidv_result_session_id() */
  size_t      id_len;          /* its length in bytes */
  const char *url;             /* deepidv_result_session_url() */
  size_t      url_len;         /* its length in bytes */
  const char *external_id;     /* deepidv_result_external_id() */
  size_t      external_id_len; /* its length in bytes */
  const char *expires_at;      /* deepidv_result_expires_at() */
  size_t      expires_at_len;  /* its length in bytes */
  const char *status;          /* deepidv_result_session_status() */
  size_t      status_len;      /* its length in bytes */
  const char *progress;        /* deepidv_result_session_progress() */
  size_t      progress_len;    /* its length in bytes */
  const char *json;            /* deepidv_result_json() */
  size_t      json_len;        /* its length in bytes */
  uint64_t    elapsed_us;      /* deepidv_result_elapsed_us() */
  int32_t     http_status;     /* deepidv_result_http_status() */
  uint32_t    attempts;        /* deepidv_result_attempts() */
  uint32_t    link_count;      /* deepidv_result_link_count() */
  int32_t     reconciled;      /* deepidv_result_reconciled() */
  int32_t     verdict;         /* deepidv_result_verdict() */
  uint32_t    facts;           /* deepidv_result_facts() */
  int32_t     found;           /* deepidv_result_found() */
  uint32_t    reserved[3];     /* zero */
} deepidv_session;

/**
 * What a client has counted since it was created. Counters are updated one by one, so a
 * reader may see some of them a moment earlier than others. Requests include retries
 * and searches; operations do not.
 */
typedef struct deepidv_stats {
  uint64_t submitted;          /* operations that were accepted */
  uint64_t in_flight;          /* operations that have not ended */
  uint64_t succeeded;          /* operations that ended with DEEPIDV_OK */
  uint64_t not_executed;       /* operations that ended with DEEPIDV_E_NOT_SENT or
                                  DEEPIDV_E_NOT_PROCESSED */
  uint64_t outcome_unknown;    /* operations that ended with DEEPIDV_E_OUTCOME_UNKNOWN */
  uint64_t refused;            /* operations that the service refused: statuses 90 to 99 */
  uint64_t failed;             /* operations that ended with any other status */
  uint64_t cancelled;          /* operations, counted above too, whose cause is
                                  DEEPIDV_E_CANCELLED */
  uint64_t timed_out;          /* operations, counted above too, whose cause is
                                  DEEPIDV_E_TIMEOUT */
  uint64_t requests;           /* requests of which at least one byte was sent */
  uint64_t retries;            /* requests that were sent again, without the further requests
                                  of a wait */
  uint64_t searches;           /* requests that searched for the session of a create, or for
                                  a decision */
  uint64_t throttled;          /* responses with status 429 */
  uint64_t connections_opened; /* connections that were made */
  uint64_t connections_reused; /* requests on a connection that had carried one before */
  uint64_t connections_stale;  /* kept connections that turned out to be closed */
  uint64_t bytes_sent;         /* bytes of HTTP requests, before encryption */
  uint64_t bytes_received;     /* bytes of HTTP responses, after decryption */
  uint64_t logs_lost;          /* log records that were dropped because nobody took them */
  uint64_t elapsed_us;         /* microseconds of all operations that have ended, in total */
  uint64_t latency[32];        /* how many operations took how long: element i counts those
                                  of at least 2^i and less than 2^(i+1) microseconds; the
                                  first also those of less than 1, the last also longer ones */
  uint32_t reserved[16];       /* zero */
} deepidv_stats;

/**
 * A log record. It holds numbers only: no API key, no text of a request or a response.
 * A number that does not apply is 0.
 */
typedef struct deepidv_log {
  uint64_t time_us;     /* microseconds since 1970, by the system's clock */
  uint64_t op;          /* operation number */
  uint64_t tag;         /* the tag of the operation */
  uint64_t value;       /* see the code */
  int32_t  level;       /* DEEPIDV_LEVEL_... */
  int32_t  code;        /* DEEPIDV_LOG_... */
  uint32_t kind;        /* DEEPIDV_EVENT_... */
  int32_t  status;      /* status of the operation, if it has ended */
  int32_t  cause;       /* cause of the status, or what ended an attempt */
  int32_t  http_status; /* HTTP status of the latest response */
  uint32_t attempt;     /* how many times the request itself was sent */
  uint32_t reserved[5]; /* zero */
} deepidv_log;

/* ---- Version and status texts ---------------------------------------------------- */

/* Constant texts stay valid. */

/**
 * Returns the version of the loaded library.
 *
 * Returns: the version of the library, such as "0.1.0".
 * Threads: any.  Since 0.1.
 */
const char *deepidv_version(void);

/**
 * Returns the version of the loaded interface (ABI).
 *
 * A program needs the major number that it was compiled with, and at least that minor
 * number.
 *
 * Returns: major * 65536 + minor.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_abi_version(void);

/**
 * Returns the name of a status.
 *
 *   status  any number
 *
 * Returns: a name, such as "DEEPIDV_E_PHONE"; "DEEPIDV_E_?" for an unknown code.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_status_name(int32_t status);

/**
 * Returns what a status means. The text never contains data from outside the library.
 *
 *   status  any number
 *
 * Returns: one or two English sentences, also for an unknown code.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_status_text(int32_t status);

/**
 * Says what is wrong with the libcurl that is loaded; an empty text if all is well.
 *
 * Either it is too old or lacks a part that is needed, and deepidv_client_new() returns
 * DEEPIDV_E_LIBCURL; or it can be used, but its version is known to harm the program.
 * The text names the version that was found and the one that is wanted. Call it once
 * and log the text.
 *
 *   buffer    borrowed               the text; 256 bytes are always enough
 *   capacity                         size of buffer in bytes, with room for the NUL
 *   out_len   borrowed, may be NULL  its length in bytes without the NUL, also with
 *                                    DEEPIDV_E_BUFFER
 *
 * Returns: OK, E_NULL, E_LENGTH, E_BUFFER, E_NOMEM.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_libcurl_problem(char *buffer, size_t capacity, size_t *out_len);

/* ---- Configuration --------------------------------------------------------------- */

/*
 * The options of a client. Each has a typed setter, and a key for deepidv_config_set(),
 * so that a binding can set the options in a dictionary. The environment is read only
 * by deepidv_config_from_env(), and by deepidv_client_new() if use_environment is 1. In
 * a setuid or setgid program both treat it as empty.
 */

/**
 * Creates a config with the default value of every option and no API key.
 *
 *   out_config  owned  the new object; free it with deepidv_config_free()
 *
 * Returns: OK, E_NULL, E_NOMEM.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_config_new(deepidv_config **out_config);

/**
 * Frees a deepidv_config. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the config to free
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_config_free(deepidv_config *handle);

/**
 * Sets an option by its key.
 *
 * Pass numbers in decimal digits. deepidv_config_key() lists the keys.
 *
 *   config     borrowed  the config to change
 *   name       borrowed  the key of an option, such as "timeout_ms"
 *   name_len             its length in bytes, or DEEPIDV_NTS
 *   value      copied    the value, as for the typed setter
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_RANGE,
 *          E_HANDLE, E_KEY, E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO,
 *          E_PROXY_SCHEME.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set(
    deepidv_config *config,
    const char *name, size_t name_len,
    const char *value, size_t value_len);

/**
 * Returns one of the keys that deepidv_config_set() accepts.
 *
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: the key, or NULL after the last one.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_config_key(uint32_t index, size_t *out_len);

/**
 * Sets the secret API key. Key: api_key. Required.
 *
 *   config   borrowed  the config to change
 *   key      copied    1 to 512 printable ASCII bytes, no space
 *   key_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM, E_REQUIRED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, headers.
 */
deepidv_status deepidv_config_set_api_key(
    deepidv_config *config,
    const char *key, size_t key_len);

/**
 * Sets the URL of the service. Key: base_url. Default: https://api.deepidv.com.
 *
 * It must use https; http is accepted for a loopback host (127.0.0.0/8, [::1],
 * localhost) and for the hosts in allow_http_hosts, which must be set first. User info,
 * a query or a fragment is refused, even an empty one. A path is kept, and the paths of
 * the API are appended to it.
 *
 *   config   borrowed  the config to change
 *   url      copied    an absolute URL, up to 2,048 bytes
 *   url_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, base URL.
 */
deepidv_status deepidv_config_set_base_url(
    deepidv_config *config,
    const char *url, size_t url_len);

/**
 * Sets the timeout of an operation, from submission to completion. Key: timeout_ms.
 * Default: 25000.
 *
 * It includes all retries. A create or a decision is not sent when less than a fifth of
 * it is left, because it could hardly be answered in time. Keep it shorter than any
 * timeout that kills your process or its request. By default, gunicorn kills a worker
 * that is silent for 30 seconds: a create killed this way leaves no reconcile token,
 * and you cannot know whether the session exists.
 *
 *   config      borrowed  the config to change
 *   timeout_ms            milliseconds, 1 to 86,400,000
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_timeout_ms(deepidv_config *config, uint32_t timeout_ms);

/**
 * Sets the timeout for name lookup, TCP and TLS. Key: connect_timeout_ms. Default:
 * 5000.
 *
 *   config      borrowed  the config to change
 *   timeout_ms            milliseconds, 1 to 86,400,000
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_connect_timeout_ms(
    deepidv_config *config,
    uint32_t timeout_ms);

/**
 * Sets the maximum number of operations in flight, including waiting ones. Key:
 * max_in_flight. Default: 10000.
 *
 * Beyond it, operations are refused with DEEPIDV_E_BUSY. Completions that have not been
 * taken count too.
 *
 *   config  borrowed  the config to change
 *   count             operations, 1 to 1,000,000
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_max_in_flight(deepidv_config *config, uint32_t count);

/**
 * Sets the maximum number of requests per second. Key: rate_limit. Default: 25, the
 * limit of the service.
 *
 * All clients of this process with the same key, base URL and limits share it. When the
 * service returns 429, the rate drops to what the service has recently accepted and
 * then rises again, so that all processes with the same key get a share. A request that
 * cannot be sent in time fails at once with DEEPIDV_E_RATE_LIMITED, at submission or
 * when a 429 arrives; deepidv_result_retry_after_ms() returns how long to wait.
 *
 *   config      borrowed  the config to change
 *   per_second            requests per second, 0 to 10,000; 0 means no limit
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.  Contract: Limits.
 */
deepidv_status deepidv_config_set_rate_limit(deepidv_config *config, uint32_t per_second);

/**
 * Sets the maximum number of requests that are sent at once after an idle period. Key:
 * rate_burst. Default: 35.
 *
 *   config  borrowed  the config to change
 *   count             requests, 1 to 10,000
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.  Contract: Limits.
 */
deepidv_status deepidv_config_set_rate_burst(deepidv_config *config, uint32_t count);

/**
 * Sets whether a create may reuse a connection. Key: connection_reuse. Default: 1.
 *
 * With either value, a create that may have been executed is not sent again before
 * repeat_guard allows it. With 0, each create opens a new connection. That takes
 * longer, but the outcome cannot become unknown because the service closed an idle
 * connection at the same moment.
 *
 *   config  borrowed  the config to change
 *   value             0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_connection_reuse(deepidv_config *config, uint32_t value);

/**
 * Sets whether a create without an external id gets one. Key: make_external_id.
 * Default: 1.
 *
 * It lets the library find the session if the response is lost. It is unique and
 * random.
 *
 *   config  borrowed  the config to change
 *   value             0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_make_external_id(deepidv_config *config, uint32_t value);

/**
 * Sets whether repeated creates are guarded. Key: repeat_guard. Default: 1.
 *
 * The library remembers creates whose outcome is unknown. If the same request is made
 * again, it is not sent: the library searches for the session of the first one, and
 * returns it if it exists. If not, the outcome stays unknown, and the request is sent
 * when a search finds nothing after settle_ms. A create that cannot be searched for,
 * because its external id is missing or longer than 1,024 bytes, is sent after
 * settle_ms. After DEEPIDV_OK, the same request finds that session until twice
 * settle_ms after it was last sent; if deepidv_session_reconcile() or a search before
 * sending found it, it is forgotten at once. Requests are the same if all fields are,
 * apart from redirect_url, which a state makes different each time, and an external id
 * that the library made. The clients of a process with the same key and base URL share
 * this memory: the latest 1,024 creates, for up to a day.
 *
 *   config  borrowed  the config to change
 *   value             0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_repeat_guard(deepidv_config *config, uint32_t value);

/**
 * Sets how long the service may take to execute a create that it received. Key:
 * settle_ms. Default: 120000.
 *
 * Only repeat_guard uses it. If a create is executed later than this, and was sent
 * again by then, two sessions exist.
 *
 *   config     borrowed  the config to change
 *   settle_ms            milliseconds, 1 to 86,400,000
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_settle_ms(deepidv_config *config, uint32_t settle_ms);

/**
 * Sets the file of the trusted CA certificates. Key: ca_file. Default: the system's.
 *
 * deepidv_client_new() returns DEEPIDV_E_CA_FILE if it cannot read a certificate from
 * the file. An https:// proxy is verified with it too. Verification cannot be turned
 * off.
 *
 *   config    borrowed  the config to change
 *   path      copied    a PEM file, up to 4,095 bytes
 *   path_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_REQUIRED.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_ca_file(
    deepidv_config *config,
    const char *path, size_t path_len);

/**
 * Sets a proxy. Key: proxy. Default: none; see use_environment for HTTPS_PROXY.
 *
 * Put credentials into the URL, percent-encoded, as in http://user:p%40ss@proxy:3128;
 * an HTTP proxy receives them with Basic authentication. They are never printed.
 * deepidv_client_new() refuses a proxy for an http base URL with DEEPIDV_E_HTTP_PROXY,
 * because the proxy could read the API key.
 *
 *   config   borrowed  the config to change
 *   url      copied    an http://, https:// or socks5h:// URL without a path, up to
 *                      2,048 bytes; empty means none
 *   url_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM, E_URL, E_PROXY_SCHEME.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_proxy(
    deepidv_config *config,
    const char *url, size_t url_len);

/**
 * Sets a prefix for the User-Agent header. Key: user_agent. Default: empty.
 *
 *   config    borrowed  the config to change
 *   text      copied    up to 256 printable ASCII bytes
 *   text_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_user_agent(
    deepidv_config *config,
    const char *text, size_t text_len);

/**
 * Sets the hosts other than this machine that a base URL may use with http. Key:
 * allow_http_hosts. Default: none.
 *
 * Only for test doubles, such as http://emulator:8080 in a container network: the API
 * key and the applicant's data are sent unencrypted, to whichever host has that name.
 * Each entry is an exact host name or IP address without a port; there are no
 * wildcards. Set this option before the base URL; deepidv_client_new() checks both
 * again.
 *
 *   config     borrowed  the config to change
 *   hosts      copied    comma-separated names and addresses, up to 2,048 bytes; empty
 *                        means none
 *   hosts_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_allow_http_hosts(
    deepidv_config *config,
    const char *hosts, size_t hosts_len);

/**
 * Sets which log records deepidv_client_next_log() returns. Key: log_level. Default: 0,
 * off.
 *
 * deepidv_config_set() and the environment variable also accept the words: off, error,
 * warning, info, debug.
 *
 *   config  borrowed  the config to change
 *   level             DEEPIDV_LEVEL_..., 0 to 4: off, error, warning, info, debug
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_log_level(deepidv_config *config, uint32_t level);

/**
 * Sets whether the client reads the variables HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and
 * SSL_CERT_DIR, which other programs use too. Key: use_environment. Default: 0.
 *
 * deepidv_client_new() reads them once, for an https base URL. An option takes
 * precedence over its variables: proxy, even an empty one, over HTTPS_PROXY and
 * NO_PROXY; ca_file over SSL_CERT_FILE and SSL_CERT_DIR. Lower-case https_proxy and
 * no_proxy take precedence over upper-case ones. An unusable HTTPS_PROXY or
 * SSL_CERT_FILE is refused as the option would be. With 0, the client only checks
 * whether the variables are set: if a connection fails, the message of the result says
 * that a variable was not read. Do not create clients while another thread changes the
 * environment.
 *
 *   config  borrowed  the config to change
 *   value             0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_use_environment(deepidv_config *config, uint32_t value);

/**
 * Sets every option whose variable is in the environment.
 *
 * The name of a variable is DEEPIDV_ and the key in capitals: DEEPIDV_API_KEY,
 * DEEPIDV_BASE_URL and so on. The call stops at the first value that is refused. Do not
 * call it while another thread changes the environment.
 *
 *   config   borrowed               the config to change
 *   out_key  borrowed, may be NULL  the key of the refused option, or NULL; a constant
 *                                   text
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_RANGE,
 *          E_HANDLE, E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO, E_PROXY_SCHEME.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_from_env(deepidv_config *config, const char **out_key);

/* ---- Session request ------------------------------------------------------------- */

/*
 * The applicant and how to invite them. Each setter checks its value at once.
 * deepidv_session_request_validate() and the create itself check for missing fields.
 * Calling a setter again replaces the value.
 */

/**
 * Creates an empty request.
 *
 *   out_session_request  owned  the new object; free it with
 *                               deepidv_session_request_free()
 *
 * Returns: OK, E_NULL, E_NOMEM.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_session_request_new(deepidv_session_request **out_session_request);

/**
 * Frees a deepidv_session_request. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the request to free; operations created from it
 *                                  continue
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_session_request_free(deepidv_session_request *handle);

/**
 * Replaces the whole request with a JSON object.
 *
 * Members may use snake_case or camelCase; if both are present, camelCase wins. null
 * means absent. An unknown member is refused, so that a misspelled field is not
 * ignored. On failure the request is unchanged.
 *
 *   request     borrowed               the request to change
 *   json        copied                 one JSON object, up to 1 MiB
 *   json_len                           its length in bytes, or DEEPIDV_NTS
 *   out_field   borrowed, may be NULL  the refused field, in snake_case, or NULL; a
 *                                      constant text
 *   out_offset  borrowed, may be NULL  on failure, the byte offset at which parsing
 *                                      stopped
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_RANGE,
 *          E_HANDLE, E_NOMEM, E_REQUIRED, E_EMAIL, E_PHONE, E_URL, E_SCHEME,
 *          E_USERINFO, E_TYPE, E_FIELD, E_JSON, E_JSON_DEPTH, E_JSON_OBJECT,
 *          E_JSON_DUPLICATE, E_REPEATED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, fields and aliases.
 */
deepidv_status deepidv_session_request_set_json(
    deepidv_session_request *request,
    const char *json, size_t json_len,
    const char **out_field,
    size_t *out_offset);

/**
 * Sets first_name.
 *
 *   request    borrowed  the request to change
 *   value      copied    the applicant's first name, up to 65,536 bytes; required
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_REQUIRED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, first_name.
 */
deepidv_status deepidv_session_request_set_first_name(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Sets last_name.
 *
 *   request    borrowed  the request to change
 *   value      copied    the applicant's last name, up to 65,536 bytes; required
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_REQUIRED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, last_name.
 */
deepidv_status deepidv_session_request_set_last_name(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Sets email.
 *
 *   request    borrowed  the request to change
 *   value      copied    the applicant's e-mail address, up to 254 bytes; required
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_REQUIRED, E_EMAIL.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, email.
 */
deepidv_status deepidv_session_request_set_email(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Sets phone.
 *
 * The service may require at least 10 digits; the library accepts every E.164 number.
 *
 *   request    borrowed  the request to change
 *   value      copied    the applicant's phone number in E.164, such as +15192223333;
 *                        required
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_REQUIRED, E_PHONE.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, phone.
 */
deepidv_status deepidv_session_request_set_phone(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Sets external_id.
 *
 *   request    borrowed  the request to change
 *   value      copied    your own reference for this session, up to 65,536 bytes; use
 *                        each one only once
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_REQUIRED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, external_id.
 */
deepidv_status deepidv_session_request_set_external_id(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Sets whether the service sends the applicant an e-mail. Default: yes.
 *
 *   request  borrowed  the request to change
 *   value              0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, send_email_invite.
 */
deepidv_status deepidv_session_request_set_send_email_invite(
    deepidv_session_request *request,
    int32_t value);

/**
 * Sets whether the service sends the applicant a text message. Default: yes.
 *
 *   request  borrowed  the request to change
 *   value              0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, send_phone_invite.
 */
deepidv_status deepidv_session_request_set_send_phone_invite(
    deepidv_session_request *request,
    int32_t value);

/**
 * Sets workflow_id.
 *
 *   request    borrowed  the request to change
 *   value      copied    the workflow to run, up to 65,536 bytes; if not set, a
 *                        standalone verification
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_REQUIRED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, workflow_id.
 */
deepidv_status deepidv_session_request_set_workflow_id(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Sets redirect_url.
 *
 * The applicant's browser returns to this URL; see deepidv_redirect_parse(). A URL is
 * accepted if browsers open it, by the host rules of the URL standard. The host must be
 * in ASCII (xn-- for other scripts); the path, query and fragment may contain other
 * letters. DEEPIDV_E_REPEATED: the query already has a session_id, status or reason,
 * which the service adds itself.
 *
 *   request    borrowed  the request to change
 *   value      copied    an https URL with a host and no user info, up to 8,192 bytes
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO, E_REPEATED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, redirect_url.
 */
deepidv_status deepidv_session_request_set_redirect_url(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Sets the number of hours after which the session expires.
 *
 *   request  borrowed  the request to change
 *   hours              hours, 1 to 8,760
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 * Contract: Create session, expires_in_hours (documented elsewhere by the vendor).
 */
deepidv_status deepidv_session_request_set_expires_in_hours(
    deepidv_session_request *request,
    uint32_t hours);

/**
 * Sets whether deepidv_session_create() first searches for a session with this external
 * id. Default: no.
 *
 * The create is then the same as deepidv_session_find_or_create(). It is not a field of
 * the service, and deepidv_session_request_set_json() leaves it unchanged. The request
 * must have an external id.
 *
 *   request  borrowed  the request to change
 *   value              0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_session_request_set_search_first(
    deepidv_session_request *request,
    int32_t value);

/**
 * Sets the trace that the create belongs to. Default: none.
 *
 * Each request of the operation is sent with the header traceparent, as in W3C Trace
 * Context. It is not a field of the service: deepidv_session_request_set_json() leaves
 * it unchanged, and creates that differ only in it are the same for repeat_guard. An
 * empty text removes it.
 *
 *   request    borrowed  the request to change
 *   value      copied    such as
 *                        00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, or
 *                        empty
 *   value_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_HANDLE, E_TRACEPARENT.
 * Threads: exclusive.  Since 0.1.  Contract: https://www.w3.org/TR/trace-context/.
 */
deepidv_status deepidv_session_request_set_traceparent(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Checks that the request has all required fields.
 *
 * With search_first, external_id is required. DEEPIDV_E_TOO_LONG: it has more than
 * 1,024 bytes, and cannot be searched for.
 *
 *   request    borrowed               the request to check
 *   out_field  borrowed, may be NULL  the first field that is missing or too long, in
 *                                     snake_case, or NULL; a constant text
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_HANDLE, E_REQUIRED.
 * Threads: any.  Since 0.1.  Contract: Create session, required fields.
 */
deepidv_status deepidv_session_request_validate(
    const deepidv_session_request *request,
    const char **out_field);

/* ---- Client ---------------------------------------------------------------------- */

/*
 * One client serves a whole process. A program either makes blocking calls, or submits
 * operations, watches deepidv_client_fd() in its event loop and takes completions with
 * deepidv_client_next().
 */

/**
 * Creates a client. It opens no connection and starts no thread before the first
 * operation.
 *
 * Checks the options against each other. DEEPIDV_E_SCHEME: the host of an http base URL
 * is no longer in allow_http_hosts. DEEPIDV_E_LIBCURL: deepidv_libcurl_problem() says
 * why. DEEPIDV_E_HTTP_PROXY: an http base URL has a proxy. With use_environment, the
 * value of a variable can also be refused, with the status that its option would
 * return.
 *
 *   config      copied  the options; an API key is required
 *   out_client  owned   the new object; free it with deepidv_client_free()
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_UTF8, E_CONTROL, E_HANDLE, E_NOMEM, E_SYSTEM,
 *          E_LIBCURL, E_REQUIRED, E_URL, E_SCHEME, E_CA_FILE, E_HTTP_PROXY,
 *          E_PROXY_SCHEME.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_new(const deepidv_config *config, deepidv_client **out_client);

/**
 * Closes a client: it accepts no more operations and cancels those in flight.
 *
 * deepidv_client_next() still returns their completions. Closing it again does nothing.
 *
 *   client  borrowed  the client
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_close(deepidv_client *client);

/**
 * Frees a deepidv_client. NULL is allowed.
 *
 * Closes the client and drops completions that were not taken. Does not wait for the
 * network. No other thread may be inside a call on it.
 *
 *   handle  consumed, may be NULL  the client to free
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_client_free(deepidv_client *handle);

/**
 * Returns a file descriptor that is readable if and only if a completion can be taken.
 *
 * Use it with poll, epoll or any event loop, level-triggered or edge-triggered. It
 * belongs to the client: do not read, write or close it.
 *
 *   client  borrowed  the client
 *
 * Returns: a descriptor, or -1 if the client is NULL, not a client, or was created
 *          before a fork.
 * Threads: any.  Since 0.1.
 */
int deepidv_client_fd(deepidv_client *client);

/**
 * Takes one completion from the queue. Never blocks.
 *
 * DEEPIDV_E_EMPTY: there is none at present. DEEPIDV_E_CLOSED: the client is closed and
 * no more will come.
 *
 *   client      borrowed  the client
 *   out_event   borrowed  the completion
 *   out_result  owned     its result; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED, E_CLOSED, E_EMPTY.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_next(
    deepidv_client *client,
    deepidv_event *out_event,
    deepidv_result **out_result);

/**
 * Waits for one submitted operation and takes its completion.
 *
 * Together with a _submit function it forms a blocking call that can be interrupted:
 * wait with short timeouts, handle your runtime's signals in between, and to stop,
 * cancel the operation and call this function once more. deepidv_client_next() does not
 * return a completion that was taken here. As in a blocking call, the waiting thread
 * does network I/O if no other thread does. DEEPIDV_E_TIMEOUT: the operation is still
 * in flight. DEEPIDV_E_NO_OPERATION: no operation has this number, or its completion
 * was already taken.
 *
 *   client      borrowed  the client
 *   op                    operation number from the _submit function
 *   timeout_ms            milliseconds; 0 does not wait, -1 waits without limit
 *   out_event   borrowed  the completion
 *   out_result  owned     its result; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_HANDLE, E_NOMEM, E_FORKED, E_TIMEOUT, E_NO_OPERATION.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_take(
    deepidv_client *client,
    uint64_t op,
    int32_t timeout_ms,
    deepidv_event *out_event,
    deepidv_result **out_result);

/**
 * Blocks until a completion can be taken.
 *
 *   client      borrowed  the client
 *   timeout_ms            milliseconds; 0 does not wait, -1 waits without limit
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED, E_CLOSED, E_TIMEOUT.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_wait(deepidv_client *client, int32_t timeout_ms);

/**
 * Paces a client from outside: gives it permits, and waits until its requests need
 * more.
 *
 * For a rate that several processes share, for example through Redis. From the first
 * call on, the client sends a request only with a permit, which the request uses up:
 * also each retry, and each search that the library makes by itself. The rate limiter
 * of the client still applies. The call then waits until more requests wait than there
 * are permits; get permits for them, and call it again with these, from a thread that
 * does nothing else. Permits that are not used are kept. If no call begins within
 * lease_ms after the last one has returned, the permits are dropped, and only the rate
 * limiter applies again; of several leases the longest counts. With lease_ms 0 that
 * happens at once: the call does not wait, and those that wait return. An operation
 * that gets no permit before its timeout ends with what its last attempt returned;
 * without one, a create or a decision ends with DEEPIDV_E_NOT_SENT, and a lookup with
 * DEEPIDV_E_TIMEOUT.
 *
 *   client       borrowed               the client
 *   permits                             requests that may be sent, in addition to
 *                                       earlier permits
 *   lease_ms                            milliseconds for which permits are required; 0
 *                                       ends it
 *   timeout_ms                          milliseconds; 0 does not wait, -1 waits without
 *                                       limit
 *   out_missing  borrowed, may be NULL  how many more permits the requests that wait
 *                                       need; 0 after the timeout
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED, E_CLOSED.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_grant(
    deepidv_client *client,
    uint32_t permits,
    uint32_t lease_ms,
    int32_t timeout_ms,
    uint64_t *out_missing);

/**
 * Cancels a submitted operation.
 *
 * It still completes. A create completes with DEEPIDV_E_NOT_SENT if it had not been
 * sent, and with DEEPIDV_E_OUTCOME_UNKNOWN if it had: cancelling does not undo it at
 * the service. A lookup completes with DEEPIDV_E_CANCELLED, or with the failure of its
 * last attempt.
 *
 *   client  borrowed  the client
 *   op                operation number from the _submit function
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED, E_NO_OPERATION.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_cancel(deepidv_client *client, uint64_t op);

/* ---- Create session -------------------------------------------------------------- */

/*
 * POST /v1/sessions. Every accepted request creates a session, costs tokens and, by
 * default, sends an e-mail and a text message. The service has no idempotency key. The
 * library therefore retries a create only if it was certainly not executed, and always
 * within the timeout of the operation. If the outcome is unknown, the library uses the
 * remaining time to search for the session by its external id. If it does not find it,
 * the status is DEEPIDV_E_OUTCOME_UNKNOWN and deepidv_result_cause() returns the
 * reason. The service may still execute such a create later: repeat it only from the
 * same process, whose repeat_guard then searches before it sends, or search with
 * deepidv_session_reconcile() after a minute or two. From another process, such as a
 * job queue that delivers a job again, use deepidv_session_find_or_create(). Use each
 * external id for one create only, because two creates with the same id cannot be told
 * apart. The library cannot search for an external id of more than 1,024 bytes.
 */

/**
 * Creates a session and waits for the result.
 *
 * An invalid request is refused before anything is sent, and deepidv_result_field()
 * returns the field. You may change or free the request as soon as the call returns.
 * The call returns the status of the result.
 *
 *   client      borrowed  the client to send with
 *   request     borrowed  the applicant
 *   out_result  owned     the result, also on failure; NULL only if an argument was
 *                         invalid, the client accepts no more operations, or memory ran
 *                         out; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED, E_FORKED,
 *          E_CLOSED, E_BUSY, E_NOT_SENT, E_NOT_PROCESSED, E_OUTCOME_UNKNOWN,
 *          E_DUPLICATE, E_BAD_REQUEST, E_UNAUTHORIZED, E_BALANCE, E_FORBIDDEN,
 *          E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED, E_REDIRECTED.
 * Threads: any.  Since 0.1.  Contract: Create session.
 */
deepidv_status deepidv_session_create(
    deepidv_client *client,
    const deepidv_session_request *request,
    deepidv_result **out_result);

/**
 * Creates a session without waiting.
 *
 * If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion
 * for it, whatever happens; it is available at once if the request could not be sent
 * before its timeout. With any other status there is no completion.
 *
 *   client   borrowed               the client to send with
 *   request  borrowed               the applicant
 *   tag                             any number; returned with the completion
 *   out_op   borrowed, may be NULL  operation number, for deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED, E_FORKED,
 *          E_CLOSED, E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Create session.
 */
deepidv_status deepidv_session_create_submit(
    deepidv_client *client,
    const deepidv_session_request *request,
    uint64_t tag,
    uint64_t *out_op);

/**
 * Searches for the session with the external id of the request, and creates it if there
 * is none.
 *
 * For callers that may run twice, such as the jobs of a queue. Sessions of any age
 * count. If there is one, it is the result: deepidv_result_found() and
 * deepidv_result_reconciled() return 1, and there is no session URL, because the
 * service returns the URL only once, to the create. Several sessions are
 * DEEPIDV_E_DUPLICATE. If the search fails, the status is DEEPIDV_E_NOT_SENT, or the
 * refusal of the service. The session is created only if the service lists none. Two
 * processes that call this at the same moment both find none, and create two sessions;
 * so does a call while an earlier create has not been executed yet. To exclude both,
 * let only one process at a time run the job, and deliver it again after a minute at
 * the earliest. The call returns the status of the result.
 *
 *   client      borrowed  the client to send with
 *   request     borrowed  the applicant; the external id is required, with up to 1,024
 *                         bytes
 *   out_result  owned     the result, also on failure; NULL only if an argument was
 *                         invalid, the client accepts no more operations, or memory ran
 *                         out; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED, E_FORKED,
 *          E_CLOSED, E_BUSY, E_NOT_SENT, E_NOT_PROCESSED, E_OUTCOME_UNKNOWN,
 *          E_DUPLICATE, E_BAD_REQUEST, E_UNAUTHORIZED, E_BALANCE, E_FORBIDDEN,
 *          E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED, E_REDIRECTED.
 * Threads: any.  Since 0.1.  Contract: Create session: how a lost session is found.
 */
deepidv_status deepidv_session_find_or_create(
    deepidv_client *client,
    const deepidv_session_request *request,
    deepidv_result **out_result);

/**
 * Finds or creates a session without waiting.
 *
 * If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion
 * for it, whatever happens; it is available at once if the request could not be sent
 * before its timeout. With any other status there is no completion.
 *
 *   client   borrowed               the client to send with
 *   request  borrowed               the applicant; the external id is required, with up
 *                                   to 1,024 bytes
 *   tag                             any number; returned with the completion
 *   out_op   borrowed, may be NULL  operation number, for deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED, E_FORKED,
 *          E_CLOSED, E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Create session: how a lost session is found.
 */
deepidv_status deepidv_session_find_or_create_submit(
    deepidv_client *client,
    const deepidv_session_request *request,
    uint64_t tag,
    uint64_t *out_op);

/* ---- Look up sessions ------------------------------------------------------------ */

/*
 * These requests are safe to repeat: the library retries them on network failures,
 * within the timeout of the operation. If no response arrives, the status is the cause
 * itself, such as DEEPIDV_E_TIMEOUT.
 */

/**
 * Retrieves the record of a session. Only the record confirms an outcome.
 *
 * deepidv_result_session_status() returns its status, in the service's words. The
 * status is DEEPIDV_E_ANSWER_FOREIGN if the record is that of another session, which
 * means that none of its members id, idv_id and session_id is the requested id. The
 * call returns the status of the result.
 *
 *   client          borrowed  the client to send with
 *   session_id      copied    the session's id, up to 1,024 bytes
 *   session_id_len            its length in bytes, or DEEPIDV_NTS
 *   out_result      owned     the result, also on failure; NULL only if an argument was
 *                             invalid, the client accepts no more operations, or memory
 *                             ran out; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_JSON_DUPLICATE, E_FORKED, E_CLOSED, E_BUSY,
 *          E_TIMEOUT, E_CANCELLED, E_BAD_REQUEST, E_UNAUTHORIZED, E_BALANCE,
 *          E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED, E_REDIRECTED,
 *          E_RESOLVE, E_CONNECT, E_TLS, E_PROXY, E_CONNECTION_LOST, E_SERVER,
 *          E_ANSWER_EMPTY, E_ANSWER_CUT, E_ANSWER_TOO_LARGE, E_ANSWER_UTF8,
 *          E_ANSWER_JSON, E_ANSWER_NO_ID, E_ANSWER_HTTP, E_NETWORK, E_ANSWER_FOREIGN,
 *          E_TLS_UNTRUSTED, E_TLS_NAME, E_TLS_DATE, E_ANSWER_ENCODING.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_session_retrieve(
    deepidv_client *client,
    const char *session_id, size_t session_id_len,
    deepidv_result **out_result);

/**
 * Retrieves the record of a session without waiting.
 *
 * If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion
 * for it, whatever happens; it is available at once if the request could not be sent
 * before its timeout. With any other status there is no completion.
 *
 *   client          borrowed               the client to send with
 *   session_id      copied                 the session's id, up to 1,024 bytes
 *   session_id_len                         its length in bytes, or DEEPIDV_NTS
 *   tag                                    any number; returned with the completion
 *   out_op          borrowed, may be NULL  operation number, for
 *                                          deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_FORKED, E_CLOSED, E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_session_retrieve_submit(
    deepidv_client *client,
    const char *session_id, size_t session_id_len,
    uint64_t tag,
    uint64_t *out_op);

/**
 * Retrieves a page of the list of sessions.
 *
 * deepidv_result_session_count() returns the number of sessions,
 * deepidv_result_next_token() the token for the next page. If external_id is given and
 * a session on the page has another external id or none, the status is
 * DEEPIDV_E_ANSWER_FOREIGN: the service ignored the filter. If the next_token of a page
 * equals the token that requested it, the status is DEEPIDV_E_ANSWER_LOOP, because the
 * list would never end. A single call cannot detect a cycle of several tokens: when you
 * loop over pages, stop at a token that you have already used, or after a maximum
 * number of pages. The call returns the status of the result.
 *
 *   client           borrowed             the client to send with
 *   external_id      copied, may be NULL  only sessions with this external id; NULL for
 *                                         all sessions of the API key
 *   external_id_len                       its length in bytes, or DEEPIDV_NTS
 *   limit                                 maximum number of sessions on the page, 1 to
 *                                         500; 0 for the default of the service, 50
 *   next_token       copied, may be NULL  from the previous page; NULL for the first
 *                                         page
 *   next_token_len                        its length in bytes, or DEEPIDV_NTS
 *   out_result       owned                the result, also on failure; NULL only if an
 *                                         argument was invalid, the client accepts no
 *                                         more operations, or memory ran out; free it
 *                                         with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_RANGE, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_JSON_DUPLICATE, E_FORKED, E_CLOSED, E_BUSY,
 *          E_TIMEOUT, E_CANCELLED, E_BAD_REQUEST, E_UNAUTHORIZED, E_BALANCE,
 *          E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED, E_REDIRECTED,
 *          E_RESOLVE, E_CONNECT, E_TLS, E_PROXY, E_CONNECTION_LOST, E_SERVER,
 *          E_ANSWER_EMPTY, E_ANSWER_CUT, E_ANSWER_TOO_LARGE, E_ANSWER_UTF8,
 *          E_ANSWER_JSON, E_ANSWER_NO_ID, E_ANSWER_HTTP, E_NETWORK, E_ANSWER_FOREIGN,
 *          E_TLS_UNTRUSTED, E_TLS_NAME, E_TLS_DATE, E_ANSWER_LOOP, E_ANSWER_ENCODING.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_session_list(
    deepidv_client *client,
    const char *external_id, size_t external_id_len,
    uint32_t limit,
    const char *next_token, size_t next_token_len,
    deepidv_result **out_result);

/**
 * Retrieves a page of the list of sessions without waiting.
 *
 * If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion
 * for it, whatever happens; it is available at once if the request could not be sent
 * before its timeout. With any other status there is no completion.
 *
 *   client           borrowed               the client to send with
 *   external_id      copied, may be NULL    only sessions with this external id; NULL
 *                                           for all sessions of the API key
 *   external_id_len                         its length in bytes, or DEEPIDV_NTS
 *   limit                                   maximum number of sessions on the page, 1
 *                                           to 500; 0 for the default of the service,
 *                                           50
 *   next_token       copied, may be NULL    from the previous page; NULL for the first
 *                                           page
 *   next_token_len                          its length in bytes, or DEEPIDV_NTS
 *   tag                                     any number; returned with the completion
 *   out_op           borrowed, may be NULL  operation number, for
 *                                           deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_RANGE, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_FORKED, E_CLOSED, E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_session_list_submit(
    deepidv_client *client,
    const char *external_id, size_t external_id_len,
    uint32_t limit,
    const char *next_token, size_t next_token_len,
    uint64_t tag,
    uint64_t *out_op);

/**
 * Searches for the session of a create whose outcome is unknown.
 *
 * The library repeats the search at growing intervals, while another one fits into the
 * timeout. It succeeds if exactly one session has the external id and was created after
 * the request was sent; then deepidv_result_reconciled() returns 1. Several sessions
 * are DEEPIDV_E_DUPLICATE. If there is none, the status is still
 * DEEPIDV_E_OUTCOME_UNKNOWN. It is also DEEPIDV_E_OUTCOME_UNKNOWN if there are more
 * pages, which may have more such sessions, or if the rate limit prevented the search;
 * see the cause. Any process with the same API key can make this call. The call returns
 * the status of the result.
 *
 *   client      borrowed  the client to send with
 *   token       copied    from deepidv_result_reconcile_token()
 *   token_len             its length in bytes, or DEEPIDV_NTS
 *   out_result  owned     the result, also on failure; NULL only if an argument was
 *                         invalid, the client accepts no more operations, or memory ran
 *                         out; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_TOKEN, E_FORKED, E_CLOSED, E_BUSY, E_OUTCOME_UNKNOWN,
 *          E_DUPLICATE.
 * Threads: any.  Since 0.1.  Contract: Create session: how a lost session is found.
 */
deepidv_status deepidv_session_reconcile(
    deepidv_client *client,
    const char *token, size_t token_len,
    deepidv_result **out_result);

/**
 * Searches for a session without waiting.
 *
 * If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion
 * for it, whatever happens; it is available at once if the request could not be sent
 * before its timeout. With any other status there is no completion.
 *
 *   client     borrowed               the client to send with
 *   token      copied                 from deepidv_result_reconcile_token()
 *   token_len                         its length in bytes, or DEEPIDV_NTS
 *   tag                               any number; returned with the completion
 *   out_op     borrowed, may be NULL  operation number, for deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_TOKEN, E_FORKED, E_CLOSED, E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Create session: how a lost session is found.
 */
deepidv_status deepidv_session_reconcile_submit(
    deepidv_client *client,
    const char *token, size_t token_len,
    uint64_t tag,
    uint64_t *out_op);

/**
 * Writes the token for deepidv_session_reconcile() without a result.
 *
 * For programs that record a create before they send it, so that they can search for
 * its session if they are killed before they get the result. With a result, use
 * deepidv_result_reconcile_token().
 *
 *   external_id      borrowed               the external id of the create, 1 to 1,024
 *                                           bytes
 *   external_id_len                         its length in bytes, or DEEPIDV_NTS
 *   sent_at_s                               when it is sent, or shortly before: seconds
 *                                           since 1970, 0 to 999,999,999,999
 *   buffer           borrowed               the token; DEEPIDV_RECONCILE_TOKEN_SIZE
 *                                           bytes are always enough
 *   capacity                                size of buffer in bytes, with room for the
 *                                           NUL
 *   out_len          borrowed, may be NULL  its length in bytes without the NUL, also
 *                                           with DEEPIDV_E_BUFFER
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_RANGE, E_BUFFER, E_NOMEM,
 *          E_REQUIRED.
 * Threads: any.  Since 0.1.  Contract: Create session: how a lost session is found.
 */
deepidv_status deepidv_reconcile_token(
    const char *external_id, size_t external_id_len,
    uint64_t sent_at_s,
    char *buffer, size_t capacity,
    size_t *out_len);

/* ---- Decisions ------------------------------------------------------------------- */

/*
 * Decide about a session yourself, or wait until it is decided. A server learns about
 * decisions by webhook; deepidv_session_wait() is for scripts, tests and tools.
 */

/**
 * Verifies or rejects a session.
 *
 * DEEPIDV_OK: the service returned the session's record, and its status is the one
 * requested. The library retries the request only if it was certainly not executed,
 * because each execution may send webhooks and e-mails. If the response is lost, it
 * retrieves the record until the record shows the decision; then
 * deepidv_result_reconciled() returns 1. If the record does not show it before the
 * timeout, the status is DEEPIDV_E_OUTCOME_UNKNOWN: the service may still execute the
 * request. deepidv_result_session_status() then returns the status of the session when
 * it was last seen, or NULL if it was not seen. Retrieve the session after a minute or
 * two, before you send another decision. The call returns the status of the result.
 *
 *   client          borrowed  the client to send with
 *   session_id      copied    the session's id, up to 1,024 bytes
 *   session_id_len            its length in bytes, or DEEPIDV_NTS
 *   decision                  one of DEEPIDV_DECISION_..., such as
 *                             DEEPIDV_DECISION_VERIFIED
 *   out_result      owned     the result, also on failure; NULL only if an argument was
 *                             invalid, the client accepts no more operations, or memory
 *                             ran out; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_RANGE, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_FORKED, E_CLOSED, E_BUSY, E_NOT_SENT,
 *          E_NOT_PROCESSED, E_OUTCOME_UNKNOWN, E_BAD_REQUEST, E_UNAUTHORIZED,
 *          E_BALANCE, E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED,
 *          E_REDIRECTED.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_session_update_status(
    deepidv_client *client,
    const char *session_id, size_t session_id_len,
    int32_t decision,
    deepidv_result **out_result);

/**
 * Verifies or rejects a session without waiting.
 *
 * If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion
 * for it, whatever happens; it is available at once if the request could not be sent
 * before its timeout. With any other status there is no completion.
 *
 *   client          borrowed               the client to send with
 *   session_id      copied                 the session's id, up to 1,024 bytes
 *   session_id_len                         its length in bytes, or DEEPIDV_NTS
 *   decision                               one of DEEPIDV_DECISION_..., such as
 *                                          DEEPIDV_DECISION_VERIFIED
 *   tag                                    any number; returned with the completion
 *   out_op          borrowed, may be NULL  operation number, for
 *                                          deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_RANGE, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_FORKED, E_CLOSED, E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_session_update_status_submit(
    deepidv_client *client,
    const char *session_id, size_t session_id_len,
    int32_t decision,
    uint64_t tag,
    uint64_t *out_op);

/**
 * Waits until a session has ended: until it is decided, or cannot be any more.
 *
 * Retrieves the session, within the rate limit. It asks at once, then after pauses of
 * 0.5, 1, 2, 4, 8 and 15 seconds, then every 30 seconds (each up to a fifth shorter or
 * longer), and a last time one second before the timeout. It ends with DEEPIDV_OK as
 * soon as the status is VERIFIED, REJECTED, EXPIRED, VOIDED or FAILED;
 * deepidv_result_verdict() tells which. It ends with DEEPIDV_E_TIMEOUT, and the record
 * that was last retrieved, when there is no time for another request: up to a second
 * before the timeout, and after one request if the timeout is shorter than about 1.25
 * s. If the service refuses a request, it ends with that status. Network failures do
 * not end it; they are its status only if no record could be retrieved. It counts as
 * one operation in flight, and uses no connection while it pauses; but each wait costs
 * a request every 30 seconds of the rate limit, which other operations queue for: run a
 * few hundred at most. The timeout of the client does not apply. The call returns the
 * status of the result.
 *
 *   client          borrowed  the client to send with
 *   session_id      copied    the session's id, up to 1,024 bytes
 *   session_id_len            its length in bytes, or DEEPIDV_NTS
 *   timeout_ms                milliseconds to wait at most, 1 to 86,400,000
 *   out_result      owned     the result, also on failure; NULL only if an argument was
 *                             invalid, the client accepts no more operations, or memory
 *                             ran out; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_RANGE, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_JSON_DUPLICATE, E_FORKED, E_CLOSED, E_BUSY,
 *          E_TIMEOUT, E_CANCELLED, E_BAD_REQUEST, E_UNAUTHORIZED, E_BALANCE,
 *          E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED, E_REDIRECTED,
 *          E_RESOLVE, E_CONNECT, E_TLS, E_PROXY, E_CONNECTION_LOST, E_SERVER,
 *          E_ANSWER_EMPTY, E_ANSWER_CUT, E_ANSWER_TOO_LARGE, E_ANSWER_UTF8,
 *          E_ANSWER_JSON, E_ANSWER_NO_ID, E_ANSWER_HTTP, E_NETWORK, E_ANSWER_FOREIGN,
 *          E_TLS_UNTRUSTED, E_TLS_NAME, E_TLS_DATE, E_ANSWER_ENCODING.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update: status.
 */
deepidv_status deepidv_session_wait(
    deepidv_client *client,
    const char *session_id, size_t session_id_len,
    uint32_t timeout_ms,
    deepidv_result **out_result);

/**
 * Waits until a session has ended, without blocking.
 *
 * If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion
 * for it, whatever happens; it is available at once if the request could not be sent
 * before its timeout. With any other status there is no completion.
 *
 *   client          borrowed               the client to send with
 *   session_id      copied                 the session's id, up to 1,024 bytes
 *   session_id_len                         its length in bytes, or DEEPIDV_NTS
 *   timeout_ms                             milliseconds to wait at most, 1 to
 *                                          86,400,000
 *   tag                                    any number; returned with the completion
 *   out_op          borrowed, may be NULL  operation number, for
 *                                          deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_RANGE, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_FORKED, E_CLOSED, E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update: status.
 */
deepidv_status deepidv_session_wait_submit(
    deepidv_client *client,
    const char *session_id, size_t session_id_len,
    uint32_t timeout_ms,
    uint64_t tag,
    uint64_t *out_op);

/* ---- Result ---------------------------------------------------------------------- */

/*
 * The outcome of an operation, successful or not. Texts belong to the result. If the
 * result is NULL or another kind of object, texts are NULL and numbers 0.
 * deepidv_result_session() returns all session data in one call. Texts from the
 * response are returned unchanged. A text that contains a control character, including
 * NUL, is treated as absent, and an id with one as missing; in your external id only
 * NUL is forbidden. An id has at most 1,024 bytes. URLs are safe to open in a browser:
 * they use https, or http to this machine (localhost, 127.0.0.0/8, [::1]), and contain
 * no control characters, spaces, backslashes or user info; other URLs are treated as
 * absent. A result has at most as many sessions as requested, 100 links and 100 hints;
 * deepidv_result_facts() shows what was left out.
 */

/**
 * Frees a deepidv_result. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the result to free, with all texts read from it
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_result_free(deepidv_result *handle);

/**
 * Returns the status of the operation. For a create, DEEPIDV_OK means that the session
 * exists.
 *
 *   result  borrowed  the result to read
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED,
 *          E_JSON_DUPLICATE, E_REPEATED, E_MISMATCH, E_TIMEOUT, E_CANCELLED,
 *          E_NOT_SENT, E_NOT_PROCESSED, E_OUTCOME_UNKNOWN, E_DUPLICATE, E_BAD_REQUEST,
 *          E_UNAUTHORIZED, E_BALANCE, E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED,
 *          E_REFUSED, E_REDIRECTED, E_RESOLVE, E_CONNECT, E_TLS, E_PROXY,
 *          E_CONNECTION_LOST, E_SERVER, E_ANSWER_EMPTY, E_ANSWER_CUT,
 *          E_ANSWER_TOO_LARGE, E_ANSWER_UTF8, E_ANSWER_JSON, E_ANSWER_NO_ID,
 *          E_ANSWER_HTTP, E_NETWORK, E_ANSWER_FOREIGN, E_TLS_UNTRUSTED, E_TLS_NAME,
 *          E_TLS_DATE, E_ANSWER_LOOP, E_ANSWER_ENCODING.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_result_status(const deepidv_result *result);

/**
 * Returns the cause of the status.
 *
 * For DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_PROCESSED and DEEPIDV_E_OUTCOME_UNKNOWN, the
 * specific reason, such as DEEPIDV_E_CONNECT or DEEPIDV_E_TIMEOUT. Otherwise the same
 * as the status.
 *
 *   result  borrowed  the result to read
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED,
 *          E_JSON_DUPLICATE, E_REPEATED, E_MISMATCH, E_TIMEOUT, E_CANCELLED,
 *          E_NOT_SENT, E_NOT_PROCESSED, E_OUTCOME_UNKNOWN, E_DUPLICATE, E_BAD_REQUEST,
 *          E_UNAUTHORIZED, E_BALANCE, E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED,
 *          E_REFUSED, E_REDIRECTED, E_RESOLVE, E_CONNECT, E_TLS, E_PROXY,
 *          E_CONNECTION_LOST, E_SERVER, E_ANSWER_EMPTY, E_ANSWER_CUT,
 *          E_ANSWER_TOO_LARGE, E_ANSWER_UTF8, E_ANSWER_JSON, E_ANSWER_NO_ID,
 *          E_ANSWER_HTTP, E_NETWORK, E_ANSWER_FOREIGN, E_TLS_UNTRUSTED, E_TLS_NAME,
 *          E_TLS_DATE, E_ANSWER_LOOP, E_ANSWER_ENCODING.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_result_cause(const deepidv_result *result);

/**
 * Returns the HTTP status of the final response.
 *
 *   result  borrowed  the result to read
 *
 * Returns: 200 to 599, or 0 if there was no response.
 * Threads: any.  Since 0.1.
 */
int32_t deepidv_result_http_status(const deepidv_result *result);

/**
 * Returns an error message for people, or NULL on success.
 *
 * If the HTTP status is 300 or more, the text of the service: its message, error or
 * detail, or the plain text, in that order, or else HTTP and the status. Control
 * characters are replaced, and the text is cut after 4,096 bytes. If the response has
 * no error message, a text of the library that explains the cause and what may help.
 * The service may repeat data from the request: treat the message as personal data.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.
 * Contract: Create session, errors: message extraction order.
 */
const char *deepidv_result_message(const deepidv_result *result, size_t *out_len);

/**
 * Returns the field of the request that the library refused, in snake_case, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_result_field(const deepidv_result *result, size_t *out_len);

/**
 * Returns the error code of the service, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, errors: code.
 */
const char *deepidv_result_api_code(const deepidv_result *result, size_t *out_len);

/**
 * Returns the id that the service gave the request, or NULL: quote it to its support.
 *
 * The value of the response's header X-Request-Id; if it has none, of Request-Id,
 * X-Correlation-Id, X-Amzn-RequestId, X-Amzn-Trace-Id or CF-Ray, in this order. A value
 * of more than 96 bytes, or with anything but printable ASCII, is ignored.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_result_request_id(const deepidv_result *result, size_t *out_len);

/**
 * Returns the number of hints in an error response of the service, at most 100.
 *
 *   result  borrowed  the result to read
 *
 * Returns: the number.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_hint_count(const deepidv_result *result);

/**
 * Returns a hint, with control characters replaced.
 *
 *   result   borrowed               the result to read
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result; NULL after the last one.
 * Threads: any.  Since 0.1.  Contract: Create session, errors: hints.
 */
const char *deepidv_result_hint(const deepidv_result *result, uint32_t index, size_t *out_len);

/**
 * Returns how many times the library started to send the request; 0 if nothing was
 * sent.
 *
 *   result  borrowed  the result to read
 *
 * Returns: number of attempts.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_attempts(const deepidv_result *result);

/**
 * Returns the time from submission to completion, in microseconds.
 *
 *   result  borrowed  the result to read
 *
 * Returns: microseconds.
 * Threads: any.  Since 0.1.
 */
uint64_t deepidv_result_elapsed_us(const deepidv_result *result);

/**
 * Returns the body of the response, unchanged, or NULL if there was none.
 *
 * Unless the status is DEEPIDV_OK, it may be neither JSON nor UTF-8; rely on the
 * length.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_result_json(const deepidv_result *result, size_t *out_len);

/**
 * Returns the whole result as one JSON object.
 *
 * For languages in which each call is expensive or structures are inconvenient. The
 * members have the names and the values of the other functions: status, cause,
 * http_status, message, field, api_code, request_id, attempts, elapsed_us,
 * retry_after_ms, facts, reconcile_token, next_token, session_id, session_url,
 * external_id, expires_at, session_status, session_progress and verdict. A text that
 * would be NULL is null. reconciled and found are true or false. hints and session_ids
 * are arrays of texts, links an array of objects with url and rel. status_name,
 * cause_name and verdict_name are the names of these values. All members are always
 * present, in no particular order; later versions may add others. The response itself
 * is not included: see deepidv_result_json(). Like message, the text may contain
 * personal data. The first call creates the text; NULL if memory runs out.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_result_describe(const deepidv_result *result, size_t *out_len);

/**
 * Returns all data of the session in one call.
 *
 * The members have the values of the functions named in deepidv_session, also if the
 * operation failed. Use it in bindings, where each call is expensive, and in programs
 * that read many of the values.
 *
 *   result       borrowed  the result to read
 *   out_session  borrowed  the session data
 *
 * Returns: OK, E_NULL, E_HANDLE.
 * Threads: any.  Since 0.1.  Contract: Create session; Retrieve, list, update.
 */
deepidv_status deepidv_result_session(
    const deepidv_result *result,
    deepidv_session *out_session);

/**
 * Returns the session id, or NULL. It is opaque: do not parse it.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, id.
 */
const char *deepidv_result_session_id(const deepidv_result *result, size_t *out_len);

/**
 * Returns the URL to send the applicant to, unchanged, or NULL.
 *
 * NULL with DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED if the URL from the service is
 * unsafe for a browser, such as javascript:. The library does not repair such a URL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, session_url.
 */
const char *deepidv_result_session_url(const deepidv_result *result, size_t *out_len);

/**
 * Returns your external id, or the one that the library created, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, externalId.
 */
const char *deepidv_result_external_id(const deepidv_result *result, size_t *out_len);

/**
 * Returns when the session expires, in ISO 8601 as received, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, expires_at.
 */
const char *deepidv_result_expires_at(const deepidv_result *result, size_t *out_len);

/**
 * Returns the number of sessions on a page, or found with DEEPIDV_E_DUPLICATE.
 *
 * At most as many as requested: see DEEPIDV_RESULT_FACT_MORE_SESSIONS.
 *
 *   result  borrowed  the result to read
 *
 * Returns: the number.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_session_count(const deepidv_result *result);

/**
 * Returns the id of one of the sessions.
 *
 *   result   borrowed               the result to read
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result; NULL after the last one.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
const char *deepidv_result_session_id_at(
    const deepidv_result *result,
    uint32_t index,
    size_t *out_len);

/**
 * Finds the record of one of the sessions in the response.
 *
 * The span is a JSON object in deepidv_result_json(), with all members that the service
 * returned for the session. DEEPIDV_E_ABSENT: there is no such session.
 *
 *   result    borrowed  the result to read
 *   index               0 for the first
 *   out_span  borrowed  the position of the record
 *
 * Returns: OK, E_NULL, E_HANDLE, E_ABSENT.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_result_session_record_at(
    const deepidv_result *result,
    uint32_t index,
    deepidv_span *out_span);

/**
 * Returns the status of a retrieved session, such as "VERIFIED", or NULL.
 *
 * The service uses PENDING, SUBMITTED, VERIFIED, REJECTED, VOIDED, EXPIRED and FAILED,
 * and may add others.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update: status.
 */
const char *deepidv_result_session_status(const deepidv_result *result, size_t *out_len);

/**
 * Returns the progress of the applicant in a retrieved session, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update: session_progress.
 */
const char *deepidv_result_session_progress(const deepidv_result *result, size_t *out_len);

/**
 * Returns the verdict of a confirmation, a retrieve, a wait or an update: the only
 * value to base a decision on.
 *
 *   result  borrowed  the result to read
 *
 * Returns: DEEPIDV_VERDICT_...; DEEPIDV_VERDICT_UNKNOWN if the result has no record of
 *          the session.
 * Threads: any.  Since 0.1.  Contract: Redirect result; Retrieve, list, update.
 */
int32_t deepidv_result_verdict(const deepidv_result *result);

/**
 * Returns the token for the next page of a list, or NULL on the last page.
 *
 * It is never empty, and never the token that requested this page.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update: next_token.
 */
const char *deepidv_result_next_token(const deepidv_result *result, size_t *out_len);

/**
 * Returns whether a search has found the session, or whether a record has settled a
 * decision.
 *
 * A session that was found has an id but no session URL: the service returns the URL
 * only once. For a decision: the response was lost, and a record retrieved afterwards
 * shows the decision.
 *
 *   result  borrowed  the result to read
 *
 * Returns: 1 or 0.
 * Threads: any.  Since 0.1.
 */
int32_t deepidv_result_reconciled(const deepidv_result *result);

/**
 * Returns whether the session was found before this call sent anything: an earlier call
 * created it.
 *
 * 0 if this call created it, also if the response was lost and a search found it.
 *
 *   result  borrowed  the result to read
 *
 * Returns: 1 or 0.
 * Threads: any.  Since 0.1.
 */
int32_t deepidv_result_found(const deepidv_result *result);

/**
 * Returns the token for deepidv_session_reconcile() if the outcome is unknown, or NULL.
 *
 * It contains the time and the external id, but no secret. Keep it until the outcome is
 * known.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_result_reconcile_token(const deepidv_result *result, size_t *out_len);

/**
 * Returns how long to wait before the next request.
 *
 * The value from the service, at most a year. If it sent none, or if the request was
 * not sent because of its timeout, the time until the library's own rate limit would
 * allow the request. If the outcome of a create is unknown and repeat_guard is on, at
 * least the time until the create can be sent again.
 *
 *   result  borrowed  the result to read
 *
 * Returns: milliseconds, or 0 if there is no need to wait.
 * Threads: any.  Since 0.1.  Contract: Create session, 429: Retry-After.
 */
uint64_t deepidv_result_retry_after_ms(const deepidv_result *result);

/**
 * Returns which parts of the response the result leaves out.
 *
 * 0, the usual value, means that nothing was left out.
 *
 *   result  borrowed  the result to read
 *
 * Returns: DEEPIDV_RESULT_FACT_... bits.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_facts(const deepidv_result *result);

/**
 * Returns the number of links of the session, at most 100.
 *
 * Links with a URL that is unsafe for a browser are left out: see
 * DEEPIDV_RESULT_FACT_MORE_LINKS.
 *
 *   result  borrowed  the result to read
 *
 * Returns: the number.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_link_count(const deepidv_result *result);

/**
 * Returns the URL of a link.
 *
 *   result   borrowed               the result to read
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result; NULL after the last one.
 * Threads: any.  Since 0.1.  Contract: Create session, links.
 */
const char *deepidv_result_link(const deepidv_result *result, uint32_t index, size_t *out_len);

/**
 * Returns the rel of a link, or else its type, or NULL.
 *
 *   result   borrowed               the result to read
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result; NULL after the last one.
 * Threads: any.  Since 0.1.  Contract: Create session, links.
 */
const char *deepidv_result_link_rel(
    const deepidv_result *result,
    uint32_t index,
    size_t *out_len);

/* ---- JSON of a result ------------------------------------------------------------ */

/*
 * Read any value of the response without a JSON library. A path is a list of member
 * names and array indexes with dots between them: "session_record.uploads.selfie" or
 * "session_record.workflow_steps.0". An index is decimal digits, 0 for the first
 * element. In a name, write a dot as \. and a backslash as \\ (in a string literal of
 * C, double each backslash); any other backslash and an empty name are DEEPIDV_E_PATH.
 * A path has at most 1,024 bytes. DEEPIDV_E_ABSENT: there is no such value, it is null,
 * or there was no response. DEEPIDV_E_TYPE: it, or a value on the way to it, has
 * another type. DEEPIDV_E_JSON_DUPLICATE: a member on the way occurs twice.
 * DEEPIDV_E_JSON: the response is not JSON. Each call reads the response from its
 * beginning and allocates nothing.
 */

/**
 * Copies a string of the response.
 *
 * The output is NUL-terminated. DEEPIDV_E_NUL: the string contains a NUL; it is written
 * nevertheless. On DEEPIDV_E_BUFFER, out_len is set all the same.
 *
 *   result    borrowed               the result to read
 *   path      borrowed               the way to the value
 *   path_len                         its length in bytes, or DEEPIDV_NTS
 *   buffer    borrowed               the string, unescaped, capacity bytes at most
 *   capacity                         size of buffer in bytes, with room for the NUL
 *   out_len   borrowed, may be NULL  its length in bytes without the NUL
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_HANDLE, E_BUFFER, E_PATH, E_TYPE,
 *          E_JSON, E_JSON_DUPLICATE, E_ABSENT.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_result_string(
    const deepidv_result *result,
    const char *path, size_t path_len,
    char *buffer, size_t capacity,
    size_t *out_len);

/**
 * Reads an integer of the response.
 *
 * A number with a fraction or an exponent is DEEPIDV_E_TYPE, one that does not fit into
 * 64 bits DEEPIDV_E_RANGE.
 *
 *   result     borrowed  the result to read
 *   path       borrowed  the way to the value
 *   path_len             its length in bytes, or DEEPIDV_NTS
 *   out_value  borrowed  the number
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_RANGE, E_HANDLE, E_PATH, E_TYPE, E_JSON,
 *          E_JSON_DUPLICATE, E_ABSENT.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_result_int(
    const deepidv_result *result,
    const char *path, size_t path_len,
    int64_t *out_value);

/**
 * Reads a boolean of the response.
 *
 *   result     borrowed  the result to read
 *   path       borrowed  the way to the value
 *   path_len             its length in bytes, or DEEPIDV_NTS
 *   out_value  borrowed  1 or 0
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_HANDLE, E_PATH, E_TYPE, E_JSON,
 *          E_JSON_DUPLICATE, E_ABSENT.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
deepidv_status deepidv_result_bool(
    const deepidv_result *result,
    const char *path, size_t path_len,
    int32_t *out_value);

/* ---- Redirect -------------------------------------------------------------------- */

/*
 * Functions that parse the URL to which the applicant's browser returns. Except
 * deepidv_redirect_describe(), they allocate no memory, keep no references, and may be
 * called from a signal handler. A redirect is a claim, not a proof: compare its session
 * id with the one you stored for that user, then retrieve the session from the service.
 * Queries are split and decoded as application/x-www-form-urlencoded in the URL
 * standard: split at &, then at the first =; + decodes to a space, %XX to a byte, any
 * other % to itself; empty pieces between two & are ignored. There is one extension,
 * because the service does not document how it adds its parameters to a URL that
 * already has a query. If session_id, status or reason would be missing otherwise, the
 * last ? directly before its name and = acts as a separator, like &. The extension does
 * not look for a reason if the status is success or SUBMITTED. It looks for sessionId
 * too if there is no session id at all.
 */

/**
 * Reads the result parameters of a redirect.
 *
 * Accepts an absolute URL, a path with a query, or a query with or without its question
 * mark. Other parameters are ignored. The documented ones may be in any order, and
 * their names and values may be percent-encoded. A missing parameter is not an error:
 * see present and facts. If a parameter occurs twice and the decoded values differ, the
 * call returns DEEPIDV_E_REPEATED; the struct holds the first value, and repeated is
 * one that differs. If the values are equal, the call succeeds and sets
 * DEEPIDV_FACT_REPEATED_EQUAL. A repeated sessionId counts only if session_id is
 * missing.
 *
 *   url           borrowed  the redirect, less than 4 GiB; any bytes
 *   url_len                 its length in bytes, or DEEPIDV_NTS
 *   out_redirect  borrowed  the result; set to zero first
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_REPEATED.
 * Threads: any.  Since 0.1.  Contract: Redirect result.
 */
deepidv_status deepidv_redirect_parse(
    const char *url, size_t url_len,
    deepidv_redirect *out_redirect);

/**
 * Reads a redirect and writes its values as one JSON object, decoded.
 *
 * For languages in which byte offsets are inconvenient. The members are session_id,
 * status, status_text, reason, reason_text, facts, fragment and other_session_id, as in
 * deepidv_redirect; and params, an array of all parameters in order, each an object
 * with name and value. A text that is absent is null. As in the URL standard, bytes
 * that are not valid UTF-8 are replaced with U+FFFD; see DEEPIDV_FACT_NOT_UTF8. Nothing
 * is written if the redirect is ambiguous (DEEPIDV_E_REPEATED). DEEPIDV_E_TOO_LONG: the
 * JSON has more than 1 MiB. To compare the session id with yours in constant time, use
 * deepidv_redirect_parse() and deepidv_redirect_matches(), which need no decoding.
 *
 *   url       borrowed               the redirect, less than 4 GiB; any bytes
 *   url_len                          its length in bytes, or DEEPIDV_NTS
 *   buffer    borrowed               the JSON text; 8 KiB are nearly always enough
 *   capacity                         size of buffer in bytes, with room for the NUL
 *   out_len   borrowed, may be NULL  its length in bytes without the NUL, also with
 *                                    DEEPIDV_E_BUFFER
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_BUFFER, E_NOMEM, E_REPEATED.
 * Threads: any.  Since 0.1.  Contract: Redirect result.
 */
deepidv_status deepidv_redirect_describe(
    const char *url, size_t url_len,
    char *buffer, size_t capacity,
    size_t *out_len);

/**
 * Checks that a redirect is about the session that you expect.
 *
 * Compares the decoded session id with the expected one. The time does not depend on
 * the bytes of the expected id, only on its length and on the redirect.
 *
 *   url             borrowed  the redirect, less than 4 GiB; any bytes
 *   url_len                   its length in bytes, or DEEPIDV_NTS
 *   redirect        borrowed  filled in by deepidv_redirect_parse() from the same text
 *   session_id      borrowed  the id stored for this user
 *   session_id_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_RANGE, E_MISMATCH.
 * Threads: any.  Since 0.1.  Contract: Redirect result: a result is a claim.
 */
deepidv_status deepidv_redirect_matches(
    const char *url, size_t url_len,
    const deepidv_redirect *redirect,
    const char *session_id, size_t session_id_len);

/**
 * Finds one of your own parameters in a redirect.
 *
 * Compares decoded names byte by byte. DEEPIDV_E_REPEATED: the parameter occurs several
 * times with different values, and out_span is the first; deepidv_redirect_next_param()
 * returns all of them. A parameter without = has an empty value.
 *
 *   url       borrowed  the redirect, less than 4 GiB; any bytes
 *   url_len             its length in bytes, or DEEPIDV_NTS
 *   name      borrowed  the decoded name; any bytes
 *   name_len            its length in bytes, or DEEPIDV_NTS
 *   out_span  borrowed  its value
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_REPEATED, E_ABSENT.
 * Threads: any.  Since 0.1.
 * Contract: Redirect result; application/x-www-form-urlencoded.
 */
deepidv_status deepidv_redirect_param(
    const char *url, size_t url_len,
    const char *name, size_t name_len,
    deepidv_span *out_span);

/**
 * Iterates over the parameters of a redirect, in order.
 *
 * Set param to zero, then call the function with the same text as long as it returns
 * DEEPIDV_OK. DEEPIDV_E_ABSENT marks the end and sets param to zero again.
 *
 *   url      borrowed  the redirect, less than 4 GiB; any bytes
 *   url_len            its length in bytes, or DEEPIDV_NTS
 *   param    borrowed  the previous parameter; replaced by the next one
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_RANGE, E_ABSENT.
 * Threads: any.  Since 0.1.
 * Contract: Redirect result; application/x-www-form-urlencoded.
 */
deepidv_status deepidv_redirect_next_param(
    const char *url, size_t url_len,
    deepidv_param *param);

/**
 * Decodes a span: + becomes a space, %XX a byte.
 *
 * The output is NUL-terminated; span->length + 1 bytes are always enough.
 * DEEPIDV_E_UTF8 and DEEPIDV_E_NUL: the decoded bytes are not valid UTF-8 or contain a
 * NUL; they are written nevertheless. DEEPIDV_E_BUFFER: only out_len is written.
 *
 *   url       borrowed               the redirect, less than 4 GiB; any bytes
 *   url_len                          its length in bytes, or DEEPIDV_NTS
 *   span      borrowed               a span of that text
 *   buffer    borrowed               the decoded text, capacity bytes at most
 *   capacity                         size of buffer in bytes, with room for the NUL
 *   out_len   borrowed, may be NULL  its length in bytes without the NUL
 *
 * Returns: OK, E_NULL, E_LENGTH, E_NUL, E_UTF8, E_RANGE, E_BUFFER.
 * Threads: any.  Since 0.1.
 * Contract: Redirect result; application/x-www-form-urlencoded.
 */
deepidv_status deepidv_span_decode(
    const char *url, size_t url_len,
    const deepidv_span *span,
    char *buffer, size_t capacity,
    size_t *out_len);

/**
 * Parses a session URL of the documented form.
 *
 * The form is http or https, a host, /session/ and an id, optionally followed by a
 * query with oid and redirect_url. For any other URL, present is 0 and the call still
 * succeeds: the form may change, so pass session URLs on unchanged. The host is not
 * checked. The id is part of the path, where + is literal, but deepidv_span_decode()
 * decodes it to a space.
 *
 *   url              borrowed  the session URL, less than 4 GiB; any bytes
 *   url_len                    its length in bytes, or DEEPIDV_NTS
 *   out_session_url  borrowed  the result; set to zero first
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_REPEATED.
 * Threads: any.  Since 0.1.  Contract: Create session: session_url.
 */
deepidv_status deepidv_session_url_parse(
    const char *url, size_t url_len,
    deepidv_session_url *out_session_url);

/* ---- State ----------------------------------------------------------------------- */

/*
 * A state binds a redirect to the browser that it was created for. It is a short text
 * in the redirect URL of a create, and returns with the applicant. It is signed with
 * your key, expires, and is valid for one context only: a value that identifies the
 * browser, such as its session cookie. Without the key, nobody can create a state or
 * find out its context. It proves that the same browser returned before the state
 * expired, not how the verification ended: for that, see deepidv_redirect_confirm(). A
 * state can be used more than once until it expires. docs/state.md specifies the
 * format.
 */

/**
 * Creates an empty set of keys.
 *
 *   out_state_keys  owned  the new object; free it with deepidv_state_keys_free()
 *
 * Returns: OK, E_NULL, E_NOMEM.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_state_keys_new(deepidv_state_keys **out_state_keys);

/**
 * Frees a deepidv_state_keys. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the keys to wipe and free
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_state_keys_free(deepidv_state_keys *handle);

/**
 * Adds a key. The first key signs; every key verifies.
 *
 * To rotate keys, create a set with the new key first and the old key second, and keep
 * the old key until its states have expired. Use 32 random bytes as a key, and use them
 * for nothing else.
 *
 *   keys     borrowed  the set, with at most 16 keys
 *   key      copied    16 to 1,024 bytes of any value; DEEPIDV_NTS only if none of them
 *                      is 0
 *   key_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_RANGE, E_HANDLE, E_NOMEM, E_REQUIRED,
 *          E_SHORT_KEY.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_state_keys_add(
    deepidv_state_keys *keys,
    const char *key, size_t key_len);

/**
 * Creates a state for one browser.
 *
 *   keys         borrowed               the keys, at least one
 *   context      borrowed               a value that identifies the browser, such as
 *                                       its session cookie; 1 to 4,096 bytes of any
 *                                       value
 *   context_len                         its length in bytes, or DEEPIDV_NTS
 *   lifetime_s                          seconds until it expires, 1 to 31,536,000; at
 *                                       least the lifetime of the session
 *   buffer       borrowed               the state; DEEPIDV_STATE_SIZE bytes are always
 *                                       enough
 *   capacity                            size of buffer in bytes, with room for the NUL
 *   out_len      borrowed, may be NULL  its length in bytes without the NUL, also with
 *                                       DEEPIDV_E_BUFFER
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_RANGE, E_HANDLE, E_BUFFER, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_state_new(
    const deepidv_state_keys *keys,
    const char *context, size_t context_len,
    uint32_t lifetime_s,
    char *buffer, size_t capacity,
    size_t *out_len);

/**
 * Adds a state to a redirect URL, as the parameter state.
 *
 * The URL may already have a query and a fragment. DEEPIDV_E_REPEATED: the query
 * already has a state, or a parameter that the service adds itself.
 *
 *   url        borrowed               a URL that
 *                                     deepidv_session_request_set_redirect_url()
 *                                     accepts
 *   url_len                           its length in bytes, or DEEPIDV_NTS
 *   state      borrowed               from deepidv_state_new()
 *   state_len                         its length in bytes, or DEEPIDV_NTS
 *   buffer     borrowed               the URL; url_len + DEEPIDV_STATE_SIZE bytes are
 *                                     always enough
 *   capacity                          size of buffer in bytes, with room for the NUL
 *   out_len    borrowed, may be NULL  its length in bytes without the NUL, also with
 *                                     DEEPIDV_E_BUFFER
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_BUFFER,
 *          E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO, E_REPEATED, E_STATE.
 * Threads: any.  Since 0.1.  Contract: Create session, redirect_url.
 */
deepidv_status deepidv_redirect_url_with_state(
    const char *url, size_t url_len,
    const char *state, size_t state_len,
    char *buffer, size_t capacity,
    size_t *out_len);

/**
 * Checks that a redirect returned in the browser that its state was created for.
 *
 * DEEPIDV_E_STATE: the state is missing or malformed, or it expires more than
 * 31,536,000 seconds from now, which means that a clock is wrong.
 * DEEPIDV_E_STATE_SIGNATURE: the state was forged or changed, or its key was removed;
 * nothing else about it is checked. DEEPIDV_E_STATE_CONTEXT: the state is genuine but
 * belongs to another browser, which also happens if an applicant switches devices.
 * DEEPIDV_E_STATE_EXPIRED: the state belongs to this browser but has expired. Log the
 * status, but show the same page for all of them. The time that the check takes does
 * not depend on how much of a guess is right.
 *
 *   keys          borrowed  the keys, at least one
 *   redirect      borrowed  the redirect as received, or only the state; any bytes
 *   redirect_len            its length in bytes, or DEEPIDV_NTS
 *   context       borrowed  a value that identifies the browser, such as its session
 *                           cookie; 1 to 4,096 bytes of any value
 *   context_len             its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED,
 *          E_REPEATED, E_STATE, E_STATE_SIGNATURE, E_STATE_CONTEXT, E_STATE_EXPIRED.
 * Threads: any.  Since 0.1.  Contract: Redirect result: a result is a claim.
 */
deepidv_status deepidv_state_verify(
    const deepidv_state_keys *keys,
    const char *redirect, size_t redirect_len,
    const char *context, size_t context_len);

/* ---- Confirm a redirect ---------------------------------------------------------- */

/*
 * Call this on the page that applicants return to. It compares the redirect with the
 * session that you expect, retrieves that session from the service, and gives one
 * verdict. The status and reason in the redirect never affect the verdict.
 */

/**
 * Confirms a redirect and waits for the result. deepidv_result_verdict() returns the
 * verdict.
 *
 * If the redirect cannot belong to this session, the verdict is DEEPIDV_VERDICT_FORGED,
 * the status is DEEPIDV_E_MISMATCH or DEEPIDV_E_REPEATED, and no request is sent.
 * Otherwise the call works like deepidv_session_retrieve() with the expected session,
 * and the result holds its record. DEEPIDV_OK means that the service returned the
 * record, not that the applicant is verified. A response about another session is
 * DEEPIDV_E_ANSWER_FOREIGN. The call returns the status of the result.
 *
 *   client          borrowed  the client to send with
 *   redirect        borrowed  the redirect as received, less than 4 GiB; any bytes
 *   redirect_len              its length in bytes, or DEEPIDV_NTS
 *   session_id      copied    the id that you stored for this user at the create, up to
 *                             1,024 bytes
 *   session_id_len            its length in bytes, or DEEPIDV_NTS
 *   out_result      owned     the result, also on failure; NULL only if an argument was
 *                             invalid, the client accepts no more operations, or memory
 *                             ran out; free it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_JSON_DUPLICATE, E_REPEATED, E_MISMATCH, E_FORKED,
 *          E_CLOSED, E_BUSY, E_TIMEOUT, E_CANCELLED, E_BAD_REQUEST, E_UNAUTHORIZED,
 *          E_BALANCE, E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED,
 *          E_REDIRECTED, E_RESOLVE, E_CONNECT, E_TLS, E_PROXY, E_CONNECTION_LOST,
 *          E_SERVER, E_ANSWER_EMPTY, E_ANSWER_CUT, E_ANSWER_TOO_LARGE, E_ANSWER_UTF8,
 *          E_ANSWER_JSON, E_ANSWER_NO_ID, E_ANSWER_HTTP, E_NETWORK, E_ANSWER_FOREIGN,
 *          E_TLS_UNTRUSTED, E_TLS_NAME, E_TLS_DATE, E_ANSWER_ENCODING.
 * Threads: any.  Since 0.1.  Contract: Redirect result; Retrieve, list, update.
 */
deepidv_status deepidv_redirect_confirm(
    deepidv_client *client,
    const char *redirect, size_t redirect_len,
    const char *session_id, size_t session_id_len,
    deepidv_result **out_result);

/**
 * Confirms a redirect without waiting.
 *
 * If the call returns DEEPIDV_OK, deepidv_client_next() returns exactly one completion
 * for it, whatever happens; it is available at once if the request could not be sent
 * before its timeout. With any other status there is no completion.
 *
 *   client          borrowed               the client to send with
 *   redirect        borrowed               the redirect as received, less than 4 GiB;
 *                                          any bytes
 *   redirect_len                           its length in bytes, or DEEPIDV_NTS
 *   session_id      copied                 the id that you stored for this user at the
 *                                          create, up to 1,024 bytes
 *   session_id_len                         its length in bytes, or DEEPIDV_NTS
 *   tag                                    any number; returned with the completion
 *   out_op          borrowed, may be NULL  operation number, for
 *                                          deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED, E_FORKED, E_CLOSED, E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Redirect result; Retrieve, list, update.
 */
deepidv_status deepidv_redirect_confirm_submit(
    deepidv_client *client,
    const char *redirect, size_t redirect_len,
    const char *session_id, size_t session_id_len,
    uint64_t tag,
    uint64_t *out_op);

/**
 * Returns the name of a verdict.
 *
 *   verdict  any number
 *
 * Returns: a name, such as "DEEPIDV_VERDICT_VERIFIED"; "DEEPIDV_VERDICT_?" for an
 *          unknown number.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_verdict_name(int32_t verdict);

/* ---- Webhook --------------------------------------------------------------------- */

/*
 * The service calls your HTTPS endpoint when a session is created, submitted, verified,
 * rejected or has failed. No webhook is sent when it expires or is voided: retrieve
 * sessions that stay undecided. The header deepidv-signature holds the signing secret
 * itself, not a signature of the body. So a matching header proves that the sender
 * knows the secret, and nothing else: not that the body is unchanged, and not that the
 * event is recent. Anybody who has seen one delivery, such as a proxy that logs
 * headers, can send any other. Accept webhooks over TLS only, keep the header out of
 * logs, and let only the service's addresses reach the endpoint if you know them.
 * Before you act on a decision, ask the service with deepidv_session_retrieve(). The
 * service repeats deliveries, in any order: deepidv_webhook_supersedes() tells which
 * ones to ignore. docs/webhooks.md is a guide.
 */

/**
 * Creates an empty set of secrets.
 *
 *   out_webhook_secrets  owned  the new object; free it with
 *                               deepidv_webhook_secrets_free()
 *
 * Returns: OK, E_NULL, E_NOMEM.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_webhook_secrets_new(deepidv_webhook_secrets **out_webhook_secrets);

/**
 * Frees a deepidv_webhook_secrets. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the secrets to wipe and free
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_webhook_secrets_free(deepidv_webhook_secrets *handle);

/**
 * Adds a secret. Every secret verifies.
 *
 * To rotate, add the new secret before the service uses it, and remove the old one when
 * the service no longer sends it. DEEPIDV_E_CONTROL: the secret contains a control
 * character, often the line break at the end of a file.
 *
 *   secrets     borrowed  the set, with at most 16 secrets
 *   secret      copied    the whole secret, such as whsec_..., 1 to 1,024 bytes
 *   secret_len            its length in bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_CONTROL, E_RANGE, E_HANDLE, E_NOMEM,
 *          E_REQUIRED.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_webhook_secrets_add(
    deepidv_webhook_secrets *secrets,
    const char *secret, size_t secret_len);

/**
 * Verifies a webhook and reads its event, in one call.
 *
 * The signature is checked first, and an unverified body is not parsed. The time of the
 * check depends only on the length of the signature received and the number of secrets.
 * DEEPIDV_E_WEBHOOK_SIGNATURE: the signature is wrong, missing or empty; respond with
 * 401. DEEPIDV_E_WEBHOOK: the body is not a JSON object with a type and a session
 * record in data, the record has no id, a member that is read occurs twice, or the JSON
 * is nested more than 64 levels deep; respond with 400. DEEPIDV_E_TOO_LONG: respond
 * with 413. The rules for texts are those of results. A type has at most 256 bytes.
 *
 *   secrets        borrowed               the secrets, at least one
 *   signature      borrowed, may be NULL  the value of the header deepidv-signature;
 *                                         NULL if it is missing
 *   signature_len                         its length in bytes, or DEEPIDV_NTS
 *   payload        copied                 the body as received, up to 4 MiB; any bytes
 *   payload_len                           its length in bytes, or DEEPIDV_NTS
 *   out_webhook    owned                  the new object; free it with
 *                                         deepidv_webhook_free()
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_HANDLE, E_NOMEM, E_REQUIRED,
 *          E_WEBHOOK_SIGNATURE, E_WEBHOOK.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
deepidv_status deepidv_webhook_open(
    const deepidv_webhook_secrets *secrets,
    const char *signature, size_t signature_len,
    const char *payload, size_t payload_len,
    deepidv_webhook **out_webhook);

/**
 * Frees a deepidv_webhook. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the webhook to wipe and free, with all texts read
 *                                  from it
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_webhook_free(deepidv_webhook *handle);

/**
 * Returns the type of the event.
 *
 * Ignore types that you do not handle.
 *
 *   webhook  borrowed  the webhook to read
 *
 * Returns: DEEPIDV_WEBHOOK_..., or 0 if it is not a webhook.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
int32_t deepidv_webhook_type(const deepidv_webhook *webhook);

/**
 * Returns the type as received.
 *
 *   webhook  borrowed               the webhook to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the webhook, or NULL.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
const char *deepidv_webhook_type_text(const deepidv_webhook *webhook, size_t *out_len);

/**
 * Returns all data of the event's session in one call.
 *
 * url is NULL unless the record has a session_url; json is the whole body; http_status,
 * attempts, elapsed_us, reconciled and found are 0.
 *
 *   webhook      borrowed  the webhook to read
 *   out_session  borrowed  the session data
 *
 * Returns: OK, E_NULL, E_HANDLE.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
deepidv_status deepidv_webhook_session(
    const deepidv_webhook *webhook,
    deepidv_session *out_session);

/**
 * Returns what the status of the event's session means.
 *
 * To act on it, confirm it with deepidv_session_retrieve().
 *
 *   webhook  borrowed  the webhook to read
 *
 * Returns: DEEPIDV_VERDICT_...; DEEPIDV_VERDICT_UNKNOWN for another object.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
int32_t deepidv_webhook_verdict(const deepidv_webhook *webhook);

/**
 * Returns the key of the event: a JSON array of its type, session id and updated_at.
 *
 * Repeated deliveries of an event have the same key, and different events have
 * different keys. If the record has no updated_at of at most 64 bytes, the key ends
 * with null and is the same for every such event of this type and session.
 *
 *   webhook  borrowed               the webhook to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the webhook, or NULL.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
const char *deepidv_webhook_key(const deepidv_webhook *webhook, size_t *out_len);

/**
 * Returns the body, unchanged.
 *
 *   webhook  borrowed               the webhook to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the webhook, or NULL.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
const char *deepidv_webhook_json(const deepidv_webhook *webhook, size_t *out_len);

/**
 * Returns the whole event as one JSON object.
 *
 * The members are type, type_text, key and verdict, with the values of the functions of
 * these names; verdict_name; and session_id, session_url, external_id, expires_at,
 * session_status, session_progress and facts. Otherwise as deepidv_result_describe().
 *
 *   webhook  borrowed               the webhook to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the webhook, or NULL.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
const char *deepidv_webhook_describe(const deepidv_webhook *webhook, size_t *out_len);

/**
 * Returns whether an event replaces another one of the same session.
 *
 * Store with each session the key of the last event that you applied, and apply an
 * event only if its key supersedes it. 1: the event has a later updated_at, or there is
 * no other key. A time that is missing or not in ISO 8601 is before all others. If the
 * times are equal, or both are missing: 1 if the type has the larger DEEPIDV_WEBHOOK_
 * number, so that a decision is never replaced by an earlier status. 0: the event is a
 * repeat or out of date, the keys are about different sessions, or one of the texts is
 * not a key.
 *
 *   key        borrowed, may be NULL  from deepidv_webhook_key()
 *   key_len                           its length in bytes, or DEEPIDV_NTS
 *   other      borrowed, may be NULL  the key of the event before it; NULL or empty if
 *                                     there is none
 *   other_len                         its length in bytes, or DEEPIDV_NTS
 *
 * Returns: 1 or 0.
 * Threads: any.  Since 0.1.  Contract: Webhooks.
 */
int32_t deepidv_webhook_supersedes(
    const char *key, size_t key_len,
    const char *other, size_t other_len);

/* ---- Statistics and logs --------------------------------------------------------- */

/*
 * What a client does, in numbers: counters for dashboards, and records for the question
 * what happened to one operation. Neither contains an API key, personal data or any
 * text from a request or a response.
 */

/**
 * Reads the counters of a client. Waits for nothing.
 *
 *   client     borrowed  the client
 *   out_stats  borrowed  the counters
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_stats(deepidv_client *client, deepidv_stats *out_stats);

/**
 * Writes the counters of a client as one JSON object.
 *
 * The members have the names of those of deepidv_stats; latency is an array of numbers.
 *
 *   client    borrowed               the client
 *   buffer    borrowed               the JSON text; 4 KiB are always enough
 *   capacity                         size of buffer in bytes, with room for the NUL
 *   out_len   borrowed, may be NULL  its length in bytes without the NUL, also with
 *                                    DEEPIDV_E_BUFFER
 *
 * Returns: OK, E_NULL, E_LENGTH, E_HANDLE, E_BUFFER, E_FORKED.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_describe(
    deepidv_client *client,
    char *buffer, size_t capacity,
    size_t *out_len);

/**
 * Takes the oldest log record. Never blocks.
 *
 * There are records only if the option log_level is set. A client keeps the latest
 * 1,024 records that were not taken; when it drops older ones, the next record is
 * DEEPIDV_LOG_LOST. Call the function after you have taken completions, and from time
 * to time if there are none. DEEPIDV_E_EMPTY: there is no record at present.
 *
 *   client   borrowed  the client
 *   out_log  borrowed  the record
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED, E_EMPTY.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_next_log(deepidv_client *client, deepidv_log *out_log);

#ifdef __cplusplus
}
#endif

#endif /* DEEPIDV_H */
