#include "queue.h"

#include <poll.h>

uint64_t submit_create(deepidv_client *client, uint64_t tag)
{
  deepidv_session_request *request = make_request();
  uint64_t op = 0;

  assert_status(deepidv_session_create_submit(client, request, tag, &op), DEEPIDV_OK);
  deepidv_session_request_free(request);
  assert_int_not_equal(op, 0);
  return op;
}

int is_readable(deepidv_client *client, int timeout_ms)
{
  struct pollfd polled = { deepidv_client_fd(client), POLLIN, 0 };

  assert_true(polled.fd >= 0);
  assert_true(poll(&polled, 1, timeout_ms) >= 0);
  assert_true(polled.revents == POLLIN || polled.revents == 0);
  return polled.revents == POLLIN;
}

/* Takes the next completion, if there is one. */
static deepidv_event take(deepidv_client *client, deepidv_result **out_result)
{
  deepidv_result *result = NULL;
  deepidv_event event;
  size_t i;

  memset(&event, 0xff, sizeof event);
  assert_status(deepidv_client_next(client, &event, &result), DEEPIDV_OK);
  assert_status(deepidv_result_status(result), event.status);
  for (i = 0; i < COUNT(event.reserved); i++)
    assert_int_equal(event.reserved[i], 0);
  if (out_result)
    *out_result = result;
  else
    deepidv_result_free(result);
  return event;
}

deepidv_event take_within(deepidv_client *client, int timeout_ms, deepidv_result **out_result)
{
  assert_status(deepidv_client_wait(client, timeout_ms), DEEPIDV_OK);
  return take(client, out_result);
}

deepidv_result *take_result(deepidv_client *client, uint64_t op, uint64_t tag, uint32_t kind)
{
  deepidv_result *result = NULL;
  deepidv_event event = take_within(client, 30000, &result);

  assert_true(event.op == op);
  assert_true(event.tag == tag);
  assert_int_equal(event.kind, kind);
  return result;
}

deepidv_status take_status(deepidv_client *client) { return take_within(client, 10000, NULL).status; }

deepidv_event take_create(deepidv_client *client, deepidv_result **out_result)
{
  deepidv_event event;

  assert_true(is_readable(client, 10000));
  event = take(client, out_result);
  assert_int_equal(event.kind, DEEPIDV_EVENT_SESSION_CREATE);
  return event;
}

void assert_empty(deepidv_client *client, deepidv_status status)
{
  deepidv_event event;
  deepidv_result *result = (deepidv_result *)&event;

  memset(&event, 0xff, sizeof event);
  assert_false(is_readable(client, 0));
  assert_status(deepidv_client_next(client, &event, &result), status);
  assert_null(result);
  assert_int_equal(event.op, 0);
  assert_int_equal(event.tag, 0);
  assert_int_equal(event.status, 0);
}
