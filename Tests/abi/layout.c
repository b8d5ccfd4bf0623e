/*
 * Generated from Sources/ABI by abigen (make abi). Do not edit.
 *
 * Compiles if every constant, size and offset matches the table, links if the library
 * exports every function, and succeeds if the library has the ABI version of the header.
 */

#include <stddef.h>
#include <stdio.h>

#include "deepidv.h"

#if defined __STDC_VERSION__ && __STDC_VERSION__ >= 201112L
#define CHECK(name, condition) _Static_assert(condition, #name)
#else
#define CHECK(name, condition) typedef char check_##name[(condition) ? 1 : -1]
#endif

CHECK(status, sizeof(deepidv_status) == 4 && (deepidv_status)-1 < 0);
CHECK(nts, DEEPIDV_NTS == (size_t)-1);
CHECK(abi_major, DEEPIDV_ABI_MAJOR == 0);
CHECK(abi_minor, DEEPIDV_ABI_MINOR == 1);

CHECK(DEEPIDV_OK, DEEPIDV_OK == 0);
CHECK(DEEPIDV_E_NULL, DEEPIDV_E_NULL == 1);
CHECK(DEEPIDV_E_LENGTH, DEEPIDV_E_LENGTH == 2);
CHECK(DEEPIDV_E_TOO_LONG, DEEPIDV_E_TOO_LONG == 3);
CHECK(DEEPIDV_E_NUL, DEEPIDV_E_NUL == 4);
CHECK(DEEPIDV_E_UTF8, DEEPIDV_E_UTF8 == 5);
CHECK(DEEPIDV_E_CONTROL, DEEPIDV_E_CONTROL == 6);
CHECK(DEEPIDV_E_RANGE, DEEPIDV_E_RANGE == 7);
CHECK(DEEPIDV_E_HANDLE, DEEPIDV_E_HANDLE == 8);
CHECK(DEEPIDV_E_KEY, DEEPIDV_E_KEY == 9);
CHECK(DEEPIDV_E_BUFFER, DEEPIDV_E_BUFFER == 10);
CHECK(DEEPIDV_E_NOMEM, DEEPIDV_E_NOMEM == 11);
CHECK(DEEPIDV_E_SYSTEM, DEEPIDV_E_SYSTEM == 12);
CHECK(DEEPIDV_E_TOKEN, DEEPIDV_E_TOKEN == 13);
CHECK(DEEPIDV_E_PATH, DEEPIDV_E_PATH == 14);
CHECK(DEEPIDV_E_LIBCURL, DEEPIDV_E_LIBCURL == 15);
CHECK(DEEPIDV_E_REQUIRED, DEEPIDV_E_REQUIRED == 20);
CHECK(DEEPIDV_E_EMAIL, DEEPIDV_E_EMAIL == 21);
CHECK(DEEPIDV_E_PHONE, DEEPIDV_E_PHONE == 22);
CHECK(DEEPIDV_E_URL, DEEPIDV_E_URL == 23);
CHECK(DEEPIDV_E_SCHEME, DEEPIDV_E_SCHEME == 24);
CHECK(DEEPIDV_E_USERINFO, DEEPIDV_E_USERINFO == 25);
CHECK(DEEPIDV_E_TYPE, DEEPIDV_E_TYPE == 26);
CHECK(DEEPIDV_E_FIELD, DEEPIDV_E_FIELD == 27);
CHECK(DEEPIDV_E_SHORT_KEY, DEEPIDV_E_SHORT_KEY == 28);
CHECK(DEEPIDV_E_CA_FILE, DEEPIDV_E_CA_FILE == 29);
CHECK(DEEPIDV_E_HTTP_PROXY, DEEPIDV_E_HTTP_PROXY == 30);
CHECK(DEEPIDV_E_PROXY_SCHEME, DEEPIDV_E_PROXY_SCHEME == 31);
CHECK(DEEPIDV_E_TRACEPARENT, DEEPIDV_E_TRACEPARENT == 32);
CHECK(DEEPIDV_E_JSON, DEEPIDV_E_JSON == 40);
CHECK(DEEPIDV_E_JSON_DEPTH, DEEPIDV_E_JSON_DEPTH == 41);
CHECK(DEEPIDV_E_JSON_OBJECT, DEEPIDV_E_JSON_OBJECT == 42);
CHECK(DEEPIDV_E_JSON_DUPLICATE, DEEPIDV_E_JSON_DUPLICATE == 43);
CHECK(DEEPIDV_E_REPEATED, DEEPIDV_E_REPEATED == 50);
CHECK(DEEPIDV_E_MISMATCH, DEEPIDV_E_MISMATCH == 51);
CHECK(DEEPIDV_E_ABSENT, DEEPIDV_E_ABSENT == 59);
CHECK(DEEPIDV_E_FORKED, DEEPIDV_E_FORKED == 60);
CHECK(DEEPIDV_E_CLOSED, DEEPIDV_E_CLOSED == 61);
CHECK(DEEPIDV_E_BUSY, DEEPIDV_E_BUSY == 62);
CHECK(DEEPIDV_E_EMPTY, DEEPIDV_E_EMPTY == 63);
CHECK(DEEPIDV_E_TIMEOUT, DEEPIDV_E_TIMEOUT == 64);
CHECK(DEEPIDV_E_NO_OPERATION, DEEPIDV_E_NO_OPERATION == 65);
CHECK(DEEPIDV_E_CANCELLED, DEEPIDV_E_CANCELLED == 66);
CHECK(DEEPIDV_E_STATE, DEEPIDV_E_STATE == 70);
CHECK(DEEPIDV_E_STATE_SIGNATURE, DEEPIDV_E_STATE_SIGNATURE == 71);
CHECK(DEEPIDV_E_STATE_CONTEXT, DEEPIDV_E_STATE_CONTEXT == 72);
CHECK(DEEPIDV_E_STATE_EXPIRED, DEEPIDV_E_STATE_EXPIRED == 73);
CHECK(DEEPIDV_E_WEBHOOK_SIGNATURE, DEEPIDV_E_WEBHOOK_SIGNATURE == 74);
CHECK(DEEPIDV_E_WEBHOOK, DEEPIDV_E_WEBHOOK == 75);
CHECK(DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_SENT == 80);
CHECK(DEEPIDV_E_NOT_PROCESSED, DEEPIDV_E_NOT_PROCESSED == 81);
CHECK(DEEPIDV_E_OUTCOME_UNKNOWN, DEEPIDV_E_OUTCOME_UNKNOWN == 82);
CHECK(DEEPIDV_E_DUPLICATE, DEEPIDV_E_DUPLICATE == 83);
CHECK(DEEPIDV_E_BAD_REQUEST, DEEPIDV_E_BAD_REQUEST == 90);
CHECK(DEEPIDV_E_UNAUTHORIZED, DEEPIDV_E_UNAUTHORIZED == 91);
CHECK(DEEPIDV_E_BALANCE, DEEPIDV_E_BALANCE == 92);
CHECK(DEEPIDV_E_FORBIDDEN, DEEPIDV_E_FORBIDDEN == 93);
CHECK(DEEPIDV_E_NOT_FOUND, DEEPIDV_E_NOT_FOUND == 94);
CHECK(DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED == 95);
CHECK(DEEPIDV_E_REFUSED, DEEPIDV_E_REFUSED == 96);
CHECK(DEEPIDV_E_REDIRECTED, DEEPIDV_E_REDIRECTED == 97);
CHECK(DEEPIDV_E_RESOLVE, DEEPIDV_E_RESOLVE == 110);
CHECK(DEEPIDV_E_CONNECT, DEEPIDV_E_CONNECT == 111);
CHECK(DEEPIDV_E_TLS, DEEPIDV_E_TLS == 112);
CHECK(DEEPIDV_E_PROXY, DEEPIDV_E_PROXY == 113);
CHECK(DEEPIDV_E_CONNECTION_LOST, DEEPIDV_E_CONNECTION_LOST == 114);
CHECK(DEEPIDV_E_SERVER, DEEPIDV_E_SERVER == 115);
CHECK(DEEPIDV_E_ANSWER_EMPTY, DEEPIDV_E_ANSWER_EMPTY == 116);
CHECK(DEEPIDV_E_ANSWER_CUT, DEEPIDV_E_ANSWER_CUT == 117);
CHECK(DEEPIDV_E_ANSWER_TOO_LARGE, DEEPIDV_E_ANSWER_TOO_LARGE == 118);
CHECK(DEEPIDV_E_ANSWER_UTF8, DEEPIDV_E_ANSWER_UTF8 == 119);
CHECK(DEEPIDV_E_ANSWER_JSON, DEEPIDV_E_ANSWER_JSON == 120);
CHECK(DEEPIDV_E_ANSWER_NO_ID, DEEPIDV_E_ANSWER_NO_ID == 121);
CHECK(DEEPIDV_E_ANSWER_HTTP, DEEPIDV_E_ANSWER_HTTP == 122);
CHECK(DEEPIDV_E_NETWORK, DEEPIDV_E_NETWORK == 123);
CHECK(DEEPIDV_E_ANSWER_FOREIGN, DEEPIDV_E_ANSWER_FOREIGN == 124);
CHECK(DEEPIDV_E_TLS_UNTRUSTED, DEEPIDV_E_TLS_UNTRUSTED == 125);
CHECK(DEEPIDV_E_TLS_NAME, DEEPIDV_E_TLS_NAME == 126);
CHECK(DEEPIDV_E_TLS_DATE, DEEPIDV_E_TLS_DATE == 127);
CHECK(DEEPIDV_E_ANSWER_LOOP, DEEPIDV_E_ANSWER_LOOP == 128);
CHECK(DEEPIDV_E_ANSWER_ENCODING, DEEPIDV_E_ANSWER_ENCODING == 129);

CHECK(DEEPIDV_HAS_SESSION_ID, DEEPIDV_HAS_SESSION_ID == 1);
CHECK(DEEPIDV_HAS_STATUS, DEEPIDV_HAS_STATUS == 2);
CHECK(DEEPIDV_HAS_REASON, DEEPIDV_HAS_REASON == 4);
CHECK(DEEPIDV_HAS_FRAGMENT, DEEPIDV_HAS_FRAGMENT == 8);
CHECK(DEEPIDV_HAS_OTHER_SESSION_ID, DEEPIDV_HAS_OTHER_SESSION_ID == 16);

CHECK(DEEPIDV_REDIRECT_OTHER, DEEPIDV_REDIRECT_OTHER == -1);
CHECK(DEEPIDV_REDIRECT_NONE, DEEPIDV_REDIRECT_NONE == 0);
CHECK(DEEPIDV_REDIRECT_SUCCESS, DEEPIDV_REDIRECT_SUCCESS == 1);
CHECK(DEEPIDV_REDIRECT_FAILED, DEEPIDV_REDIRECT_FAILED == 2);
CHECK(DEEPIDV_REDIRECT_ABANDONED, DEEPIDV_REDIRECT_ABANDONED == 3);
CHECK(DEEPIDV_REDIRECT_SUBMITTED, DEEPIDV_REDIRECT_SUBMITTED == 4);

CHECK(DEEPIDV_REASON_OTHER, DEEPIDV_REASON_OTHER == -1);
CHECK(DEEPIDV_REASON_NONE, DEEPIDV_REASON_NONE == 0);
CHECK(DEEPIDV_REASON_DOCUMENT_UNREADABLE, DEEPIDV_REASON_DOCUMENT_UNREADABLE == 1);
CHECK(DEEPIDV_REASON_FACE_MISMATCH, DEEPIDV_REASON_FACE_MISMATCH == 2);
CHECK(DEEPIDV_REASON_SESSION_EXPIRED, DEEPIDV_REASON_SESSION_EXPIRED == 3);
CHECK(DEEPIDV_REASON_INTERNAL_ERROR, DEEPIDV_REASON_INTERNAL_ERROR == 4);
CHECK(DEEPIDV_REASON_USER_CANCELLED, DEEPIDV_REASON_USER_CANCELLED == 5);
CHECK(DEEPIDV_REASON_UNKNOWN, DEEPIDV_REASON_UNKNOWN == 6);

CHECK(DEEPIDV_FACT_NO_SESSION_ID, DEEPIDV_FACT_NO_SESSION_ID == 1);
CHECK(DEEPIDV_FACT_SUCCESS_WITH_REASON, DEEPIDV_FACT_SUCCESS_WITH_REASON == 2);
CHECK(DEEPIDV_FACT_FAILED_WITHOUT_REASON, DEEPIDV_FACT_FAILED_WITHOUT_REASON == 4);
CHECK(DEEPIDV_FACT_ABANDONED_OTHERWISE, DEEPIDV_FACT_ABANDONED_OTHERWISE == 8);
CHECK(DEEPIDV_FACT_OTHER_FORM, DEEPIDV_FACT_OTHER_FORM == 16);
CHECK(DEEPIDV_FACT_NOT_UTF8, DEEPIDV_FACT_NOT_UTF8 == 32);
CHECK(DEEPIDV_FACT_REPEATED_EQUAL, DEEPIDV_FACT_REPEATED_EQUAL == 64);
CHECK(DEEPIDV_FACT_JOINED_TWICE, DEEPIDV_FACT_JOINED_TWICE == 128);

CHECK(DEEPIDV_SESSION_URL_HAS_SESSION_ID, DEEPIDV_SESSION_URL_HAS_SESSION_ID == 1);
CHECK(DEEPIDV_SESSION_URL_HAS_ORG_ID, DEEPIDV_SESSION_URL_HAS_ORG_ID == 2);
CHECK(DEEPIDV_SESSION_URL_HAS_REDIRECT_URL, DEEPIDV_SESSION_URL_HAS_REDIRECT_URL == 4);

CHECK(DEEPIDV_EVENT_SESSION_CREATE, DEEPIDV_EVENT_SESSION_CREATE == 1);
CHECK(DEEPIDV_EVENT_SESSION_RECONCILE, DEEPIDV_EVENT_SESSION_RECONCILE == 2);
CHECK(DEEPIDV_EVENT_SESSION_RETRIEVE, DEEPIDV_EVENT_SESSION_RETRIEVE == 3);
CHECK(DEEPIDV_EVENT_SESSION_LIST, DEEPIDV_EVENT_SESSION_LIST == 4);
CHECK(DEEPIDV_EVENT_REDIRECT_CONFIRM, DEEPIDV_EVENT_REDIRECT_CONFIRM == 5);
CHECK(DEEPIDV_EVENT_SESSION_FIND_OR_CREATE, DEEPIDV_EVENT_SESSION_FIND_OR_CREATE == 6);
CHECK(DEEPIDV_EVENT_SESSION_UPDATE_STATUS, DEEPIDV_EVENT_SESSION_UPDATE_STATUS == 7);
CHECK(DEEPIDV_EVENT_SESSION_WAIT, DEEPIDV_EVENT_SESSION_WAIT == 8);

CHECK(DEEPIDV_DECISION_VERIFIED, DEEPIDV_DECISION_VERIFIED == 1);
CHECK(DEEPIDV_DECISION_REJECTED, DEEPIDV_DECISION_REJECTED == 2);

CHECK(DEEPIDV_VERDICT_UNKNOWN, DEEPIDV_VERDICT_UNKNOWN == 0);
CHECK(DEEPIDV_VERDICT_VERIFIED, DEEPIDV_VERDICT_VERIFIED == 1);
CHECK(DEEPIDV_VERDICT_REJECTED, DEEPIDV_VERDICT_REJECTED == 2);
CHECK(DEEPIDV_VERDICT_SUBMITTED, DEEPIDV_VERDICT_SUBMITTED == 3);
CHECK(DEEPIDV_VERDICT_PENDING, DEEPIDV_VERDICT_PENDING == 4);
CHECK(DEEPIDV_VERDICT_EXPIRED, DEEPIDV_VERDICT_EXPIRED == 5);
CHECK(DEEPIDV_VERDICT_FORGED, DEEPIDV_VERDICT_FORGED == 6);

CHECK(DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED, DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED == 1);
CHECK(DEEPIDV_RESULT_FACT_MORE_SESSIONS, DEEPIDV_RESULT_FACT_MORE_SESSIONS == 2);
CHECK(DEEPIDV_RESULT_FACT_MORE_LINKS, DEEPIDV_RESULT_FACT_MORE_LINKS == 4);
CHECK(DEEPIDV_RESULT_FACT_MORE_HINTS, DEEPIDV_RESULT_FACT_MORE_HINTS == 8);

CHECK(DEEPIDV_WEBHOOK_OTHER, DEEPIDV_WEBHOOK_OTHER == -1);
CHECK(DEEPIDV_WEBHOOK_SESSION_CREATED, DEEPIDV_WEBHOOK_SESSION_CREATED == 1);
CHECK(DEEPIDV_WEBHOOK_SESSION_SUBMITTED, DEEPIDV_WEBHOOK_SESSION_SUBMITTED == 2);
CHECK(DEEPIDV_WEBHOOK_SESSION_VERIFIED, DEEPIDV_WEBHOOK_SESSION_VERIFIED == 3);
CHECK(DEEPIDV_WEBHOOK_SESSION_REJECTED, DEEPIDV_WEBHOOK_SESSION_REJECTED == 4);
CHECK(DEEPIDV_WEBHOOK_SESSION_FAILED, DEEPIDV_WEBHOOK_SESSION_FAILED == 5);

CHECK(DEEPIDV_STATE_SIZE, DEEPIDV_STATE_SIZE == 128);
CHECK(DEEPIDV_RECONCILE_TOKEN_SIZE, DEEPIDV_RECONCILE_TOKEN_SIZE == 1088);

CHECK(DEEPIDV_LEVEL_OFF, DEEPIDV_LEVEL_OFF == 0);
CHECK(DEEPIDV_LEVEL_ERROR, DEEPIDV_LEVEL_ERROR == 1);
CHECK(DEEPIDV_LEVEL_WARNING, DEEPIDV_LEVEL_WARNING == 2);
CHECK(DEEPIDV_LEVEL_INFO, DEEPIDV_LEVEL_INFO == 3);
CHECK(DEEPIDV_LEVEL_DEBUG, DEEPIDV_LEVEL_DEBUG == 4);

CHECK(DEEPIDV_LOG_LOST, DEEPIDV_LOG_LOST == 1);
CHECK(DEEPIDV_LOG_SUBMITTED, DEEPIDV_LOG_SUBMITTED == 2);
CHECK(DEEPIDV_LOG_CONNECTED, DEEPIDV_LOG_CONNECTED == 3);
CHECK(DEEPIDV_LOG_ATTEMPT, DEEPIDV_LOG_ATTEMPT == 4);
CHECK(DEEPIDV_LOG_STALE, DEEPIDV_LOG_STALE == 5);
CHECK(DEEPIDV_LOG_THROTTLED, DEEPIDV_LOG_THROTTLED == 6);
CHECK(DEEPIDV_LOG_RETRY, DEEPIDV_LOG_RETRY == 7);
CHECK(DEEPIDV_LOG_SEARCH, DEEPIDV_LOG_SEARCH == 8);
CHECK(DEEPIDV_LOG_ENDED, DEEPIDV_LOG_ENDED == 9);

CHECK(deepidv_span, sizeof(deepidv_span) == 8);
CHECK(deepidv_span__offset, offsetof(deepidv_span, offset) == 0);
CHECK(deepidv_span__length, offsetof(deepidv_span, length) == 4);

CHECK(deepidv_redirect, sizeof(deepidv_redirect) == 80);
CHECK(deepidv_redirect__present, offsetof(deepidv_redirect, present) == 0);
CHECK(deepidv_redirect__status, offsetof(deepidv_redirect, status) == 4);
CHECK(deepidv_redirect__reason, offsetof(deepidv_redirect, reason) == 8);
CHECK(deepidv_redirect__facts, offsetof(deepidv_redirect, facts) == 12);
CHECK(deepidv_redirect__session_id, offsetof(deepidv_redirect, session_id) == 16);
CHECK(deepidv_redirect__status_text, offsetof(deepidv_redirect, status_text) == 24);
CHECK(deepidv_redirect__reason_text, offsetof(deepidv_redirect, reason_text) == 32);
CHECK(deepidv_redirect__fragment, offsetof(deepidv_redirect, fragment) == 40);
CHECK(deepidv_redirect__repeated, offsetof(deepidv_redirect, repeated) == 48);
CHECK(deepidv_redirect__other_session_id, offsetof(deepidv_redirect, other_session_id) == 56);
CHECK(deepidv_redirect__reserved, offsetof(deepidv_redirect, reserved) == 64);

CHECK(deepidv_param, sizeof(deepidv_param) == 32);
CHECK(deepidv_param__name, offsetof(deepidv_param, name) == 0);
CHECK(deepidv_param__value, offsetof(deepidv_param, value) == 8);
CHECK(deepidv_param__position, offsetof(deepidv_param, position) == 16);
CHECK(deepidv_param__reserved, offsetof(deepidv_param, reserved) == 20);

CHECK(deepidv_session_url, sizeof(deepidv_session_url) == 48);
CHECK(deepidv_session_url__present, offsetof(deepidv_session_url, present) == 0);
CHECK(deepidv_session_url__session_id, offsetof(deepidv_session_url, session_id) == 4);
CHECK(deepidv_session_url__org_id, offsetof(deepidv_session_url, org_id) == 12);
CHECK(deepidv_session_url__redirect_url, offsetof(deepidv_session_url, redirect_url) == 20);
CHECK(deepidv_session_url__repeated, offsetof(deepidv_session_url, repeated) == 28);
CHECK(deepidv_session_url__reserved, offsetof(deepidv_session_url, reserved) == 36);

CHECK(deepidv_event, sizeof(deepidv_event) == 40);
CHECK(deepidv_event__op, offsetof(deepidv_event, op) == 0);
CHECK(deepidv_event__tag, offsetof(deepidv_event, tag) == 8);
CHECK(deepidv_event__status, offsetof(deepidv_event, status) == 16);
CHECK(deepidv_event__kind, offsetof(deepidv_event, kind) == 20);
CHECK(deepidv_event__reserved, offsetof(deepidv_event, reserved) == 24);

CHECK(deepidv_session, sizeof(deepidv_session) == 160);
CHECK(deepidv_session__id, offsetof(deepidv_session, id) == 0);
CHECK(deepidv_session__id_len, offsetof(deepidv_session, id_len) == 8);
CHECK(deepidv_session__url, offsetof(deepidv_session, url) == 16);
CHECK(deepidv_session__url_len, offsetof(deepidv_session, url_len) == 24);
CHECK(deepidv_session__external_id, offsetof(deepidv_session, external_id) == 32);
CHECK(deepidv_session__external_id_len, offsetof(deepidv_session, external_id_len) == 40);
CHECK(deepidv_session__expires_at, offsetof(deepidv_session, expires_at) == 48);
CHECK(deepidv_session__expires_at_len, offsetof(deepidv_session, expires_at_len) == 56);
CHECK(deepidv_session__status, offsetof(deepidv_session, status) == 64);
CHECK(deepidv_session__status_len, offsetof(deepidv_session, status_len) == 72);
CHECK(deepidv_session__progress, offsetof(deepidv_session, progress) == 80);
CHECK(deepidv_session__progress_len, offsetof(deepidv_session, progress_len) == 88);
CHECK(deepidv_session__json, offsetof(deepidv_session, json) == 96);
CHECK(deepidv_session__json_len, offsetof(deepidv_session, json_len) == 104);
CHECK(deepidv_session__elapsed_us, offsetof(deepidv_session, elapsed_us) == 112);
CHECK(deepidv_session__http_status, offsetof(deepidv_session, http_status) == 120);
CHECK(deepidv_session__attempts, offsetof(deepidv_session, attempts) == 124);
CHECK(deepidv_session__link_count, offsetof(deepidv_session, link_count) == 128);
CHECK(deepidv_session__reconciled, offsetof(deepidv_session, reconciled) == 132);
CHECK(deepidv_session__verdict, offsetof(deepidv_session, verdict) == 136);
CHECK(deepidv_session__facts, offsetof(deepidv_session, facts) == 140);
CHECK(deepidv_session__found, offsetof(deepidv_session, found) == 144);
CHECK(deepidv_session__reserved, offsetof(deepidv_session, reserved) == 148);

CHECK(deepidv_stats, sizeof(deepidv_stats) == 480);
CHECK(deepidv_stats__submitted, offsetof(deepidv_stats, submitted) == 0);
CHECK(deepidv_stats__in_flight, offsetof(deepidv_stats, in_flight) == 8);
CHECK(deepidv_stats__succeeded, offsetof(deepidv_stats, succeeded) == 16);
CHECK(deepidv_stats__not_executed, offsetof(deepidv_stats, not_executed) == 24);
CHECK(deepidv_stats__outcome_unknown, offsetof(deepidv_stats, outcome_unknown) == 32);
CHECK(deepidv_stats__refused, offsetof(deepidv_stats, refused) == 40);
CHECK(deepidv_stats__failed, offsetof(deepidv_stats, failed) == 48);
CHECK(deepidv_stats__cancelled, offsetof(deepidv_stats, cancelled) == 56);
CHECK(deepidv_stats__timed_out, offsetof(deepidv_stats, timed_out) == 64);
CHECK(deepidv_stats__requests, offsetof(deepidv_stats, requests) == 72);
CHECK(deepidv_stats__retries, offsetof(deepidv_stats, retries) == 80);
CHECK(deepidv_stats__searches, offsetof(deepidv_stats, searches) == 88);
CHECK(deepidv_stats__throttled, offsetof(deepidv_stats, throttled) == 96);
CHECK(deepidv_stats__connections_opened, offsetof(deepidv_stats, connections_opened) == 104);
CHECK(deepidv_stats__connections_reused, offsetof(deepidv_stats, connections_reused) == 112);
CHECK(deepidv_stats__connections_stale, offsetof(deepidv_stats, connections_stale) == 120);
CHECK(deepidv_stats__bytes_sent, offsetof(deepidv_stats, bytes_sent) == 128);
CHECK(deepidv_stats__bytes_received, offsetof(deepidv_stats, bytes_received) == 136);
CHECK(deepidv_stats__logs_lost, offsetof(deepidv_stats, logs_lost) == 144);
CHECK(deepidv_stats__elapsed_us, offsetof(deepidv_stats, elapsed_us) == 152);
CHECK(deepidv_stats__latency, offsetof(deepidv_stats, latency) == 160);
CHECK(deepidv_stats__reserved, offsetof(deepidv_stats, reserved) == 416);

CHECK(deepidv_log, sizeof(deepidv_log) == 80);
CHECK(deepidv_log__time_us, offsetof(deepidv_log, time_us) == 0);
CHECK(deepidv_log__op, offsetof(deepidv_log, op) == 8);
CHECK(deepidv_log__tag, offsetof(deepidv_log, tag) == 16);
CHECK(deepidv_log__value, offsetof(deepidv_log, value) == 24);
CHECK(deepidv_log__level, offsetof(deepidv_log, level) == 32);
CHECK(deepidv_log__code, offsetof(deepidv_log, code) == 36);
CHECK(deepidv_log__kind, offsetof(deepidv_log, kind) == 40);
CHECK(deepidv_log__status, offsetof(deepidv_log, status) == 44);
CHECK(deepidv_log__cause, offsetof(deepidv_log, cause) == 48);
CHECK(deepidv_log__http_status, offsetof(deepidv_log, http_status) == 52);
CHECK(deepidv_log__attempt, offsetof(deepidv_log, attempt) == 56);
CHECK(deepidv_log__reserved, offsetof(deepidv_log, reserved) == 60);

typedef void (*function)(void);

/* Visible, so that the compiler keeps every address. */
extern const function deepidv_exports[136];

const function deepidv_exports[136] = {
  (function)deepidv_version,
  (function)deepidv_abi_version,
  (function)deepidv_status_name,
  (function)deepidv_status_text,
  (function)deepidv_libcurl_problem,
  (function)deepidv_config_new,
  (function)deepidv_config_free,
  (function)deepidv_config_set,
  (function)deepidv_config_key,
  (function)deepidv_config_set_api_key,
  (function)deepidv_config_set_base_url,
  (function)deepidv_config_set_timeout_ms,
  (function)deepidv_config_set_connect_timeout_ms,
  (function)deepidv_config_set_max_in_flight,
  (function)deepidv_config_set_rate_limit,
  (function)deepidv_config_set_rate_burst,
  (function)deepidv_config_set_connection_reuse,
  (function)deepidv_config_set_make_external_id,
  (function)deepidv_config_set_repeat_guard,
  (function)deepidv_config_set_settle_ms,
  (function)deepidv_config_set_ca_file,
  (function)deepidv_config_set_proxy,
  (function)deepidv_config_set_user_agent,
  (function)deepidv_config_set_allow_http_hosts,
  (function)deepidv_config_set_log_level,
  (function)deepidv_config_set_use_environment,
  (function)deepidv_config_from_env,
  (function)deepidv_session_request_new,
  (function)deepidv_session_request_free,
  (function)deepidv_session_request_set_json,
  (function)deepidv_session_request_set_first_name,
  (function)deepidv_session_request_set_last_name,
  (function)deepidv_session_request_set_email,
  (function)deepidv_session_request_set_phone,
  (function)deepidv_session_request_set_external_id,
  (function)deepidv_session_request_set_send_email_invite,
  (function)deepidv_session_request_set_send_phone_invite,
  (function)deepidv_session_request_set_workflow_id,
  (function)deepidv_session_request_set_redirect_url,
  (function)deepidv_session_request_set_expires_in_hours,
  (function)deepidv_session_request_set_search_first,
  (function)deepidv_session_request_set_traceparent,
  (function)deepidv_session_request_validate,
  (function)deepidv_client_new,
  (function)deepidv_client_close,
  (function)deepidv_client_free,
  (function)deepidv_client_fd,
  (function)deepidv_client_next,
  (function)deepidv_client_take,
  (function)deepidv_client_wait,
  (function)deepidv_client_grant,
  (function)deepidv_client_cancel,
  (function)deepidv_session_create,
  (function)deepidv_session_create_submit,
  (function)deepidv_session_find_or_create,
  (function)deepidv_session_find_or_create_submit,
  (function)deepidv_session_retrieve,
  (function)deepidv_session_retrieve_submit,
  (function)deepidv_session_list,
  (function)deepidv_session_list_submit,
  (function)deepidv_session_reconcile,
  (function)deepidv_session_reconcile_submit,
  (function)deepidv_reconcile_token,
  (function)deepidv_session_update_status,
  (function)deepidv_session_update_status_submit,
  (function)deepidv_session_wait,
  (function)deepidv_session_wait_submit,
  (function)deepidv_result_free,
  (function)deepidv_result_status,
  (function)deepidv_result_cause,
  (function)deepidv_result_http_status,
  (function)deepidv_result_message,
  (function)deepidv_result_field,
  (function)deepidv_result_api_code,
  (function)deepidv_result_request_id,
  (function)deepidv_result_hint_count,
  (function)deepidv_result_hint,
  (function)deepidv_result_attempts,
  (function)deepidv_result_elapsed_us,
  (function)deepidv_result_json,
  (function)deepidv_result_describe,
  (function)deepidv_result_session,
  (function)deepidv_result_session_id,
  (function)deepidv_result_session_url,
  (function)deepidv_result_external_id,
  (function)deepidv_result_expires_at,
  (function)deepidv_result_session_count,
  (function)deepidv_result_session_id_at,
  (function)deepidv_result_session_record_at,
  (function)deepidv_result_session_status,
  (function)deepidv_result_session_progress,
  (function)deepidv_result_verdict,
  (function)deepidv_result_next_token,
  (function)deepidv_result_reconciled,
  (function)deepidv_result_found,
  (function)deepidv_result_reconcile_token,
  (function)deepidv_result_retry_after_ms,
  (function)deepidv_result_facts,
  (function)deepidv_result_link_count,
  (function)deepidv_result_link,
  (function)deepidv_result_link_rel,
  (function)deepidv_result_string,
  (function)deepidv_result_int,
  (function)deepidv_result_bool,
  (function)deepidv_redirect_parse,
  (function)deepidv_redirect_describe,
  (function)deepidv_redirect_matches,
  (function)deepidv_redirect_param,
  (function)deepidv_redirect_next_param,
  (function)deepidv_span_decode,
  (function)deepidv_session_url_parse,
  (function)deepidv_state_keys_new,
  (function)deepidv_state_keys_free,
  (function)deepidv_state_keys_add,
  (function)deepidv_state_new,
  (function)deepidv_redirect_url_with_state,
  (function)deepidv_state_verify,
  (function)deepidv_redirect_confirm,
  (function)deepidv_redirect_confirm_submit,
  (function)deepidv_verdict_name,
  (function)deepidv_webhook_secrets_new,
  (function)deepidv_webhook_secrets_free,
  (function)deepidv_webhook_secrets_add,
  (function)deepidv_webhook_open,
  (function)deepidv_webhook_free,
  (function)deepidv_webhook_type,
  (function)deepidv_webhook_type_text,
  (function)deepidv_webhook_session,
  (function)deepidv_webhook_verdict,
  (function)deepidv_webhook_key,
  (function)deepidv_webhook_json,
  (function)deepidv_webhook_describe,
  (function)deepidv_webhook_supersedes,
  (function)deepidv_client_stats,
  (function)deepidv_client_describe,
  (function)deepidv_client_next_log,
};

int main(void)
{
  const unsigned long expected = DEEPIDV_ABI_MAJOR * 65536UL + DEEPIDV_ABI_MINOR;
  const unsigned long loaded = deepidv_abi_version();
  size_t i;

  for (i = 0; i < sizeof(deepidv_exports) / sizeof(deepidv_exports[0]); i++) {
    if (!deepidv_exports[i]) {
      fprintf(stderr, "layout: export %lu is missing\n", (unsigned long)i);
      return 1;
    }
  }
  if (loaded != expected) {
    fprintf(stderr, "layout: loaded ABI %lu, compiled for %lu\n", loaded, expected);
    return 1;
  }
  return 0;
}
