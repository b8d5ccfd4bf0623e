/* Reads a result without its description, with a call for each member. */
#include "addon.h"

typedef const char *text_of(const deepidv_result *result, size_t *length);
typedef const char *text_at(const deepidv_result *result, uint32_t index, size_t *length);

static const struct {
  const char *name;
  text_of *read;
} texts[] = {
  { "message", deepidv_result_message },
  { "field", deepidv_result_field },
  { "api_code", deepidv_result_api_code },
  { "request_id", deepidv_result_request_id },
  { "reconcile_token", deepidv_result_reconcile_token },
  { "next_token", deepidv_result_next_token },
  { "session_id", deepidv_result_session_id },
  { "session_url", deepidv_result_session_url },
  { "external_id", deepidv_result_external_id },
  { "expires_at", deepidv_result_expires_at },
  { "session_status", deepidv_result_session_status },
  { "session_progress", deepidv_result_session_progress },
};

static void set_number(napi_env env, napi_value object, const char *name, double number)
{
  napi_value value;
  if (napi_create_double(env, number, &value) == napi_ok)
    napi_set_named_property(env, object, name, value);
}

static void set_boolean(napi_env env, napi_value object, const char *name, bool is)
{
  napi_value value;
  if (napi_get_boolean(env, is, &value) == napi_ok)
    napi_set_named_property(env, object, name, value);
}

static void set_texts(
    napi_env env, napi_value object, const char *name, const deepidv_result *result, text_at *read)
{
  napi_value all;
  size_t length = 0;
  const char *bytes;
  if (napi_create_array(env, &all) != napi_ok)
    return;
  for (uint32_t i = 0; (bytes = read(result, i, &length)); i++)
    napi_set_element(env, all, i, make_text(env, bytes, length));
  napi_set_named_property(env, object, name, all);
}

static void set_links(napi_env env, napi_value object, const deepidv_result *result)
{
  napi_value all, link;
  size_t length = 0;
  const char *bytes;
  if (napi_create_array(env, &all) != napi_ok)
    return;
  for (uint32_t i = 0; (bytes = deepidv_result_link(result, i, &length)); i++) {
    if (napi_create_object(env, &link) != napi_ok)
      break;
    napi_set_named_property(env, link, "url", make_text(env, bytes, length));
    bytes = deepidv_result_link_rel(result, i, &length);
    napi_set_named_property(env, link, "rel", make_text(env, bytes, length));
    napi_set_element(env, all, i, link);
  }
  napi_set_named_property(env, object, "links", all);
}

napi_value read_fields(napi_env env, const deepidv_result *result)
{
  napi_value object = NULL;
  if (napi_create_object(env, &object) != napi_ok)
    return NULL;
  set_number(env, object, "status", deepidv_result_status(result));
  set_number(env, object, "cause", deepidv_result_cause(result));
  set_number(env, object, "http_status", deepidv_result_http_status(result));
  set_number(env, object, "attempts", deepidv_result_attempts(result));
  set_number(env, object, "retry_after_ms", (double)deepidv_result_retry_after_ms(result));
  set_number(env, object, "facts", deepidv_result_facts(result));
  set_number(env, object, "verdict", deepidv_result_verdict(result));
  set_boolean(env, object, "reconciled", deepidv_result_reconciled(result));
  set_boolean(env, object, "found", deepidv_result_found(result));
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    size_t length = 0;
    const char *bytes = texts[i].read(result, &length);
    napi_set_named_property(env, object, texts[i].name, make_text(env, bytes, length));
  }
  const char *name = deepidv_status_name(deepidv_result_status(result));
  napi_set_named_property(env, object, "status_name", make_text(env, name, NAPI_AUTO_LENGTH));
  set_texts(env, object, "hints", result, deepidv_result_hint);
  set_texts(env, object, "session_ids", result, deepidv_result_session_id_at);
  set_links(env, object, result);
  return object;
}
