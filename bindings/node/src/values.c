/* JavaScript values, and exceptions. */
#define _GNU_SOURCE
#include "addon.h"

#include <stdlib.h>
#include <string.h>

/* Whether a string has a surrogate without its other half, which UTF-8 cannot express: Node replaces it, and the
   call would be about another text. */
static bool has_lone_surrogate(napi_env env, napi_value value)
{
  size_t count = 0;
  char16_t *units = NULL;
  bool lone = false;
  if (napi_get_value_string_utf16(env, value, NULL, 0, &count) != napi_ok
      || !(units = malloc((count + 1) * sizeof *units))
      || napi_get_value_string_utf16(env, value, units, count + 1, &count) != napi_ok)
    count = 0, lone = true;
  for (size_t i = 0; i < count && !lone; i++) {
    bool pair = (units[i] & 0xfc00) == 0xd800 && (units[i + 1] & 0xfc00) == 0xdc00;
    lone = !pair && (units[i] & 0xf800) == 0xd800;
    i += pair;
  }
  if (units)
    explicit_bzero(units, count * sizeof *units);
  free(units);
  return lone;
}

static deepidv_status copy_buffer(napi_env env, napi_value value, text *one)
{
  void *bytes = NULL;
  if (napi_get_buffer_info(env, value, &bytes, &one->length) != napi_ok)
    return DEEPIDV_E_NULL;
  if (!(one->bytes = malloc(one->length + 1)))
    return DEEPIDV_E_NOMEM;
  if (one->length)
    memcpy(one->bytes, bytes, one->length);
  return DEEPIDV_OK;
}

static deepidv_status copy_string(napi_env env, napi_value value, text *one)
{
  static const char replacement[] = "\xef\xbf\xbd";
  if (napi_coerce_to_string(env, value, &value) != napi_ok
      || napi_get_value_string_utf8(env, value, NULL, 0, &one->length) != napi_ok)
    return DEEPIDV_E_NULL;
  if (!(one->bytes = malloc(one->length + 1)))
    return DEEPIDV_E_NOMEM;
  if (napi_get_value_string_utf8(env, value, one->bytes, one->length + 1, &one->length) != napi_ok)
    return DEEPIDV_E_NULL;
  bool replaced = memmem(one->bytes, one->length, replacement, sizeof replacement - 1);
  return replaced && has_lone_surrogate(env, value) ? DEEPIDV_E_UTF8 : DEEPIDV_OK;
}

bool get_text(napi_env env, napi_value value, text *one)
{
  napi_valuetype type = napi_undefined;
  bool is_buffer = false;
  *one = (text){ NULL, 0 };
  if (napi_typeof(env, value, &type) == napi_ok && (type == napi_null || type == napi_undefined))
    return true;
  napi_is_buffer(env, value, &is_buffer);
  deepidv_status status = is_buffer ? copy_buffer(env, value, one) : copy_string(env, value, one);
  if (status == DEEPIDV_OK)
    return true;
  free_text(one);
  bool pending = false;
  /* An exception of the program's own conversion stays. */
  if (napi_is_exception_pending(env, &pending) != napi_ok || !pending)
    refuse(env, status, NULL, 0);
  return false;
}

bool get_texts(napi_env env, napi_value first, napi_value second, text *one, text *two)
{
  *one = *two = (text){ NULL, 0 };
  if (get_text(env, first, one) && get_text(env, second, two))
    return true;
  free_text(one);
  return false;
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
  napi_valuetype type = napi_undefined;
  double number = -1;
  if (napi_typeof(env, value, &type) == napi_ok && (type == napi_null || type == napi_undefined))
    return 0;
  bool fits = napi_get_value_double(env, value, &number) == napi_ok && number >= 0 && number < UINT32_MAX;
  return fits && number == (uint32_t)number ? (uint32_t)number : UINT32_MAX;
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
  text one;
  if (!get_text(env, json, &one))
    return NULL;
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
