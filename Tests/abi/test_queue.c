/* Submitting and taking: every accepted operation ends exactly once, whatever happens to it. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>

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

/* It stays readable until the last completion is taken, however often it is looked at. */
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

/* A blocking call takes its own end, and nobody else's. */
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

static void waiting_in_vain(void **state)
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

static void waiting_is_ended_by_a_completion_or_a_close(void **state)
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

/* Completions that wait to be taken count as well. */
static void one_more_than_a_client_may_hold(void **state)
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

/* ---- Cancelling ------------------------------------------------------------------ */

static void cancelling_what_has_been_sent(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;
  uint64_t op = submit_create(client, 9);

  (void)state;
  peer_wait(peer, 1);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
  assert_status(take_create(client, &result).status, DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_CANCELLED);
  assert_int_equal(deepidv_result_attempts(result), 1);
  deepidv_result_free(result);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_E_NO_OPERATION);
  assert_empty(client, DEEPIDV_E_EMPTY);
  peer_end(peer, client);
}

/*
 * More than are sent at once. Those that never left say so, and a request that the server
 * has read is never among them.
 */
static void cancelling_what_waits_and_what_runs(void **state)
{
  enum { OPERATIONS = 400 };
  static uint64_t ops[OPERATIONS];
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  unsigned not_sent = 0, maybe_sent = 0;
  size_t i;

  (void)state;
  for (i = 0; i < OPERATIONS; i++)
    ops[i] = submit_create(client, i);
  peer_wait(peer, 1);
  for (i = OPERATIONS; i > 0; i--)
    assert_status(deepidv_client_cancel(client, ops[i - 1]), DEEPIDV_OK);
  for (i = 0; i < OPERATIONS; i++) {
    deepidv_result *result = NULL;
    deepidv_event event = take_create(client, &result);

    assert_status(deepidv_result_cause(result), DEEPIDV_E_CANCELLED);
    assert_true(ops[event.tag] == event.op);
    if (event.status == DEEPIDV_E_NOT_SENT) {
      not_sent++;
      assert_int_equal(deepidv_result_attempts(result), 0);
    } else {
      assert_true(event.status == DEEPIDV_E_OUTCOME_UNKNOWN ||
          event.status == DEEPIDV_E_NOT_PROCESSED);
      maybe_sent += event.status == DEEPIDV_E_OUTCOME_UNKNOWN;
    }
    deepidv_result_free(result);
  }
  assert_empty(client, DEEPIDV_E_EMPTY);
  assert_true(not_sent > 0);
  assert_true(maybe_sent > 0);
  deepidv_client_free(client);
  sleep_ms(50); /* what is under way still arrives */
  assert_true(peer_requests(peer) <= maybe_sent);
  peer_stop(peer);
}

static void cancelling_what_is_not_there(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  uint64_t op;

  (void)state;
  assert_status(deepidv_client_cancel(client, 0), DEEPIDV_E_NO_OPERATION);
  assert_status(deepidv_client_cancel(client, 1), DEEPIDV_E_NO_OPERATION);
  assert_status(deepidv_client_cancel(client, UINT64_MAX), DEEPIDV_E_NO_OPERATION);
  op = submit_create(client, 1);
  assert_status(deepidv_client_wait(client, 10000), DEEPIDV_OK);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_E_NO_OPERATION);
  assert_status(take_create(client, NULL).status, DEEPIDV_OK);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_E_NO_OPERATION);
  submit_create(client, 2); /* it may get the place of the first, but not its number */
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_E_NO_OPERATION);
  take_create(client, NULL);
  peer_end(peer, client);
}

/* ---- Closing and freeing --------------------------------------------------------- */

static void closing_with_operations_under_way(void **state)
{
  enum { OPERATIONS = 100 };
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  deepidv_session_request *request = make_request();
  deepidv_result *result = (deepidv_result *)request;
  unsigned seen[OPERATIONS] = { 0 };
  uint64_t op = 1;
  size_t i;

  (void)state;
  for (i = 0; i < OPERATIONS; i++)
    submit_create(client, i);
  peer_wait(peer, 1);
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  assert_status(deepidv_session_create_submit(client, request, 1, &op), DEEPIDV_E_CLOSED);
  assert_int_equal(op, 0);
  assert_status(deepidv_session_create(client, request, &result), DEEPIDV_E_CLOSED);
  assert_null(result);
  for (i = 0; i < OPERATIONS; i++) {
    deepidv_event event = take_create(client, &result);

    assert_true(event.status == DEEPIDV_E_NOT_SENT || event.status == DEEPIDV_E_NOT_PROCESSED ||
        event.status == DEEPIDV_E_OUTCOME_UNKNOWN);
    assert_true(event.tag < OPERATIONS);
    seen[event.tag]++;
    deepidv_result_free(result);
  }
  for (i = 0; i < OPERATIONS; i++)
    assert_int_equal(seen[i], 1);
  assert_empty(client, DEEPIDV_E_CLOSED);
  assert_status(deepidv_client_wait(client, -1), DEEPIDV_E_CLOSED);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

static void closing_before_anything_was_submitted(void **state)
{
  deepidv_client *client = make_client(service.url);

  (void)state;
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  assert_empty(client, DEEPIDV_E_CLOSED);
  assert_status(deepidv_client_wait(client, -1), DEEPIDV_E_CLOSED);
  deepidv_client_free(client);
}

/* Freeing never waits for the network, though this server never answers. */
static void freeing_with_operations_under_way(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  uint64_t begun;
  int i;

  (void)state;
  for (i = 0; i < 100; i++)
    submit_create(client, 1);
  peer_wait(peer, 1);
  begun = now_ms();
  deepidv_client_free(client);
  assert_true(now_ms() - begun < 2000);
  peer_stop(peer);
}

static void freeing_with_completions_not_taken(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  int i;

  (void)state;
  for (i = 0; i < 10; i++)
    submit_create(client, 1);
  peer_wait(peer, 10);
  assert_status(deepidv_client_wait(client, 10000), DEEPIDV_OK);
  peer_end(peer, client);
}

/* A blocking call in another thread is ended by a close. */
static void closing_ends_a_blocking_call(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  caller caller;

  (void)state;
  caller_start(&caller, client);
  peer_wait(peer, 1);
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  assert_status(caller_end(&caller), DEEPIDV_E_OUTCOME_UNKNOWN);
  peer_end(peer, client);
}

/* ---- Time ------------------------------------------------------------------------ */

/* One deadline holds for what runs and for what waits its turn. */
static void operations_whose_time_runs_out(void **state)
{
  enum { OPERATIONS = 150 };
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = make_hasty_client(peer_url(peer), 700);
  unsigned not_sent = 0, unknown = 0;
  int i;

  (void)state;
  for (i = 0; i < OPERATIONS; i++)
    submit_create(client, 1);
  for (i = 0; i < OPERATIONS; i++) {
    deepidv_result *result = NULL;
    deepidv_event event = take_create(client, &result);

    assert_status(deepidv_result_cause(result), DEEPIDV_E_TIMEOUT);
    assert_true(deepidv_result_elapsed_us(result) >= 690000);
    assert_true(deepidv_result_elapsed_us(result) < 8000000);
    not_sent += event.status == DEEPIDV_E_NOT_SENT;
    unknown += event.status == DEEPIDV_E_OUTCOME_UNKNOWN;
    deepidv_result_free(result);
  }
  assert_int_equal(not_sent + unknown, OPERATIONS);
  assert_true(peer_requests(peer) <= unknown);
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
    cmocka_unit_test(waiting_in_vain),
    cmocka_unit_test(waiting_is_ended_by_a_completion_or_a_close),
    cmocka_unit_test(one_more_than_a_client_may_hold),
    cmocka_unit_test(cancelling_what_has_been_sent),
    cmocka_unit_test(cancelling_what_waits_and_what_runs),
    cmocka_unit_test(cancelling_what_is_not_there),
    cmocka_unit_test(closing_with_operations_under_way),
    cmocka_unit_test(closing_before_anything_was_submitted),
    cmocka_unit_test(freeing_with_operations_under_way),
    cmocka_unit_test(freeing_with_completions_not_taken),
    cmocka_unit_test(closing_ends_a_blocking_call),
    cmocka_unit_test(operations_whose_time_runs_out),
  };

  return cmocka_run_group_tests_name("queue", tests, start_service, stop_service);
}
