#ifndef DEEPIDV_ADDON_H
#define DEEPIDV_ADDON_H

#include <deepidv.h>
#include <node_api.h>
#include <stdbool.h>

/* A copy of a string or of a Buffer; NULL for null and undefined. */
typedef struct {
  char *bytes;
  size_t length;
} text;

/* Reads a text. Returns false with a pending exception if the value cannot be converted, because NULL would mean
   that there is none: for a list, no filter. */
bool get_text(napi_env env, napi_value value, text *one);

/* Reads two texts; frees both if it returns false. */
bool get_texts(napi_env env, napi_value first, napi_value second, text *one, text *two);
void free_text(text *one);

/* Reads a number; null and undefined are 0. The library refuses what this returns for all that is not a whole
   number of 32 bits. */
uint32_t get_number(napi_env env, napi_value value);
napi_value make_text(napi_env env, const char *bytes, size_t length);
napi_value make_buffer(napi_env env, const char *bytes, size_t length);

/* Reads the arguments of a call; missing ones are undefined. */
#define MAX_ARGUMENTS 6
typedef struct {
  napi_value this;
  napi_value at[MAX_ARGUMENTS];
} arguments;
arguments get_arguments(napi_env env, napi_callback_info info);

/* Throws what the function that was passed to init() returns for a status and a field. */
napi_value refuse(napi_env env, deepidv_status status, const char *field, size_t length);

/* Throws and returns false unless the status is DEEPIDV_OK. */
bool check(napi_env env, deepidv_status status, const char *field);

/* A request from JSON, which may lack fields, or NULL with a pending exception. */
deepidv_session_request *make_request(napi_env env, napi_value json, bool search);

/* The members of deepidv_result_describe() as an object. */
napi_value read_fields(napi_env env, const deepidv_result *result);

napi_value client_open(napi_env env, napi_callback_info info);
napi_value client_submit(napi_env env, napi_callback_info info);
napi_value client_cancel(napi_env env, napi_callback_info info);
napi_value client_close(napi_env env, napi_callback_info info);

#endif
