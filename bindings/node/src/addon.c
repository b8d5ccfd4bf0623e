/* The functions of the addon. index.js checks and converts arguments and results. */
#include "addon.h"

#include <stdlib.h>

static napi_value version(napi_env env, napi_callback_info info)
{
  return make_text(env, deepidv_version(), NAPI_AUTO_LENGTH);
}

static napi_value abi_version(napi_env env, napi_callback_info info)
{
  napi_value number;
  napi_create_uint32(env, deepidv_abi_version(), &number);
  return number;
}

static napi_value libcurl_problem(napi_env env, napi_callback_info info)
{
  char buffer[256];
  size_t length = 0;
  deepidv_status status = deepidv_libcurl_problem(buffer, sizeof buffer, &length);
  return check(env, status, NULL) ? make_text(env, buffer, length) : NULL;
}

static napi_value status_text(napi_env env, napi_callback_info info)
{
  int32_t status = 0;
  napi_get_value_int32(env, get_arguments(env, info).at[0], &status);
  return make_text(env, deepidv_status_text(status), NAPI_AUTO_LENGTH);
}

static napi_value status_name(napi_env env, napi_callback_info info)
{
  int32_t status = 0;
  napi_get_value_int32(env, get_arguments(env, info).at[0], &status);
  return make_text(env, deepidv_status_name(status), NAPI_AUTO_LENGTH);
}

/* check(json) */
static napi_value check_request(napi_env env, napi_callback_info info)
{
  deepidv_session_request *request = make_request(env, get_arguments(env, info).at[0], false);
  const char *field = NULL;
  deepidv_status status = request ? deepidv_session_request_validate(request, &field) : DEEPIDV_OK;
  check(env, status, field);
  deepidv_session_request_free(request);
  return NULL;
}

/* checkOption(key, value) */
static napi_value check_option(napi_env env, napi_callback_info info)
{
  arguments given = get_arguments(env, info);
  text key, value;
  if (!get_texts(env, given.at[0], given.at[1], &key, &value))
    return NULL;
  deepidv_config *config = NULL;
  deepidv_status status = deepidv_config_new(&config);
  if (status == DEEPIDV_OK)
    status = deepidv_config_set(config, key.bytes, key.length, value.bytes, value.length);
  deepidv_config_free(config);
  if (status != DEEPIDV_OK)
    refuse(env, status, key.bytes, key.length);
  free_text(&key), free_text(&value);
  return NULL;
}

/* describeRedirect(url) */
static napi_value describe_redirect(napi_env env, napi_callback_info info)
{
  text url;
  if (!get_text(env, get_arguments(env, info).at[0], &url))
    return NULL;
  size_t capacity = 8192, length = 0;
  char *buffer = malloc(capacity);
  deepidv_status status = deepidv_redirect_describe(url.bytes, url.length, buffer, capacity, &length);
  if (status == DEEPIDV_E_BUFFER && buffer) {
    free(buffer);
    capacity = length + 1;
    buffer = malloc(capacity);
    status = deepidv_redirect_describe(url.bytes, url.length, buffer, capacity, &length);
  }
  napi_value described = check(env, status, NULL) ? make_text(env, buffer, length) : NULL;
  free(buffer);
  free_text(&url);
  return described;
}

/* matches(url, sessionId) */
static napi_value matches(napi_env env, napi_callback_info info)
{
  arguments given = get_arguments(env, info);
  text url, id;
  if (!get_texts(env, given.at[0], given.at[1], &url, &id))
    return NULL;
  deepidv_redirect redirect;
  deepidv_status status = deepidv_redirect_parse(url.bytes, url.length, &redirect);
  if (status == DEEPIDV_OK)
    status = deepidv_redirect_matches(url.bytes, url.length, &redirect, id.bytes, id.length);
  free_text(&url), free_text(&id);
  napi_value value = NULL;
  if (status == DEEPIDV_E_MISMATCH || check(env, status, NULL))
    napi_get_boolean(env, status == DEEPIDV_OK, &value);
  return value;
}

/* openWebhook(body, signature, secrets) */
static napi_value open_webhook(napi_env env, napi_callback_info info)
{
  arguments given = get_arguments(env, info);
  text body, signature;
  if (!get_texts(env, given.at[0], given.at[1], &body, &signature))
    return NULL;
  deepidv_webhook_secrets *secrets = NULL;
  deepidv_webhook *webhook = NULL;
  uint32_t count = 0;
  const char *field = NULL;
  napi_get_array_length(env, given.at[2], &count);
  deepidv_status status = deepidv_webhook_secrets_new(&secrets);
  for (uint32_t i = 0; status == DEEPIDV_OK && i < count; i++) {
    napi_value value;
    text secret;
    /* The exception is pending, so that nothing is thrown for this status. */
    status = DEEPIDV_E_WEBHOOK_SIGNATURE;
    if (napi_get_element(env, given.at[2], i, &value) != napi_ok || !get_text(env, value, &secret))
      break;
    status = deepidv_webhook_secrets_add(secrets, secret.bytes, secret.length);
    field = status == DEEPIDV_OK ? NULL : "secrets";
    free_text(&secret);
  }
  if (status == DEEPIDV_OK)
    status =
        deepidv_webhook_open(secrets, signature.bytes, signature.length, body.bytes, body.length, &webhook);
  napi_value described = NULL;
  if (check(env, status, field)) {
    size_t length = 0;
    const char *bytes = deepidv_webhook_describe(webhook, &length);
    described = make_text(env, bytes, length);
  }
  deepidv_webhook_free(webhook);
  deepidv_webhook_secrets_free(secrets);
  free_text(&body), free_text(&signature);
  return described;
}

/* supersedes(key, other) */
static napi_value supersedes(napi_env env, napi_callback_info info)
{
  arguments given = get_arguments(env, info);
  text key, other;
  if (!get_texts(env, given.at[0], given.at[1], &key, &other))
    return NULL;
  napi_value value;
  napi_get_boolean(env, deepidv_webhook_supersedes(key.bytes, key.length, other.bytes, other.length), &value);
  free_text(&key), free_text(&other);
  return value;
}

static void end_of_instance(napi_env env, void *data, void *hint)
{
  napi_delete_reference(env, *(napi_ref *)data);
  free(data);
}

/* init(fail): fail(status, field) returns the exception for a refused call. */
static napi_value init(napi_env env, napi_callback_info info)
{
  napi_ref *reference = malloc(sizeof *reference);
  if (!reference || napi_create_reference(env, get_arguments(env, info).at[0], 1, reference) != napi_ok) {
    free(reference);
    napi_throw_error(env, NULL, "out of memory");
    return NULL;
  }
  napi_set_instance_data(env, reference, end_of_instance, NULL);
  return NULL;
}

NAPI_MODULE_INIT()
{
  static const struct {
    const char *name;
    napi_callback function;
  } functions[] = {
    { "init", init },
    { "version", version },
    { "abiVersion", abi_version },
    { "libcurlProblem", libcurl_problem },
    { "statusText", status_text },
    { "statusName", status_name },
    { "check", check_request },
    { "checkOption", check_option },
    { "describeRedirect", describe_redirect },
    { "matches", matches },
    { "openWebhook", open_webhook },
    { "supersedes", supersedes },
    { "open", client_open },
    { "submit", client_submit },
    { "cancel", client_cancel },
    { "close", client_close },
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &function)
            != napi_ok
        || napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
      return NULL;
  }
  return exports;
}
