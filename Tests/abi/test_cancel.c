/* Operations that are cancelled or time out. */

#include "peer.h"
#include "queue.h"

static void cancelling_a_create_that_was_sent(void **state)
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
 * More than are sent at once. Those that were not sent have that status, and a request that the server
 * has read is not among them.
 */
static void cancelling_queued_and_running_creates(void **state)
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
      assert_true(event.status == DEEPIDV_E_OUTCOME_UNKNOWN || event.status == DEEPIDV_E_NOT_PROCESSED);
      maybe_sent += event.status == DEEPIDV_E_OUTCOME_UNKNOWN;
    }
    deepidv_result_free(result);
  }
  assert_empty(client, DEEPIDV_E_EMPTY);
  assert_true(not_sent > 0);
  assert_true(maybe_sent > 0);
  deepidv_client_free(client);
  sleep_ms(50); /* requests in flight still arrive */
  assert_true(peer_requests(peer) <= maybe_sent);
  peer_stop(peer);
}

static void cancelling_unknown_operations(void **state)
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

/* Running and queued operations have the same deadline. */
static void operations_that_time_out(void **state)
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
    /* A fifth of the time is left for the response. */
    assert_true(deepidv_result_elapsed_us(result) >= (event.status == DEEPIDV_E_NOT_SENT ? 550000 : 690000));
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
    cmocka_unit_test(cancelling_a_create_that_was_sent),
    cmocka_unit_test(cancelling_queued_and_running_creates),
    cmocka_unit_test(cancelling_unknown_operations),
    cmocka_unit_test(operations_that_time_out),
  };

  return cmocka_run_group_tests_name("cancel", tests, NULL, NULL);
}
