/* A client that is paced from outside: deepidv_client_grant(). */

#include <pthread.h>

#include "create.h"
#include "peer.h"
#include "queue.h"

enum { LEASE = 60000, LONG = 10000 };

static uint64_t grant(deepidv_client *client, uint32_t permits, int timeout_ms)
{
  uint64_t missing = 99;

  assert_status(deepidv_client_grant(client, permits, LEASE, timeout_ms, &missing), DEEPIDV_OK);
  return missing;
}

static void each_request_needs_a_permit(void **state)
{
  enum { SUBMITTED = 3 };
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  uint64_t i;

  (void)state;
  assert_int_equal(grant(client, 0, 0), 0);
  for (i = 0; i < SUBMITTED; i++)
    submit_create(client, i);
  assert_int_equal(grant(client, 0, LONG), SUBMITTED);
  assert_int_equal(peer_requests(peer), 0);
  assert_int_equal(grant(client, 2, LONG), 1);
  assert_status(take_within(client, LONG, NULL).status, DEEPIDV_OK);
  assert_status(take_within(client, LONG, NULL).status, DEEPIDV_OK);
  assert_int_equal(grant(client, 0, LONG), 1);
  assert_int_equal(peer_creates(peer), 2);
  assert_int_equal(grant(client, 1, 0), 0);
  assert_status(take_within(client, LONG, NULL).status, DEEPIDV_OK);
  /* Nothing waits. */
  assert_int_equal(grant(client, 0, 1), 0);
  peer_end(peer, client);
}

static void permits_are_kept(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);

  (void)state;
  assert_int_equal(grant(client, UINT32_MAX, 0), 0);
  assert_int_equal(grant(client, UINT32_MAX, 0), 0);
  assert_status(create_status(client), DEEPIDV_OK);
  assert_status(create_status(client), DEEPIDV_OK);
  peer_end(peer, client);
}

static void a_retry_needs_one_too(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;

  (void)state;
  peer_next(peer, PEER_ANSWER, 429, "{}");
  grant(client, 1, 0);
  submit_create(client, 0);
  peer_wait(peer, 1);
  assert_int_equal(grant(client, 0, LONG), 1);
  assert_int_equal(peer_creates(peer), 1);
  grant(client, 1, 0);
  assert_status(take_within(client, LONG, &result).status, DEEPIDV_OK);
  assert_int_equal(deepidv_result_attempts(result), 2);
  deepidv_result_free(result);
  peer_end(peer, client);
}

/* The search and the create of one call. */
static void a_search_needs_one_too(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_session_request *request = make_request();

  (void)state;
  assert_status(deepidv_session_request_set_external_id(request, "order-1", 7), DEEPIDV_OK);
  peer_next(peer, PEER_ANSWER, 200, "{\"sessions\":[],\"next_token\":null}");
  grant(client, 1, 0);
  assert_status(deepidv_session_find_or_create_submit(client, request, 1, NULL), DEEPIDV_OK);
  peer_wait(peer, 1);
  assert_int_equal(grant(client, 0, LONG), 1);
  assert_int_equal(peer_requests(peer), 1);
  assert_int_equal(peer_creates(peer), 0);
  grant(client, 1, 0);
  assert_status(take_within(client, LONG, NULL).status, DEEPIDV_OK);
  assert_int_equal(peer_creates(peer), 1);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

/* The program that gave permits has ended. */
static void the_lease_ends(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  uint64_t missing;

  (void)state;
  assert_status(deepidv_client_grant(client, 0, 100, 0, NULL), DEEPIDV_OK);
  submit_create(client, 0);
  assert_status(take_within(client, LONG, NULL).status, DEEPIDV_OK);
  /* Permits that were not used end with it, also if it is ended. */
  grant(client, 1, 0);
  assert_status(deepidv_client_grant(client, 1, 0, -1, &missing), DEEPIDV_OK);
  assert_int_equal(missing, 0);
  assert_status(create_status(client), DEEPIDV_OK);
  grant(client, 0, 0);
  submit_create(client, 0);
  assert_int_equal(grant(client, 0, LONG), 1);
  /* What waits then is sent. */
  assert_status(deepidv_client_grant(client, 0, 0, 0, NULL), DEEPIDV_OK);
  assert_status(take_within(client, LONG, NULL).status, DEEPIDV_OK);
  peer_end(peer, client);
}

static void no_permit_before_the_timeout(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_hasty_client(peer_url(peer), 200);
  deepidv_result *result;

  (void)state;
  grant(client, 0, 0);
  result = create_result(client, NULL, DEEPIDV_E_NOT_SENT);
  assert_status(deepidv_result_cause(result), DEEPIDV_E_TIMEOUT);
  deepidv_result_free(result);
  /* It no longer waits for one. */
  assert_int_equal(grant(client, 0, 0), 0);
  assert_int_equal(peer_requests(peer), 0);
  peer_end(peer, client);
}

static void one_that_is_cancelled_needs_none(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  uint64_t op;

  (void)state;
  grant(client, 0, 0);
  submit_create(client, 0);
  op = submit_create(client, 1);
  submit_create(client, 2);
  assert_int_equal(grant(client, 0, LONG), 3);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
  assert_int_equal(grant(client, 0, LONG), 2);
  peer_end(peer, client);
}

typedef struct waiter {
  pthread_t thread;
  deepidv_client *client;
  deepidv_status status;
  uint64_t missing;
} waiter;

static void *wait_for_requests(void *opaque)
{
  waiter *waiter = opaque;

  waiter->status = deepidv_client_grant(waiter->client, 0, LEASE, -1, &waiter->missing);
  return NULL;
}

static void a_thread_that_waits(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  waiter waiter = { .client = peer_client(peer) };

  (void)state;
  grant(waiter.client, 0, 0);
  assert_int_equal(pthread_create(&waiter.thread, NULL, wait_for_requests, &waiter), 0);
  submit_create(waiter.client, 0);
  assert_int_equal(pthread_join(waiter.thread, NULL), 0);
  assert_status(waiter.status, DEEPIDV_OK);
  assert_int_equal(waiter.missing, 1);
  grant(waiter.client, 1, 0);
  assert_status(take_within(waiter.client, LONG, NULL).status, DEEPIDV_OK);
  /* Closing the client ends the wait. */
  assert_int_equal(pthread_create(&waiter.thread, NULL, wait_for_requests, &waiter), 0);
  assert_status(deepidv_client_close(waiter.client), DEEPIDV_OK);
  assert_int_equal(pthread_join(waiter.thread, NULL), 0);
  assert_status(waiter.status, DEEPIDV_E_CLOSED);
  assert_int_equal(waiter.missing, 0);
  assert_status(deepidv_client_grant(waiter.client, 1, LEASE, 0, NULL), DEEPIDV_E_CLOSED);
  peer_end(peer, waiter.client);
}

/* Ending the pacing ends it for calls that wait, which do not begin it again when they return. */
static void a_thread_that_waits_when_pacing_ends(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  waiter waiter = { .client = peer_client(peer) };

  (void)state;
  grant(waiter.client, 0, 0);
  assert_int_equal(pthread_create(&waiter.thread, NULL, wait_for_requests, &waiter), 0);
  sleep_ms(50);
  assert_status(deepidv_client_grant(waiter.client, 9, 0, -1, NULL), DEEPIDV_OK);
  assert_int_equal(pthread_join(waiter.thread, NULL), 0);
  assert_status(waiter.status, DEEPIDV_OK);
  assert_int_equal(waiter.missing, 0);
  assert_status(create_status(waiter.client), DEEPIDV_OK);
  /* The permits that came with it are gone. */
  grant(waiter.client, 0, 0);
  submit_create(waiter.client, 0);
  assert_int_equal(grant(waiter.client, 0, LONG), 1);
  assert_int_equal(peer_creates(peer), 1);
  peer_end(peer, waiter.client);
}

/* A lease does not end while a call waits, and a shorter one does not replace it. */
static void two_callers(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  waiter waiter = { .client = peer_client(peer) };

  (void)state;
  assert_int_equal(pthread_create(&waiter.thread, NULL, wait_for_requests, &waiter), 0);
  sleep_ms(50);
  assert_status(deepidv_client_grant(waiter.client, 0, 1, 0, NULL), DEEPIDV_OK);
  sleep_ms(50);
  submit_create(waiter.client, 0);
  assert_int_equal(pthread_join(waiter.thread, NULL), 0);
  assert_int_equal(waiter.missing, 1);
  assert_status(deepidv_client_grant(waiter.client, 0, 1, 0, NULL), DEEPIDV_OK);
  sleep_ms(50);
  assert_int_equal(peer_requests(peer), 0);
  peer_end(peer, waiter.client);
}

/* Also if no request came in between. */
static void a_new_lease_begins_without_permits(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);

  (void)state;
  assert_status(deepidv_client_grant(client, 1000, 1, 0, NULL), DEEPIDV_OK);
  sleep_ms(20);
  grant(client, 0, 0);
  submit_create(client, 0);
  assert_int_equal(grant(client, 0, LONG), 1);
  assert_int_equal(peer_requests(peer), 0);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_request_needs_a_permit),
    cmocka_unit_test(permits_are_kept),
    cmocka_unit_test(a_retry_needs_one_too),
    cmocka_unit_test(a_search_needs_one_too),
    cmocka_unit_test(the_lease_ends),
    cmocka_unit_test(no_permit_before_the_timeout),
    cmocka_unit_test(one_that_is_cancelled_needs_none),
    cmocka_unit_test(a_thread_that_waits),
    cmocka_unit_test(a_thread_that_waits_when_pacing_ends),
    cmocka_unit_test(two_callers),
    cmocka_unit_test(a_new_lease_begins_without_permits),
  };

  return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
