/* JavaScript values, and exceptions. */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

text get_text(napi_env env, napi_value value)
{
  text one = { NULL, 0 };
  napi_valuetype type = napi_undefined;
  bool is_buffer = false;
  napi_typeof(env, value, &type);
  if (type == napi_null || type == napi_undefined)
    return one;
  napi_is_buffer(env, value, &is_buffer);
  if (is_buffer) {
    void *bytes = NULL;
    napi_get_buffer_info(env, value, &bytes, &one.length);
    one.bytes = malloc(one.length + 1);
    if (one.bytes && one.length)
      memcpy(one.bytes, bytes, one.length);
  } else if (napi_coerce_to_string(env, value, &value) == napi_ok
      && napi_get_value_string_utf8(env, value, NULL, 0, &one.length) == napi_ok) {
    one.bytes = malloc(one.length + 1);
    if (one.bytes)
      napi_get_value_string_utf8(env, value, one.bytes, one.length + 1, &one.length);
  }
  if (!one.bytes)
    one.length = 0;
  return one;
}

void free_text(text *one)
{
  if (one->bytes)
    explicit_bzero(one->bytes, one->length);
  free(one->bytes);
  one->bytes = NULL;
}

uint32_t get_number(napi_env env, napi_value value)
{
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok)
    return 0;
  /* The library refuses the largest number, so also a negative one and NaN. */
  return number >= 0 && number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

napi_value make_text(napi_env env, const char *bytes, size_t length)
{
  napi_value value = NULL;
  if (!bytes || napi_create_string_utf8(env, bytes, length, &value) != napi_ok)
    napi_get_null(env, &value);
  return value;
}

napi_value make_buffer(napi_env env, const char *bytes, size_t length)
{
  napi_value value = NULL;
  if (!bytes || napi_create_buffer_copy(env, length, bytes, NULL, &value) != napi_ok)
    napi_get_null(env, &value);
  return value;
}

arguments get_arguments(napi_env env, napi_callback_info info)
{
  arguments all = { NULL, { NULL } };
  size_t count = MAX_ARGUMENTS;
  napi_get_cb_info(env, info, &count, all.at, &all.this, NULL);
  return all;
}

napi_value refuse(napi_env env, deepidv_status status, const char *field, size_t length)
{
  napi_ref *reference = NULL;
  napi_value make, receiver, error, given[2];
  napi_get_instance_data(env, (void **)&reference);
  if (napi_get_reference_value(env, *reference, &make) == napi_ok
      && napi_get_undefined(env, &receiver) == napi_ok
      && napi_create_int32(env, status, &given[0]) == napi_ok) {
    given[1] = make_text(env, field, length);
    if (napi_call_function(env, receiver, make, 2, given, &error) == napi_ok)
      napi_throw(env, error);
  }
  return NULL;
}

bool check(napi_env env, deepidv_status status, const char *field)
{
  if (status != DEEPIDV_OK)
    refuse(env, status, field, NAPI_AUTO_LENGTH);
  return status == DEEPIDV_OK;
}

deepidv_session_request *make_request(napi_env env, napi_value json, bool search)
{
  deepidv_session_request *request = NULL;
  const char *field = NULL;
  text one = get_text(env, json);
  deepidv_status status = deepidv_session_request_new(&request);
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_set_json(request, one.bytes, one.length, &field, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_set_search_first(request, search);
  free_text(&one);
  if (check(env, status, field))
    return request;
  deepidv_session_request_free(request);
  return NULL;
}
