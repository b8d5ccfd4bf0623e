/*
 * deepidv.hpp: libdeepidv 0.1.0 for C++11 and later. Header only; link with -ldeepidv.
 * Generated from Sources/ABI by abigen (make abi). Do not edit.
 *
 *   deepidv::config config;
 *   config.api_key(key).timeout_ms(10000);
 *   deepidv::client client(config);
 *
 *   deepidv::session_request request;
 *   request.first_name("John").last_name("Doe").email("john.doe@example.com");
 *   request.phone("+15192223333").external_id("user-12345");
 *
 *   try {
 *     deepidv::result session = client.session_create(request);
 *     redirect_to(session.session_url().value());
 *   } catch (const deepidv::outcome_error &error) {
 *     if (error.repeat() == deepidv::repeat::safe)
 *       retry_later();  // not executed
 *     else
 *       remember(error.reconcile_token());  // A session may exist: search for it later.
 *   } catch (const deepidv::error &error) {
 *     log(error.name());
 *   }
 *
 * Names      A function of C is a method of the object that it takes first, or a function of the
 *            namespace, without deepidv_ and set_. Its comment in deepidv.h is the reference.
 *
 * Objects    Each owns a handle of C, frees it, can be moved, and cannot be copied. They may be
 *            destroyed in any order. A moved-from object may only be destroyed or assigned to.
 *
 * Texts      Inputs are std::string, in UTF-8, copied by the library. Outputs are copies. A text
 *            that may be absent is an optional<std::string>. An empty string for an input that may
 *            be NULL in C means NULL.
 *
 * Failures   are exceptions, derived from deepidv::error: one class for each class of status.
 *            what() never contains data of the applicant; details()->message() may.
 *            error::repeat() says whether a create may be sent again.
 *
 * Answers    such as "there is none" are no failures. They are returned: as the status, or as an
 *            answer<T> or completion, which are true in a condition if there is a value.
 *
 * Threads    as in deepidv.h: methods that change a config, request, keys or secrets need
 *            exclusive access to it, all others may be called from any thread.
 */

#ifndef DEEPIDV_HPP
#define DEEPIDV_HPP

#if !defined(__cpp_exceptions) && !defined(__EXCEPTIONS) && !defined(_CPPUNWIND)
#error "deepidv.hpp reports failures as exceptions, which are disabled: enable them, or use deepidv.h."
#endif

#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "deepidv.h"

namespace deepidv {

/* ---- Constants ------------------------------------------------------------------- */

/**
 * Returned by every function that can fail, and used for the status and the cause of a result.
 * Codes are never renumbered; new ones may be added. A create is safe to retry after
 * DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_PROCESSED and DEEPIDV_E_RATE_LIMITED; after
 * DEEPIDV_E_OUTCOME_UNKNOWN only in the same process, with repeat_guard.
 */
enum class status : std::int32_t {
  /** Success. */
  ok = 0,
  /** A required pointer is NULL. */
  null = 1,
  /** The length exceeds the maximum object size. */
  length = 2,
  /** The text is too long for this value. */
  too_long = 3,
  /** The text contains a NUL byte. */
  nul = 4,
  /** The text is not valid UTF-8. */
  utf8 = 5,
  /** The text contains a forbidden character. */
  control = 6,
  /** The number is out of range. */
  range = 7,
  /** The pointer is not a live object of this type. */
  handle = 8,
  /** No option has this name. */
  key = 9,
  /** The buffer is too small. */
  buffer = 10,
  /** Out of memory. */
  nomem = 11,
  /** The system could not provide a thread, a descriptor, random bytes or a signature. */
  system = 12,
  /** The text is not a reconcile token. */
  token = 13,
  /** The JSON path is malformed. */
  path = 14,
  /** The libcurl that is loaded cannot be used: see deepidv_libcurl_problem(). */
  libcurl = 15,
  /** A required value is missing or empty. */
  required = 20,
  /** The value does not have the form of an e-mail address. */
  email = 21,
  /** The phone number is not E.164: + and 1 to 15 digits, the first not 0. */
  phone = 22,
  /**
   * The value is not a valid URL with a host. Write an internationalized host name in ASCII
   * (xn--).
   */
  url = 23,
  /**
   * The URL must use https. A base URL may use http for this machine and for hosts in
   * allow_http_hosts.
   */
  scheme = 24,
  /** The URL contains a user name or a password. */
  userinfo = 25,
  /** The JSON value has another type than expected. */
  type = 26,
  /** A JSON member is not a field of the request. */
  field = 27,
  /** The key is shorter than 16 bytes. */
  short_key = 28,
  /** The CA file is missing, unreadable, or contains no PEM certificate. */
  ca_file = 29,
  /** An http base URL cannot be used with a proxy. */
  http_proxy = 30,
  /** The proxy URL must start with http://, https:// or socks5h://. */
  proxy_scheme = 31,
  /** The text is not a traceparent of version 00 (W3C Trace Context). */
  traceparent = 32,
  /** The text is not valid JSON. */
  json = 40,
  /** The JSON is nested more than 64 levels deep. */
  json_depth = 41,
  /** The JSON value is not an object. */
  json_object = 42,
  /** A JSON member occurs twice in one object. */
  json_duplicate = 43,
  /** A URL parameter occurs twice with different values, or has a name that the service adds. */
  repeated = 50,
  /** The redirect is not for the expected session. */
  mismatch = 51,
  /** There is no such value, or the list has ended. */
  absent = 59,
  /** The client was created before a fork. Create a new client in this process. */
  forked = 60,
  /** The client is closed. */
  closed = 61,
  /** Too many operations in flight (max_in_flight). */
  busy = 62,
  /** No completion is available. */
  empty = 63,
  /** The timeout expired. */
  timeout = 64,
  /** No such operation is in flight. */
  no_operation = 65,
  /** The operation was cancelled. */
  cancelled = 66,
  /** The state is missing or malformed. */
  state = 70,
  /** The state was not signed with any of these keys. */
  state_signature = 71,
  /** The state was created for another context. */
  state_context = 72,
  /** The state was created for this context but has expired. */
  state_expired = 73,
  /** The signature matches none of the secrets. */
  webhook_signature = 74,
  /** The body is not a webhook event. */
  webhook = 75,
  /** The request was not sent. It is safe to retry. */
  not_sent = 80,
  /** Only part of the request was sent, so it was not executed. It is safe to retry. */
  not_processed = 81,
  /** The request may or may not have been executed. Check before you send it again. */
  outcome_unknown = 82,
  /** Several sessions have this external id. Do not send the request again. */
  duplicate = 83,
  /** The service refused the request as invalid (400). */
  bad_request = 90,
  /** The API key is missing or invalid (401). */
  unauthorized = 91,
  /** The token balance is too low (402). */
  balance = 92,
  /** The API key does not permit this request (403). */
  forbidden = 93,
  /** The workflow or the session was not found (404). */
  not_found = 94,
  /** The rate limit was exceeded. Nothing was executed; retry later. */
  rate_limited = 95,
  /** The service refused the request (another 4xx). */
  refused = 96,
  /** The service returned an HTTP redirect, which is not followed. */
  redirected = 97,
  /** The host name could not be resolved. */
  resolve = 110,
  /** The connection to the host failed. */
  connect = 111,
  /** The TLS protocol or handshake failed. */
  tls = 112,
  /** The proxy could not be reached, refused the connection, or failed. */
  proxy = 113,
  /** The connection was lost before the response. */
  connection_lost = 114,
  /** The service failed or timed out (408 or 5xx). */
  server = 115,
  /** The response has no body. */
  answer_empty = 116,
  /** The response is incomplete. */
  answer_cut = 117,
  /** The response is larger than the library accepts. */
  answer_too_large = 118,
  /** The response is not valid UTF-8. */
  answer_utf8 = 119,
  /** The response is not a JSON object of the expected form. */
  answer_json = 120,
  /** The response has no session id. */
  answer_no_id = 121,
  /** The response is not well-formed HTTP. */
  answer_http = 122,
  /** Another network error occurred. */
  network = 123,
  /** The response is about a session or an external id other than the requested one. */
  answer_foreign = 124,
  /** The TLS certificate of the host is not trusted. */
  tls_untrusted = 125,
  /** The TLS certificate is for another host name. */
  tls_name = 126,
  /** The TLS certificate has expired or is not yet valid. */
  tls_date = 127,
  /** The page has a next_token that was already used to request a page. */
  answer_loop = 128,
  /** The response has a content coding that was not requested. */
  answer_encoding = 129,
};

/** Bits of deepidv_redirect.present: the documented parameters, and the fragment. */
namespace has {
/** session_id= is present. */
constexpr std::uint32_t session_id = 1;
/** status= is present. */
constexpr std::uint32_t status = 2;
/** reason= is present. */
constexpr std::uint32_t reason = 4;
/** A # is present. */
constexpr std::uint32_t fragment = 8;
/** sessionId= is present; it may be one of your own parameters. */
constexpr std::uint32_t other_session_id = 16;
}  // namespace has

/** Values of deepidv_redirect.status: the documented values, compared exactly. */
enum class redirect_status : std::int32_t {
  /** A value that this version does not know: see the text. */
  other = -1,
  /** No status. */
  none = 0,
  /** Completed and submitted, which does not mean verified. */
  success = 1,
  /** An error occurred during verification. */
  failed = 2,
  /** The applicant left. */
  abandoned = 3,
  /** From the vendor's alternative form. It does not mean success: see DEEPIDV_FACT_OTHER_FORM. */
  submitted = 4,
};

/**
 * Values of deepidv_redirect.reason: the documented values, compared exactly. The service may
 * add values.
 */
enum class reason : std::int32_t {
  /** A value that this version does not know: see the text. */
  other = -1,
  /** No reason. */
  none = 0,
  /** The ID document could not be processed. */
  document_unreadable = 1,
  /** The face did not match the document. */
  face_mismatch = 2,
  /** The session timed out. */
  session_expired = 3,
  /** The service had an internal error. */
  internal_error = 4,
  /** The applicant chose to leave. */
  user_cancelled = 5,
  /** The service did not classify the failure. */
  unknown = 6,
};

/**
 * Bits of deepidv_redirect.facts: anomalies, which the contract does not describe. They are not
 * errors, but a forged URL often has one.
 */
namespace fact {
/** The session id is missing or empty. */
constexpr std::uint32_t no_session_id = 1;
/** The status is success, but there is a reason. */
constexpr std::uint32_t success_with_reason = 2;
/** The status is failed, but there is no reason. */
constexpr std::uint32_t failed_without_reason = 4;
/** The status is abandoned, but the reason is not user_cancelled. */
constexpr std::uint32_t abandoned_otherwise = 8;
/**
 * sessionId= without session_id=, or the status SUBMITTED: the alternative form in one of the
 * vendor's guides, which differs from the API reference.
 */
constexpr std::uint32_t other_form = 16;
/** The decoded session id, status or reason is not valid UTF-8. */
constexpr std::uint32_t not_utf8 = 32;
/** A documented parameter occurs more than once with the same value. */
constexpr std::uint32_t repeated_equal = 64;
/**
 * A second ? joins the parameters to the URL, as in /cb?a=b?session_id=s. It ends the preceding
 * value.
 */
constexpr std::uint32_t joined_twice = 128;
}  // namespace fact

/** Bits of deepidv_session_url.present. */
namespace session_url_has {
/** The URL has the documented form, which includes an id. */
constexpr std::uint32_t session_id = 1;
/** oid= is present. */
constexpr std::uint32_t org_id = 2;
/** redirect_url= is present. */
constexpr std::uint32_t redirect_url = 4;
}  // namespace session_url_has

/** Values of deepidv_event.kind: the function that submitted the operation. */
enum class event_kind : std::int32_t {
  /** deepidv_session_create_submit(). */
  session_create = 1,
  /** deepidv_session_reconcile_submit(). */
  session_reconcile = 2,
  /** deepidv_session_retrieve_submit(). */
  session_retrieve = 3,
  /** deepidv_session_list_submit(). */
  session_list = 4,
  /** deepidv_redirect_confirm_submit(). */
  redirect_confirm = 5,
  /** deepidv_session_find_or_create_submit(). */
  session_find_or_create = 6,
  /** deepidv_session_update_status_submit(). */
  session_update_status = 7,
  /** deepidv_session_wait_submit(). */
  session_wait = 8,
};

/**
 * Passed to deepidv_session_update_status(). Each has the number of the verdict that a session
 * has after it.
 */
enum class decision : std::int32_t {
  /** The session is verified. */
  verified = 1,
  /** The session is rejected. */
  rejected = 2,
};

/**
 * Returned by deepidv_result_verdict(). Accept an applicant only for DEEPIDV_VERDICT_VERIFIED.
 * New verdicts may be added.
 */
enum class verdict : std::int32_t {
  /**
   * Not known: the service could not be reached or refused the request (see the result's
   * status), or it returned a status that this version does not know. Ask again later.
   */
  unknown = 0,
  /** The session is verified. */
  verified = 1,
  /** The session is rejected. */
  rejected = 2,
  /** The applicant has finished; there is no decision yet. Ask again later. */
  submitted = 3,
  /**
   * The applicant has not finished, whatever the redirect says. The record may lag behind: if
   * the redirect says success, ask again after a few seconds.
   */
  pending = 4,
  /**
   * The session ended without a decision: it expired, was voided or failed, see
   * deepidv_result_session_status(). Create a new session.
   */
  expired = 5,
  /**
   * The redirect cannot be the one that the service sent for this session: the session id is
   * missing or different, or a documented parameter occurs twice with different values. No
   * request was sent.
   */
  forged = 6,
};

/**
 * Bits of deepidv_result_facts() and deepidv_session.facts: parts of the response that the
 * result leaves out. They are not errors. deepidv_result_json() returns the whole response.
 */
namespace result_fact {
/**
 * The session_url of the response is unsafe for a browser and was left out. The session was
 * created nevertheless.
 */
constexpr std::uint32_t session_url_refused = 1;
/** The page had more sessions: more than requested, or entries without a usable id. */
constexpr std::uint32_t more_sessions = 2;
/** The response had more links: more than 100, or some with a URL that is unsafe for a browser. */
constexpr std::uint32_t more_links = 4;
/** The response had more than 100 hints. */
constexpr std::uint32_t more_hints = 8;
}  // namespace result_fact

/**
 * Returned by deepidv_webhook_type(): the words of the contract, compared exactly. New types may
 * be added.
 */
enum class webhook_type : std::int32_t {
  /** A type that this version does not know: see deepidv_webhook_type_text(). */
  other = -1,
  /** The session was created. */
  session_created = 1,
  /** The applicant has finished; there is no decision yet. */
  session_submitted = 2,
  /** The session is verified. */
  session_verified = 3,
  /** The session is rejected. */
  session_rejected = 4,
  /** The session failed without a decision. */
  session_failed = 5,
};

/** Values of the option log_level and of deepidv_log.level. */
enum class log_level : std::int32_t {
  /** No records. */
  off = 0,
  /** Somebody has to act: the outcome of an operation is unknown. */
  error = 1,
  /** Operations that failed, and 429s. */
  warning = 2,
  /** Operations that succeeded, retries and searches. */
  info = 3,
  /** Every request, response and connection. */
  debug = 4,
};

/**
 * Values of deepidv_log.code, with the level and the meaning of deepidv_log.value. New codes may
 * be added.
 */
enum class log_code : std::int32_t {
  /** Warning. value: how many older records were dropped before this one. */
  lost = 1,
  /** Debug: an operation was accepted. value: its timeout in milliseconds. */
  submitted = 2,
  /** Debug: a connection was made. value: microseconds since the attempt began. */
  connected = 3,
  /**
   * Debug: a request and its response have ended; http_status is 0 if there was no response.
   * value: microseconds since the attempt began.
   */
  attempt = 4,
  /**
   * Debug: a kept connection was closed by the peer; the request is sent on a new one. value: 0.
   */
  stale = 5,
  /** Warning: the service returned 429. value: milliseconds of its Retry-After, or 0. */
  throttled = 6,
  /**
   * Info: the request will be sent again. value: milliseconds until then; after a 429, 0: when
   * the rate limiter allows it.
   */
  retry = 7,
  /** Info: the library will search for the session. value: milliseconds until then. */
  search = 8,
  /**
   * The operation ended: info if its status is DEEPIDV_OK, error with DEEPIDV_E_OUTCOME_UNKNOWN,
   * otherwise warning. value: microseconds since the submission.
   */
  ended = 9,
};

/** Whether a create may be sent again after it has failed. */
enum class repeat {
  /** It was no create, or one that must be changed before it can succeed. */
  unspecified,
  /** It was not executed: send it again as it is. */
  safe,
  /** It may have been executed: do not send it again; see client::session_reconcile(). */
  never,
};

/** Returns whether a create that ended with this status may be sent again. */
inline repeat repeats(status code) noexcept
{
  switch (static_cast<deepidv_status>(code)) {
    case DEEPIDV_E_BUSY:
    case DEEPIDV_E_NOT_SENT:
    case DEEPIDV_E_NOT_PROCESSED:
    case DEEPIDV_E_RATE_LIMITED:
      return repeat::safe;
    case DEEPIDV_OK:
    case DEEPIDV_E_OUTCOME_UNKNOWN:
    case DEEPIDV_E_DUPLICATE:
      return repeat::never;
    default:
      return repeat::unspecified;
  }
}

/* ---- Values ---------------------------------------------------------------------- */

/** A value that may be absent. */
template <class Value>
class optional {
 public:
  optional() = default;
  optional(Value value) : value_(std::move(value)), present_(true) {}

  bool has_value() const noexcept { return present_; }
  explicit operator bool() const noexcept { return present_; }
  const Value &operator*() const noexcept { return value_; }
  const Value *operator->() const noexcept { return &value_; }

  /** Returns the value; throws if it is absent. */
  const Value &value() const
  {
    if (!present_)
      throw std::logic_error("deepidv::optional: there is no value");
    return value_;
  }

  /** Returns the value, or another one if it is absent. */
  Value value_or(Value other) const { return present_ ? value_ : std::move(other); }

 private:
  Value value_ = Value();
  bool present_ = false;
};

/** What a function found out: a value if the code is status::ok, and otherwise the answer "no". */
template <class Value>
struct answer {
  status code;
  Value value;

  explicit operator bool() const noexcept { return code == status::ok; }
};

/* ---- Errors ---------------------------------------------------------------------- */

class result;

/** The base of all exceptions of this header. */
class error : public std::exception {
 public:
  error(status code, const char *field, std::shared_ptr<const result> details) noexcept
      : code_(code), field_(field), details_(std::move(details))
  {
  }

  /** Returns what the status means. It contains no data from outside the library. */
  const char *what() const noexcept override { return deepidv_status_text(number()); }
  status code() const noexcept { return code_; }
  /** Returns the name of the status, such as "DEEPIDV_E_PHONE". */
  const char *name() const noexcept { return deepidv_status_name(number()); }
  /** Returns the field of a request that was refused, in snake_case; empty if it is about none. */
  std::string field() const { return field_ ? field_ : ""; }
  /** Returns whether a create may be sent again. */
  deepidv::repeat repeat() const noexcept { return repeats(code_); }
  /** Returns the result of a failed operation: cause, message, HTTP status; NULL if there is none. */
  const result *details() const noexcept { return details_.get(); }

 private:
  deepidv_status number() const noexcept { return static_cast<deepidv_status>(code_); }

  status code_;
  const char *field_;  // constant, or of the result
  std::shared_ptr<const result> details_;
};

/** An argument is wrong; field() names the field of a request. */
class argument_error : public error {
 public:
  using error::error;
};

/** The machine, or the libcurl that is loaded, lacks something. */
class system_error : public error {
 public:
  using error::error;
};

/** The client or the operation is not in a state to do this. */
class client_error : public error {
 public:
  using error::error;
};

/** A state or a webhook cannot be trusted. what() does not tell a forger why; code() does. */
class untrusted_error : public error {
 public:
  using error::error;

  const char *what() const noexcept override { return "The message cannot be trusted."; }
};

/** The service refused the request. */
class service_error : public error {
 public:
  using error::error;
};

/** No usable response came. */
class network_error : public error {
 public:
  using error::error;
};

/** A create or an update was not executed, or nobody knows; repeat() says which. */
class outcome_error : public error {
 public:
  using error::error;

  /** Returns the token for client::session_reconcile(), if the outcome is unknown. */
  optional<std::string> reconcile_token() const;
};

/* ---- Details of this header ------------------------------------------------------ */

namespace detail {

/* Owns an object of C. */
template <class Object, void (*Free)(Object *)>
class handle {
 public:
  handle(handle &&other) noexcept : pointer_(other.release()) {}
  handle &operator=(handle &&other) noexcept
  {
    handle moved(std::move(other));
    std::swap(pointer_, moved.pointer_);
    return *this;
  }
  ~handle() { Free(pointer_); }

  /** Returns the object for a function of deepidv.h. It stays owned. */
  Object *get() const noexcept { return pointer_; }

  /** Gives the object away: you must free it. */
  Object *release() noexcept
  {
    Object *pointer = pointer_;
    pointer_ = nullptr;
    return pointer;
  }

 protected:
  handle() = default;
  explicit handle(Object *pointer) noexcept : pointer_(pointer) {}

  Object *pointer_ = nullptr;
};

/* Throws the exception for a status. */
[[noreturn]] inline void raise(deepidv_status code, const char *field = nullptr,
    std::shared_ptr<const result> details = nullptr)
{
  const auto number = static_cast<status>(code);
  switch (code) {
    case DEEPIDV_E_NULL:
    case DEEPIDV_E_LENGTH:
    case DEEPIDV_E_TOO_LONG:
    case DEEPIDV_E_NUL:
    case DEEPIDV_E_UTF8:
    case DEEPIDV_E_CONTROL:
    case DEEPIDV_E_RANGE:
    case DEEPIDV_E_HANDLE:
    case DEEPIDV_E_KEY:
    case DEEPIDV_E_BUFFER:
    case DEEPIDV_E_TOKEN:
    case DEEPIDV_E_PATH:
    case DEEPIDV_E_REQUIRED:
    case DEEPIDV_E_EMAIL:
    case DEEPIDV_E_PHONE:
    case DEEPIDV_E_URL:
    case DEEPIDV_E_SCHEME:
    case DEEPIDV_E_USERINFO:
    case DEEPIDV_E_TYPE:
    case DEEPIDV_E_FIELD:
    case DEEPIDV_E_SHORT_KEY:
    case DEEPIDV_E_CA_FILE:
    case DEEPIDV_E_HTTP_PROXY:
    case DEEPIDV_E_PROXY_SCHEME:
    case DEEPIDV_E_TRACEPARENT:
    case DEEPIDV_E_JSON:
    case DEEPIDV_E_JSON_DEPTH:
    case DEEPIDV_E_JSON_OBJECT:
    case DEEPIDV_E_JSON_DUPLICATE:
    case DEEPIDV_E_REPEATED:
    case DEEPIDV_E_MISMATCH:
    case DEEPIDV_E_ABSENT:
      throw argument_error(number, field, std::move(details));
    case DEEPIDV_E_NOMEM:
    case DEEPIDV_E_SYSTEM:
    case DEEPIDV_E_LIBCURL:
      throw system_error(number, field, std::move(details));
    case DEEPIDV_E_FORKED:
    case DEEPIDV_E_CLOSED:
    case DEEPIDV_E_BUSY:
    case DEEPIDV_E_EMPTY:
    case DEEPIDV_E_NO_OPERATION:
    case DEEPIDV_E_CANCELLED:
      throw client_error(number, field, std::move(details));
    case DEEPIDV_E_STATE:
    case DEEPIDV_E_STATE_SIGNATURE:
    case DEEPIDV_E_STATE_CONTEXT:
    case DEEPIDV_E_STATE_EXPIRED:
    case DEEPIDV_E_WEBHOOK_SIGNATURE:
    case DEEPIDV_E_WEBHOOK:
      throw untrusted_error(number, field, std::move(details));
    case DEEPIDV_E_BAD_REQUEST:
    case DEEPIDV_E_UNAUTHORIZED:
    case DEEPIDV_E_BALANCE:
    case DEEPIDV_E_FORBIDDEN:
    case DEEPIDV_E_NOT_FOUND:
    case DEEPIDV_E_RATE_LIMITED:
    case DEEPIDV_E_REFUSED:
    case DEEPIDV_E_REDIRECTED:
      throw service_error(number, field, std::move(details));
    case DEEPIDV_E_TIMEOUT:
    case DEEPIDV_E_RESOLVE:
    case DEEPIDV_E_CONNECT:
    case DEEPIDV_E_TLS:
    case DEEPIDV_E_PROXY:
    case DEEPIDV_E_CONNECTION_LOST:
    case DEEPIDV_E_SERVER:
    case DEEPIDV_E_ANSWER_EMPTY:
    case DEEPIDV_E_ANSWER_CUT:
    case DEEPIDV_E_ANSWER_TOO_LARGE:
    case DEEPIDV_E_ANSWER_UTF8:
    case DEEPIDV_E_ANSWER_JSON:
    case DEEPIDV_E_ANSWER_NO_ID:
    case DEEPIDV_E_ANSWER_HTTP:
    case DEEPIDV_E_NETWORK:
    case DEEPIDV_E_ANSWER_FOREIGN:
    case DEEPIDV_E_TLS_UNTRUSTED:
    case DEEPIDV_E_TLS_NAME:
    case DEEPIDV_E_TLS_DATE:
    case DEEPIDV_E_ANSWER_LOOP:
    case DEEPIDV_E_ANSWER_ENCODING:
      throw network_error(number, field, std::move(details));
    case DEEPIDV_E_NOT_SENT:
    case DEEPIDV_E_NOT_PROCESSED:
    case DEEPIDV_E_OUTCOME_UNKNOWN:
    case DEEPIDV_E_DUPLICATE:
      throw outcome_error(number, field, std::move(details));
    default:
      throw error(number, field, std::move(details));
  }
}

inline void require_ok(deepidv_status code, const char *field = nullptr)
{
  if (code != DEEPIDV_OK)
    raise(code, field);
}

inline bool contains(std::initializer_list<deepidv_status> codes, deepidv_status code)
{
  for (deepidv_status one : codes)
    if (one == code)
      return true;
  return false;
}

template <class Value>
answer<Value> answered(
    deepidv_status code, Value value, std::initializer_list<deepidv_status> answers)
{
  if (!contains(answers, code))
    require_ok(code);
  return answer<Value>{static_cast<status>(code), std::move(value)};
}

inline const char *or_null(const std::string &text) { return text.empty() ? nullptr : text.data(); }

inline optional<std::string> text(const char *text, std::size_t length)
{
  return text ? optional<std::string>(std::string(text, length)) : optional<std::string>();
}

/* Calls a function that writes into a buffer, again with a larger one if it was too small. */
template <class Call>
deepidv_status fill(std::string &text, Call call)
{
  std::size_t length = 255;
  deepidv_status code;
  do {
    text.resize(length + 1);
    code = call(&text[0], text.size(), &length);
  } while (code == DEEPIDV_E_BUFFER);
  text.resize(code == DEEPIDV_OK ? length : 0);
  return code;
}

}  // namespace detail

/* ---- Objects --------------------------------------------------------------------- */

/** The options of a client. deepidv_client_new() copies them. */
class config : public detail::handle<deepidv_config, deepidv_config_free> {
 public:
  /** Takes over an object of C; it may be NULL. */
  explicit config(deepidv_config *owned) noexcept : handle(owned) {}

  /** Creates a config with the default value of every option and no API key. */
  config() { detail::require_ok(deepidv_config_new(&pointer_)); }

  /** Creates a config with options by name: config({{"api_key", key}, {"timeout_ms", "10000"}}). */
  config(std::initializer_list<std::pair<std::string, std::string>> options) : config()
  {
    for (const auto &option : options)
      set(option.first, option.second);
  }

  /** Sets an option by its key. See deepidv_config_set(). */
  config &set(const std::string &name, const std::string &value)
  {
    detail::require_ok(
        deepidv_config_set(get(), name.data(), name.size(), value.data(), value.size()));
    return *this;
  }

  /** Sets the secret API key. Key: api_key. Required. See deepidv_config_set_api_key(). */
  config &api_key(const std::string &key)
  {
    detail::require_ok(deepidv_config_set_api_key(get(), key.data(), key.size()));
    return *this;
  }

  /**
   * Sets the URL of the service. Key: base_url. Default: https://api.deepidv.com. See
   * deepidv_config_set_base_url().
   */
  config &base_url(const std::string &url)
  {
    detail::require_ok(deepidv_config_set_base_url(get(), url.data(), url.size()));
    return *this;
  }

  /**
   * Sets the timeout of an operation, from submission to completion. Key: timeout_ms. Default:
   * 25000. See deepidv_config_set_timeout_ms().
   */
  config &timeout_ms(std::uint32_t timeout_ms)
  {
    detail::require_ok(deepidv_config_set_timeout_ms(get(), timeout_ms));
    return *this;
  }

  /**
   * Sets the timeout for name lookup, TCP and TLS. Key: connect_timeout_ms. Default: 5000. See
   * deepidv_config_set_connect_timeout_ms().
   */
  config &connect_timeout_ms(std::uint32_t timeout_ms)
  {
    detail::require_ok(deepidv_config_set_connect_timeout_ms(get(), timeout_ms));
    return *this;
  }

  /**
   * Sets the maximum number of operations in flight, including waiting ones. Key: max_in_flight.
   * Default: 10000. See deepidv_config_set_max_in_flight().
   */
  config &max_in_flight(std::uint32_t count)
  {
    detail::require_ok(deepidv_config_set_max_in_flight(get(), count));
    return *this;
  }

  /**
   * Sets the maximum number of requests per second. Key: rate_limit. Default: 25, the limit of
   * the service. See deepidv_config_set_rate_limit().
   */
  config &rate_limit(std::uint32_t per_second)
  {
    detail::require_ok(deepidv_config_set_rate_limit(get(), per_second));
    return *this;
  }

  /**
   * Sets the maximum number of requests that are sent at once after an idle period. Key:
   * rate_burst. Default: 35. See deepidv_config_set_rate_burst().
   */
  config &rate_burst(std::uint32_t count)
  {
    detail::require_ok(deepidv_config_set_rate_burst(get(), count));
    return *this;
  }

  /**
   * Sets whether a create may reuse a connection. Key: connection_reuse. Default: 1. See
   * deepidv_config_set_connection_reuse().
   */
  config &connection_reuse(bool value)
  {
    detail::require_ok(deepidv_config_set_connection_reuse(get(), static_cast<uint32_t>(value)));
    return *this;
  }

  /**
   * Sets whether a create without an external id gets one. Key: make_external_id. Default: 1.
   * See deepidv_config_set_make_external_id().
   */
  config &make_external_id(bool value)
  {
    detail::require_ok(deepidv_config_set_make_external_id(get(), static_cast<uint32_t>(value)));
    return *this;
  }

  /**
   * Sets whether repeated creates are guarded. Key: repeat_guard. Default: 1. See
   * deepidv_config_set_repeat_guard().
   */
  config &repeat_guard(bool value)
  {
    detail::require_ok(deepidv_config_set_repeat_guard(get(), static_cast<uint32_t>(value)));
    return *this;
  }

  /**
   * Sets how long the service may take to execute a create that it received. Key: settle_ms.
   * Default: 120000. See deepidv_config_set_settle_ms().
   */
  config &settle_ms(std::uint32_t settle_ms)
  {
    detail::require_ok(deepidv_config_set_settle_ms(get(), settle_ms));
    return *this;
  }

  /**
   * Sets the file of the trusted CA certificates. Key: ca_file. Default: the system's. See
   * deepidv_config_set_ca_file().
   */
  config &ca_file(const std::string &path)
  {
    detail::require_ok(deepidv_config_set_ca_file(get(), path.data(), path.size()));
    return *this;
  }

  /**
   * Sets a proxy. Key: proxy. Default: none; see use_environment for HTTPS_PROXY. See
   * deepidv_config_set_proxy().
   */
  config &proxy(const std::string &url)
  {
    detail::require_ok(deepidv_config_set_proxy(get(), url.data(), url.size()));
    return *this;
  }

  /**
   * Sets a prefix for the User-Agent header. Key: user_agent. Default: empty. See
   * deepidv_config_set_user_agent().
   */
  config &user_agent(const std::string &text)
  {
    detail::require_ok(deepidv_config_set_user_agent(get(), text.data(), text.size()));
    return *this;
  }

  /**
   * Sets the hosts other than this machine that a base URL may use with http. Key:
   * allow_http_hosts. Default: none. See deepidv_config_set_allow_http_hosts().
   */
  config &allow_http_hosts(const std::string &hosts)
  {
    detail::require_ok(deepidv_config_set_allow_http_hosts(get(), hosts.data(), hosts.size()));
    return *this;
  }

  /**
   * Sets which log records deepidv_client_next_log() returns. Key: log_level. Default: 0, off.
   * See deepidv_config_set_log_level().
   */
  config &log_level(std::uint32_t level)
  {
    detail::require_ok(deepidv_config_set_log_level(get(), level));
    return *this;
  }

  /**
   * Sets whether the client reads the variables HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and
   * SSL_CERT_DIR, which other programs use too. Key: use_environment. Default: 0. See
   * deepidv_config_set_use_environment().
   */
  config &use_environment(bool value)
  {
    detail::require_ok(deepidv_config_set_use_environment(get(), static_cast<uint32_t>(value)));
    return *this;
  }

  /** Sets every option whose variable is in the environment. See deepidv_config_from_env(). */
  config &from_env()
  {
    const char *out_key = nullptr;
    const deepidv_status code = deepidv_config_from_env(get(), &out_key);
    detail::require_ok(code, out_key);
    return *this;
  }
};

/** The applicant to verify: the body of a Create Session request. */
class session_request : public detail::handle<deepidv_session_request, deepidv_session_request_free> {
 public:
  /** Takes over an object of C; it may be NULL. */
  explicit session_request(deepidv_session_request *owned) noexcept : handle(owned) {}

  /** Creates an empty request. */
  session_request() { detail::require_ok(deepidv_session_request_new(&pointer_)); }

  /** Replaces the whole request with a JSON object. See deepidv_session_request_set_json(). */
  session_request &json(const std::string &json)
  {
    const char *out_field = nullptr;
    const deepidv_status code = deepidv_session_request_set_json(
        get(), json.data(), json.size(), &out_field, nullptr);
    detail::require_ok(code, out_field);
    return *this;
  }

  /** Sets first_name. See deepidv_session_request_set_first_name(). */
  session_request &first_name(const std::string &value)
  {
    detail::require_ok(deepidv_session_request_set_first_name(get(), value.data(), value.size()));
    return *this;
  }

  /** Sets last_name. See deepidv_session_request_set_last_name(). */
  session_request &last_name(const std::string &value)
  {
    detail::require_ok(deepidv_session_request_set_last_name(get(), value.data(), value.size()));
    return *this;
  }

  /** Sets email. See deepidv_session_request_set_email(). */
  session_request &email(const std::string &value)
  {
    detail::require_ok(deepidv_session_request_set_email(get(), value.data(), value.size()));
    return *this;
  }

  /** Sets phone. See deepidv_session_request_set_phone(). */
  session_request &phone(const std::string &value)
  {
    detail::require_ok(deepidv_session_request_set_phone(get(), value.data(), value.size()));
    return *this;
  }

  /** Sets external_id. See deepidv_session_request_set_external_id(). */
  session_request &external_id(const std::string &value)
  {
    detail::require_ok(deepidv_session_request_set_external_id(get(), value.data(), value.size()));
    return *this;
  }

  /**
   * Sets whether the service sends the applicant an e-mail. Default: yes. See
   * deepidv_session_request_set_send_email_invite().
   */
  session_request &send_email_invite(bool value)
  {
    detail::require_ok(
        deepidv_session_request_set_send_email_invite(get(), static_cast<int32_t>(value)));
    return *this;
  }

  /**
   * Sets whether the service sends the applicant a text message. Default: yes. See
   * deepidv_session_request_set_send_phone_invite().
   */
  session_request &send_phone_invite(bool value)
  {
    detail::require_ok(
        deepidv_session_request_set_send_phone_invite(get(), static_cast<int32_t>(value)));
    return *this;
  }

  /** Sets workflow_id. See deepidv_session_request_set_workflow_id(). */
  session_request &workflow_id(const std::string &value)
  {
    detail::require_ok(deepidv_session_request_set_workflow_id(get(), value.data(), value.size()));
    return *this;
  }

  /** Sets redirect_url. See deepidv_session_request_set_redirect_url(). */
  session_request &redirect_url(const std::string &value)
  {
    detail::require_ok(deepidv_session_request_set_redirect_url(get(), value.data(), value.size()));
    return *this;
  }

  /**
   * Sets the number of hours after which the session expires. See
   * deepidv_session_request_set_expires_in_hours().
   */
  session_request &expires_in_hours(std::uint32_t hours)
  {
    detail::require_ok(deepidv_session_request_set_expires_in_hours(get(), hours));
    return *this;
  }

  /**
   * Sets whether deepidv_session_create() first searches for a session with this external id.
   * Default: no. See deepidv_session_request_set_search_first().
   */
  session_request &search_first(bool value)
  {
    detail::require_ok(
        deepidv_session_request_set_search_first(get(), static_cast<int32_t>(value)));
    return *this;
  }

  /**
   * Sets the trace that the create belongs to. Default: none. See
   * deepidv_session_request_set_traceparent().
   */
  session_request &traceparent(const std::string &value)
  {
    detail::require_ok(deepidv_session_request_set_traceparent(get(), value.data(), value.size()));
    return *this;
  }

  /** Checks that the request has all required fields. See deepidv_session_request_validate(). */
  void validate() const
  {
    const char *out_field = nullptr;
    const deepidv_status code = deepidv_session_request_validate(get(), &out_field);
    detail::require_ok(code, out_field);
  }
};

/** The outcome of one operation. Immutable, and independent of the client. */
class result : public detail::handle<deepidv_result, deepidv_result_free> {
 public:
  /** Takes over an object of C; it may be NULL. */
  explicit result(deepidv_result *owned) noexcept : handle(owned) {}

  /** With room for an exception, so that the failure can be thrown if memory runs out. */
  result(deepidv_result *owned, std::shared_ptr<result> room) noexcept
      : handle(owned), room_(std::move(room))
  {
  }

  /** Throws the exception of this result, which takes it over, unless its status is status::ok. */
  void throw_if_failed()
  {
    const deepidv_status code = deepidv_result_status(get());
    if (code == DEEPIDV_OK)
      return;
    if (!room_) {
      try {
        room_ = std::make_shared<result>(nullptr);
      } catch (const std::bad_alloc &) {
        /* The kind of failure matters more. This object keeps the details. */
        detail::raise(code);
      }
    }
    const std::shared_ptr<result> details = std::move(room_);
    details->pointer_ = release();
    detail::raise(code, deepidv_result_field(details->get(), nullptr), details);
  }

  /**
   * Returns the status of the operation. For a create, DEEPIDV_OK means that the session exists.
   * See deepidv_result_status().
   */
  deepidv::status status() const
  {
    return static_cast<deepidv::status>(deepidv_result_status(get()));
  }

  /** Returns the cause of the status. See deepidv_result_cause(). */
  deepidv::status cause() const
  {
    return static_cast<deepidv::status>(deepidv_result_cause(get()));
  }

  /** Returns the HTTP status of the final response. See deepidv_result_http_status(). */
  std::int32_t http_status() const { return deepidv_result_http_status(get()); }

  /** Returns an error message for people, if it has failed. See deepidv_result_message(). */
  optional<std::string> message() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_message(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns the field of the request that the library refused, in snake_case, if there is one.
   * See deepidv_result_field().
   */
  optional<std::string> field() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_field(get(), &length);
    return detail::text(text, length);
  }

  /** Returns the error code of the service, if there is one. See deepidv_result_api_code(). */
  optional<std::string> api_code() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_api_code(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns the id that the service gave the request, if there is one: quote it to its support.
   * See deepidv_result_request_id().
   */
  optional<std::string> request_id() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_request_id(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns the number of hints in an error response of the service, at most 100. See
   * deepidv_result_hint_count().
   */
  std::uint32_t hint_count() const { return deepidv_result_hint_count(get()); }

  /** Returns a hint, with control characters replaced. See deepidv_result_hint(). */
  optional<std::string> hint(std::uint32_t index) const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_hint(get(), index, &length);
    return detail::text(text, length);
  }

  /**
   * Returns how many times the library started to send the request; 0 if nothing was sent. See
   * deepidv_result_attempts().
   */
  std::uint32_t attempts() const { return deepidv_result_attempts(get()); }

  /**
   * Returns the time from submission to completion, in microseconds. See
   * deepidv_result_elapsed_us().
   */
  std::uint64_t elapsed_us() const { return deepidv_result_elapsed_us(get()); }

  /**
   * Returns the body of the response, unchanged, if there is one if there was none. See
   * deepidv_result_json().
   */
  optional<std::string> json() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_json(get(), &length);
    return detail::text(text, length);
  }

  /** Returns the whole result as one JSON object. See deepidv_result_describe(). */
  optional<std::string> describe() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_describe(get(), &length);
    return detail::text(text, length);
  }

  /** Returns all data of the session in one call. See deepidv_result_session(). */
  deepidv_session session() const
  {
    deepidv_session out_session = deepidv_session();
    detail::require_ok(deepidv_result_session(get(), &out_session));
    return out_session;
  }

  /**
   * Returns the session id, if there is one. It is opaque: do not parse it. See
   * deepidv_result_session_id().
   */
  optional<std::string> session_id() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_session_id(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns the URL to send the applicant to, unchanged, if there is one. See
   * deepidv_result_session_url().
   */
  optional<std::string> session_url() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_session_url(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns your external id, or the one that the library created, if there is one. See
   * deepidv_result_external_id().
   */
  optional<std::string> external_id() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_external_id(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns when the session expires, in ISO 8601 as received, if there is one. See
   * deepidv_result_expires_at().
   */
  optional<std::string> expires_at() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_expires_at(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns the number of sessions on a page, or found with DEEPIDV_E_DUPLICATE. See
   * deepidv_result_session_count().
   */
  std::uint32_t session_count() const { return deepidv_result_session_count(get()); }

  /** Returns the id of one of the sessions. See deepidv_result_session_id_at(). */
  optional<std::string> session_id_at(std::uint32_t index) const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_session_id_at(get(), index, &length);
    return detail::text(text, length);
  }

  /**
   * Finds the record of one of the sessions in the response. See
   * deepidv_result_session_record_at().
   */
  answer<deepidv_span> session_record_at(std::uint32_t index) const
  {
    deepidv_span out_span = deepidv_span();
    const deepidv_status code = deepidv_result_session_record_at(get(), index, &out_span);
    return detail::answered(code, out_span, {DEEPIDV_E_ABSENT});
  }

  /**
   * Returns the status of a retrieved session, such as "VERIFIED", if there is one. See
   * deepidv_result_session_status().
   */
  optional<std::string> session_status() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_session_status(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns the progress of the applicant in a retrieved session, if there is one. See
   * deepidv_result_session_progress().
   */
  optional<std::string> session_progress() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_session_progress(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns the verdict of a confirmation, a retrieve, a wait or an update: the only value to
   * base a decision on. See deepidv_result_verdict().
   */
  deepidv::verdict verdict() const
  {
    return static_cast<deepidv::verdict>(deepidv_result_verdict(get()));
  }

  /**
   * Returns the token for the next page of a list, if there is one on the last page. See
   * deepidv_result_next_token().
   */
  optional<std::string> next_token() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_next_token(get(), &length);
    return detail::text(text, length);
  }

  /**
   * Returns whether a search has found the session, or whether a record has settled a decision.
   * See deepidv_result_reconciled().
   */
  bool reconciled() const { return deepidv_result_reconciled(get()) != 0; }

  /**
   * Returns whether the session was found before this call sent anything: an earlier call
   * created it. See deepidv_result_found().
   */
  bool found() const { return deepidv_result_found(get()) != 0; }

  /**
   * Returns the token for deepidv_session_reconcile() if the outcome is unknown, if there is
   * one. See deepidv_result_reconcile_token().
   */
  optional<std::string> reconcile_token() const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_reconcile_token(get(), &length);
    return detail::text(text, length);
  }

  /** Returns how long to wait before the next request. See deepidv_result_retry_after_ms(). */
  std::uint64_t retry_after_ms() const { return deepidv_result_retry_after_ms(get()); }

  /** Returns which parts of the response the result leaves out. See deepidv_result_facts(). */
  std::uint32_t facts() const { return deepidv_result_facts(get()); }

  /** Returns the number of links of the session, at most 100. See deepidv_result_link_count(). */
  std::uint32_t link_count() const { return deepidv_result_link_count(get()); }

  /** Returns the URL of a link. See deepidv_result_link(). */
  optional<std::string> link(std::uint32_t index) const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_link(get(), index, &length);
    return detail::text(text, length);
  }

  /**
   * Returns the rel of a link, or else its type, if there is one. See deepidv_result_link_rel().
   */
  optional<std::string> link_rel(std::uint32_t index) const
  {
    std::size_t length = 0;
    const char *text = deepidv_result_link_rel(get(), index, &length);
    return detail::text(text, length);
  }

  /** Copies a string of the response. See deepidv_result_string(). */
  answer<std::string> get_string(const std::string &path) const
  {
    std::string text;
    const auto write = [&](char *buffer, std::size_t capacity, std::size_t *length) {
      return deepidv_result_string(get(), path.data(), path.size(), buffer, capacity, length);
    };
    const deepidv_status code = detail::fill(text, write);
    return detail::answered(code, std::move(text), {DEEPIDV_E_ABSENT});
  }

  /** Reads an integer of the response. See deepidv_result_int(). */
  answer<std::int64_t> get_int(const std::string &path) const
  {
    int64_t out_value = 0;
    const deepidv_status code = deepidv_result_int(get(), path.data(), path.size(), &out_value);
    return detail::answered(code, out_value, {DEEPIDV_E_ABSENT});
  }

  /** Reads a boolean of the response. See deepidv_result_bool(). */
  answer<bool> get_bool(const std::string &path) const
  {
    int32_t out_value = 0;
    const deepidv_status code = deepidv_result_bool(get(), path.data(), path.size(), &out_value);
    return detail::answered(code, out_value != 0, {DEEPIDV_E_ABSENT});
  }

 private:
  std::shared_ptr<result> room_;
};

inline optional<std::string> outcome_error::reconcile_token() const
{
  return details() ? details()->reconcile_token() : optional<std::string>();
}

namespace detail {

/* Allocates what the exception of a call may need. Afterwards, memory may be out, and the outcome lost. */
inline std::shared_ptr<result> room() { return std::make_shared<result>(nullptr); }

/* Returns a result, or throws its exception. */
inline result finished(deepidv_status code, deepidv_result *owned, std::shared_ptr<result> room,
    std::initializer_list<deepidv_status> answers = {})
{
  result finished(owned, std::move(room));
  if (!owned)
    raise(code);
  if (!contains(answers, code))
    finished.throw_if_failed();
  return finished;
}

}  // namespace detail

/** A submitted operation that has completed, if there is one. It is no exception if it has failed. */
class completion {
 public:
  completion(deepidv_status code, const deepidv_event &completed, deepidv_result *owned,
      std::shared_ptr<deepidv::result> room, std::initializer_list<deepidv_status> answers)
      : code_(static_cast<deepidv::status>(code)),
        event_(completed),
        result_(owned, std::move(room))
  {
    if (!detail::contains(answers, code))
      detail::require_ok(code);
  }

  explicit operator bool() const noexcept { return code_ == deepidv::status::ok; }
  /** Returns why there is none; status::ok if there is one. */
  deepidv::status code() const noexcept { return code_; }
  std::uint64_t op() const noexcept { return event_.op; }
  std::uint64_t tag() const noexcept { return event_.tag; }
  event_kind kind() const noexcept { return static_cast<event_kind>(event_.kind); }
  /** Returns how the operation ended. */
  deepidv::status status() const noexcept { return static_cast<deepidv::status>(event_.status); }
  /** Returns the result; its throw_if_failed() throws if the operation has failed. */
  deepidv::result &result() noexcept { return result_; }

 private:
  deepidv::status code_;
  deepidv_event event_;
  deepidv::result result_;
};

/** Connections to the service, a worker thread, and a completion queue. */
class client : public detail::handle<deepidv_client, deepidv_client_free> {
 public:
  /** Takes over an object of C; it may be NULL. */
  explicit client(deepidv_client *owned) noexcept : handle(owned) {}

  /** Creates a client. It opens no connection and starts no thread before the first operation. */
  explicit client(const config &from)
  {
    detail::require_ok(deepidv_client_new(from.get(), &pointer_));
  }

  /**
   * Closes a client: it accepts no more operations and cancels those in flight. See
   * deepidv_client_close().
   */
  void close() { detail::require_ok(deepidv_client_close(get())); }

  /**
   * Returns a file descriptor that is readable if and only if a completion can be taken. See
   * deepidv_client_fd().
   */
  int fd() { return deepidv_client_fd(get()); }

  /** Takes one completion from the queue. Never blocks. See deepidv_client_next(). */
  completion next()
  {
    deepidv_event out_event = deepidv_event();
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_client_next(get(), &out_event, &out_result);
    return completion(
        code, out_event, out_result, std::move(room), {DEEPIDV_E_EMPTY, DEEPIDV_E_CLOSED});
  }

  /** Waits for one submitted operation and takes its completion. See deepidv_client_take(). */
  completion take(std::uint64_t op, std::int32_t timeout_ms)
  {
    deepidv_event out_event = deepidv_event();
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_client_take(get(), op, timeout_ms, &out_event, &out_result);
    return completion(code, out_event, out_result, std::move(room), {DEEPIDV_E_TIMEOUT});
  }

  /** Blocks until a completion can be taken. See deepidv_client_wait(). */
  deepidv::status wait(std::int32_t timeout_ms)
  {
    const deepidv_status code = deepidv_client_wait(get(), timeout_ms);
    return detail::answered(code, 0, {DEEPIDV_E_TIMEOUT, DEEPIDV_E_CLOSED}).code;
  }

  /**
   * Paces a client from outside: gives it permits, and waits until its requests need more. See
   * deepidv_client_grant().
   */
  std::uint64_t grant(std::uint32_t permits, std::uint32_t lease_ms, std::int32_t timeout_ms)
  {
    uint64_t out_missing = 0;
    detail::require_ok(deepidv_client_grant(get(), permits, lease_ms, timeout_ms, &out_missing));
    return out_missing;
  }

  /** Cancels a submitted operation. See deepidv_client_cancel(). */
  void cancel(std::uint64_t op) { detail::require_ok(deepidv_client_cancel(get(), op)); }

  /** Creates a session and waits for the result. See deepidv_session_create(). */
  result session_create(const session_request &request)
  {
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_session_create(get(), request.get(), &out_result);
    return detail::finished(code, out_result, std::move(room));
  }

  /** Creates a session without waiting. See deepidv_session_create_submit(). */
  std::uint64_t session_create_submit(const session_request &request, std::uint64_t tag)
  {
    uint64_t out_op = 0;
    detail::require_ok(deepidv_session_create_submit(get(), request.get(), tag, &out_op));
    return out_op;
  }

  /**
   * Searches for the session with the external id of the request, and creates it if there is
   * none. See deepidv_session_find_or_create().
   */
  result session_find_or_create(const session_request &request)
  {
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_session_find_or_create(get(), request.get(), &out_result);
    return detail::finished(code, out_result, std::move(room));
  }

  /** Finds or creates a session without waiting. See deepidv_session_find_or_create_submit(). */
  std::uint64_t session_find_or_create_submit(const session_request &request, std::uint64_t tag)
  {
    uint64_t out_op = 0;
    detail::require_ok(deepidv_session_find_or_create_submit(get(), request.get(), tag, &out_op));
    return out_op;
  }

  /**
   * Retrieves the record of a session. Only the record confirms an outcome. See
   * deepidv_session_retrieve().
   */
  result session_retrieve(const std::string &session_id)
  {
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_session_retrieve(
        get(), session_id.data(), session_id.size(), &out_result);
    return detail::finished(code, out_result, std::move(room));
  }

  /** Retrieves the record of a session without waiting. See deepidv_session_retrieve_submit(). */
  std::uint64_t session_retrieve_submit(const std::string &session_id, std::uint64_t tag)
  {
    uint64_t out_op = 0;
    detail::require_ok(
        deepidv_session_retrieve_submit(get(), session_id.data(), session_id.size(), tag, &out_op));
    return out_op;
  }

  /** Retrieves a page of the list of sessions. See deepidv_session_list(). */
  result session_list(
      const std::string &external_id, std::uint32_t limit,
      const std::string &next_token = std::string())
  {
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_session_list(
        get(), detail::or_null(external_id), external_id.size(), limit, detail::or_null(next_token),
        next_token.size(), &out_result);
    return detail::finished(code, out_result, std::move(room));
  }

  /**
   * Retrieves a page of the list of sessions without waiting. See deepidv_session_list_submit().
   */
  std::uint64_t session_list_submit(
      const std::string &external_id, std::uint32_t limit, const std::string &next_token,
      std::uint64_t tag)
  {
    uint64_t out_op = 0;
    detail::require_ok(
        deepidv_session_list_submit(get(), detail::or_null(external_id), external_id.size(), limit,
        detail::or_null(next_token), next_token.size(), tag, &out_op));
    return out_op;
  }

  /**
   * Searches for the session of a create whose outcome is unknown. See
   * deepidv_session_reconcile().
   */
  result session_reconcile(const std::string &token)
  {
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_session_reconcile(
        get(), token.data(), token.size(), &out_result);
    return detail::finished(code, out_result, std::move(room));
  }

  /** Searches for a session without waiting. See deepidv_session_reconcile_submit(). */
  std::uint64_t session_reconcile_submit(const std::string &token, std::uint64_t tag)
  {
    uint64_t out_op = 0;
    detail::require_ok(
        deepidv_session_reconcile_submit(get(), token.data(), token.size(), tag, &out_op));
    return out_op;
  }

  /** Verifies or rejects a session. See deepidv_session_update_status(). */
  result session_update_status(const std::string &session_id, deepidv::decision decision)
  {
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_session_update_status(
        get(), session_id.data(), session_id.size(), static_cast<int32_t>(decision), &out_result);
    return detail::finished(code, out_result, std::move(room));
  }

  /** Verifies or rejects a session without waiting. See deepidv_session_update_status_submit(). */
  std::uint64_t session_update_status_submit(
      const std::string &session_id, deepidv::decision decision, std::uint64_t tag)
  {
    uint64_t out_op = 0;
    detail::require_ok(
        deepidv_session_update_status_submit(get(), session_id.data(), session_id.size(),
        static_cast<int32_t>(decision), tag, &out_op));
    return out_op;
  }

  /**
   * Waits until a session has ended: until it is decided, or cannot be any more. See
   * deepidv_session_wait().
   */
  result session_wait(const std::string &session_id, std::uint32_t timeout_ms)
  {
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_session_wait(
        get(), session_id.data(), session_id.size(), timeout_ms, &out_result);
    return detail::finished(code, out_result, std::move(room), {DEEPIDV_E_TIMEOUT});
  }

  /** Waits until a session has ended, without blocking. See deepidv_session_wait_submit(). */
  std::uint64_t session_wait_submit(
      const std::string &session_id, std::uint32_t timeout_ms, std::uint64_t tag)
  {
    uint64_t out_op = 0;
    detail::require_ok(
        deepidv_session_wait_submit(get(), session_id.data(), session_id.size(), timeout_ms, tag,
        &out_op));
    return out_op;
  }

  /**
   * Confirms a redirect and waits for the result. deepidv_result_verdict() returns the verdict.
   * See deepidv_redirect_confirm().
   */
  result redirect_confirm(const std::string &redirect, const std::string &session_id)
  {
    deepidv_result *out_result = nullptr;
    std::shared_ptr<deepidv::result> room = detail::room();
    const deepidv_status code = deepidv_redirect_confirm(
        get(), redirect.data(), redirect.size(), session_id.data(), session_id.size(), &out_result);
    return detail::finished(
        code, out_result, std::move(room), {DEEPIDV_E_MISMATCH, DEEPIDV_E_REPEATED});
  }

  /** Confirms a redirect without waiting. See deepidv_redirect_confirm_submit(). */
  std::uint64_t redirect_confirm_submit(
      const std::string &redirect, const std::string &session_id, std::uint64_t tag)
  {
    uint64_t out_op = 0;
    detail::require_ok(
        deepidv_redirect_confirm_submit(get(), redirect.data(), redirect.size(), session_id.data(),
        session_id.size(), tag, &out_op));
    return out_op;
  }

  /** Reads the counters of a client. Waits for nothing. See deepidv_client_stats(). */
  deepidv_stats stats()
  {
    deepidv_stats out_stats = deepidv_stats();
    detail::require_ok(deepidv_client_stats(get(), &out_stats));
    return out_stats;
  }

  /** Writes the counters of a client as one JSON object. See deepidv_client_describe(). */
  std::string describe()
  {
    std::string text;
    const auto write = [&](char *buffer, std::size_t capacity, std::size_t *length) {
      return deepidv_client_describe(get(), buffer, capacity, length);
    };
    const deepidv_status code = detail::fill(text, write);
    detail::require_ok(code);
    return text;
  }

  /** Takes the oldest log record. Never blocks. See deepidv_client_next_log(). */
  deepidv_log next_log()
  {
    deepidv_log out_log = deepidv_log();
    detail::require_ok(deepidv_client_next_log(get(), &out_log));
    return out_log;
  }
};

/** The secret keys of states. The first key signs; every key verifies. */
class state_keys : public detail::handle<deepidv_state_keys, deepidv_state_keys_free> {
 public:
  /** Takes over an object of C; it may be NULL. */
  explicit state_keys(deepidv_state_keys *owned) noexcept : handle(owned) {}

  /** Creates an empty set of keys. */
  state_keys() { detail::require_ok(deepidv_state_keys_new(&pointer_)); }

  /** Adds a key. The first key signs; every key verifies. See deepidv_state_keys_add(). */
  state_keys &add(const std::string &key)
  {
    detail::require_ok(deepidv_state_keys_add(get(), key.data(), key.size()));
    return *this;
  }

  /**
   * Checks that a redirect returned in the browser that its state was created for. See
   * deepidv_state_verify().
   */
  void state_verify(const std::string &redirect, const std::string &context) const
  {
    detail::require_ok(
        deepidv_state_verify(get(), redirect.data(), redirect.size(), context.data(),
        context.size()));
  }
};

/** A webhook event whose signature was verified. Immutable. */
class webhook : public detail::handle<deepidv_webhook, deepidv_webhook_free> {
 public:
  /** Takes over an object of C; it may be NULL. */
  explicit webhook(deepidv_webhook *owned) noexcept : handle(owned) {}

  /** Returns the type of the event. See deepidv_webhook_type(). */
  deepidv::webhook_type type() const
  {
    return static_cast<deepidv::webhook_type>(deepidv_webhook_type(get()));
  }

  /** Returns the type as received. See deepidv_webhook_type_text(). */
  optional<std::string> type_text() const
  {
    std::size_t length = 0;
    const char *text = deepidv_webhook_type_text(get(), &length);
    return detail::text(text, length);
  }

  /** Returns all data of the event's session in one call. See deepidv_webhook_session(). */
  deepidv_session session() const
  {
    deepidv_session out_session = deepidv_session();
    detail::require_ok(deepidv_webhook_session(get(), &out_session));
    return out_session;
  }

  /** Returns what the status of the event's session means. See deepidv_webhook_verdict(). */
  deepidv::verdict verdict() const
  {
    return static_cast<deepidv::verdict>(deepidv_webhook_verdict(get()));
  }

  /**
   * Returns the key of the event: a JSON array of its type, session id and updated_at. See
   * deepidv_webhook_key().
   */
  optional<std::string> key() const
  {
    std::size_t length = 0;
    const char *text = deepidv_webhook_key(get(), &length);
    return detail::text(text, length);
  }

  /** Returns the body, unchanged. See deepidv_webhook_json(). */
  optional<std::string> json() const
  {
    std::size_t length = 0;
    const char *text = deepidv_webhook_json(get(), &length);
    return detail::text(text, length);
  }

  /** Returns the whole event as one JSON object. See deepidv_webhook_describe(). */
  optional<std::string> describe() const
  {
    std::size_t length = 0;
    const char *text = deepidv_webhook_describe(get(), &length);
    return detail::text(text, length);
  }
};

/** The signing secrets of webhooks. Every secret verifies. */
class webhook_secrets : public detail::handle<deepidv_webhook_secrets, deepidv_webhook_secrets_free> {
 public:
  /** Takes over an object of C; it may be NULL. */
  explicit webhook_secrets(deepidv_webhook_secrets *owned) noexcept : handle(owned) {}

  /** Creates an empty set of secrets. */
  webhook_secrets() { detail::require_ok(deepidv_webhook_secrets_new(&pointer_)); }

  /** Adds a secret. Every secret verifies. See deepidv_webhook_secrets_add(). */
  webhook_secrets &add(const std::string &secret)
  {
    detail::require_ok(deepidv_webhook_secrets_add(get(), secret.data(), secret.size()));
    return *this;
  }

  /** Verifies a webhook and reads its event, in one call. See deepidv_webhook_open(). */
  webhook webhook_open(const std::string &signature, const std::string &payload) const
  {
    deepidv_webhook *out_webhook = nullptr;
    detail::require_ok(
        deepidv_webhook_open(get(), detail::or_null(signature), signature.size(), payload.data(),
        payload.size(), &out_webhook));
    return webhook(out_webhook);
  }
};

/* ---- Functions ------------------------------------------------------------------- */

/** Returns the version of the loaded library. See deepidv_version(). */
inline std::string version() { return deepidv_version(); }

/** Returns the version of the loaded interface (ABI). See deepidv_abi_version(). */
inline std::uint32_t abi_version() { return deepidv_abi_version(); }

/** Returns the name of a status. See deepidv_status_name(). */
inline std::string status_name(deepidv::status status)
{
  return deepidv_status_name(static_cast<int32_t>(status));
}

/**
 * Returns what a status means. The text never contains data from outside the library. See
 * deepidv_status_text().
 */
inline std::string status_text(deepidv::status status)
{
  return deepidv_status_text(static_cast<int32_t>(status));
}

/**
 * Says what is wrong with the libcurl that is loaded; an empty text if all is well. See
 * deepidv_libcurl_problem().
 */
inline std::string libcurl_problem()
{
  std::string text;
  const auto write = [&](char *buffer, std::size_t capacity, std::size_t *length) {
    return deepidv_libcurl_problem(buffer, capacity, length);
  };
  const deepidv_status code = detail::fill(text, write);
  detail::require_ok(code);
  return text;
}

/** Returns one of the keys that deepidv_config_set() accepts. See deepidv_config_key(). */
inline optional<std::string> config_key(std::uint32_t index)
{
  std::size_t length = 0;
  const char *text = deepidv_config_key(index, &length);
  return detail::text(text, length);
}

/**
 * Writes the token for deepidv_session_reconcile() without a result. See
 * deepidv_reconcile_token().
 */
inline std::string reconcile_token(const std::string &external_id, std::uint64_t sent_at_s)
{
  std::string text;
  const auto write = [&](char *buffer, std::size_t capacity, std::size_t *length) {
    return deepidv_reconcile_token(
        external_id.data(), external_id.size(), sent_at_s, buffer, capacity, length);
  };
  const deepidv_status code = detail::fill(text, write);
  detail::require_ok(code);
  return text;
}

/** Reads the result parameters of a redirect. See deepidv_redirect_parse(). */
inline answer<deepidv_redirect> redirect_parse(const std::string &url)
{
  deepidv_redirect out_redirect = deepidv_redirect();
  const deepidv_status code = deepidv_redirect_parse(url.data(), url.size(), &out_redirect);
  return detail::answered(code, out_redirect, {DEEPIDV_E_REPEATED});
}

/**
 * Reads a redirect and writes its values as one JSON object, decoded. See
 * deepidv_redirect_describe().
 */
inline answer<std::string> redirect_describe(const std::string &url)
{
  std::string text;
  const auto write = [&](char *buffer, std::size_t capacity, std::size_t *length) {
    return deepidv_redirect_describe(url.data(), url.size(), buffer, capacity, length);
  };
  const deepidv_status code = detail::fill(text, write);
  return detail::answered(code, std::move(text), {DEEPIDV_E_REPEATED});
}

/** Checks that a redirect is about the session that you expect. See deepidv_redirect_matches(). */
inline deepidv::status redirect_matches(
    const std::string &url, const deepidv_redirect &redirect, const std::string &session_id)
{
  const deepidv_status code = deepidv_redirect_matches(
      url.data(), url.size(), &redirect, session_id.data(), session_id.size());
  return detail::answered(code, 0, {DEEPIDV_E_MISMATCH}).code;
}

/** Finds one of your own parameters in a redirect. See deepidv_redirect_param(). */
inline answer<deepidv_span> redirect_param(const std::string &url, const std::string &name)
{
  deepidv_span out_span = deepidv_span();
  const deepidv_status code = deepidv_redirect_param(
      url.data(), url.size(), name.data(), name.size(), &out_span);
  return detail::answered(code, out_span, {DEEPIDV_E_REPEATED, DEEPIDV_E_ABSENT});
}

/** Iterates over the parameters of a redirect, in order. See deepidv_redirect_next_param(). */
inline deepidv::status redirect_next_param(const std::string &url, deepidv_param &param)
{
  const deepidv_status code = deepidv_redirect_next_param(url.data(), url.size(), &param);
  return detail::answered(code, 0, {DEEPIDV_E_ABSENT}).code;
}

/** Decodes a span: + becomes a space, %XX a byte. See deepidv_span_decode(). */
inline std::string span_decode(const std::string &url, const deepidv_span &span)
{
  std::string text;
  const auto write = [&](char *buffer, std::size_t capacity, std::size_t *length) {
    return deepidv_span_decode(url.data(), url.size(), &span, buffer, capacity, length);
  };
  const deepidv_status code = detail::fill(text, write);
  detail::require_ok(code);
  return text;
}

/** Parses a session URL of the documented form. See deepidv_session_url_parse(). */
inline answer<deepidv_session_url> session_url_parse(const std::string &url)
{
  deepidv_session_url out_session_url = deepidv_session_url();
  const deepidv_status code = deepidv_session_url_parse(url.data(), url.size(), &out_session_url);
  return detail::answered(code, out_session_url, {DEEPIDV_E_REPEATED});
}

/**
 * Adds a state to a redirect URL, as the parameter state. See deepidv_redirect_url_with_state().
 */
inline std::string redirect_url_with_state(const std::string &url, const std::string &state)
{
  std::string text;
  const auto write = [&](char *buffer, std::size_t capacity, std::size_t *length) {
    return deepidv_redirect_url_with_state(
        url.data(), url.size(), state.data(), state.size(), buffer, capacity, length);
  };
  const deepidv_status code = detail::fill(text, write);
  detail::require_ok(code);
  return text;
}

/** Returns the name of a verdict. See deepidv_verdict_name(). */
inline std::string verdict_name(deepidv::verdict verdict)
{
  return deepidv_verdict_name(static_cast<int32_t>(verdict));
}

/**
 * Returns whether an event replaces another one of the same session. See
 * deepidv_webhook_supersedes().
 */
inline bool webhook_supersedes(const std::string &key, const std::string &other = std::string())
{
  return deepidv_webhook_supersedes(
      detail::or_null(key), key.size(), detail::or_null(other), other.size()) != 0;
}

}  // namespace deepidv

#endif  // DEEPIDV_HPP
