/*
 * Runtimes with a collector of the Boehm kind stop their threads by a signal, wherever they are, and wait until each
 * has answered. Here a thread does as they do, while others use one client: none of them may hold anything that
 * another one waits for with signals blocked.
 */

#define _GNU_SOURCE

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "create.h"
#include "peer.h"
#include "queue.h"

enum { STOP = SIGUSR1, GO_ON = SIGUSR2, MOST_THREADS = 8 };

typedef void (*work)(deepidv_client *client);

typedef struct mutator {
  pthread_t thread;
  deepidv_client *client;
  work work;
} mutator;

static sem_t stopped;
static volatile sig_atomic_t over;
/* The number of failed calls of the threads. Assertions work only on the main thread. */
static atomic_uint failures;

static void expect(int succeeded)
{
  if (!succeeded)
    failures++;
}

static void stop(int number)
{
  sigset_t others;

  (void)number;
  sem_post(&stopped);
  sigfillset(&others);
  sigdelset(&others, GO_ON);
  /* GO_ON is blocked until here, so that it cannot come too early. */
  sigsuspend(&others);
}

static void go_on(int number) { (void)number; }

static void install_handlers(void)
{
  struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };

  sigfillset(&action.sa_mask);
  assert_int_equal(sigaction(STOP, &action, NULL), 0);
  action.sa_handler = go_on;
  assert_int_equal(sigaction(GO_ON, &action, NULL), 0);
}

/* ---- What the threads do --------------------------------------------------------- */

static void create(deepidv_client *client) { expect(create_status(client) == DEEPIDV_OK); }

static void submit_and_take(deepidv_client *client)
{
  const uint64_t op = submit_create(client, 1);
  deepidv_event event;
  deepidv_result *result = NULL;
  deepidv_status status;

  do
    status = deepidv_client_take(client, op, 1, &event, &result);
  while (status == DEEPIDV_E_TIMEOUT);
  expect(status == DEEPIDV_OK && event.status == DEEPIDV_OK);
  deepidv_result_free(result);
}

static void make_clients(deepidv_client *client)
{
  (void)client;
  deepidv_client_free(make_client("http://127.0.0.1:1"));
}

static void create_and_fork(deepidv_client *client)
{
  int status = -1;
  pid_t child;

  create(client);
  child = fork();
  if (child == 0)
    _exit(create_status(client) == DEEPIDV_E_FORKED ? 0 : 1);
  while (child > 0 && waitpid(child, &status, 0) < 0)
    continue;
  expect(status == 0);
}

static void *mutate(void *argument)
{
  mutator *mutator = argument;

  while (!over)
    mutator->work(mutator->client);
  return NULL;
}

/* ---- The collector --------------------------------------------------------------- */

static void rest(long nanoseconds)
{
  const struct timespec time = { 0, nanoseconds };

  nanosleep(&time, NULL);
}

/* Ends the process: threads that hang cannot be joined. */
static void wait_for_stop(unsigned collection)
{
  struct timespec deadline;

  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec += is_watched() ? 60 : 20;
  while (sem_timedwait(&stopped, &deadline) != 0) {
    if (errno == EINTR)
      continue;
    fprintf(stderr, "a thread did not stop at collection %u\n", collection);
    fflush(stderr);
    _exit(1);
  }
}

static void collect(mutator *mutators, unsigned threads, unsigned collections)
{
  unsigned collection, i;

  for (collection = 1; collection <= collections; collection++) {
    for (i = 0; i < threads; i++)
      assert_int_equal(pthread_kill(mutators[i].thread, STOP), 0);
    for (i = 0; i < threads; i++)
      wait_for_stop(collection);
    for (i = 0; i < threads; i++)
      pthread_kill(mutators[i].thread, GO_ON);
    rest(500000);
  }
}

static void run(const work *works, unsigned work_count, unsigned threads, unsigned collections)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  mutator mutators[MOST_THREADS];
  unsigned i;

  if (is_watched())
    collections /= 100;
  over = 0;
  failures = 0;
  assert_int_equal(sem_init(&stopped, 0, 0), 0);
  install_handlers();
  for (i = 0; i < threads; i++) {
    mutators[i] = (mutator){ .client = client, .work = works[i % work_count] };
    assert_int_equal(pthread_create(&mutators[i].thread, NULL, mutate, &mutators[i]), 0);
  }
  collect(mutators, threads, collections);
  over = 1;
  for (i = 0; i < threads; i++)
    pthread_join(mutators[i].thread, NULL);
  /* Slower under valgrind, which runs one thread at a time. */
  if (!is_watched())
    assert_int_equal(failures, 0);
  peer_end(peer, client);
}

static void two_waiting_threads(void **state)
{
  static const work works[] = { create };

  (void)state;
  run(works, 1, 2, 20000);
}

static void eight_threads_with_every_call(void **state)
{
  static const work works[] = { create, submit_and_take, make_clients, create_and_fork };
#ifdef __GLIBC__
  const unsigned count = COUNT(works);
#else
  /* The fork of musl waits, with all signals blocked, for locks that a stopped thread may hold. */
  const unsigned count = COUNT(works) - 1;
#endif

  (void)state;
  run(works, count, 8, 20000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(two_waiting_threads),
    cmocka_unit_test(eight_threads_with_every_call),
  };

  return cmocka_run_group_tests_name("collector", tests, NULL, NULL);
}
