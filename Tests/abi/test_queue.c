/* The completion queue: every accepted operation ends exactly once. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "create.h"
#include "emulator.h"
#include "peer.h"
#include "queue.h"

/* ---- The queue ------------------------------------------------------------------- */

static void each_submission_ends_once(void **state)
{
  enum { OPERATIONS = 200 };
  static uint64_t ops[OPERATIONS];
  unsigned seen[OPERATIONS] = { 0 };
  deepidv_client *client = make_client(service.url);
  size_t i, j;

  (void)state;
  assert_empty(client, DEEPIDV_E_EMPTY);
  for (i = 0; i < OPERATIONS; i++) {
    ops[i] = submit_create(client, UINT64_MAX - i);
    for (j = 0; j < i; j++)
      assert_true(ops[j] != ops[i]);
  }
  for (i = 0; i < OPERATIONS; i++) {
    deepidv_event event = take_create(client, NULL);
    const uint64_t which = UINT64_MAX - event.tag;

    assert_status(event.status, DEEPIDV_OK);
    assert_true(which < OPERATIONS);
    assert_true(ops[which] == event.op);
    seen[which]++;
  }
  for (i = 0; i < OPERATIONS; i++)
    assert_int_equal(seen[i], 1);
  assert_empty(client, DEEPIDV_E_EMPTY);
  deepidv_client_free(client);
}

/* It stays readable until the last completion is taken. */
static void the_descriptor_is_level_triggered(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  int i;

  (void)state;
  assert_false(is_readable(client, 0));
  submit_create(client, 1);
  submit_create(client, 2);
  for (i = 0; i < 3; i++) {
    assert_true(is_readable(client, 10000));
    assert_status(deepidv_client_wait(client, 0), DEEPIDV_OK);
  }
  take_create(client, NULL);
  assert_status(deepidv_client_wait(client, 10000), DEEPIDV_OK);
  for (i = 0; i < 3; i++)
    assert_true(is_readable(client, 0));
  take_create(client, NULL);
  assert_false(is_readable(client, 0));
  assert_false(is_readable(client, 50));
  submit_create(client, 3);
  assert_true(is_readable(client, 10000));
  take_create(client, NULL);
  assert_empty(client, DEEPIDV_E_EMPTY);
  peer_end(peer, client);
}

static void a_tag_may_be_any_number_and_occur_twice(void **state)
{
  static const uint64_t tags[] = { 0, 7, 7, UINT64_MAX };
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_session_request *request = make_request();
  uint64_t sum = 0;
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(tags); i++)
    assert_status(deepidv_session_create_submit(client, request, tags[i], NULL), DEEPIDV_OK);
  for (i = 0; i < COUNT(tags); i++)
    sum += take_create(client, NULL).tag;
  assert_true(sum == 13); /* 0 + 7 + 7 - 1 */
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

/* A blocking call takes no completion of another operation. */
static void blocking_calls_beside_the_queue(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);

  (void)state;
  submit_create(client, 5);
  assert_status(create_status(client), DEEPIDV_OK);
  assert_int_equal(take_create(client, NULL).tag, 5);
  assert_empty(client, DEEPIDV_E_EMPTY);
  peer_end(peer, client);
}

static void a_result_outlives_its_client(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;

  (void)state;
  submit_create(client, 1);
  take_create(client, &result);
  peer_end(peer, client);
  assert_string_equal(deepidv_result_session_id(result, NULL), "sess_peer");
  deepidv_result_free(result);
}

/* ---- Waiting --------------------------------------------------------------------- */

static void waiting_until_the_timeout(void **state)
{
  deepidv_client *client = make_client(service.url);
  uint64_t begun;

  (void)state;
  assert_status(deepidv_client_wait(client, 0), DEEPIDV_E_TIMEOUT);
  begun = now_ms();
  assert_status(deepidv_client_wait(client, 60), DEEPIDV_E_TIMEOUT);
  assert_true(now_ms() - begun >= 59);
  deepidv_client_free(client);
}

typedef struct waiter {
  deepidv_client *client;
  deepidv_status status;
} waiter;

static void *wait_without_an_end(void *context)
{
  waiter *waiter = context;

  waiter->status = deepidv_client_wait(waiter->client, -1);
  return NULL;
}

static void a_completion_or_a_close_ends_the_wait(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  waiter waiter = { peer_client(peer), -1 };
  pthread_t thread;

  (void)state;
  submit_create(waiter.client, 1);
  assert_int_equal(pthread_create(&thread, NULL, wait_without_an_end, &waiter), 0);
  peer_wait(peer, 1);
  peer_release(peer);
  pthread_join(thread, NULL);
  assert_status(waiter.status, DEEPIDV_OK);
  take_create(waiter.client, NULL);

  assert_int_equal(pthread_create(&thread, NULL, wait_without_an_end, &waiter), 0);
  sleep_ms(20);
  assert_status(deepidv_client_close(waiter.client), DEEPIDV_OK);
  pthread_join(thread, NULL);
  assert_status(waiter.status, DEEPIDV_E_CLOSED);
  peer_end(peer, waiter.client);
}

/* ---- Too much -------------------------------------------------------------------- */

/* Completions that were not taken count too. */
static void more_operations_than_max_in_flight(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = make_limited_client(peer_url(peer), 3);
  deepidv_session_request *request = make_request();
  deepidv_result *result = (deepidv_result *)request;
  uint64_t op = 1;
  int i;

  (void)state;
  for (i = 0; i < 3; i++)
    submit_create(client, 1);
  assert_status(deepidv_session_create_submit(client, request, 2, &op), DEEPIDV_E_BUSY);
  assert_int_equal(op, 0);
  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_E_BUSY);
  assert_null(result);
  peer_wait(peer, 3);
  peer_release(peer);
  assert_status(deepidv_client_wait(client, 10000), DEEPIDV_OK);
  assert_status(deepidv_session_create_submit(client, request, 2, NULL), DEEPIDV_E_BUSY);
  assert_int_equal(take_create(client, NULL).tag, 1);
  submit_create(client, 3);
  for (i = 0; i < 3; i++)
    take_create(client, NULL);
  assert_empty(client, DEEPIDV_E_EMPTY);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_submission_ends_once),
    cmocka_unit_test(the_descriptor_is_level_triggered),
    cmocka_unit_test(a_tag_may_be_any_number_and_occur_twice),
    cmocka_unit_test(blocking_calls_beside_the_queue),
    cmocka_unit_test(a_result_outlives_its_client),
    cmocka_unit_test(waiting_until_the_timeout),
    cmocka_unit_test(a_completion_or_a_close_ends_the_wait),
    cmocka_unit_test(more_operations_than_max_in_flight),
  };

  return cmocka_run_group_tests_name("queue", tests, start_service, stop_service);
}
