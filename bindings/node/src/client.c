/*
 * A client and its operations. The event loop watches the client's descriptor. The handle is referenced,
 * and the JavaScript object is held, only while operations are in flight: so an idle client does not keep
 * the process alive, and a busy one is not collected.
 */
#include "addon.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

typedef struct operation {
  napi_deferred deferred;
  struct operation *previous, *next;
} operation;

typedef struct {
  napi_env env;
  deepidv_client *client;
  napi_ref object;
  napi_async_context context;
  napi_async_cleanup_hook_handle hook;
  uv_poll_t poll;
  operation operations; /* head of a ring */
  bool closed;          /* by the program */
  bool ending;          /* the handle is closing, or was closed */
  bool freed;           /* what is below the handle is freed */
  bool collected;
} client;

static const napi_type_tag client_tag = { 0x6465657069647631, 0x636c69656e743031 };

static void end_of_handle(uv_handle_t *handle)
{
  client *c = handle->data;
  deepidv_client_free(c->client);
  while (c->operations.next != &c->operations) {
    operation *one = c->operations.next;
    c->operations.next = one->next;
    free(one);
  }
  napi_remove_async_cleanup_hook(c->hook);
  c->freed = true;
  if (c->collected)
    free(c);
}

static void end(client *c)
{
  if (c->ending)
    return;
  c->ending = true;
  uv_poll_stop(&c->poll);
  uv_close((uv_handle_t *)&c->poll, end_of_handle);
}

/* The environment ends: the process, or a worker thread. */
static void end_with_environment(napi_async_cleanup_hook_handle hook, void *data) { end(data); }

static void collected(napi_env env, void *data, void *hint)
{
  client *c = data;
  napi_delete_reference(env, c->object);
  napi_async_destroy(env, c->context);
  c->collected = true;
  if (c->freed)
    free(c);
  else
    end(c);
}

/* [describe, body, fields] */
static napi_value read_result(napi_env env, deepidv_result *result)
{
  napi_value both = NULL, value;
  size_t length = 0;
  const char *bytes = deepidv_result_describe(result, &length);
  napi_create_array_with_length(env, 3, &both);
  value = make_text(env, bytes, length);
  napi_set_element(env, both, 0, value);
  /* Without a description, if memory ran out for it, the outcome is still the one that the other functions return. */
  if (!bytes)
    napi_set_element(env, both, 2, read_fields(env, result));
  bytes = deepidv_result_json(result, &length);
  value = make_buffer(env, bytes, length);
  napi_set_element(env, both, 1, value);
  return both;
}

static void complete(client *c, operation *one, deepidv_result *result)
{
  napi_resolve_deferred(c->env, one->deferred, read_result(c->env, result));
  one->previous->next = one->next;
  one->next->previous = one->previous;
  free(one);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
  client *c = poll->data;
  napi_handle_scope handles;
  napi_callback_scope callback = NULL;
  napi_value object = NULL;
  deepidv_event event;
  deepidv_result *result = NULL;

  if (napi_open_handle_scope(c->env, &handles) != napi_ok)
    return;
  napi_get_reference_value(c->env, c->object, &object);
  /* Handlers of the promises run when this scope is closed. */
  napi_open_callback_scope(c->env, object, c->context, &callback);
  bool busy = c->operations.next != &c->operations;
  while (deepidv_client_next(c->client, &event, &result) == DEEPIDV_OK) {
    complete(c, (operation *)(uintptr_t)event.tag, result);
    deepidv_result_free(result);
  }
  if (busy && c->operations.next == &c->operations) {
    uv_unref((uv_handle_t *)&c->poll);
    napi_reference_unref(c->env, c->object, NULL);
    if (c->closed)
      end(c);
  }
  if (callback)
    napi_close_callback_scope(c->env, callback);
  napi_close_handle_scope(c->env, handles);
}

/* open(options, environment): options is an array of keys and values. */
napi_value client_open(napi_env env, napi_callback_info info)
{
  arguments given = get_arguments(env, info);
  deepidv_config *config = NULL;
  const char *field = NULL;
  bool environment = false;
  uint32_t count = 0;
  napi_value object = NULL, name;
  napi_get_value_bool(env, given.at[1], &environment);
  napi_get_array_length(env, given.at[0], &count);
  deepidv_status status = deepidv_config_new(&config);
  if (status == DEEPIDV_OK && environment)
    status = deepidv_config_from_env(config, &field);
  for (uint32_t i = 0; status == DEEPIDV_OK && i + 1 < count; i += 2) {
    napi_value key_value, value_value;
    text key, value;
    if (napi_get_element(env, given.at[0], i, &key_value) != napi_ok
        || napi_get_element(env, given.at[0], i + 1, &value_value) != napi_ok
        || !get_texts(env, key_value, value_value, &key, &value)) {
      deepidv_config_free(config);
      return NULL;
    }
    status = deepidv_config_set(config, key.bytes, key.length, value.bytes, value.length);
    if (status != DEEPIDV_OK)
      refuse(env, status, key.bytes, key.length);
    free_text(&key), free_text(&value);
    if (status != DEEPIDV_OK) {
      deepidv_config_free(config);
      return NULL;
    }
  }
  client *c = calloc(1, sizeof *c);
  if (status == DEEPIDV_OK)
    status = c ? deepidv_client_new(config, &c->client) : DEEPIDV_E_NOMEM;
  deepidv_config_free(config);
  uv_loop_t *loop = NULL;
  if (status == DEEPIDV_OK
      && (napi_get_uv_event_loop(env, &loop) != napi_ok
          || uv_poll_init(loop, &c->poll, deepidv_client_fd(c->client)))) {
    deepidv_client_free(c->client);
    status = DEEPIDV_E_SYSTEM;
  }
  if (!check(env, status, field)) {
    free(c);
    return NULL;
  }
  c->env = env;
  c->operations.next = c->operations.previous = &c->operations;
  c->poll.data = c;
  uv_poll_start(&c->poll, UV_READABLE, on_ready);
  uv_unref((uv_handle_t *)&c->poll);
  napi_create_object(env, &object);
  napi_type_tag_object(env, object, &client_tag);
  napi_wrap(env, object, c, collected, NULL, NULL);
  napi_create_reference(env, object, 0, &c->object);
  napi_create_string_utf8(env, "deepidv", NAPI_AUTO_LENGTH, &name);
  napi_async_init(env, object, name, &c->context);
  napi_add_async_cleanup_hook(env, end_with_environment, c, &c->hook);
  return object;
}

static client *get_client(napi_env env, napi_value object)
{
  client *c = NULL;
  bool tagged = false;
  if (napi_check_object_type_tag(env, object, &client_tag, &tagged) == napi_ok && tagged)
    napi_unwrap(env, object, (void **)&c);
  return c && !c->ending ? c : NULL;
}

/* Returns false with a pending exception if the operation was not accepted. */
static bool submit(
    client *c, uint32_t kind, napi_value *with, deepidv_session_request *request, uint64_t tag, uint64_t *op)
{
  deepidv_client *to = c->client;
  text a = { NULL, 0 }, b = { NULL, 0 };
  uint32_t number = get_number(c->env, with[2]);
  deepidv_status status = DEEPIDV_E_RANGE;
  if (!request && !get_texts(c->env, with[0], with[1], &a, &b))
    return false;
  switch (kind) {
  case DEEPIDV_EVENT_SESSION_CREATE:
  case DEEPIDV_EVENT_SESSION_FIND_OR_CREATE:
    status = deepidv_session_create_submit(to, request, tag, op);
    break;
  case DEEPIDV_EVENT_SESSION_RECONCILE:
    status = deepidv_session_reconcile_submit(to, a.bytes, a.length, tag, op);
    break;
  case DEEPIDV_EVENT_SESSION_RETRIEVE:
    status = deepidv_session_retrieve_submit(to, a.bytes, a.length, tag, op);
    break;
  case DEEPIDV_EVENT_SESSION_LIST:
    status = deepidv_session_list_submit(to, a.bytes, a.length, number, b.bytes, b.length, tag, op);
    break;
  case DEEPIDV_EVENT_REDIRECT_CONFIRM:
    status = deepidv_redirect_confirm_submit(to, a.bytes, a.length, b.bytes, b.length, tag, op);
    break;
  case DEEPIDV_EVENT_SESSION_UPDATE_STATUS:
    status = deepidv_session_update_status_submit(
        to, a.bytes, a.length, number < 256 ? (int32_t)number : -1, tag, op);
    break;
  case DEEPIDV_EVENT_SESSION_WAIT:
    status = deepidv_session_wait_submit(to, a.bytes, a.length, number, tag, op);
    break;
  }
  free_text(&a), free_text(&b);
  return check(c->env, status, NULL);
}

/* [operation, promise], with 0 as the operation; NULL with a pending exception if memory ran out. */
static napi_value make_promise(napi_env env, napi_deferred *deferred)
{
  napi_value both = NULL, number, promise;
  if (napi_create_array_with_length(env, 2, &both) == napi_ok
      && napi_create_bigint_uint64(env, 0, &number) == napi_ok
      && napi_set_element(env, both, 0, number) == napi_ok
      && napi_create_promise(env, deferred, &promise) == napi_ok
      && napi_set_element(env, both, 1, promise) == napi_ok)
    return both;
  return refuse(env, DEEPIDV_E_NOMEM, NULL, 0);
}

/* The result of a create whose request is not valid. Nothing is sent, so the call does not block. */
static napi_value refused_create(client *c, deepidv_session_request *request)
{
  napi_value both = NULL;
  napi_deferred deferred;
  deepidv_result *result = NULL;
  deepidv_status status = deepidv_session_create(c->client, request, &result);
  deepidv_session_request_free(request);
  if (!result)
    return refuse(c->env, status, NULL, 0);
  if ((both = make_promise(c->env, &deferred)))
    napi_resolve_deferred(c->env, deferred, read_result(c->env, result));
  deepidv_result_free(result);
  return both;
}

/* submit(client, kind, ...): returns the number of the operation, and a promise of [describe, body]. */
napi_value client_submit(napi_env env, napi_callback_info info)
{
  arguments given = get_arguments(env, info);
  client *c = get_client(env, given.at[0]);
  uint32_t kind = get_number(env, given.at[1]);
  bool search = kind == DEEPIDV_EVENT_SESSION_FIND_OR_CREATE;
  if (!c || c->closed)
    return refuse(env, DEEPIDV_E_CLOSED, NULL, 0);
  deepidv_session_request *request = NULL;
  if ((search || kind == DEEPIDV_EVENT_SESSION_CREATE) && !(request = make_request(env, given.at[2], search)))
    return NULL;
  if (request && deepidv_session_request_validate(request, NULL) != DEEPIDV_OK)
    return refused_create(c, request);
  operation *one = malloc(sizeof *one);
  uint64_t op = 0;
  napi_value number;
  /* All that can fail comes before the operation is submitted. */
  napi_value both = one ? make_promise(env, &one->deferred) : refuse(env, DEEPIDV_E_NOMEM, NULL, 0);
  bool accepted = both && submit(c, kind, &given.at[2], request, (uintptr_t)one, &op);
  deepidv_session_request_free(request);
  if (!accepted) {
    free(one);
    return NULL;
  }
  if (c->operations.next == &c->operations) {
    uv_ref((uv_handle_t *)&c->poll);
    napi_reference_ref(env, c->object, NULL);
  }
  one->next = c->operations.next, one->previous = &c->operations;
  one->next->previous = one, c->operations.next = one;
  if (napi_create_bigint_uint64(env, op, &number) == napi_ok)
    napi_set_element(env, both, 0, number);
  return both;
}

/* cancel(client, operation) */
napi_value client_cancel(napi_env env, napi_callback_info info)
{
  arguments given = get_arguments(env, info);
  client *c = get_client(env, given.at[0]);
  uint64_t op = 0;
  bool lossless;
  napi_get_value_bigint_uint64(env, given.at[1], &op, &lossless);
  if (c)
    deepidv_client_cancel(c->client, op);
  return NULL;
}

/* close(client): operations in flight still complete. */
napi_value client_close(napi_env env, napi_callback_info info)
{
  client *c = get_client(env, get_arguments(env, info).at[0]);
  if (!c)
    return NULL;
  c->closed = true;
  deepidv_client_close(c->client);
  if (c->operations.next == &c->operations)
    end(c);
  return NULL;
}
