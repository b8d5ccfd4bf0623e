/*
 * Generated from Sources/ABI by abigen (make abi). Do not edit.
 *
 * Empty bodies, so that abidiff sees every type of the interface:
 * cc -g -shared -fPIC -Iinclude -o shadow.so Tests/abi/shadow.c
 */

#include "deepidv.h"

const char *deepidv_version(void)
{
  return 0;
}

uint32_t deepidv_abi_version(void)
{
  return 0;
}

const char *deepidv_status_name(int32_t status)
{
  (void)status;
  return 0;
}

const char *deepidv_status_text(int32_t status)
{
  (void)status;
  return 0;
}

deepidv_status deepidv_config_new(deepidv_config **out)
{
  (void)out;
  return 0;
}

void deepidv_config_free(deepidv_config *handle)
{
  (void)handle;
}

deepidv_status deepidv_config_set(
    deepidv_config *config,
    const char *name, size_t name_len,
    const char *value, size_t value_len)
{
  (void)config;
  (void)name;
  (void)name_len;
  (void)value;
  (void)value_len;
  return 0;
}

const char *deepidv_config_key(uint32_t index, size_t *out_len)
{
  (void)index;
  (void)out_len;
  return 0;
}

deepidv_status deepidv_config_set_api_key(
    deepidv_config *config,
    const char *key, size_t key_len)
{
  (void)config;
  (void)key;
  (void)key_len;
  return 0;
}

deepidv_status deepidv_config_set_base_url(
    deepidv_config *config,
    const char *url, size_t url_len)
{
  (void)config;
  (void)url;
  (void)url_len;
  return 0;
}

deepidv_status deepidv_config_set_timeout_ms(deepidv_config *config, uint32_t timeout_ms)
{
  (void)config;
  (void)timeout_ms;
  return 0;
}

deepidv_status deepidv_config_set_connect_timeout_ms(
    deepidv_config *config,
    uint32_t timeout_ms)
{
  (void)config;
  (void)timeout_ms;
  return 0;
}

deepidv_status deepidv_config_set_max_in_flight(deepidv_config *config, uint32_t count)
{
  (void)config;
  (void)count;
  return 0;
}

deepidv_status deepidv_config_set_rate_limit(deepidv_config *config, uint32_t per_second)
{
  (void)config;
  (void)per_second;
  return 0;
}

deepidv_status deepidv_config_set_rate_burst(deepidv_config *config, uint32_t count)
{
  (void)config;
  (void)count;
  return 0;
}

deepidv_status deepidv_config_set_connection_reuse(deepidv_config *config, uint32_t value)
{
  (void)config;
  (void)value;
  return 0;
}

deepidv_status deepidv_config_set_make_external_id(deepidv_config *config, uint32_t value)
{
  (void)config;
  (void)value;
  return 0;
}

deepidv_status deepidv_config_set_ca_file(
    deepidv_config *config,
    const char *path, size_t path_len)
{
  (void)config;
  (void)path;
  (void)path_len;
  return 0;
}

deepidv_status deepidv_config_set_proxy(
    deepidv_config *config,
    const char *url, size_t url_len)
{
  (void)config;
  (void)url;
  (void)url_len;
  return 0;
}

deepidv_status deepidv_config_set_user_agent(
    deepidv_config *config,
    const char *text, size_t text_len)
{
  (void)config;
  (void)text;
  (void)text_len;
  return 0;
}

deepidv_status deepidv_config_set_allow_http_hosts(
    deepidv_config *config,
    const char *hosts, size_t hosts_len)
{
  (void)config;
  (void)hosts;
  (void)hosts_len;
  return 0;
}

deepidv_status deepidv_config_set_use_environment(deepidv_config *config, uint32_t value)
{
  (void)config;
  (void)value;
  return 0;
}

deepidv_status deepidv_config_from_env(deepidv_config *config, const char **out_key)
{
  (void)config;
  (void)out_key;
  return 0;
}

deepidv_status deepidv_session_request_new(deepidv_session_request **out)
{
  (void)out;
  return 0;
}

void deepidv_session_request_free(deepidv_session_request *handle)
{
  (void)handle;
}

deepidv_status deepidv_session_request_set_json(
    deepidv_session_request *request,
    const char *json, size_t json_len,
    const char **out_field,
    size_t *out_offset)
{
  (void)request;
  (void)json;
  (void)json_len;
  (void)out_field;
  (void)out_offset;
  return 0;
}

deepidv_status deepidv_session_request_set_first_name(
    deepidv_session_request *request,
    const char *value, size_t value_len)
{
  (void)request;
  (void)value;
  (void)value_len;
  return 0;
}

deepidv_status deepidv_session_request_set_last_name(
    deepidv_session_request *request,
    const char *value, size_t value_len)
{
  (void)request;
  (void)value;
  (void)value_len;
  return 0;
}

deepidv_status deepidv_session_request_set_email(
    deepidv_session_request *request,
    const char *value, size_t value_len)
{
  (void)request;
  (void)value;
  (void)value_len;
  return 0;
}

deepidv_status deepidv_session_request_set_phone(
    deepidv_session_request *request,
    const char *value, size_t value_len)
{
  (void)request;
  (void)value;
  (void)value_len;
  return 0;
}

deepidv_status deepidv_session_request_set_external_id(
    deepidv_session_request *request,
    const char *value, size_t value_len)
{
  (void)request;
  (void)value;
  (void)value_len;
  return 0;
}

deepidv_status deepidv_session_request_set_send_email_invite(
    deepidv_session_request *request,
    int32_t value)
{
  (void)request;
  (void)value;
  return 0;
}

deepidv_status deepidv_session_request_set_send_phone_invite(
    deepidv_session_request *request,
    int32_t value)
{
  (void)request;
  (void)value;
  return 0;
}

deepidv_status deepidv_session_request_set_workflow_id(
    deepidv_session_request *request,
    const char *value, size_t value_len)
{
  (void)request;
  (void)value;
  (void)value_len;
  return 0;
}

deepidv_status deepidv_session_request_set_redirect_url(
    deepidv_session_request *request,
    const char *value, size_t value_len)
{
  (void)request;
  (void)value;
  (void)value_len;
  return 0;
}

deepidv_status deepidv_session_request_set_expires_in_hours(
    deepidv_session_request *request,
    uint32_t hours)
{
  (void)request;
  (void)hours;
  return 0;
}

deepidv_status deepidv_session_request_validate(
    const deepidv_session_request *request,
    const char **out_field)
{
  (void)request;
  (void)out_field;
  return 0;
}

deepidv_status deepidv_client_new(const deepidv_config *config, deepidv_client **out)
{
  (void)config;
  (void)out;
  return 0;
}

deepidv_status deepidv_client_close(deepidv_client *client)
{
  (void)client;
  return 0;
}

void deepidv_client_free(deepidv_client *handle)
{
  (void)handle;
}

int deepidv_client_fd(deepidv_client *client)
{
  (void)client;
  return 0;
}

deepidv_status deepidv_client_next(
    deepidv_client *client,
    deepidv_event *out_event,
    deepidv_result **out_result)
{
  (void)client;
  (void)out_event;
  (void)out_result;
  return 0;
}

deepidv_status deepidv_client_take(
    deepidv_client *client,
    uint64_t op,
    int32_t timeout_ms,
    deepidv_event *out_event,
    deepidv_result **out_result)
{
  (void)client;
  (void)op;
  (void)timeout_ms;
  (void)out_event;
  (void)out_result;
  return 0;
}

deepidv_status deepidv_client_wait(deepidv_client *client, int32_t timeout_ms)
{
  (void)client;
  (void)timeout_ms;
  return 0;
}

deepidv_status deepidv_client_cancel(deepidv_client *client, uint64_t op)
{
  (void)client;
  (void)op;
  return 0;
}

deepidv_status deepidv_session_create(
    deepidv_client *client,
    const deepidv_session_request *request,
    deepidv_result **out_result)
{
  (void)client;
  (void)request;
  (void)out_result;
  return 0;
}

deepidv_status deepidv_session_create_submit(
    deepidv_client *client,
    const deepidv_session_request *request,
    uint64_t tag,
    uint64_t *out_op)
{
  (void)client;
  (void)request;
  (void)tag;
  (void)out_op;
  return 0;
}

deepidv_status deepidv_session_retrieve(
    deepidv_client *client,
    const char *session_id, size_t session_id_len,
    deepidv_result **out_result)
{
  (void)client;
  (void)session_id;
  (void)session_id_len;
  (void)out_result;
  return 0;
}

deepidv_status deepidv_session_retrieve_submit(
    deepidv_client *client,
    const char *session_id, size_t session_id_len,
    uint64_t tag,
    uint64_t *out_op)
{
  (void)client;
  (void)session_id;
  (void)session_id_len;
  (void)tag;
  (void)out_op;
  return 0;
}

deepidv_status deepidv_session_list(
    deepidv_client *client,
    const char *external_id, size_t external_id_len,
    uint32_t limit,
    const char *next_token, size_t next_token_len,
    deepidv_result **out_result)
{
  (void)client;
  (void)external_id;
  (void)external_id_len;
  (void)limit;
  (void)next_token;
  (void)next_token_len;
  (void)out_result;
  return 0;
}

deepidv_status deepidv_session_list_submit(
    deepidv_client *client,
    const char *external_id, size_t external_id_len,
    uint32_t limit,
    const char *next_token, size_t next_token_len,
    uint64_t tag,
    uint64_t *out_op)
{
  (void)client;
  (void)external_id;
  (void)external_id_len;
  (void)limit;
  (void)next_token;
  (void)next_token_len;
  (void)tag;
  (void)out_op;
  return 0;
}

deepidv_status deepidv_session_reconcile(
    deepidv_client *client,
    const char *token, size_t token_len,
    deepidv_result **out_result)
{
  (void)client;
  (void)token;
  (void)token_len;
  (void)out_result;
  return 0;
}

deepidv_status deepidv_session_reconcile_submit(
    deepidv_client *client,
    const char *token, size_t token_len,
    uint64_t tag,
    uint64_t *out_op)
{
  (void)client;
  (void)token;
  (void)token_len;
  (void)tag;
  (void)out_op;
  return 0;
}

void deepidv_result_free(deepidv_result *handle)
{
  (void)handle;
}

deepidv_status deepidv_result_status(const deepidv_result *result)
{
  (void)result;
  return 0;
}

deepidv_status deepidv_result_cause(const deepidv_result *result)
{
  (void)result;
  return 0;
}

int32_t deepidv_result_http_status(const deepidv_result *result)
{
  (void)result;
  return 0;
}

const char *deepidv_result_message(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

const char *deepidv_result_field(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

const char *deepidv_result_api_code(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

uint32_t deepidv_result_hint_count(const deepidv_result *result)
{
  (void)result;
  return 0;
}

const char *deepidv_result_hint(const deepidv_result *result, uint32_t index, size_t *out_len)
{
  (void)result;
  (void)index;
  (void)out_len;
  return 0;
}

uint32_t deepidv_result_attempts(const deepidv_result *result)
{
  (void)result;
  return 0;
}

uint64_t deepidv_result_elapsed_us(const deepidv_result *result)
{
  (void)result;
  return 0;
}

const char *deepidv_result_json(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

deepidv_status deepidv_result_session(const deepidv_result *result, deepidv_session *out)
{
  (void)result;
  (void)out;
  return 0;
}

const char *deepidv_result_session_id(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

const char *deepidv_result_session_url(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

const char *deepidv_result_external_id(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

const char *deepidv_result_expires_at(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

uint32_t deepidv_result_session_count(const deepidv_result *result)
{
  (void)result;
  return 0;
}

const char *deepidv_result_session_id_at(
    const deepidv_result *result,
    uint32_t index,
    size_t *out_len)
{
  (void)result;
  (void)index;
  (void)out_len;
  return 0;
}

const char *deepidv_result_session_status(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

const char *deepidv_result_session_progress(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

int32_t deepidv_result_verdict(const deepidv_result *result)
{
  (void)result;
  return 0;
}

const char *deepidv_result_next_token(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

int32_t deepidv_result_reconciled(const deepidv_result *result)
{
  (void)result;
  return 0;
}

const char *deepidv_result_reconcile_token(const deepidv_result *result, size_t *out_len)
{
  (void)result;
  (void)out_len;
  return 0;
}

uint64_t deepidv_result_retry_after_ms(const deepidv_result *result)
{
  (void)result;
  return 0;
}

uint32_t deepidv_result_facts(const deepidv_result *result)
{
  (void)result;
  return 0;
}

uint32_t deepidv_result_link_count(const deepidv_result *result)
{
  (void)result;
  return 0;
}

const char *deepidv_result_link(const deepidv_result *result, uint32_t index, size_t *out_len)
{
  (void)result;
  (void)index;
  (void)out_len;
  return 0;
}

const char *deepidv_result_link_rel(
    const deepidv_result *result,
    uint32_t index,
    size_t *out_len)
{
  (void)result;
  (void)index;
  (void)out_len;
  return 0;
}

deepidv_status deepidv_redirect_parse(const char *url, size_t url_len, deepidv_redirect *out)
{
  (void)url;
  (void)url_len;
  (void)out;
  return 0;
}

deepidv_status deepidv_redirect_matches(
    const char *url, size_t url_len,
    const deepidv_redirect *redirect,
    const char *session_id, size_t session_id_len)
{
  (void)url;
  (void)url_len;
  (void)redirect;
  (void)session_id;
  (void)session_id_len;
  return 0;
}

deepidv_status deepidv_redirect_param(
    const char *url, size_t url_len,
    const char *name, size_t name_len,
    deepidv_span *out)
{
  (void)url;
  (void)url_len;
  (void)name;
  (void)name_len;
  (void)out;
  return 0;
}

deepidv_status deepidv_redirect_next_param(
    const char *url, size_t url_len,
    deepidv_param *param)
{
  (void)url;
  (void)url_len;
  (void)param;
  return 0;
}

deepidv_status deepidv_span_decode(
    const char *url, size_t url_len,
    const deepidv_span *span,
    char *out, size_t capacity,
    size_t *out_len)
{
  (void)url;
  (void)url_len;
  (void)span;
  (void)out;
  (void)capacity;
  (void)out_len;
  return 0;
}

deepidv_status deepidv_session_url_parse(
    const char *url, size_t url_len,
    deepidv_session_url *out)
{
  (void)url;
  (void)url_len;
  (void)out;
  return 0;
}

deepidv_status deepidv_state_keys_new(deepidv_state_keys **out)
{
  (void)out;
  return 0;
}

void deepidv_state_keys_free(deepidv_state_keys *handle)
{
  (void)handle;
}

deepidv_status deepidv_state_keys_add(
    deepidv_state_keys *keys,
    const char *key, size_t key_len)
{
  (void)keys;
  (void)key;
  (void)key_len;
  return 0;
}

deepidv_status deepidv_state_new(
    const deepidv_state_keys *keys,
    const char *context, size_t context_len,
    uint32_t lifetime_s,
    char *out, size_t capacity,
    size_t *out_len)
{
  (void)keys;
  (void)context;
  (void)context_len;
  (void)lifetime_s;
  (void)out;
  (void)capacity;
  (void)out_len;
  return 0;
}

deepidv_status deepidv_redirect_url_with_state(
    const char *url, size_t url_len,
    const char *state, size_t state_len,
    char *out, size_t capacity,
    size_t *out_len)
{
  (void)url;
  (void)url_len;
  (void)state;
  (void)state_len;
  (void)out;
  (void)capacity;
  (void)out_len;
  return 0;
}

deepidv_status deepidv_state_verify(
    const deepidv_state_keys *keys,
    const char *redirect, size_t redirect_len,
    const char *context, size_t context_len)
{
  (void)keys;
  (void)redirect;
  (void)redirect_len;
  (void)context;
  (void)context_len;
  return 0;
}

deepidv_status deepidv_redirect_confirm(
    deepidv_client *client,
    const char *redirect, size_t redirect_len,
    const char *session_id, size_t session_id_len,
    deepidv_result **out_result)
{
  (void)client;
  (void)redirect;
  (void)redirect_len;
  (void)session_id;
  (void)session_id_len;
  (void)out_result;
  return 0;
}

deepidv_status deepidv_redirect_confirm_submit(
    deepidv_client *client,
    const char *redirect, size_t redirect_len,
    const char *session_id, size_t session_id_len,
    uint64_t tag,
    uint64_t *out_op)
{
  (void)client;
  (void)redirect;
  (void)redirect_len;
  (void)session_id;
  (void)session_id_len;
  (void)tag;
  (void)out_op;
  return 0;
}

const char *deepidv_verdict_name(int32_t verdict)
{
  (void)verdict;
  return 0;
}
