/* Waiting for one operation: a blocking call in slices. */

#define _GNU_SOURCE

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "create.h"
#include "peer.h"
#include "process.h"
#include "queue.h"

/* Takes an operation; fails unless the call and the completion have these statuses. */
static void take_one(
    deepidv_client *client, uint64_t op, int timeout_ms, deepidv_status status, deepidv_status end)
{
  deepidv_result *result = (deepidv_result *)&result;
  deepidv_event event;

  memset(&event, 0xff, sizeof event);
  assert_status(deepidv_client_take(client, op, timeout_ms, &event, &result), status);
  if (status == DEEPIDV_OK) {
    assert_true(event.op == op);
    assert_status(event.status, end);
    assert_status(deepidv_result_status(result), end);
    deepidv_result_free(result);
  } else {
    assert_null(result);
    assert_true(event.op == 0);
  }
}

static void taking_an_ended_operation(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  uint64_t ops[5];
  int i;

  (void)state;
  for (i = 0; i < 5; i++)
    ops[i] = submit_create(client, (uint64_t)i);
  for (i = 0; i < 5; i++)
    take_one(client, ops[(i * 3 + 1) % 5], -1, DEEPIDV_OK, DEEPIDV_OK);
  assert_false(is_readable(client, 0));
  assert_empty(client, DEEPIDV_E_EMPTY);
  peer_end(peer, client);
}

static void taking_from_the_middle_of_the_queue(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  uint64_t ops[3];
  int i;

  (void)state;
  for (i = 0; i < 3; i++)
    ops[i] = submit_create(client, (uint64_t)i);
  while (peer_creates(peer) < 3)
    sleep_ms(1);
  sleep_ms(100);
  take_one(client, ops[1], 0, DEEPIDV_OK, DEEPIDV_OK);
  take_one(client, ops[1], 0, DEEPIDV_E_NO_OPERATION, 0);
  assert_true(is_readable(client, 0));
  assert_status(take_status(client), DEEPIDV_OK);
  assert_status(take_status(client), DEEPIDV_OK);
  assert_empty(client, DEEPIDV_E_EMPTY);
  take_one(client, ops[0], -1, DEEPIDV_E_NO_OPERATION, 0);
  peer_end(peer, client);
}

static void taking_a_running_operation(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  uint64_t op = submit_create(client, 1), begun = now_ms();
  int i;

  (void)state;
  take_one(client, op, 0, DEEPIDV_E_TIMEOUT, 0);
  for (i = 0; i < 4; i++)
    take_one(client, op, 50, DEEPIDV_E_TIMEOUT, 0);
  assert_true(now_ms() - begun >= 200);
  peer_wait(peer, 1);
  peer_release(peer);
  take_one(client, op, 10000, DEEPIDV_OK, DEEPIDV_OK);
  assert_int_equal(peer_creates(peer), 1);
  peer_end(peer, client);
}

/* After the wait has timed out, it completes through the queue. */
static void an_operation_that_was_not_waited_for_long_enough(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  uint64_t op = submit_create(client, 1);

  (void)state;
  take_one(client, op, 50, DEEPIDV_E_TIMEOUT, 0);
  assert_false(is_readable(client, 0));
  peer_wait(peer, 1);
  peer_release(peer);
  assert_true(is_readable(client, 10000));
  assert_status(take_status(client), DEEPIDV_OK);
  peer_end(peer, client);
}

static void taking_an_unknown_operation(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result = NULL;
  deepidv_event event;
  uint64_t guess;
  caller caller;

  (void)state;
  take_one(client, 0, -1, DEEPIDV_E_NO_OPERATION, 0);
  take_one(client, UINT64_MAX, -1, DEEPIDV_E_NO_OPERATION, 0);
  assert_status(deepidv_client_take(NULL, 1, 0, &event, &result), DEEPIDV_E_NULL);
  assert_status(deepidv_client_take(client, 1, 0, NULL, &result), DEEPIDV_E_NULL);
  assert_status(deepidv_client_take(client, 1, 0, &event, NULL), DEEPIDV_E_NULL);
  /* The operation of a blocking call cannot be taken by its number. */
  caller_start(&caller, client);
  peer_wait(peer, 1);
  for (guess = 1; guess < 8; guess++)
    take_one(client, guess << 20, 0, DEEPIDV_E_NO_OPERATION, 0);
  peer_release(peer);
  assert_status(caller_end(&caller), DEEPIDV_OK);
  peer_end(peer, client);
}

static void taking_a_cancelled_operation(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  uint64_t op = submit_create(client, 1);

  (void)state;
  peer_wait(peer, 1);
  take_one(client, op, 20, DEEPIDV_E_TIMEOUT, 0);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
  take_one(client, op, 10000, DEEPIDV_OK, DEEPIDV_E_OUTCOME_UNKNOWN);
  peer_end(peer, client);
}

typedef struct taker {
  pthread_t thread;
  deepidv_client *client;
  uint64_t op;
  deepidv_status status;
} taker;

static void *take_here(void *context)
{
  taker *taker = context;
  deepidv_result *result = NULL;
  deepidv_event event;

  taker->status = deepidv_client_take(taker->client, taker->op, -1, &event, &result);
  deepidv_result_free(result);
  return NULL;
}

static void start_taker(taker *taker, deepidv_client *client, uint64_t op)
{
  taker->client = client;
  taker->op = op;
  assert_int_equal(pthread_create(&taker->thread, NULL, take_here, taker), 0);
}

static void several_threads_waiting_for_one_operation(void **state)
{
  enum { TAKERS = 4 };
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  uint64_t op = submit_create(client, 1);
  taker takers[TAKERS];
  int i, taken = 0;

  (void)state;
  peer_wait(peer, 1);
  for (i = 0; i < TAKERS; i++)
    start_taker(&takers[i], client, op);
  sleep_ms(50);
  peer_release(peer);
  for (i = 0; i < TAKERS; i++) {
    pthread_join(takers[i].thread, NULL);
    taken += takers[i].status == DEEPIDV_OK;
    if (takers[i].status != DEEPIDV_OK)
      assert_status(takers[i].status, DEEPIDV_E_NO_OPERATION);
  }
  assert_int_equal(taken, 1);
  assert_empty(client, DEEPIDV_E_EMPTY);
  peer_end(peer, client);
}

static void a_close_ends_the_waits(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  taker taker;

  (void)state;
  start_taker(&taker, client, submit_create(client, 1));
  peer_wait(peer, 1);
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  pthread_join(taker.thread, NULL);
  assert_status(taker.status, DEEPIDV_OK);
  assert_empty(client, DEEPIDV_E_CLOSED);
  assert_status(deepidv_client_wait(client, 0), DEEPIDV_E_CLOSED);
  peer_end(peer, client);
}

/* Many threads, each with its own operations and very short slices. */
static void *create_in_slices(void *context)
{
  taker *taker = context;
  int i;

  for (i = 0; i < 50; i++) {
    uint64_t op = submit_create(taker->client, 1);
    deepidv_result *result = NULL;
    deepidv_event event;
    deepidv_status status;

    do
      status = deepidv_client_take(taker->client, op, i % 3, &event, &result);
    while (status == DEEPIDV_E_TIMEOUT);
    if (status != DEEPIDV_OK || event.status != DEEPIDV_OK)
      taker->status = DEEPIDV_E_CANCELLED;
    deepidv_result_free(result);
  }
  return NULL;
}

static void many_in_slices(void **state)
{
  enum { THREADS = 8 };
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  taker takers[THREADS];
  int i;

  (void)state;
  for (i = 0; i < THREADS; i++) {
    takers[i] = (taker){ .client = client, .status = DEEPIDV_OK };
    assert_int_equal(pthread_create(&takers[i].thread, NULL, create_in_slices, &takers[i]), 0);
  }
  for (i = 0; i < THREADS; i++) {
    pthread_join(takers[i].thread, NULL);
    assert_status(takers[i].status, DEEPIDV_OK);
  }
  assert_int_equal(peer_creates(peer), THREADS * 50);
  assert_empty(client, DEEPIDV_E_EMPTY);
  peer_end(peer, client);
}

/* ---- Threads that are cancelled while they wait ---------------------------------- */

static void *wait_here(void *context)
{
  taker *taker = context;

  taker->status = deepidv_client_wait(taker->client, 500);
  return NULL;
}

/* A thread that ended inside would keep the client's lock, and every other call would hang. */
static void a_thread_is_not_cancelled_inside(void **state)
{
  static void *(*const bodies[])(void *) = { wait_here, take_here };
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(bodies); i++) {
    taker taker = { .client = client, .op = submit_create(client, 1), .status = -1 };
    /* The first one does the I/O, and this one waits for it. */
    caller caller;

    caller_start(&caller, client);
    peer_wait(peer, (unsigned)(i * 2 + 2));
    assert_int_equal(pthread_create(&taker.thread, NULL, bodies[i], &taker), 0);
    sleep_ms(50);
    pthread_cancel(taker.thread);
    sleep_ms(50);
    assert_status(deepidv_client_wait(client, 0), DEEPIDV_E_TIMEOUT);
    peer_release(peer);
    pthread_join(taker.thread, NULL);
    assert_status(taker.status, DEEPIDV_OK);
    assert_status(caller_end(&caller), DEEPIDV_OK);
    if (i == 0)
      assert_status(take_status(client), DEEPIDV_OK);
    peer_become(peer, PEER_HANG);
  }
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(taking_an_ended_operation),
    cmocka_unit_test(taking_from_the_middle_of_the_queue),
    cmocka_unit_test(taking_a_running_operation),
    cmocka_unit_test(an_operation_that_was_not_waited_for_long_enough),
    cmocka_unit_test(taking_an_unknown_operation),
    cmocka_unit_test(taking_a_cancelled_operation),
    cmocka_unit_test(several_threads_waiting_for_one_operation),
    cmocka_unit_test(a_close_ends_the_waits),
    cmocka_unit_test(many_in_slices),
    cmocka_unit_test(a_thread_is_not_cancelled_inside),
  };

  return cmocka_run_group_tests_name("take", tests, NULL, NULL);
}
