/*
 * deepidv.h: the C interface of libdeepidv 0.1.0.
 * Generated from Sources/ABI by abigen (make abi). Do not edit.
 *
 * libdeepidv creates identity verification sessions with the deepidv service and reads
 * the redirects that bring applicants back. A request is never sent twice: where its
 * fate is unknown, the answer says so.
 *
 * Example (key and json are yours, and only one status is looked at):
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
 * Texts      A text goes in as pointer and length in bytes, UTF-8, without a NUL
 *            inside, and is copied before the call returns. DEEPIDV_NTS as the length
 *            says that it ends at its NUL. A text comes out as a NUL-terminated pointer
 *            with its length beside it (NULL if you do not want it); it belongs to the
 *            object it was read from and lives as long. Absent is NULL, empty is "".
 *
 * Ownership  Four words, printed at every pointer. borrowed: used during the call only,
 *            or, coming out, valid as long as the object it describes. copied: the
 *            library keeps its own copy. owned: yours to end, with the function named.
 *            consumed: ended by the call, whatever it answers. A _free of NULL does
 *            nothing. Objects may be freed in any order, and freeing never waits for
 *            the network.
 *
 * Failures   Every call that can fail answers a deepidv_status; 0 is success. What went
 *            wrong with an operation (HTTP status, message, field) is read from its
 *            result object. There is no last error, no errno, no callback. A pointer
 *            that must not be NULL is checked, and so is every length, number and
 *            handle type. An object that has been freed cannot be checked for reliably.
 *            Outputs are set to zero or NULL when a call fails, unless it says
 *            otherwise.
 *
 * Threads    Two classes, printed at every function. any: from any number of threads at
 *            once. exclusive: no other call on the same handle meanwhile. A blocking
 *            call does the network's work on the thread that waits, and meanwhile that
 *            of other operations too; what remains is done by a thread of the client's
 *            own, which blocks all signals. No signal but SIGPIPE is ever blocked on a
 *            thread of yours, so that a collector may stop it anywhere. Handlers of
 *            signals may run anywhere in a call: they may end the process with _exit(),
 *            must not jump out of the call, and must not call the library, but for
 *            deepidv_redirect_parse(). No thread is cancelled inside a call. In a
 *            process that was forked, calls on a client made before the fork answer
 *            DEEPIDV_E_FORKED; make a new client there.
 *
 * Memory     Where the C library reports that memory ran out, a call answers
 *            DEEPIDV_E_NOMEM. The few small objects of the Swift runtime, under a
 *            kilobyte a handle, end the process instead. What the library itself holds
 *            of names, addresses, keys and bodies is wiped from memory before it is
 *            given back; nothing outlives the client, the request or the result that it
 *            was for. libcurl wipes nothing: of requests that were sent, copies stay in
 *            memory that it has given back, with the API key, the applicant's data and
 *            a proxy's login in them. With libcurl 7.88 each is found up to ten times
 *            after 50 creates over TLS, when everything has been freed, and no more
 *            often after 500. SSLKEYLOGFILE in the environment has no effect on
 *            connections of this library, so that no secrets of TLS are written to a
 *            file, where libcurl uses the OpenSSL that this library is linked to. With
 *            another TLS library, or another OpenSSL, it may have one: whoever reviews
 *            that looks at what libcurl was built with.
 *
 * Notation   Statuses are listed without their DEEPIDV_, in the order of their codes.
 *            Contract names the part of the service's own documentation that a function
 *            follows.
 */

#ifndef DEEPIDV_H
#define DEEPIDV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What this header declares. deepidv_version() and deepidv_abi_version() say what is loaded. */
#define DEEPIDV_VERSION       "0.1.0"
#define DEEPIDV_VERSION_MAJOR 0
#define DEEPIDV_VERSION_MINOR 1
#define DEEPIDV_VERSION_PATCH 0
#define DEEPIDV_ABI_MAJOR     0
#define DEEPIDV_ABI_MINOR     1

/** As the length of a text: it ends at its NUL. */
#define DEEPIDV_NTS ((size_t)-1)

/** DEEPIDV_OK or a DEEPIDV_E_ constant. */
typedef int32_t deepidv_status;

/* ---- Constants ------------------------------------------------------------------- */

/*
 * Statuses
 *
 * The answer of every call that can fail, and the status and cause of a result. Codes
 * are never renumbered; new ones may be added. Only DEEPIDV_E_NOT_SENT,
 * DEEPIDV_E_NOT_PROCESSED and DEEPIDV_E_RATE_LIMITED leave a create safe to repeat.
 */
#define DEEPIDV_OK                   0  /* Success. */
#define DEEPIDV_E_NULL               1  /* A required pointer is NULL. */
#define DEEPIDV_E_LENGTH             2  /* A length is too large to be one. */
#define DEEPIDV_E_TOO_LONG           3  /* The text is longer than this value may be. */
#define DEEPIDV_E_NUL                4  /* The text has a NUL byte inside. */
#define DEEPIDV_E_UTF8               5  /* The text is not UTF-8. */
#define DEEPIDV_E_CONTROL            6  /* The text has a character that may not stand there. */
#define DEEPIDV_E_RANGE              7  /* The number is outside its range. */
#define DEEPIDV_E_HANDLE             8  /* The pointer is not a live object of this type. */
#define DEEPIDV_E_KEY                9  /* No option has this name. */
#define DEEPIDV_E_BUFFER            10  /* The buffer is too small. */
#define DEEPIDV_E_NOMEM             11  /* Memory ran out. */
#define DEEPIDV_E_SYSTEM            12  /* The system refused a thread, a descriptor, random
                                           bytes or a signature. */
#define DEEPIDV_E_TOKEN             13  /* The text is not a reconcile token. */

#define DEEPIDV_E_REQUIRED          20  /* A required value is missing or empty. */
#define DEEPIDV_E_EMAIL             21  /* The value does not have the shape of an e-mail
                                           address. */
#define DEEPIDV_E_PHONE             22  /* The phone number is not E.164: + and 1 to 15
                                           digits, the first not 0. */
#define DEEPIDV_E_URL               23  /* The value is not a valid URL with a host. A host
                                           with other letters is written in ASCII, as xn--. */
#define DEEPIDV_E_SCHEME            24  /* The URL must be https; http is only for a base URL
                                           on this machine, or of a host in allow_http_hosts. */
#define DEEPIDV_E_USERINFO          25  /* The URL carries a user name or a password. */
#define DEEPIDV_E_TYPE              26  /* A JSON value has the wrong type for its field. */
#define DEEPIDV_E_FIELD             27  /* A JSON member is not a field of the request. */
#define DEEPIDV_E_SHORT_KEY         28  /* The key has fewer than 16 bytes. */
#define DEEPIDV_E_CA_FILE           29  /* The file of trusted certificates is missing,
                                           unreadable, or has no PEM certificate. */
#define DEEPIDV_E_HTTP_PROXY        30  /* An http base URL cannot be used with a proxy. */
#define DEEPIDV_E_PROXY_SCHEME      31  /* The proxy must be http://, https:// or socks5h://. */

#define DEEPIDV_E_JSON              40  /* The text is not JSON. */
#define DEEPIDV_E_JSON_DEPTH        41  /* The JSON is nested more than 64 levels deep. */
#define DEEPIDV_E_JSON_OBJECT       42  /* The JSON is not an object. */
#define DEEPIDV_E_JSON_DUPLICATE    43  /* A JSON member occurs twice in one object. */

#define DEEPIDV_E_REPEATED          50  /* A parameter of the URL occurs twice with different
                                           values, or is one that the service adds. */
#define DEEPIDV_E_MISMATCH          51  /* The redirect is not about the expected session. */
#define DEEPIDV_E_ABSENT            59  /* There is no such parameter, or none any more. */
#define DEEPIDV_E_FORKED            60  /* The client belongs to the process before the fork:
                                           make a new one in this process. */
#define DEEPIDV_E_CLOSED            61  /* The client is closed. */
#define DEEPIDV_E_BUSY              62  /* As many operations as the client may hold are
                                           under way. */
#define DEEPIDV_E_EMPTY             63  /* No completion is waiting. */
#define DEEPIDV_E_TIMEOUT           64  /* The time ran out. */
#define DEEPIDV_E_NO_OPERATION      65  /* No such operation is under way. */
#define DEEPIDV_E_CANCELLED         66  /* The operation was cancelled. */

#define DEEPIDV_E_STATE             70  /* The state is missing, or is none that this library
                                           makes. */
#define DEEPIDV_E_STATE_SIGNATURE   71  /* The state was not signed with one of these keys. */
#define DEEPIDV_E_STATE_CONTEXT     72  /* The state was made for another context. */
#define DEEPIDV_E_STATE_EXPIRED     73  /* The state was made for this context, and has
                                           expired. */

#define DEEPIDV_E_NOT_SENT          80  /* The request was not sent. It is safe to try again. */
#define DEEPIDV_E_NOT_PROCESSED     81  /* The request left only in part, so it was not
                                           executed. It is safe to try again. */
#define DEEPIDV_E_OUTCOME_UNKNOWN   82  /* The session may or may not have been created. Do
                                           not send the request again. */
#define DEEPIDV_E_DUPLICATE         83  /* Several sessions were created for this request. Do
                                           not send it again. */

#define DEEPIDV_E_BAD_REQUEST       90  /* The service refused the request as invalid (400). */
#define DEEPIDV_E_UNAUTHORIZED      91  /* The API key is missing or not valid (401). */
#define DEEPIDV_E_BALANCE           92  /* The token balance does not suffice (402). */
#define DEEPIDV_E_FORBIDDEN         93  /* The API key may not do this (403). */
#define DEEPIDV_E_NOT_FOUND         94  /* The workflow or the session was not found (404). */
#define DEEPIDV_E_RATE_LIMITED      95  /* The rate limit is exceeded. Nothing was executed;
                                           try again later. */
#define DEEPIDV_E_REFUSED           96  /* The service refused the request (another 4xx). */
#define DEEPIDV_E_REDIRECTED        97  /* The service answered with a redirect, which is not
                                           followed. */

#define DEEPIDV_E_RESOLVE          110  /* The host's name could not be resolved. */
#define DEEPIDV_E_CONNECT          111  /* The host could not be connected to. */
#define DEEPIDV_E_TLS              112  /* The TLS connection failed, in its protocol or
                                           handshake. */
#define DEEPIDV_E_PROXY            113  /* The proxy could not be reached, refused, or
                                           failed. */
#define DEEPIDV_E_CONNECTION_LOST  114  /* The connection was lost before the answer. */
#define DEEPIDV_E_SERVER           115  /* The service failed, or timed out (408 or 5xx). */
#define DEEPIDV_E_ANSWER_EMPTY     116  /* The answer has no body. */
#define DEEPIDV_E_ANSWER_CUT       117  /* The answer broke off. */
#define DEEPIDV_E_ANSWER_TOO_LARGE 118  /* The answer is larger than the library accepts. */
#define DEEPIDV_E_ANSWER_UTF8      119  /* The answer is not UTF-8. */
#define DEEPIDV_E_ANSWER_JSON      120  /* The answer is not a JSON object of the expected
                                           form. */
#define DEEPIDV_E_ANSWER_NO_ID     121  /* The answer has no session id. */
#define DEEPIDV_E_ANSWER_HTTP      122  /* The answer is not well-formed HTTP. */
#define DEEPIDV_E_NETWORK          123  /* The network failed in another way. */
#define DEEPIDV_E_ANSWER_FOREIGN   124  /* The answer is about another session, or repeats
                                           another external id, than was sent. */
#define DEEPIDV_E_TLS_UNTRUSTED    125  /* The TLS certificate of the host is not trusted. */
#define DEEPIDV_E_TLS_NAME         126  /* The TLS certificate is for another name than the
                                           host's. */
#define DEEPIDV_E_TLS_DATE         127  /* The TLS certificate has expired, or is not yet
                                           valid. */
#define DEEPIDV_E_ANSWER_LOOP      128  /* The page's next_token is one that it was asked
                                           with already. */
#define DEEPIDV_E_ANSWER_ENCODING  129  /* The answer has a content coding that was not asked
                                           for. */

/*
 * What a redirect carries
 *
 * Bits of deepidv_redirect.present. The contract's parameters, and the fragment.
 */
#define DEEPIDV_HAS_SESSION_ID        1  /* session_id= is there. */
#define DEEPIDV_HAS_STATUS            2  /* status= is there. */
#define DEEPIDV_HAS_REASON            4  /* reason= is there. */
#define DEEPIDV_HAS_FRAGMENT          8  /* A # is there. */
#define DEEPIDV_HAS_OTHER_SESSION_ID 16  /* sessionId= is there, which may as well be a
                                            parameter of your own. */

/*
 * Status of a redirect
 *
 * deepidv_redirect.status, by the contract's words, compared exactly.
 */
#define DEEPIDV_REDIRECT_OTHER     (-1)  /* A word unknown to this version: read its text. */
#define DEEPIDV_REDIRECT_NONE         0  /* No status. */
#define DEEPIDV_REDIRECT_SUCCESS      1  /* "success": Completed and submitted. That is not
                                            the same as verified. */
#define DEEPIDV_REDIRECT_FAILED       2  /* "failed": An error while verifying. */
#define DEEPIDV_REDIRECT_ABANDONED    3  /* "abandoned": The applicant left. */
#define DEEPIDV_REDIRECT_SUBMITTED    4  /* "SUBMITTED": A word of the vendor's other form.
                                            It is not success: see DEEPIDV_FACT_OTHER_FORM. */

/*
 * Reason of a redirect
 *
 * deepidv_redirect.reason, by the contract's words, compared exactly. New words may
 * come.
 */
#define DEEPIDV_REASON_OTHER               (-1)  /* A word unknown to this version: read its
                                                    text. */
#define DEEPIDV_REASON_NONE                   0  /* No reason. */
#define DEEPIDV_REASON_DOCUMENT_UNREADABLE    1  /* "document_unreadable": The ID document
                                                    could not be processed. */
#define DEEPIDV_REASON_FACE_MISMATCH          2  /* "face_mismatch": The face did not match
                                                    the document. */
#define DEEPIDV_REASON_SESSION_EXPIRED        3  /* "session_expired": The session timed out. */
#define DEEPIDV_REASON_INTERNAL_ERROR         4  /* "internal_error": An error on the
                                                    service's side. */
#define DEEPIDV_REASON_USER_CANCELLED         5  /* "user_cancelled": The applicant chose to
                                                    leave. */
#define DEEPIDV_REASON_UNKNOWN                6  /* "unknown": A failure that the service
                                                    itself does not classify. */

/*
 * Facts about a redirect
 *
 * Bits of deepidv_redirect.facts: combinations that the contract does not foresee. They
 * are not errors; a forged URL often has one.
 */
#define DEEPIDV_FACT_NO_SESSION_ID           1  /* The session id is missing or empty. */
#define DEEPIDV_FACT_SUCCESS_WITH_REASON     2  /* success, yet a reason. */
#define DEEPIDV_FACT_FAILED_WITHOUT_REASON   4  /* failed, and no reason. */
#define DEEPIDV_FACT_ABANDONED_OTHERWISE     8  /* abandoned, with another reason than
                                                   user_cancelled or with none. */
#define DEEPIDV_FACT_OTHER_FORM             16  /* sessionId= without session_id=, or the
                                                   status SUBMITTED: so says one of the
                                                   vendor's guides, and the contract does
                                                   not. */
#define DEEPIDV_FACT_NOT_UTF8               32  /* The session id, the status or the reason
                                                   is not UTF-8 once decoded. */
#define DEEPIDV_FACT_REPEATED_EQUAL         64  /* One of the parameters occurs again with
                                                   the same value. */
#define DEEPIDV_FACT_JOINED_TWICE          128  /* A second ? joins the parameters to the
                                                   URL, as in /cb?a=b?session_id=s: it ended
                                                   the value before it. */

/*
 * What a session URL carries
 *
 * Bits of deepidv_session_url.present.
 */
#define DEEPIDV_SESSION_URL_HAS_SESSION_ID   1  /* The URL has the documented shape, and so
                                                   an id. */
#define DEEPIDV_SESSION_URL_HAS_ORG_ID       2  /* oid= is there. */
#define DEEPIDV_SESSION_URL_HAS_REDIRECT_URL 4  /* redirect_url= is there. */

/*
 * Kinds of completion
 *
 * deepidv_event.kind: which call was submitted.
 */
#define DEEPIDV_EVENT_SESSION_CREATE    1  /* deepidv_session_create_submit(). */
#define DEEPIDV_EVENT_SESSION_RECONCILE 2  /* deepidv_session_reconcile_submit(). */
#define DEEPIDV_EVENT_SESSION_RETRIEVE  3  /* deepidv_session_retrieve_submit(). */
#define DEEPIDV_EVENT_SESSION_LIST      4  /* deepidv_session_list_submit(). */
#define DEEPIDV_EVENT_REDIRECT_CONFIRM  5  /* deepidv_redirect_confirm_submit(). */

/*
 * Verdicts
 *
 * deepidv_result_verdict(). Let an applicant through for DEEPIDV_VERDICT_VERIFIED and
 * for nothing else. New ones may be added.
 */
#define DEEPIDV_VERDICT_UNKNOWN   0  /* Nobody can say: the service was not reached or
                                        refused the question, which the result's status
                                        tells, or it used a word that this version does not
                                        know. Ask again later. */
#define DEEPIDV_VERDICT_VERIFIED  1  /* The session is verified. */
#define DEEPIDV_VERDICT_REJECTED  2  /* The session was decided, and rejected. */
#define DEEPIDV_VERDICT_SUBMITTED 3  /* The applicant has finished, and nothing is decided.
                                        Ask again later. */
#define DEEPIDV_VERDICT_PENDING   4  /* The applicant has not finished, whatever the redirect
                                        says. The service may be a moment behind: if the
                                        redirect says success, ask again after a few seconds. */
#define DEEPIDV_VERDICT_EXPIRED   5  /* The session is over and nothing was decided: it has
                                        expired, was voided or has failed, which
                                        deepidv_result_session_status() tells. It takes a new
                                        one. */
#define DEEPIDV_VERDICT_FORGED    6  /* The redirect is certainly not the one that the
                                        service made for this session: it has no session id,
                                        another one, or one of the contract's parameters
                                        twice with different values. The service was not
                                        asked. */

/*
 * Facts about a result
 *
 * Bits of deepidv_result_facts() and deepidv_session.facts: what an answer had beside
 * what the result has of it. None of them makes a result a failure;
 * deepidv_result_json() has all of it.
 */
#define DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED 1  /* The answer's session_url is not one
                                                      that a browser may be sent to, and so
                                                      is left out. The session was created
                                                      all the same. */
#define DEEPIDV_RESULT_FACT_MORE_SESSIONS       2  /* The page had more sessions: more than
                                                      were asked for, or elements without a
                                                      usable id. */
#define DEEPIDV_RESULT_FACT_MORE_LINKS          4  /* The answer had more links: more than
                                                      100, or some whose URL no browser may
                                                      be sent to. */
#define DEEPIDV_RESULT_FACT_MORE_HINTS          8  /* The answer had more than 100 hints. */

/*
 * Sizes
 *
 * Bytes that a buffer needs.
 */
#define DEEPIDV_STATE_SIZE 128  /* Enough for a state of any version, its NUL included. */

/* ---- Objects --------------------------------------------------------------------- */

/** How a client reaches the service. Copied by deepidv_client_new(). */
typedef struct deepidv_config deepidv_config;

/** Connections to the service, a worker thread, and a queue of completions. */
typedef struct deepidv_client deepidv_client;

/** An applicant to be verified: the body of a Create Session call. */
typedef struct deepidv_session_request deepidv_session_request;

/** How one operation ended. Immutable, and independent of the client. */
typedef struct deepidv_result deepidv_result;

/** The secrets of states: the first signs, all of them verify. */
typedef struct deepidv_state_keys deepidv_state_keys;

/* ---- Structures ------------------------------------------------------------------ */

/* Open, because a caller gives the memory. Their layout never changes. */

/** A piece of the caller's own text, by position, so that the text may be moved. */
typedef struct deepidv_span {
  uint32_t offset; /* first byte */
  uint32_t length; /* bytes */
} deepidv_span;

/**
 * What the query of a redirect claims. Nothing in it is signed: anybody can type it.
 * Spans are raw pieces of the parsed text; deepidv_span_decode() makes them readable.
 */
typedef struct deepidv_redirect {
  uint32_t     present;          /* DEEPIDV_HAS_... bits */
  int32_t      status;           /* DEEPIDV_REDIRECT_... */
  int32_t      reason;           /* DEEPIDV_REASON_... */
  uint32_t     facts;            /* DEEPIDV_FACT_... bits */
  deepidv_span session_id;       /* the session's id */
  deepidv_span status_text;      /* the status as it came */
  deepidv_span reason_text;      /* the reason as it came */
  deepidv_span fragment;         /* what follows the # */
  deepidv_span repeated;         /* another value of it, with DEEPIDV_E_REPEATED */
  deepidv_span other_session_id; /* what sessionId= says, which the contract does not have */
  uint32_t     reserved[4];      /* zero */
} deepidv_redirect;

/**
 * A parameter of a query, and the place to go on from: zeroed, it stands before the
 * first. Spans are raw pieces of the text; deepidv_span_decode() makes them readable.
 */
typedef struct deepidv_param {
  deepidv_span name;        /* what is before the first = */
  deepidv_span value;       /* what is behind it */
  uint32_t     next;        /* where the next one is looked for */
  uint32_t     reserved[3]; /* zero; the first is where a second ? joins, if one does */
} deepidv_param;

/**
 * What a session URL of the documented shape holds. Spans are raw pieces of the text.
 */
typedef struct deepidv_session_url {
  uint32_t     present;      /* DEEPIDV_SESSION_URL_HAS_... bits */
  deepidv_span session_id;   /* the session's id */
  deepidv_span org_id;       /* the organization's id */
  deepidv_span redirect_url; /* where the browser goes afterwards */
  deepidv_span repeated;     /* another value of it, with DEEPIDV_E_REPEATED */
  uint32_t     reserved[3];  /* zero */
} deepidv_session_url;

/** One completion, taken from the queue by deepidv_client_next(). */
typedef struct deepidv_event {
  uint64_t op;          /* the operation, as submit named it */
  uint64_t tag;         /* the caller's number, as given to submit */
  int32_t  status;      /* a deepidv_status */
  uint32_t kind;        /* DEEPIDV_EVENT_... */
  uint32_t reserved[4]; /* zero */
} deepidv_event;

/**
 * What a result says of its session, in one piece: each member is what the function
 * answers that it names. The texts are borrowed from the result. Absent is NULL and 0.
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
  uint32_t    reserved[4];     /* zero */
} deepidv_session;

/* ---- Version and status texts ---------------------------------------------------- */

/* Constant texts, valid for ever. */

/**
 * Answers the version of the library that is loaded.
 *
 * Returns: the library's version, as in "0.1.0".
 * Threads: any.  Since 0.1.
 */
const char *deepidv_version(void);

/**
 * Answers the version of the interface that is loaded.
 *
 * A program needs the major number it was compiled with, and at least its minor one.
 *
 * Returns: major * 65536 + minor.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_abi_version(void);

/**
 * Answers the name of a status.
 *
 *   status  any number
 *
 * Returns: a name, as in "DEEPIDV_E_PHONE"; "DEEPIDV_E_?" for an unknown code.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_status_name(int32_t status);

/**
 * Answers what a status means. The sentence never holds anything that came from
 * outside.
 *
 *   status  any number
 *
 * Returns: one English sentence, for an unknown code too.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_status_text(int32_t status);

/* ---- Configuration --------------------------------------------------------------- */

/*
 * Options of a client. Each has a typed setter and a key for deepidv_config_set(), so
 * that a binding can pass a dictionary on with one loop. The environment is read only
 * by deepidv_config_from_env(), and, if use_environment says so, by
 * deepidv_client_new(); in a setuid or setgid program it is taken for empty.
 */

/**
 * Makes a config with the default of every option and no API key.
 *
 *   out  owned  the new object; end it with deepidv_config_free()
 *
 * Returns: OK, E_NULL, E_NOMEM.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_config_new(deepidv_config **out);

/**
 * Ends a deepidv_config. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the config to end
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_config_free(deepidv_config *handle);

/**
 * Sets an option by its key.
 *
 * A number is given in decimal digits. The keys are those that deepidv_config_key()
 * lists.
 *
 *   config     borrowed  the config to change
 *   name       borrowed  an option's key, as in "timeout_ms"
 *   name_len             bytes, or DEEPIDV_NTS
 *   value      copied    the value, as the typed setter would take it
 *   value_len            bytes, or DEEPIDV_NTS
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
 * Lists the keys that deepidv_config_set() takes.
 *
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: the key, or NULL past the last.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_config_key(uint32_t index, size_t *out_len);

/**
 * Sets the secret API key. Key: api_key. Required.
 *
 *   config   borrowed  the config to change
 *   key      copied    1 to 512 printable ASCII bytes, no space
 *   key_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM, E_REQUIRED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, headers.
 */
deepidv_status deepidv_config_set_api_key(
    deepidv_config *config,
    const char *key, size_t key_len);

/**
 * Sets where the service is. Key: base_url. Default: https://api.deepidv.com.
 *
 * It must be https, or http with a loopback host (an address of 127.0.0.0/8, [::1],
 * localhost) or one of allow_http_hosts, which is to be set first; and have neither
 * user-info nor query nor fragment, not even an empty one. A path is kept: the API's
 * own paths are appended.
 *
 *   config   borrowed  the config to change
 *   url      copied    an absolute URL, up to 2,048 bytes
 *   url_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, base URL.
 */
deepidv_status deepidv_config_set_base_url(
    deepidv_config *config,
    const char *url, size_t url_len);

/**
 * Sets the time an operation has, from its submission to its end. Key: timeout_ms.
 * Default: 25000.
 *
 * Keep it shorter than the time after which something else ends your process or its
 * request. Servers that fork their workers kill one that is silent for 30 seconds, as
 * gunicorn does by default: a create that is killed leaves no reconcile token, and
 * nobody knows whether there is a session.
 *
 *   config      borrowed  the config to change
 *   timeout_ms            milliseconds, 1 to 86,400,000
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_timeout_ms(deepidv_config *config, uint32_t timeout_ms);

/**
 * Sets the time for name lookup, TCP and TLS. Key: connect_timeout_ms. Default: 5000.
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
 * Sets how many operations a client may hold at once, waiting and running. Key:
 * max_in_flight. Default: 10000.
 *
 * One more is refused with DEEPIDV_E_BUSY. Completions that wait to be taken count too.
 *
 *   config  borrowed  the config to change
 *   count             1 to 1,000,000
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_max_in_flight(deepidv_config *config, uint32_t count);

/**
 * Sets how many requests a second are sent. Key: rate_limit. Default: 25, the service's
 * own limit.
 *
 * All clients of this process with the same key, base URL and limits share it. When the
 * service answers 429, the rate goes down to what it has really let through of late and
 * climbs back, so that processes which share a key find their shares. What cannot be
 * sent before its time is up ends at once with DEEPIDV_E_RATE_LIMITED, at its
 * submission or as soon as a 429 makes it so, and deepidv_result_retry_after_ms() says
 * how long to wait.
 *
 *   config      borrowed  the config to change
 *   per_second            requests a second, 0 to 10,000; 0 is no limit
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.  Contract: Limits.
 */
deepidv_status deepidv_config_set_rate_limit(deepidv_config *config, uint32_t per_second);

/**
 * Sets how many requests may be sent at once after a silence. Key: rate_burst. Default:
 * 35.
 *
 *   config  borrowed  the config to change
 *   count             requests, 1 to 10,000
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.  Contract: Limits.
 */
deepidv_status deepidv_config_set_rate_burst(deepidv_config *config, uint32_t count);

/**
 * Sets whether a create may use a connection again. Key: connection_reuse. Default: 1.
 *
 * Nothing is sent twice either way. With 0 each create pays for a connection of its
 * own, and an idle connection that dies just then cannot make an outcome unknown.
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
 * By it a session is found again whose answer was lost. It is unique and says nothing.
 *
 *   config  borrowed  the config to change
 *   value             0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_make_external_id(deepidv_config *config, uint32_t value);

/**
 * Sets the file of trusted certificates. Key: ca_file. Default: the system's.
 *
 * deepidv_client_new() looks into it, and answers DEEPIDV_E_CA_FILE if no certificate
 * can be read from it. An https:// proxy is checked against it as well. There is no way
 * to turn verification off.
 *
 *   config    borrowed  the config to change
 *   path      copied    a PEM file, up to 4,095 bytes
 *   path_len            bytes, or DEEPIDV_NTS
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
 * A login stands in the URL, percent-encoded, as in http://user:p%40ss@proxy:3128; an
 * HTTP proxy gets it as Basic. It is never printed. The proxy of an http base URL is
 * refused by deepidv_client_new() with DEEPIDV_E_HTTP_PROXY: it would read the API key.
 *
 *   config   borrowed  the config to change
 *   url      copied    an http://, https:// or socks5h:// URL without a path; empty
 *                      means none
 *   url_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM, E_URL, E_PROXY_SCHEME.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_proxy(
    deepidv_config *config,
    const char *url, size_t url_len);

/**
 * Sets what stands before libdeepidv's own name in User-Agent. Key: user_agent.
 * Default: nothing.
 *
 *   config    borrowed  the config to change
 *   text      copied    up to 256 printable ASCII bytes
 *   text_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_user_agent(
    deepidv_config *config,
    const char *text, size_t text_len);

/**
 * Sets which hosts a base URL may name with http, beside this machine. Key:
 * allow_http_hosts. Default: none.
 *
 * For test doubles, as in http://emulator:8080 in a network of containers. The API key
 * and the applicant's data then travel in clear, and whoever answers to that name gets
 * them: never for the service. Each is an exact name or IP address, without a port;
 * there are no wildcards. Set it before the base URL; deepidv_client_new() checks both
 * again.
 *
 *   config     borrowed  the config to change
 *   hosts      copied    names and addresses with commas between them, up to 2,048
 *                        bytes; empty means none
 *   hosts_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_allow_http_hosts(
    deepidv_config *config,
    const char *hosts, size_t hosts_len);

/**
 * Sets whether variables are read that other programs share: HTTPS_PROXY, NO_PROXY,
 * SSL_CERT_FILE and SSL_CERT_DIR. Key: use_environment. Default: 0.
 *
 * They are read once, by deepidv_client_new(), for an https base URL. An option that
 * was set goes before its variable: a proxy, also an empty one, before HTTPS_PROXY and
 * NO_PROXY, and a ca_file before both of the others. https_proxy and no_proxy go before
 * those in capitals. An HTTPS_PROXY or SSL_CERT_FILE that cannot be used is refused as
 * the option would be. With 0 only their presence is looked at: the message of a result
 * then says that one was not read, where a connection could not be made. Do not make
 * clients while another thread changes the environment.
 *
 *   config  borrowed  the config to change
 *   value             0 for no, 1 for yes
 *
 * Returns: OK, E_NULL, E_RANGE, E_HANDLE.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_set_use_environment(deepidv_config *config, uint32_t value);

/**
 * Sets every option that has a variable in the environment.
 *
 * The variables are DEEPIDV_ and the key in capitals: DEEPIDV_API_KEY, DEEPIDV_BASE_URL
 * and so on. It stops at the first value that is refused. Do not call it while another
 * thread changes the environment.
 *
 *   config   borrowed               the config to change
 *   out_key  borrowed, may be NULL  the key of the option that was refused, or NULL; a
 *                                   constant text
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_RANGE,
 *          E_HANDLE, E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO, E_PROXY_SCHEME.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_config_from_env(deepidv_config *config, const char **out_key);

/* ---- Session request ------------------------------------------------------------- */

/*
 * The applicant and how they are invited. Each setter checks its value at once, so that
 * the refused field is the one being set; what is missing is found by
 * deepidv_session_request_validate() and by the create itself. A setter called again
 * replaces the value.
 */

/**
 * Makes an empty request.
 *
 *   out  owned  the new object; end it with deepidv_session_request_free()
 *
 * Returns: OK, E_NULL, E_NOMEM.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_session_request_new(deepidv_session_request **out);

/**
 * Ends a deepidv_session_request. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the request to end; operations made from it go on
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_session_request_free(deepidv_session_request *handle);

/**
 * Replaces the whole request by a JSON object.
 *
 * Members may be spelled in snake_case or camelCase; when both are there, camelCase
 * wins. null counts as absent. A member that is not a field is refused, so that a
 * typing error is not lost. On failure the request is as it was.
 *
 *   request     borrowed               the request to change
 *   json        copied                 one JSON object, up to 1 MiB
 *   json_len                           bytes, or DEEPIDV_NTS
 *   out_field   borrowed, may be NULL  the field that was refused, in snake_case, or
 *                                      NULL; a constant text
 *   out_offset  borrowed, may be NULL  on failure, the byte of the JSON where reading
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
 *   value      copied    the applicant's first name; required
 *   value_len            bytes, or DEEPIDV_NTS
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
 *   value      copied    the applicant's last name; required
 *   value_len            bytes, or DEEPIDV_NTS
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
 *   value_len            bytes, or DEEPIDV_NTS
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
 * The service itself may want 10 digits or more; the library allows what E.164 does.
 *
 *   request    borrowed  the request to change
 *   value      copied    the applicant's phone number in E.164, as in +15192223333;
 *                        required
 *   value_len            bytes, or DEEPIDV_NTS
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
 *   value      copied    your own reference for this session, best one that is used
 *                        only once
 *   value_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_HANDLE, E_NOMEM,
 *          E_REQUIRED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, external_id.
 */
deepidv_status deepidv_session_request_set_external_id(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Chooses whether the service e-mails the applicant. Default: it does.
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
 * Chooses whether the service texts the applicant. Default: it does.
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
 *   value      copied    the workflow to run; without one, a standalone verification
 *   value_len            bytes, or DEEPIDV_NTS
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
 * The applicant's browser comes back there; see deepidv_redirect_parse(). It is
 * accepted if browsers open it: the host rules of the URL standard decide, and a host
 * is written in ASCII, letters of other scripts as xn--. In the path, the query and the
 * fragment such letters may stand as they are. DEEPIDV_E_REPEATED says that the query
 * already has a session_id, status or reason, which the service will add.
 *
 *   request    borrowed  the request to change
 *   value      copied    an https URL with a host and no user-info, up to 8,192 bytes
 *   value_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_HANDLE,
 *          E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO, E_REPEATED.
 * Threads: exclusive.  Since 0.1.  Contract: Create session, redirect_url.
 */
deepidv_status deepidv_session_request_set_redirect_url(
    deepidv_session_request *request,
    const char *value, size_t value_len);

/**
 * Sets after how many hours the session expires.
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
 * Says whether the request could be sent as it is.
 *
 *   request    borrowed               the request to check
 *   out_field  borrowed, may be NULL  the first required field that is missing, in
 *                                     snake_case, or NULL; a constant text
 *
 * Returns: OK, E_NULL, E_HANDLE, E_REQUIRED.
 * Threads: any.  Since 0.1.  Contract: Create session, required fields.
 */
deepidv_status deepidv_session_request_validate(
    const deepidv_session_request *request,
    const char **out_field);

/* ---- Client ---------------------------------------------------------------------- */

/*
 * One client serves a whole process. Blocking calls need nothing else; an event loop
 * watches deepidv_client_fd() and takes completions with deepidv_client_next().
 */

/**
 * Makes a client. Nothing is connected and no thread started before the first
 * operation.
 *
 * What the options say together is checked here: DEEPIDV_E_SCHEME is for an http base
 * URL whose host is not in allow_http_hosts any more, DEEPIDV_E_HTTP_PROXY for one with
 * a proxy. With use_environment, what a variable says may be refused too, as its option
 * would be.
 *
 *   config  copied  options; an API key is required
 *   out     owned   the new object; end it with deepidv_client_free()
 *
 * Returns: OK, E_NULL, E_TOO_LONG, E_UTF8, E_CONTROL, E_HANDLE, E_NOMEM, E_SYSTEM,
 *          E_REQUIRED, E_URL, E_SCHEME, E_CA_FILE, E_HTTP_PROXY, E_PROXY_SCHEME.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_new(const deepidv_config *config, deepidv_client **out);

/**
 * Takes no more work and cancels what is under way.
 *
 * Completions still come through deepidv_client_next(). A second close does nothing.
 *
 *   client  borrowed  the client
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_close(deepidv_client *client);

/**
 * Ends a deepidv_client. NULL is allowed.
 *
 * Closes it and drops the completions that were not taken. It does not wait for the
 * network. No other thread may be inside a call on it.
 *
 *   handle  consumed, may be NULL  the client to end
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_client_free(deepidv_client *handle);

/**
 * Answers a descriptor that is readable exactly while a completion waits.
 *
 * For poll, epoll or any event loop, level-triggered or not. It belongs to the client:
 * do not read, write or close it.
 *
 *   client  borrowed  the client
 *
 * Returns: a descriptor, or -1 if the client is NULL, not a client, or from before a
 *          fork.
 * Threads: any.  Since 0.1.
 */
int deepidv_client_fd(deepidv_client *client);

/**
 * Takes one completion from the queue. Never blocks.
 *
 * DEEPIDV_E_EMPTY says that none is waiting, DEEPIDV_E_CLOSED that none will come any
 * more.
 *
 *   client      borrowed  the client
 *   out_event   borrowed  the completion
 *   out_result  owned     its result; end it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED, E_CLOSED, E_EMPTY.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_next(
    deepidv_client *client,
    deepidv_event *out_event,
    deepidv_result **out_result);

/**
 * Waits for one operation that was submitted, and takes its completion.
 *
 * With its _submit function it is a blocking call that can be interrupted: wait in
 * slices, look in between at what your runtime asks for, and cancel the operation and
 * take it once more if you must stop. A completion that is taken so does not come
 * through deepidv_client_next(). As in a blocking call, the waiting thread does the
 * network's work if no other thread does. DEEPIDV_E_TIMEOUT says that it has not ended
 * yet and goes on, DEEPIDV_E_NO_OPERATION that there is none with this number, or that
 * its completion has been taken.
 *
 *   client      borrowed  the client
 *   op                    the operation, as submit named it
 *   timeout_ms            milliseconds; 0 only looks, -1 waits without an end
 *   out_event   borrowed  the completion
 *   out_result  owned     its result; end it with deepidv_result_free()
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
 * Blocks until a completion waits to be taken.
 *
 *   client      borrowed  the client
 *   timeout_ms            milliseconds; 0 only looks, -1 waits without an end
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED, E_CLOSED, E_TIMEOUT.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_wait(deepidv_client *client, int32_t timeout_ms);

/**
 * Cancels an operation that was submitted.
 *
 * Its completion comes as always: DEEPIDV_E_NOT_SENT if it was still waiting.
 * Cancelling what has been sent does not undo it at the service, and is
 * DEEPIDV_E_OUTCOME_UNKNOWN.
 *
 *   client  borrowed  the client
 *   op                the operation, as submit named it
 *
 * Returns: OK, E_NULL, E_HANDLE, E_FORKED, E_NO_OPERATION.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_client_cancel(deepidv_client *client, uint64_t op);

/* ---- Create session -------------------------------------------------------------- */

/*
 * POST /v1/sessions. Every accepted request makes a session, by default sends an e-mail
 * and a text message, and costs tokens, and the service knows no idempotency key. So
 * the library sends a request again only when it was certainly not executed, always
 * within the one timeout of the operation. A create whose fate is unknown is looked for
 * by its external id with what time is left; when it cannot be found, that is
 * DEEPIDV_E_OUTCOME_UNKNOWN, deepidv_result_cause() says why, and it must not be sent
 * again by you either. It may still be executed later: an answer that is missing proves
 * nothing, so look again with deepidv_session_reconcile() after a minute or two. An
 * external id is best used for one create only: of two creates with the same one,
 * neither can be told from the other. One of more than 1,024 bytes cannot be looked
 * for.
 */

/**
 * Creates a session and waits for the answer.
 *
 * A request that is not valid is refused before anything is sent, and
 * deepidv_result_field() names the field. The request may be changed or freed as soon
 * as the call returns. The answered status is also that of the result.
 *
 *   client      borrowed  the client to send with
 *   request     borrowed  the applicant
 *   out_result  owned     the result, also on failure; NULL only if the arguments were
 *                         unusable, the client takes no more work, or memory ran out;
 *                         end it with deepidv_result_free()
 *
 * Returns: OK, E_NULL, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED, E_FORKED, E_CLOSED,
 *          E_BUSY, E_NOT_SENT, E_NOT_PROCESSED, E_OUTCOME_UNKNOWN, E_DUPLICATE,
 *          E_BAD_REQUEST, E_UNAUTHORIZED, E_BALANCE, E_FORBIDDEN, E_NOT_FOUND,
 *          E_RATE_LIMITED, E_REFUSED, E_REDIRECTED.
 * Threads: any.  Since 0.1.  Contract: Create session.
 */
deepidv_status deepidv_session_create(
    deepidv_client *client,
    const deepidv_session_request *request,
    deepidv_result **out_result);

/**
 * Creates a session without waiting.
 *
 * If it answers DEEPIDV_OK, exactly one completion will come through
 * deepidv_client_next(), whatever happens, and at once for what could not be sent in
 * time. If it answers anything else, none will.
 *
 *   client   borrowed               the client to send with
 *   request  borrowed               the applicant
 *   tag                             any number; it comes back with the completion
 *   out_op   borrowed, may be NULL  the operation, for deepidv_client_cancel()
 *
 * Returns: OK, E_NULL, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED, E_FORKED, E_CLOSED,
 *          E_BUSY.
 * Threads: any.  Since 0.1.  Contract: Create session.
 */
deepidv_status deepidv_session_create_submit(
    deepidv_client *client,
    const deepidv_session_request *request,
    uint64_t tag,
    uint64_t *out_op);

/* ---- Look up sessions ------------------------------------------------------------ */

/*
 * Requests that are safe to repeat: they are sent again when the network fails, within
 * the timeout of the operation. One that got no answer ends with the cause itself as
 * its status, such as DEEPIDV_E_TIMEOUT.
 */

/**
 * Asks how a session stands. This is how an outcome is confirmed.
 *
 * deepidv_result_session_status() has the answer, in the service's words. A record of
 * another session is DEEPIDV_E_ANSWER_FOREIGN: none of its id, idv_id and session_id,
 * which are names of the same id, is the one that was asked for. The answered status is
 * also that of the result.
 *
 *   client          borrowed  the client to send with
 *   session_id      copied    the session's id, up to 1,024 bytes
 *   session_id_len            bytes, or DEEPIDV_NTS
 *   out_result      owned     the result, also on failure; NULL only if the arguments
 *                             were unusable, the client takes no more work, or memory
 *                             ran out; end it with deepidv_result_free()
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
 * Asks how a session stands, without waiting.
 *
 * If it answers DEEPIDV_OK, exactly one completion will come through
 * deepidv_client_next(), whatever happens, and at once for what could not be sent in
 * time. If it answers anything else, none will.
 *
 *   client          borrowed               the client to send with
 *   session_id      copied                 the session's id, up to 1,024 bytes
 *   session_id_len                         bytes, or DEEPIDV_NTS
 *   tag                                    any number; it comes back with the
 *                                          completion
 *   out_op          borrowed, may be NULL  the operation, for deepidv_client_cancel()
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
 * Asks for a page of sessions.
 *
 * deepidv_result_session_count() says how many, deepidv_result_next_token() asks for
 * the next page. With external_id, a page with a session that has another one, or none,
 * is DEEPIDV_E_ANSWER_FOREIGN: the service has not heeded it. A page whose next_token
 * is the one that it was asked with would be asked for without an end: it is
 * DEEPIDV_E_ANSWER_LOOP. A circle of several tokens no single call can see. If you loop
 * over pages, end when a token comes that you have had before, or after as many pages
 * as there can be. The answered status is also that of the result.
 *
 *   client           borrowed             the client to send with
 *   external_id      copied, may be NULL  only sessions with your own reference; NULL
 *                                         for all of the sender's
 *   external_id_len                       bytes, or DEEPIDV_NTS
 *   limit                                 sessions on the page at most, 1 to 500; 0 for
 *                                         the service's 50
 *   next_token       copied, may be NULL  where the page before ended; NULL for the
 *                                         first page
 *   next_token_len                        bytes, or DEEPIDV_NTS
 *   out_result       owned                the result, also on failure; NULL only if the
 *                                         arguments were unusable, the client takes no
 *                                         more work, or memory ran out; end it with
 *                                         deepidv_result_free()
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
 * Asks for a page of sessions, without waiting.
 *
 * If it answers DEEPIDV_OK, exactly one completion will come through
 * deepidv_client_next(), whatever happens, and at once for what could not be sent in
 * time. If it answers anything else, none will.
 *
 *   client           borrowed               the client to send with
 *   external_id      copied, may be NULL    only sessions with your own reference; NULL
 *                                           for all of the sender's
 *   external_id_len                         bytes, or DEEPIDV_NTS
 *   limit                                   sessions on the page at most, 1 to 500; 0
 *                                           for the service's 50
 *   next_token       copied, may be NULL    where the page before ended; NULL for the
 *                                           first page
 *   next_token_len                          bytes, or DEEPIDV_NTS
 *   tag                                     any number; it comes back with the
 *                                           completion
 *   out_op           borrowed, may be NULL  the operation, for deepidv_client_cancel()
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
 * Looks for the session of a create whose outcome was unknown.
 *
 * It asks again and again until the timeout. Exactly one session with the same external
 * id, created after the request was sent, is the one: then deepidv_result_reconciled()
 * is 1. Several are DEEPIDV_E_DUPLICATE. None is DEEPIDV_E_OUTCOME_UNKNOWN still, and
 * so is one on a page that is not the last, since the others are not known. It is the
 * same if the rate limit did not let it ask, which the cause tells. Any process with
 * the same key can do it. The answered status is also that of the result.
 *
 *   client      borrowed  the client to send with
 *   token       copied    from deepidv_result_reconcile_token()
 *   token_len             bytes, or DEEPIDV_NTS
 *   out_result  owned     the result, also on failure; NULL only if the arguments were
 *                         unusable, the client takes no more work, or memory ran out;
 *                         end it with deepidv_result_free()
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
 * Looks for a session without waiting.
 *
 * If it answers DEEPIDV_OK, exactly one completion will come through
 * deepidv_client_next(), whatever happens, and at once for what could not be sent in
 * time. If it answers anything else, none will.
 *
 *   client     borrowed               the client to send with
 *   token      copied                 from deepidv_result_reconcile_token()
 *   token_len                         bytes, or DEEPIDV_NTS
 *   tag                               any number; it comes back with the completion
 *   out_op     borrowed, may be NULL  the operation, for deepidv_client_cancel()
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

/* ---- Result ---------------------------------------------------------------------- */

/*
 * How an operation ended, whether well or not. Texts belong to the result. With NULL or
 * another object in its place, texts are NULL and numbers 0. What is about the session
 * can be read in one call, deepidv_result_session(), instead of in ten. What an answer
 * says is handed on as it came, if every program reads it alike: a text with a control
 * character inside, NUL among them, is absent, and an id with one is no id. (In an
 * external id, which is yours, only NUL is barred.) An id has at most 1,024 bytes. URLs
 * are there to send a browser to: they are https, or http to this machine (localhost,
 * 127.0.0.0/8, [::1]), without control characters, spaces, backslashes and user names;
 * another one is absent. A result has no more sessions than were asked for, and of
 * links and hints the first 100; deepidv_result_facts() tells what was left out.
 */

/**
 * Ends a deepidv_result. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the result to end, with all texts read from it
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_result_free(deepidv_result *handle);

/**
 * Answers how the operation ended; of a create, DEEPIDV_OK is a session.
 *
 *   result  borrowed  the result to read
 *
 * Returns: OK, E_NULL, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED, E_JSON_DUPLICATE,
 *          E_REPEATED, E_MISMATCH, E_TIMEOUT, E_CANCELLED, E_NOT_SENT, E_NOT_PROCESSED,
 *          E_OUTCOME_UNKNOWN, E_DUPLICATE, E_BAD_REQUEST, E_UNAUTHORIZED, E_BALANCE,
 *          E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED, E_REDIRECTED,
 *          E_RESOLVE, E_CONNECT, E_TLS, E_PROXY, E_CONNECTION_LOST, E_SERVER,
 *          E_ANSWER_EMPTY, E_ANSWER_CUT, E_ANSWER_TOO_LARGE, E_ANSWER_UTF8,
 *          E_ANSWER_JSON, E_ANSWER_NO_ID, E_ANSWER_HTTP, E_NETWORK, E_ANSWER_FOREIGN,
 *          E_TLS_UNTRUSTED, E_TLS_NAME, E_TLS_DATE, E_ANSWER_LOOP, E_ANSWER_ENCODING.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_result_status(const deepidv_result *result);

/**
 * Answers why it ended so.
 *
 * For DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_PROCESSED and DEEPIDV_E_OUTCOME_UNKNOWN the
 * particular reason, such as DEEPIDV_E_CONNECT or DEEPIDV_E_TIMEOUT; else the same as
 * the status.
 *
 *   result  borrowed  the result to read
 *
 * Returns: OK, E_NULL, E_HANDLE, E_NOMEM, E_SYSTEM, E_REQUIRED, E_JSON_DUPLICATE,
 *          E_REPEATED, E_MISMATCH, E_TIMEOUT, E_CANCELLED, E_NOT_SENT, E_NOT_PROCESSED,
 *          E_OUTCOME_UNKNOWN, E_DUPLICATE, E_BAD_REQUEST, E_UNAUTHORIZED, E_BALANCE,
 *          E_FORBIDDEN, E_NOT_FOUND, E_RATE_LIMITED, E_REFUSED, E_REDIRECTED,
 *          E_RESOLVE, E_CONNECT, E_TLS, E_PROXY, E_CONNECTION_LOST, E_SERVER,
 *          E_ANSWER_EMPTY, E_ANSWER_CUT, E_ANSWER_TOO_LARGE, E_ANSWER_UTF8,
 *          E_ANSWER_JSON, E_ANSWER_NO_ID, E_ANSWER_HTTP, E_NETWORK, E_ANSWER_FOREIGN,
 *          E_TLS_UNTRUSTED, E_TLS_NAME, E_TLS_DATE, E_ANSWER_LOOP, E_ANSWER_ENCODING.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_result_cause(const deepidv_result *result);

/**
 * Answers the HTTP status of the final answer.
 *
 *   result  borrowed  the result to read
 *
 * Returns: 200 to 599, or 0 if no answer came.
 * Threads: any.  Since 0.1.
 */
int32_t deepidv_result_http_status(const deepidv_result *result);

/**
 * Answers what can be said to a person about a failure; NULL on success.
 *
 * The service's own words if it sent any (its message, error, detail or plain text, in
 * that order, else HTTP and the status), with control characters replaced and cut after
 * 4,096 bytes; otherwise, without an HTTP status, the library's: what the cause means,
 * and what may help. The service may repeat what it was sent: treat it as personal
 * data.
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
 * Answers which field of the request the library refused, in snake_case, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_result_field(const deepidv_result *result, size_t *out_len);

/**
 * Answers the service's own error code, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, errors: code.
 */
const char *deepidv_result_api_code(const deepidv_result *result, size_t *out_len);

/**
 * Answers how many hints of the service's the result has: with its refusal, 100 at
 * most.
 *
 *   result  borrowed  the result to read
 *
 * Returns: how many.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_hint_count(const deepidv_result *result);

/**
 * Answers one hint, with control characters replaced.
 *
 *   result   borrowed               the result to read
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result; NULL past the last.
 * Threads: any.  Since 0.1.  Contract: Create session, errors: hints.
 */
const char *deepidv_result_hint(const deepidv_result *result, uint32_t index, size_t *out_len);

/**
 * Answers how often sending was begun: 0 if nothing ever left.
 *
 *   result  borrowed  the result to read
 *
 * Returns: attempts.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_attempts(const deepidv_result *result);

/**
 * Answers the time from submission to the end, in microseconds.
 *
 *   result  borrowed  the result to read
 *
 * Returns: microseconds.
 * Threads: any.  Since 0.1.
 */
uint64_t deepidv_result_elapsed_us(const deepidv_result *result);

/**
 * Answers the body of the answer, byte for byte, or NULL if there was none.
 *
 * It need not be JSON, nor UTF-8, when the status is not DEEPIDV_OK; go by its length.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_result_json(const deepidv_result *result, size_t *out_len);

/**
 * Answers all that is said of the session in one call.
 *
 * The same as the functions that deepidv_session names, also of a result that ended
 * badly. It is for bindings, to which each call costs something, and for programs that
 * read much of it.
 *
 *   result  borrowed  the result to read
 *   out     borrowed  what it says
 *
 * Returns: OK, E_NULL, E_HANDLE.
 * Threads: any.  Since 0.1.  Contract: Create session; Retrieve, list, update.
 */
deepidv_status deepidv_result_session(const deepidv_result *result, deepidv_session *out);

/**
 * Answers the session's id, or NULL. It is opaque: do not take it apart.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, id.
 */
const char *deepidv_result_session_id(const deepidv_result *result, size_t *out_len);

/**
 * Answers where the applicant goes, untouched, or NULL.
 *
 * NULL with DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED if the service sent one that a
 * browser must not be sent to, such as javascript:. It is refused whole, never
 * repaired.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, session_url.
 */
const char *deepidv_result_session_url(const deepidv_result *result, size_t *out_len);

/**
 * Answers your own reference, or the one that the library made, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, externalId.
 */
const char *deepidv_result_external_id(const deepidv_result *result, size_t *out_len);

/**
 * Answers when the session expires, in ISO 8601 as it came, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Create session, expires_at.
 */
const char *deepidv_result_expires_at(const deepidv_result *result, size_t *out_len);

/**
 * Answers how many sessions the result speaks of: of a page, or of DEEPIDV_E_DUPLICATE.
 *
 * No more than were asked for: see DEEPIDV_RESULT_FACT_MORE_SESSIONS.
 *
 *   result  borrowed  the result to read
 *
 * Returns: how many.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_session_count(const deepidv_result *result);

/**
 * Answers the id of one of the sessions.
 *
 *   result   borrowed               the result to read
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result; NULL past the last.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update.
 */
const char *deepidv_result_session_id_at(
    const deepidv_result *result,
    uint32_t index,
    size_t *out_len);

/**
 * Answers how a retrieved session stands, as in "VERIFIED", or NULL.
 *
 * The service's words: PENDING, SUBMITTED, VERIFIED, REJECTED, VOIDED, EXPIRED, FAILED;
 * new ones may come.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update: status.
 */
const char *deepidv_result_session_status(const deepidv_result *result, size_t *out_len);

/**
 * Answers how far the applicant of a retrieved session is, or NULL.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update: session_progress.
 */
const char *deepidv_result_session_progress(const deepidv_result *result, size_t *out_len);

/**
 * Answers what a confirmation has found: the one thing to decide by.
 *
 *   result  borrowed  the result to read
 *
 * Returns: DEEPIDV_VERDICT_..., unknown if it was not a confirmation.
 * Threads: any.  Since 0.1.  Contract: Redirect result; Retrieve, list, update.
 */
int32_t deepidv_result_verdict(const deepidv_result *result);

/**
 * Answers what asks for the next page of a list, or NULL on the last.
 *
 * It is never the one that this page was asked with, and never empty.
 *
 *   result   borrowed               the result to read
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result, or NULL.
 * Threads: any.  Since 0.1.  Contract: Retrieve, list, update: next_token.
 */
const char *deepidv_result_next_token(const deepidv_result *result, size_t *out_len);

/**
 * Answers whether the session was found by looking for it, its own answer having been
 * lost.
 *
 * Such a session has an id, but no session URL: the service tells that only once.
 *
 *   result  borrowed  the result to read
 *
 * Returns: 1 or 0.
 * Threads: any.  Since 0.1.
 */
int32_t deepidv_result_reconciled(const deepidv_result *result);

/**
 * Answers what deepidv_session_reconcile() needs, or NULL unless the outcome is
 * unknown.
 *
 * It holds the time and the external id, and no secret. Keep it until the outcome is
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
 * Answers how long to wait before the next request.
 *
 * What the service asked for. If it did not say, or was not asked because the request
 * could not be sent in time, when the library's own pace would have let it go.
 *
 *   result  borrowed  the result to read
 *
 * Returns: milliseconds, or 0 if there is nothing to wait for.
 * Threads: any.  Since 0.1.  Contract: Create session, 429: Retry-After.
 */
uint64_t deepidv_result_retry_after_ms(const deepidv_result *result);

/**
 * Answers what the answer had that the result has not.
 *
 * 0 is the usual: all of it is there.
 *
 *   result  borrowed  the result to read
 *
 * Returns: DEEPIDV_RESULT_FACT_... bits.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_facts(const deepidv_result *result);

/**
 * Answers how many links of the session the result has, 100 at most.
 *
 * One whose URL no browser may be sent to is left out: see
 * DEEPIDV_RESULT_FACT_MORE_LINKS.
 *
 *   result  borrowed  the result to read
 *
 * Returns: how many.
 * Threads: any.  Since 0.1.
 */
uint32_t deepidv_result_link_count(const deepidv_result *result);

/**
 * Answers one link's URL.
 *
 *   result   borrowed               the result to read
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result; NULL past the last.
 * Threads: any.  Since 0.1.  Contract: Create session, links.
 */
const char *deepidv_result_link(const deepidv_result *result, uint32_t index, size_t *out_len);

/**
 * Answers one link's rel, or its type, or NULL.
 *
 *   result   borrowed               the result to read
 *   index                           0 for the first
 *   out_len  borrowed, may be NULL  its length in bytes
 *
 * Returns: borrowed from the result; NULL past the last.
 * Threads: any.  Since 0.1.  Contract: Create session, links.
 */
const char *deepidv_result_link_rel(
    const deepidv_result *result,
    uint32_t index,
    size_t *out_len);

/* ---- Redirect -------------------------------------------------------------------- */

/*
 * What the applicant's browser brings back. These functions allocate nothing, keep
 * nothing, and may be called from a signal handler. A redirect is a claim, not a proof:
 * compare its session id with the one you stored for that user, then ask the service
 * how the session stands. Queries are split and decoded as
 * application/x-www-form-urlencoded is by the URL standard: at &, then at the first =;
 * + is a space, %XX a byte, any other % itself; what is empty between two & is nothing.
 * One thing is added, since nobody knows how the service joins its parameters to a URL
 * that has a query: where session_id, status or reason is missing otherwise, the last ?
 * directly before the name of such a one and = ends what is before it, as & does. A
 * reason is not missing with success or SUBMITTED, and sessionId is where there is no
 * id at all.
 */

/**
 * Reads the result parameters out of a redirect.
 *
 * Takes an absolute URL, a path with a query, or a bare query with or without its
 * question mark. Parameters that are not the contract's are passed over; those of the
 * contract may come in any order, their names and words percent-encoded or not. That
 * one is missing is no failure: see present and facts. The same parameter twice is
 * DEEPIDV_E_REPEATED if the decoded values differ: the first of them stands, and
 * repeated is one that differs. With equal values it is one, and a fact. A repeated
 * sessionId counts only where session_id is missing.
 *
 *   url      borrowed  the redirect, less than 4 GiB; any bytes
 *   url_len            bytes, or DEEPIDV_NTS
 *   out      borrowed  what was found; zeroed first
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_REPEATED.
 * Threads: any.  Since 0.1.  Contract: Redirect result.
 */
deepidv_status deepidv_redirect_parse(const char *url, size_t url_len, deepidv_redirect *out);

/**
 * Says whether a redirect is about the session you expect.
 *
 * Compares the decoded session id with the expected one, in a time that depends on
 * their lengths only.
 *
 *   url             borrowed  the redirect, less than 4 GiB; any bytes
 *   url_len                   bytes, or DEEPIDV_NTS
 *   redirect        borrowed  as deepidv_redirect_parse() filled it from the same text
 *   session_id      borrowed  the id stored for this user
 *   session_id_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_RANGE, E_MISMATCH.
 * Threads: any.  Since 0.1.  Contract: Redirect result: a result is a claim.
 */
deepidv_status deepidv_redirect_matches(
    const char *url, size_t url_len,
    const deepidv_redirect *redirect,
    const char *session_id, size_t session_id_len);

/**
 * Finds a parameter of your own in a redirect.
 *
 * Compares decoded names byte by byte. With DEEPIDV_E_REPEATED there are several with
 * different values, and out is the first: deepidv_redirect_next_param() gives them all.
 * A parameter without = has an empty value.
 *
 *   url       borrowed  the redirect, less than 4 GiB; any bytes
 *   url_len             bytes, or DEEPIDV_NTS
 *   name      borrowed  its name, not encoded; any bytes
 *   name_len            bytes, or DEEPIDV_NTS
 *   out       borrowed  its value
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_REPEATED, E_ABSENT.
 * Threads: any.  Since 0.1.
 * Contract: Redirect result; application/x-www-form-urlencoded.
 */
deepidv_status deepidv_redirect_param(
    const char *url, size_t url_len,
    const char *name, size_t name_len,
    deepidv_span *out);

/**
 * Gives the parameters of a redirect one after the other, in their order.
 *
 * Set param to zero, then call it with the same text for as long as it answers
 * DEEPIDV_OK. DEEPIDV_E_ABSENT is the end, and param is zero again.
 *
 *   url      borrowed  the redirect, less than 4 GiB; any bytes
 *   url_len            bytes, or DEEPIDV_NTS
 *   param    borrowed  the one before, then the next one
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_RANGE, E_ABSENT.
 * Threads: any.  Since 0.1.
 * Contract: Redirect result; application/x-www-form-urlencoded.
 */
deepidv_status deepidv_redirect_next_param(
    const char *url, size_t url_len,
    deepidv_param *param);

/**
 * Makes a span readable: + becomes a space, %XX a byte.
 *
 * The text is NUL-terminated, and span->length + 1 bytes are always enough. With
 * DEEPIDV_E_UTF8 or DEEPIDV_E_NUL, which say that the decoded bytes are not UTF-8 or
 * have a NUL inside, they are written all the same. With DEEPIDV_E_BUFFER nothing is
 * written but out_len.
 *
 *   url       borrowed               the redirect, less than 4 GiB; any bytes
 *   url_len                          bytes, or DEEPIDV_NTS
 *   span      borrowed               a span of that text
 *   out       borrowed               the decoded text, capacity bytes at most
 *   capacity                         bytes that out has room for, its NUL included
 *   out_len   borrowed, may be NULL  its length in bytes without the NUL
 *
 * Returns: OK, E_NULL, E_LENGTH, E_NUL, E_UTF8, E_RANGE, E_BUFFER.
 * Threads: any.  Since 0.1.
 * Contract: Redirect result; application/x-www-form-urlencoded.
 */
deepidv_status deepidv_span_decode(
    const char *url, size_t url_len,
    const deepidv_span *span,
    char *out, size_t capacity,
    size_t *out_len);

/**
 * Takes a session URL of the documented shape apart.
 *
 * That shape is http or https, a host, /session/ and an id, then perhaps a query with
 * oid and redirect_url. Of any other URL nothing is present, and that is no failure:
 * shapes may change, so hand the URL on untouched. The host is not judged. In the id,
 * which is a piece of a path, + is itself, though deepidv_span_decode() makes it a
 * space.
 *
 *   url      borrowed  the session URL, less than 4 GiB; any bytes
 *   url_len            bytes, or DEEPIDV_NTS
 *   out      borrowed  what was found; zeroed first
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_REPEATED.
 * Threads: any.  Since 0.1.  Contract: Create session: session_url.
 */
deepidv_status deepidv_session_url_parse(
    const char *url, size_t url_len,
    deepidv_session_url *out);

/* ---- State ----------------------------------------------------------------------- */

/*
 * Binds a redirect to the browser it was made for. A state is a short text that goes
 * into the redirect URL of a create and comes back with the applicant. It is signed
 * with your key, expires, and is good for one context only: what you know the browser
 * by, such as its session cookie. Nobody can make one or find out its context. It
 * proves who comes back, not how it went: only the service knows that, see
 * deepidv_redirect_confirm(). It may come back more than once until it expires. The
 * format is in docs/state.md.
 */

/**
 * Makes an empty set of keys.
 *
 *   out  owned  the new object; end it with deepidv_state_keys_free()
 *
 * Returns: OK, E_NULL, E_NOMEM.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_state_keys_new(deepidv_state_keys **out);

/**
 * Ends a deepidv_state_keys. NULL is allowed.
 *
 *   handle  consumed, may be NULL  the keys to wipe and end
 *
 * Threads: exclusive.  Since 0.1.
 */
void deepidv_state_keys_free(deepidv_state_keys *handle);

/**
 * Adds a key. The first one signs; each of them verifies.
 *
 * To change keys, make a set with the new one first and the old one behind it, for as
 * long as states last. A key is best 32 random bytes that are used for nothing else.
 *
 *   keys     borrowed  the set, of 16 keys at most
 *   key      copied    16 to 1,024 bytes, any; DEEPIDV_NTS only if none of them is 0
 *   key_len            bytes, or DEEPIDV_NTS
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_RANGE, E_HANDLE, E_NOMEM, E_REQUIRED,
 *          E_SHORT_KEY.
 * Threads: exclusive.  Since 0.1.
 */
deepidv_status deepidv_state_keys_add(
    deepidv_state_keys *keys,
    const char *key, size_t key_len);

/**
 * Makes a state for one browser.
 *
 *   keys         borrowed               the keys, one at least
 *   context      borrowed               what you know the browser by, as its session
 *                                       cookie; 1 to 4,096 bytes, any
 *   context_len                         bytes, or DEEPIDV_NTS
 *   lifetime_s                          seconds until it expires, 1 to 31,536,000; as
 *                                       long as the session at least
 *   out          borrowed               the state; DEEPIDV_STATE_SIZE bytes are always
 *                                       enough
 *   capacity                            bytes that out has room for, its NUL included
 *   out_len      borrowed, may be NULL  its length in bytes without the NUL; with
 *                                       DEEPIDV_E_BUFFER as well
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_RANGE, E_HANDLE, E_BUFFER, E_NOMEM,
 *          E_SYSTEM, E_REQUIRED.
 * Threads: any.  Since 0.1.
 */
deepidv_status deepidv_state_new(
    const deepidv_state_keys *keys,
    const char *context, size_t context_len,
    uint32_t lifetime_s,
    char *out, size_t capacity,
    size_t *out_len);

/**
 * Puts a state into a redirect URL, as the parameter state.
 *
 * The URL may have a query and a fragment of its own. DEEPIDV_E_REPEATED says that its
 * query already has a state, or a parameter that the service will add: which of two
 * counts would be a guess.
 *
 *   url        borrowed               what deepidv_session_request_set_redirect_url()
 *                                     takes
 *   url_len                           bytes, or DEEPIDV_NTS
 *   state      borrowed               from deepidv_state_new()
 *   state_len                         bytes, or DEEPIDV_NTS
 *   out        borrowed               the URL; url_len + DEEPIDV_STATE_SIZE bytes are
 *                                     always enough
 *   capacity                          bytes that out has room for, its NUL included
 *   out_len    borrowed, may be NULL  its length in bytes without the NUL; with
 *                                     DEEPIDV_E_BUFFER as well
 *
 * Returns: OK, E_NULL, E_LENGTH, E_TOO_LONG, E_NUL, E_UTF8, E_CONTROL, E_BUFFER,
 *          E_NOMEM, E_REQUIRED, E_URL, E_SCHEME, E_USERINFO, E_REPEATED, E_STATE.
 * Threads: any.  Since 0.1.  Contract: Create session, redirect_url.
 */
deepidv_status deepidv_redirect_url_with_state(
    const char *url, size_t url_len,
    const char *state, size_t state_len,
    char *out, size_t capacity,
    size_t *out_len);

/**
 * Says whether a redirect came back in the browser it was made for.
 *
 * DEEPIDV_E_STATE: there is none, or it is malformed, or it expires later than any that
 * can have been made by now: a clock is wrong. DEEPIDV_E_STATE_SIGNATURE: it was made
 * up or changed, or its key is gone; more is not said of such a one.
 * DEEPIDV_E_STATE_CONTEXT: it is genuine, and another browser's, which also happens to
 * applicants who go on with another device. DEEPIDV_E_STATE_EXPIRED: it is this
 * browser's, and late. Tell them apart in your log; whoever is at the browser needs to
 * hear only that it does not go on here. The time it takes does not depend on how much
 * of a guess was right.
 *
 *   keys          borrowed  the keys, one at least
 *   redirect      borrowed  the redirect as it came, or the state alone; any bytes
 *   redirect_len            bytes, or DEEPIDV_NTS
 *   context       borrowed  what you know the browser by, as its session cookie; 1 to
 *                           4,096 bytes, any
 *   context_len             bytes, or DEEPIDV_NTS
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
 * The one call for the page that applicants come back to: it compares the redirect with
 * the session that you expect, asks the service how that session stands, and answers
 * one verdict. What the redirect says of how it went is never believed.
 */

/**
 * Confirms a redirect and waits for the answer. deepidv_result_verdict() has it.
 *
 * A redirect that cannot be the one for this session is DEEPIDV_VERDICT_FORGED, with
 * the status DEEPIDV_E_MISMATCH or DEEPIDV_E_REPEATED, and nothing is sent. Else it is
 * deepidv_session_retrieve() of the expected session, and the result has the record as
 * that one has. DEEPIDV_OK says that the service was asked and has answered, not that
 * the applicant was verified. An answer about another session is
 * DEEPIDV_E_ANSWER_FOREIGN. The answered status is also that of the result.
 *
 *   client          borrowed  the client to send with
 *   redirect        borrowed  the redirect as it came, less than 4 GiB; any bytes
 *   redirect_len              bytes, or DEEPIDV_NTS
 *   session_id      copied    the id stored for this user when the session was created,
 *                             up to 1,024 bytes
 *   session_id_len            bytes, or DEEPIDV_NTS
 *   out_result      owned     the result, also on failure; NULL only if the arguments
 *                             were unusable, the client takes no more work, or memory
 *                             ran out; end it with deepidv_result_free()
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
 * If it answers DEEPIDV_OK, exactly one completion will come through
 * deepidv_client_next(), whatever happens, and at once for what could not be sent in
 * time. If it answers anything else, none will.
 *
 *   client          borrowed               the client to send with
 *   redirect        borrowed               the redirect as it came, less than 4 GiB;
 *                                          any bytes
 *   redirect_len                           bytes, or DEEPIDV_NTS
 *   session_id      copied                 the id stored for this user when the session
 *                                          was created, up to 1,024 bytes
 *   session_id_len                         bytes, or DEEPIDV_NTS
 *   tag                                    any number; it comes back with the
 *                                          completion
 *   out_op          borrowed, may be NULL  the operation, for deepidv_client_cancel()
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
 * Answers the name of a verdict.
 *
 *   verdict  any number
 *
 * Returns: a name, as in "DEEPIDV_VERDICT_VERIFIED"; "DEEPIDV_VERDICT_?" for an unknown
 *          number.
 * Threads: any.  Since 0.1.
 */
const char *deepidv_verdict_name(int32_t verdict);

#ifdef __cplusplus
}
#endif

#endif /* DEEPIDV_H */
