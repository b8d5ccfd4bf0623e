/* A response that has arrived but has not been read outlives another connection that is made. */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <stdatomic.h>
#include <sys/epoll.h>

#include "create.h"
#include "peer.h"
#include "process.h"
#include "queue.h"

static peer *_Atomic answering;

/* Replaces the function for the library: once, the response arrives while its thread has been woken for something else. */
int epoll_wait(int watch, struct epoll_event *events, int capacity, int timeout_ms)
{
  static int (*real)(int, struct epoll_event *, int, int);
  peer *peer;
  int count;

  if (!real)
    *(void **)&real = dlsym(RTLD_NEXT, "epoll_wait");
  count = real(watch, events, capacity, timeout_ms);
  if (count > 0 && (peer = atomic_exchange(&answering, NULL))) {
    peer_release(peer);
    sleep_ms(200);
  }
  return count;
}

static void a_response_that_waits_while_another_connection_is_made(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  int i;

  (void)state;
  submit_create(client, 1);
  peer_wait(peer, 1);
  /* libcurl looks for dead connections at most once a second. */
  sleep_ms(1100);
  answering = peer;
  submit_create(client, 2);
  for (i = 0; i < 2; i++) {
    deepidv_result *result = NULL;

    assert_status(take_within(client, 30000, &result).status, DEEPIDV_OK);
    assert_int_equal(deepidv_result_attempts(result), 1);
    deepidv_result_free(result);
  }
  assert_null(answering);
  assert_int_equal(peer_connections(peer), 2);
  peer_end(peer, client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_response_that_waits_while_another_connection_is_made),
  };

  return cmocka_run_group_tests_name("pending", tests, NULL, NULL);
}
