#include "calls.h"

const config_text_row config_texts[6] = {
  { "api_key", deepidv_config_set_api_key, "dk_1", 512 },
  { "base_url", deepidv_config_set_base_url, "https://api.example.com", 2048 },
  { "ca_file", deepidv_config_set_ca_file, "/etc/ssl/certs/ca-certificates.crt", 4095 },
  { "proxy", deepidv_config_set_proxy, "http://proxy.example.com", 2048 },
  { "user_agent", deepidv_config_set_user_agent, "shop/1.0 (test)", 256 },
  { "allow_http_hosts", deepidv_config_set_allow_http_hosts, "emulator, 10.0.0.7", 2048 },
};

const config_number_row config_numbers[11] = {
  { "timeout_ms", deepidv_config_set_timeout_ms, 1, 86400000 },
  { "connect_timeout_ms", deepidv_config_set_connect_timeout_ms, 1, 86400000 },
  { "max_in_flight", deepidv_config_set_max_in_flight, 1, 1000000 },
  { "rate_limit", deepidv_config_set_rate_limit, 0, 10000 },
  { "rate_burst", deepidv_config_set_rate_burst, 1, 10000 },
  { "connection_reuse", deepidv_config_set_connection_reuse, 0, 1 },
  { "make_external_id", deepidv_config_set_make_external_id, 0, 1 },
  { "repeat_guard", deepidv_config_set_repeat_guard, 0, 1 },
  { "settle_ms", deepidv_config_set_settle_ms, 1, 86400000 },
  { "log_level", deepidv_config_set_log_level, 0, 4 },
  { "use_environment", deepidv_config_set_use_environment, 0, 1 },
};

request_text *const request_texts[7] = {
  deepidv_session_request_set_first_name,
  deepidv_session_request_set_last_name,
  deepidv_session_request_set_email,
  deepidv_session_request_set_phone,
  deepidv_session_request_set_external_id,
  deepidv_session_request_set_workflow_id,
  deepidv_session_request_set_redirect_url,
};

request_flag *const request_flags[3] = {
  deepidv_session_request_set_send_email_invite,
  deepidv_session_request_set_send_phone_invite,
  deepidv_session_request_set_search_first,
};

result_text *const result_texts[14] = {
  deepidv_result_message,
  deepidv_result_field,
  deepidv_result_api_code,
  deepidv_result_json,
  deepidv_result_session_id,
  deepidv_result_session_url,
  deepidv_result_external_id,
  deepidv_result_expires_at,
  deepidv_result_session_status,
  deepidv_result_session_progress,
  deepidv_result_next_token,
  deepidv_result_reconcile_token,
  deepidv_result_describe,
  deepidv_result_request_id,
};

/* ---- Questions ------------------------------------------------------------------- */

static deepidv_status list_by_external_id(
    deepidv_client *client, const char *text, size_t length, deepidv_result **out_result)
{
  return deepidv_session_list(client, text, length, 0, NULL, 0, out_result);
}

static deepidv_status list_by_external_id_submit(
    deepidv_client *client, const char *text, size_t length, uint64_t tag, uint64_t *out_op)
{
  return deepidv_session_list_submit(client, text, length, 0, NULL, 0, tag, out_op);
}

static deepidv_status list_next(
    deepidv_client *client, const char *text, size_t length, deepidv_result **out_result)
{
  return deepidv_session_list(client, NULL, 0, 500, text, length, out_result);
}

static deepidv_status list_next_submit(
    deepidv_client *client, const char *text, size_t length, uint64_t tag, uint64_t *out_op)
{
  return deepidv_session_list_submit(client, NULL, 0, 500, text, length, tag, out_op);
}

static deepidv_status verify(
    deepidv_client *client, const char *text, size_t length, deepidv_result **out_result)
{
  return deepidv_session_update_status(client, text, length, DEEPIDV_DECISION_VERIFIED, out_result);
}

static deepidv_status verify_submit(
    deepidv_client *client, const char *text, size_t length, uint64_t tag, uint64_t *out_op)
{
  return deepidv_session_update_status_submit(client, text, length, DEEPIDV_DECISION_VERIFIED, tag, out_op);
}

/* So short that there is time for one request. */
enum { SHORT_WAIT_MS = 1200 };

static deepidv_status wait_shortly(
    deepidv_client *client, const char *text, size_t length, deepidv_result **out_result)
{
  return deepidv_session_wait(client, text, length, SHORT_WAIT_MS, out_result);
}

static deepidv_status wait_shortly_submit(
    deepidv_client *client, const char *text, size_t length, uint64_t tag, uint64_t *out_op)
{
  return deepidv_session_wait_submit(client, text, length, SHORT_WAIT_MS, tag, out_op);
}

const question_row questions[6] = {
  { "retrieve", deepidv_session_retrieve, deepidv_session_retrieve_submit, DEEPIDV_EVENT_SESSION_RETRIEVE,
      1024, 1025, "sess_abc", DEEPIDV_E_REQUIRED, 0 },
  { "list by external id", list_by_external_id, list_by_external_id_submit, DEEPIDV_EVENT_SESSION_LIST, 65536,
      65537, "order-1", DEEPIDV_E_REQUIRED, 1 },
  { "list from a token", list_next, list_next_submit, DEEPIDV_EVENT_SESSION_LIST, 65536, 65537, "page=2",
      DEEPIDV_E_REQUIRED, 1 },
  { "reconcile", deepidv_session_reconcile, deepidv_session_reconcile_submit, DEEPIDV_EVENT_SESSION_RECONCILE,
      13 + 1024, 4096, "1.1700000000.order-1", DEEPIDV_E_TOKEN, 0 },
  { "update status", verify, verify_submit, DEEPIDV_EVENT_SESSION_UPDATE_STATUS, 1024, 1025, "sess_abc",
      DEEPIDV_E_REQUIRED, 0 },
  { "wait", wait_shortly, wait_shortly_submit, DEEPIDV_EVENT_SESSION_WAIT, 1024, 1025, "sess_abc",
      DEEPIDV_E_REQUIRED, 0 },
};
