/* Waiting until a session has ended. */

#define _GNU_SOURCE

#include <pthread.h>

#include "ask.h"
#include "create.h"
#include "emulator.h"

#define ID "sess_abc"
#define RECORD(id, status) "{\"session_record\":{\"id\":\"" id "\",\"status\":\"" status "\"}}"

/* Longer than any test takes. */
#define LONG_MS 60000

static deepidv_result *wait_for(deepidv_client *client, uint32_t timeout_ms, deepidv_status status)
{
  deepidv_result *result = NULL;

  assert_status(deepidv_session_wait(client, ID, DEEPIDV_NTS, timeout_ms, &result), status);
  assert_non_null(result);
  assert_status(deepidv_result_status(result), status);
  return result;
}

static uint64_t submit_wait(deepidv_client *client, const char *id, uint32_t timeout_ms, uint64_t tag)
{
  uint64_t op = 0;

  assert_status(deepidv_session_wait_submit(client, id, DEEPIDV_NTS, timeout_ms, tag, &op), DEEPIDV_OK);
  return op;
}

/* ---- The emulator ---------------------------------------------------------------- */

/* Somebody who decides, while the test waits. */
typedef struct decider {
  deepidv_client *client;
  const char *id;
  deepidv_status status;
} decider;

static void *decide(void *context)
{
  decider *decider = context;
  deepidv_result *result = NULL;

  sleep_ms(300);
  decider->status = deepidv_session_update_status(
      decider->client, decider->id, DEEPIDV_NTS, DEEPIDV_DECISION_REJECTED, &result);
  deepidv_result_free(result);
  return NULL;
}

static void a_session_that_is_decided_meanwhile(void **state)
{
  deepidv_client *client = make_client(service.url);
  deepidv_result *created = create_result(client, NULL, DEEPIDV_OK), *result = NULL;
  const char *id = deepidv_result_session_id(created, NULL);
  decider decider = { make_client(service.url), id, -1 };
  pthread_t thread;

  (void)state;
  assert_int_equal(pthread_create(&thread, NULL, decide, &decider), 0);
  assert_status(deepidv_session_wait(client, id, DEEPIDV_NTS, LONG_MS, &result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_REJECTED);
  assert_string_equal(deepidv_result_session_status(result, NULL), "REJECTED");
  assert_string_equal(deepidv_result_session_id(result, NULL), id);
  assert_int_equal(deepidv_result_reconciled(result), 0);
  assert_true(deepidv_result_attempts(result) >= 2);
  pthread_join(thread, NULL);
  assert_status(decider.status, DEEPIDV_OK);
  deepidv_client_free(decider.client);
  deepidv_result_free(result);
  deepidv_result_free(created);
  deepidv_client_free(client);
}

/* ---- What ends a wait ------------------------------------------------------------ */

static void each_status_that_is_final(void **state)
{
  static const struct {
    const char *record;
    int32_t verdict;
  } cases[] = {
    { RECORD(ID, "VERIFIED"), DEEPIDV_VERDICT_VERIFIED },
    { RECORD(ID, "REJECTED"), DEEPIDV_VERDICT_REJECTED },
    { RECORD(ID, "EXPIRED"), DEEPIDV_VERDICT_EXPIRED },
    { RECORD(ID, "VOIDED"), DEEPIDV_VERDICT_EXPIRED },
    { RECORD(ID, "FAILED"), DEEPIDV_VERDICT_EXPIRED },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peer *peer = peer_start(PEER_ANSWER, 200, cases[i].record);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = wait_for(client, LONG_MS, DEEPIDV_OK);

    assert_int_equal(deepidv_result_verdict(result), cases[i].verdict);
    assert_status(deepidv_result_cause(result), DEEPIDV_OK);
    assert_int_equal(peer_requests(peer), 1);
    assert_asked(peer, "GET /v1/sessions/" ID " HTTP/1.1\r\n");
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

/* Neither another status, nor what fails meanwhile, ends it. */
static void what_does_not_end_it(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;
  uint64_t op;

  (void)state;
  peer_next(peer, PEER_CLOSE, 200, "");
  peer_next(peer, PEER_ANSWER, 200, RECORD(ID, "IN_REVIEW"));
  peer_next_with(peer, PEER_ANSWER, 429, "Retry-After: 0\r\n", "{}");
  peer_next(peer, PEER_ANSWER, 200, RECORD("sess_abd", "VERIFIED"));
  op = submit_wait(client, ID, LONG_MS, 5);
  result = take_result(client, op, 5, DEEPIDV_EVENT_SESSION_WAIT);
  assert_status(deepidv_result_status(result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_VERIFIED);
  assert_int_equal(deepidv_result_attempts(result), 5);
  assert_int_equal(peer_requests(peer), 5);
  deepidv_result_free(result);
  peer_end(peer, client);
}

static void what_the_service_refuses(void **state)
{
  static const struct {
    int http;
    deepidv_status status;
  } cases[] = {
    { 400, DEEPIDV_E_BAD_REQUEST },
    { 401, DEEPIDV_E_UNAUTHORIZED },
    { 403, DEEPIDV_E_FORBIDDEN },
    { 404, DEEPIDV_E_NOT_FOUND },
    { 307, DEEPIDV_E_REDIRECTED },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peer *peer = peer_start(PEER_ANSWER, cases[i].http, "{}");
    deepidv_client *client = peer_client(peer);

    deepidv_result_free(wait_for(client, LONG_MS, cases[i].status));
    assert_int_equal(peer_requests(peer), 1);
    peer_end(peer, client);
  }
}

/* ---- Time ------------------------------------------------------------------------ */

/* The client's timeout has no part in it, and the last record is in the result. */
static void time_that_runs_out(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "SUBMITTED"));
  deepidv_client *client = make_hasty_client(peer_url(peer), 50);
  deepidv_result *result;

  (void)state;
  result = wait_for(client, 1700, DEEPIDV_E_TIMEOUT);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_TIMEOUT);
  assert_string_equal(deepidv_result_session_status(result, NULL), "SUBMITTED");
  assert_string_equal(deepidv_result_json(result, NULL), RECORD(ID, "SUBMITTED"));
  assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_SUBMITTED);
  assert_int_equal(deepidv_result_http_status(result), 200);
  assert_int_equal(deepidv_result_attempts(result), peer_requests(peer));
  assert_true(peer_requests(peer) >= 2);
  deepidv_result_free(result);

  /* What was seen is kept, whatever fails after it. */
  peer_next(peer, PEER_ANSWER, 200, RECORD(ID, "PENDING"));
  peer_become(peer, PEER_CLOSE);
  result = wait_for(client, 1700, DEEPIDV_E_TIMEOUT);
  assert_string_equal(deepidv_result_session_status(result, NULL), "PENDING");
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* Nothing was ever seen: the status says why. */
static void nothing_to_be_seen(void **state)
{
  static const struct {
    peer_act act;
    int http;
    deepidv_status status;
  } cases[] = {
    { PEER_CLOSE, 200, DEEPIDV_E_CONNECTION_LOST },
    { PEER_ANSWER, 503, DEEPIDV_E_SERVER },
    { PEER_HANG, 200, DEEPIDV_E_TIMEOUT },
  };
  peer *peers[COUNT(cases)];
  deepidv_client *clients[COUNT(cases)];
  uint64_t ops[COUNT(cases)];
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    peers[i] = peer_start(cases[i].act, cases[i].http, "");
    clients[i] = peer_client(peers[i]);
    ops[i] = submit_wait(clients[i], ID, 1600, i);
  }
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_result *result = take_result(clients[i], ops[i], i, DEEPIDV_EVENT_SESSION_WAIT);

    assert_status(deepidv_result_status(result), cases[i].status);
    assert_null(deepidv_result_session_status(result, NULL));
    assert_int_equal(deepidv_result_verdict(result), DEEPIDV_VERDICT_UNKNOWN);
    deepidv_result_free(result);
    peer_end(peers[i], clients[i]);
  }
}

static void timeouts_that_are_none(void **state)
{
  static const uint32_t wrong[] = { 0, 86400001, UINT32_MAX };
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = (deepidv_result *)client;
  uint64_t op = 7;
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(wrong); i++) {
    assert_status(deepidv_session_wait(client, ID, DEEPIDV_NTS, wrong[i], &result), DEEPIDV_E_RANGE);
    assert_null(result);
    assert_status(deepidv_session_wait_submit(client, ID, DEEPIDV_NTS, wrong[i], 1, &op), DEEPIDV_E_RANGE);
    assert_int_equal(op, 0);
  }
  assert_int_equal(peer_requests(peer), 0);
  deepidv_result_free(wait_for(client, 86400000, DEEPIDV_OK));
  deepidv_result_free(wait_for(client, 1000, DEEPIDV_OK));
  peer_end(peer, client);
}

/* ---- Many at once ---------------------------------------------------------------- */

/* While they pause they use no connection: more of them wait than requests can be under way, and others go through. */
static void many_waits_and_a_question(void **state)
{
  enum { WAITS = 200 };
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "PENDING"));
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;
  unsigned i;

  (void)state;
  for (i = 0; i < WAITS; i++)
    submit_wait(client, ID, LONG_MS, i);
  peer_wait(peer, WAITS + 20);
  assert_status(deepidv_session_retrieve(client, ID, DEEPIDV_NTS, &result), DEEPIDV_OK);
  deepidv_result_free(result);
  assert_true(peer_connections(peer) <= 66);
  assert_empty(client, DEEPIDV_E_EMPTY);
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  for (i = 0; i < WAITS; i++) {
    const deepidv_event event = take_within(client, 10000, NULL);

    assert_status(event.status, DEEPIDV_E_CANCELLED);
    assert_int_equal(event.kind, DEEPIDV_EVENT_SESSION_WAIT);
  }
  assert_empty(client, DEEPIDV_E_CLOSED);
  peer_end(peer, client);
}

/* A wait at the head of the queue, which has long, keeps nobody behind it who has not. */
static void a_question_behind_a_wait(void **state)
{
  /* One more than requests can be under way. */
  enum { WAITS = 65 };
  peer *peer = peer_start(PEER_HANG, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = make_hasty_client(peer_url(peer), 500);
  deepidv_event event;
  uint64_t op = 0;
  unsigned i;

  (void)state;
  for (i = 0; i < WAITS; i++)
    submit_wait(client, ID, LONG_MS, i);
  peer_wait(peer, WAITS - 1);
  assert_status(deepidv_session_retrieve_submit(client, ID, DEEPIDV_NTS, WAITS, &op), DEEPIDV_OK);
  event = take_within(client, 10000, NULL);
  assert_true(event.op == op);
  assert_status(event.status, DEEPIDV_E_TIMEOUT);
  assert_int_equal(peer_requests(peer), WAITS - 1);
  /* It is the next that is sent. */
  peer_release(peer);
  for (i = 0; i < WAITS; i++)
    assert_status(take_status(client), DEEPIDV_OK);
  assert_int_equal(peer_requests(peer), WAITS);
  peer_end(peer, client);
}

static void a_wait_that_is_cancelled_while_it_pauses(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, RECORD(ID, "PENDING"));
  deepidv_client *client = peer_client(peer);
  const uint64_t op = submit_wait(client, ID, LONG_MS, 1);
  deepidv_result *result;

  (void)state;
  peer_wait(peer, 2);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
  result = take_result(client, op, 1, DEEPIDV_EVENT_SESSION_WAIT);
  assert_status(deepidv_result_status(result), DEEPIDV_E_CANCELLED);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_E_NO_OPERATION);
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* Each ends at its own time, in whatever order they are queued, also if no request can be sent. */
static void a_short_wait_behind_a_long_one(void **state)
{
  /* As many as requests can be under way. */
  enum { WAITS = 64 };
  peer *peer = peer_start(PEER_HANG, 200, RECORD(ID, "VERIFIED"));
  deepidv_client *client = make_hasty_client(peer_url(peer), 60000);
  deepidv_event event;
  uint64_t op;
  unsigned i;

  (void)state;
  for (i = 0; i < WAITS; i++)
    submit_wait(client, ID, LONG_MS, i);
  peer_wait(peer, WAITS);
  /* Time for the driver to fall asleep, as it would in a service. */
  sleep_ms(100);
  submit_wait(client, ID, LONG_MS, WAITS);
  op = submit_wait(client, ID, 300, WAITS + 1);
  event = take_within(client, 10000, NULL);
  assert_true(event.op == op);
  assert_status(event.status, DEEPIDV_E_TIMEOUT);
  peer_release(peer);
  for (i = 0; i <= WAITS; i++)
    assert_status(take_status(client), DEEPIDV_OK);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_session_that_is_decided_meanwhile),
    cmocka_unit_test(each_status_that_is_final),
    cmocka_unit_test(what_does_not_end_it),
    cmocka_unit_test(what_the_service_refuses),
    cmocka_unit_test(time_that_runs_out),
    cmocka_unit_test(nothing_to_be_seen),
    cmocka_unit_test(timeouts_that_are_none),
    cmocka_unit_test(many_waits_and_a_question),
    cmocka_unit_test(a_question_behind_a_wait),
    cmocka_unit_test(a_short_wait_behind_a_long_one),
    cmocka_unit_test(a_wait_that_is_cancelled_while_it_pauses),
  };

  return cmocka_run_group_tests_name("wait", tests, start_service, stop_service);
}
