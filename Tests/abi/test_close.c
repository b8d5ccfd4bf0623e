/* Closing and freeing a client with operations in flight. */

#include "create.h"
#include "emulator.h"
#include "peer.h"
#include "queue.h"

static void closing_with_operations_in_flight(void **state)
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

    assert_true(event.status == DEEPIDV_E_NOT_SENT || event.status == DEEPIDV_E_NOT_PROCESSED
        || event.status == DEEPIDV_E_OUTCOME_UNKNOWN);
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

/* Freeing does not wait for a server that never responds. */
static void freeing_with_operations_in_flight(void **state)
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

/* A close ends a blocking call in another thread. */
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

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(closing_with_operations_in_flight),
    cmocka_unit_test(closing_before_anything_was_submitted),
    cmocka_unit_test(freeing_with_operations_in_flight),
    cmocka_unit_test(freeing_with_completions_not_taken),
    cmocka_unit_test(closing_ends_a_blocking_call),
  };

  return cmocka_run_group_tests_name("close", tests, start_service, stop_service);
}
