/*
 * Ten thousand creates at once from one thread, and cancelling, closing and freeing at
 * random moments: each create ends exactly once. DEEPIDV_TEST_SEED chooses the moments.
 */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>

#include "peer.h"
#include "process.h"
#include "queue.h"

#define MOST 10000

static unsigned seen[MOST];
static uint64_t ops[MOST];

/* A tenth of it under valgrind. */
static unsigned operations(void) { return is_watched() ? MOST / 10 : MOST; }

/* Xorshift, so that a seed always means the same moments. */
static uint64_t chance;

static unsigned below(unsigned limit)
{
  chance ^= chance << 13;
  chance ^= chance >> 7;
  chance ^= chance << 17;
  return (unsigned)(chance % limit);
}

static int seed(void **state)
{
  const char *wanted = getenv("DEEPIDV_TEST_SEED");

  (void)state;
  chance = wanted ? strtoull(wanted, NULL, 10) : now_ms();
  chance = chance * 2654435761u + 1;
  print_message("the moments of DEEPIDV_TEST_SEED=%s, or %llu as a state\n", wanted ? wanted : "(now)",
      (unsigned long long)chance);
  memset(seen, 0, sizeof seen);
  return 0;
}

static void submit(deepidv_client *client, const deepidv_session_request *request, unsigned tag)
{
  assert_status(deepidv_session_create_submit(client, request, tag, &ops[tag]), DEEPIDV_OK);
}

/* Takes a completion and counts it; returns its status. */
static deepidv_status take(deepidv_client *client)
{
  const deepidv_event event = take_within(client, 30000, NULL);

  assert_true(event.tag < MOST);
  assert_true(ops[event.tag] == event.op);
  assert_int_equal(seen[event.tag]++, 0);
  return event.status;
}

static int was_certainly_not_executed(deepidv_status status)
{
  return status == DEEPIDV_E_NOT_SENT || status == DEEPIDV_E_NOT_PROCESSED;
}

/* ---- All at once ----------------------------------------------------------------- */

/* 64 of them run, and the others wait. */
static void ten_thousand_creates_from_one_thread(void **state)
{
  enum { CONNECTIONS = 64 };
  const unsigned count = operations();
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = make_limited_client(peer_url(peer), operations());
  deepidv_session_request *request = make_request();
  const unsigned threads = thread_count(), descriptors = descriptor_count();
  const size_t resident = resident_bytes();
  unsigned i;

  (void)state;
  for (i = 0; i < count; i++)
    submit(client, request, i);
  assert_status(deepidv_session_create_submit(client, request, 0, NULL), DEEPIDV_E_BUSY);
  peer_wait(peer, CONNECTIONS);
  assert_true(thread_count() <= threads + 2);
  /* Both ends of each connection are in this process. */
  assert_in_range(descriptor_count(), descriptors, descriptors + 2 * CONNECTIONS + 8);
  print_message("%u creates wait, with %lu bytes each\n", count - CONNECTIONS,
      (unsigned long)((resident_bytes() - resident) / count));
  assert_int_equal(peer_requests(peer), CONNECTIONS);
  peer_release(peer);
  for (i = 0; i < count; i++)
    assert_status(take(client), DEEPIDV_OK);
  for (i = 0; i < count; i++)
    assert_int_equal(seen[i], 1);
  assert_empty(client, DEEPIDV_E_EMPTY);
  assert_int_equal(peer_creates(peer), count);
  assert_true(thread_count() <= threads + 2);
  assert_in_range(descriptor_count(), descriptors, descriptors + 2 * CONNECTIONS + 8);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

/* ---- Cancelling ------------------------------------------------------------------ */

typedef struct canceller {
  deepidv_client *client;
  pthread_mutex_t lock;
  unsigned submitted; /* under the lock */
  unsigned cancelled, too_late;
  int is_over;
} canceller;

static unsigned submitted(canceller *canceller)
{
  unsigned count;

  pthread_mutex_lock(&canceller->lock);
  count = canceller->submitted;
  pthread_mutex_unlock(&canceller->lock);
  return count;
}

/* Cancels every other operation soon after it was submitted. */
static void *cancel_half(void *context)
{
  canceller *canceller = context;
  const unsigned count = operations();
  uint64_t random = chance | 1;
  unsigned i;

  for (i = 0; i < count; i += 2) {
    deepidv_status status;

    while (submitted(canceller) <= i)
      sleep_ms(0);
    random = random * 6364136223846793005u + 1442695040888963407u;
    if (random >> 56 == 0)
      sleep_ms((unsigned)(random >> 48 & 3));
    status = deepidv_client_cancel(canceller->client, ops[i]);
    if (status == DEEPIDV_OK)
      canceller->cancelled++;
    else if (status == DEEPIDV_E_NO_OPERATION)
      canceller->too_late++;
  }
  return NULL;
}

/* Two threads: one submits and takes, one cancels. */
static void cancelling_half_at_random_moments(void **state)
{
  const unsigned count = operations();
  peer *peer = peer_of_sessions(PEER_ANSWER);
  canceller canceller = { .client = make_limited_client(peer_url(peer), operations()) };
  deepidv_session_request *request = make_request();
  unsigned not_executed = 0, created = 0, unknown = 0, taken = 0, i;
  pthread_t thread;

  (void)state;
  pthread_mutex_init(&canceller.lock, NULL);
  assert_int_equal(pthread_create(&thread, NULL, cancel_half, &canceller), 0);
  for (i = 0; i < count; i++) {
    submit(canceller.client, request, i);
    pthread_mutex_lock(&canceller.lock);
    canceller.submitted++;
    pthread_mutex_unlock(&canceller.lock);
    while (below(4) == 0 && deepidv_client_wait(canceller.client, 0) == DEEPIDV_OK) {
      const deepidv_status status = take(canceller.client);

      created += status == DEEPIDV_OK;
      unknown += status == DEEPIDV_E_OUTCOME_UNKNOWN;
      not_executed += was_certainly_not_executed(status);
      taken++;
    }
  }
  for (; taken < count; taken++) {
    const deepidv_status status = take(canceller.client);

    created += status == DEEPIDV_OK;
    unknown += status == DEEPIDV_E_OUTCOME_UNKNOWN;
    not_executed += was_certainly_not_executed(status);
  }
  pthread_join(thread, NULL);
  assert_empty(canceller.client, DEEPIDV_E_EMPTY);
  for (i = 0; i < count; i++)
    assert_int_equal(seen[i], 1);
  assert_int_equal(created + unknown + not_executed, count);
  assert_int_equal(canceller.cancelled + canceller.too_late, (count + 1) / 2);
  assert_true(unknown + not_executed <= canceller.cancelled);
  deepidv_session_request_free(request);
  deepidv_client_free(canceller.client);
  sleep_ms(50); /* requests in flight still arrive */
  /* The peer has read each executed request once, and no other. */
  assert_in_range(peer_creates(peer), created, created + unknown);
  pthread_mutex_destroy(&canceller.lock);
  peer_stop(peer);
}

/* ---- Closing and freeing --------------------------------------------------------- */

static void submit_some(deepidv_client *client, unsigned count)
{
  deepidv_session_request *request = make_request();
  unsigned i;

  for (i = 0; i < count; i++)
    submit(client, request, i);
  deepidv_session_request_free(request);
}

static void wait_a_moment(void)
{
  struct timespec pause = { 0, (long)below(8000000) };

  nanosleep(&pause, NULL);
}

static void closing_at_random_moments(void **state)
{
  enum { ROUNDS = 20, OPERATIONS = 300 };
  int round;

  (void)state;
  for (round = 0; round < ROUNDS; round++) {
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = peer_client(peer);
    unsigned created = 0, unknown = 0, not_executed = 0, i;

    memset(seen, 0, sizeof seen);
    submit_some(client, OPERATIONS);
    wait_a_moment();
    assert_status(deepidv_client_close(client), DEEPIDV_OK);
    for (i = 0; i < OPERATIONS; i++) {
      const deepidv_status status = take(client);

      created += status == DEEPIDV_OK;
      unknown += status == DEEPIDV_E_OUTCOME_UNKNOWN;
      not_executed += was_certainly_not_executed(status);
    }
    for (i = 0; i < OPERATIONS; i++)
      assert_int_equal(seen[i], 1);
    assert_int_equal(created + unknown + not_executed, OPERATIONS);
    assert_empty(client, DEEPIDV_E_CLOSED);
    assert_status(deepidv_client_wait(client, -1), DEEPIDV_E_CLOSED);
    deepidv_client_free(client);
    sleep_ms(5);
    assert_in_range(peer_creates(peer), created, created + unknown);
    peer_stop(peer);
  }
}

/* With operations that run, wait or back off, and completions that were not taken. */
static void freeing_at_random_moments(void **state)
{
  enum { ROUNDS = 20 };
  const unsigned threads = thread_count(), descriptors = descriptor_count();
  int round;

  (void)state;
  for (round = 0; round < ROUNDS; round++) {
    static const peer_act acts[] = { PEER_ANSWER, PEER_HANG, PEER_REFUSE };
    peer *peer = peer_of_sessions(acts[round % (int)COUNT(acts)]);
    deepidv_client *client = peer_client(peer);
    const unsigned taken = below(20);
    unsigned i;

    memset(seen, 0, sizeof seen);
    submit_some(client, 200);
    wait_a_moment();
    for (i = 0; i < taken && deepidv_client_wait(client, 0) == DEEPIDV_OK; i++)
      take(client);
    peer_end(peer, client);
    assert_int_equal(descriptor_count(), descriptors);
  }
  assert_threads(threads);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, seed)
  const struct CMUnitTest tests[] = {
    TEST(ten_thousand_creates_from_one_thread),
    TEST(cancelling_half_at_random_moments),
    TEST(closing_at_random_moments),
    TEST(freeing_at_random_moments),
  };

  return cmocka_run_group_tests_name("scale", tests, NULL, NULL);
}
